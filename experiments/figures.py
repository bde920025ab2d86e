"""Figures of a trial: reliability, ROC, what was fitted. The only module that draws.

Matplotlib is imported when a figure is asked for: the command line need not wait for it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.log import Floats, ResponseLog
from models.measures import calibration_by_decile, rank

POINTS = 400
"""Points of a ROC curve that are drawn: more cannot be seen at this size."""


def figures(log: ResponseLog, predicted: Floats, learned: Mapping[str, Floats]) -> dict[str, Any]:
    """Return every figure of a trial, by file name; parameters where there are any."""
    drawn = {
        "reliability.png": reliability(log, predicted),
        "roc.png": roc(log, predicted),
    }
    if learned:
        drawn["parameters.png"] = histograms(learned)
    return drawn


def reliability(log: ResponseLog, predicted: Floats) -> Any:
    """Draw mean score against mean prediction in ten bins of equal count."""
    cells = [cell for cell in calibration_by_decile(log, predicted) if cell.rows]
    figure, axes = _blank("Reliability", "predicted chance of a right answer", "share right")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="perfect")
    axes.plot([c.predicted for c in cells], [c.observed for c in cells], marker="o", label="model")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    return figure


def roc(log: ResponseLog, predicted: Floats) -> Any:
    """Draw the ROC curve; an empty one where all rows have the same outcome."""
    known = ~np.isnan(predicted)
    ranking = rank(log.score[known] >= 0.5, predicted[known])
    right = np.add.reduceat(ranking.right, ranking.start)[::-1]
    wrong = np.add.reduceat(1.0 - ranking.right, ranking.start)[::-1]
    figure, axes = _blank("ROC", "share of wrong answers above", "share of right answers above")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    if right.sum() > 0 and wrong.sum() > 0:
        x = np.concatenate([[0], np.cumsum(wrong) / wrong.sum()])
        y = np.concatenate([[0], np.cumsum(right) / right.sum()])
        kept = np.unique(np.linspace(0, len(x) - 1, POINTS).astype(np.int64))
        axes.plot(x[kept], y[kept], label=f"AUC {ranking.auc():.4f}")
        axes.legend()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    return figure


def histograms(learned: Mapping[str, Floats]) -> Any:
    """Draw a histogram of each named array of fitted values."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * len(learned), 3), layout="constrained")
    grid = figure.subplots(1, len(learned), squeeze=False)[0]
    for axes, (name, values) in zip(grid, learned.items(), strict=True):
        axes.hist(values[np.isfinite(values)], bins=30)
        axes.set(title=name, ylabel="how many")
    return figure


def _blank(title: str, across: str, up: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.5, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=across, ylabel=up)
    return figure, axes
