"""Pictures of a tournament: what true mastery costs under each policy. The module that draws it."""

from collections.abc import Sequence
from typing import Any

from experiments.simulation.report import FIXED, OURS, frontier
from experiments.simulation.tournament import Curve

LOUD = {OURS: "C3", FIXED: "0.3", "n-in-a-row-3": "C0", "bkt-95": "C2", "oracle": "0.6"}
"""Policies that stand out; the others are drawn thin."""


def cost_curves(curves: Sequence[Curve]) -> dict[str, Any]:
    """Return one figure a world, by file name: opportunities against true mastery.

    A dot is a setting; the line leaves out what costs more and does no better.
    """
    worlds = dict.fromkeys(curve.world for curve in curves)
    return {
        f"cost-{world.replace(':', '-')}.png": _world([c for c in curves if c.world == world])
        for world in worlds
    }


def _world(curves: Sequence[Curve]) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    figure = Figure(figsize=(6.5, 5), layout="constrained")
    axes = figure.subplots()
    for curve in curves:
        if curve.policy == "n-in-a-row-5":
            continue  # the same curve as n-in-a-row-3
        spent, true = curve.outcome.opportunities.mean(1), curve.outcome.true_end.mean(1)
        loud, kept = curve.policy in LOUD, frontier(spent, true)
        (line,) = axes.plot(spent[kept], true[kept], linewidth=2 if loud else 0.8,
                            color=LOUD.get(curve.policy),
                            label=curve.policy.removesuffix("-3"))  # fmt: skip
        axes.plot(spent, true, "o", markersize=4 if loud else 2, color=line.get_color())
    axes.axhspan(0.85, 0.9, color="0.92")
    axes.set(title=curves[0].world, xlabel="opportunities a student",
             ylabel="share of targets truly mastered at the end")  # fmt: skip
    axes.legend(fontsize="small")
    return figure
