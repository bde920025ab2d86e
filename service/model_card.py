"""The model card that a fit writes: what the model is, what it rests on, how far to trust it.

After Mitchell et al. 2019, "Model Cards for Model Reporting". Its figures come from students
held out of a fit of their own; groups of fewer than ten students are not shown.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from models import MasteryModel, ResponseLog, model_document
from models.log import Floats
from models.measures import (
    HELD_OUT,
    Cell,
    Metrics,
    calibration_by_decile,
    calibration_by_evidence,
    measure,
    students_predicted,
)
from models.subgroups import SMALLEST, Subgroups, measure_subgroups
from models.summary import THIN, LogSummary, summarise

LIMITS: Mapping[str, tuple[str, ...]] = {
    "bkt": (
        "Every item of a target counts as equally hard, and a student's targets tell nothing "
        "about each other: on real logs a model that knows both predicts clearly better.",
        "Two states, known or not, are sure too early where learning is gradual: certify on "
        "several kinds of evidence, not on the estimate alone.",
        "Nothing is forgotten unless forgetting was fitted.",
    ),
    "full": (
        "What an item adds was learned from students of the fit; a new item counts as a usual "
        "one of its targets.",
        "A student's answers on other targets move the estimate through ability; where own "
        "evidence is thin, it says as much about the student in general as about the target.",
    ),
}
"""What to keep in mind about each kind of model, besides what holds for all."""
SAID = {"responses", "students", "data"}
"""Parts of a fit's record that the section on data tells already."""


@dataclass(frozen=True)
class Card:
    """All that a card tells. `predicted` is NaN where a student was fitted on."""

    model: MasteryModel
    source: str
    made: datetime
    log: ResponseLog
    predicted: Floats
    groups: tuple[str, ...] = ()

    @property
    def record(self) -> dict[str, Any]:
        """What the fit noted about itself."""
        noted: dict[str, Any] = self.model.to_document()["fit"]
        return noted


def write_card(card: Card, path: Path) -> None:
    """Write a card as Markdown, whole or not at all."""
    text = "\n".join(_lines(card)) + "\n"
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _lines(card: Card) -> Iterator[str]:
    document = model_document(card.model)
    yield f"# Model card: {card.model.name} {document['version']}"
    yield ""
    yield f"Made {card.made:%Y-%m-%d %H:%M} UTC by `footpath fit`, Footpath {version('footpath')}."
    yield from _section("Use", _use())
    summary = summarise(card.log)
    yield from _section("Data", _data(card, summary))
    yield from _section("Fit", _fit(card))
    yield from _section("How much each kind of evidence says", _kinds(card))
    yield from _section("How well it predicts", _prediction(card))
    yield from _section("Groups of students", _groups(card))
    yield from _section("Limits", [f"- {words}" for words in _limits(card, summary)])


def _use() -> list[str]:
    return [
        "- For: estimating from responses what a student has mastered, so that a teacher can "
        "choose what comes next; every estimate shows the evidence it rests on.",
        "- Not for: grading, ranking students, or any decision about a student without a person.",
    ]


def _data(card: Card, summary: LogSummary) -> list[str]:
    s = summary
    lines = [
        f"- {card.source}" + (f", SHA-256 {f}" if (f := card.log.fingerprint) else ""),
        f"- {s.responses:,} responses of {s.students:,} students on {s.targets:,} learning "
        f"targets and {s.items:,} items; {s.median:,} responses for the middle student",
        f"- {s.share_right:.1%} right; {s.several:.1%} of responses speak to several targets",
    ]
    if s.first is None or s.last is None:
        return [*lines, "- no clock: only the order of responses is known"]
    first, last = (datetime.fromtimestamp(t, UTC) for t in (s.first, s.last))
    return [*lines, f"- from {first:%Y-%m-%d} to {last:%Y-%m-%d}"]


def _fit(card: Card) -> list[str]:
    plain = {k: v for k, v in card.record.items() if k not in SAID and not isinstance(v, Mapping)}
    lines = [f"- {key}: {value}" for key, value in plain.items()]
    checked = card.record.get("certification")
    if checked and card.model.certain_at is not None:
        lines.append(
            f"- mastery is certified from P(mastered) ≥ {card.model.certain_at:.2f}, which "
            f"{checked['checks']:,} later answers of students outside the fit bore out"
        )
    elif checked:
        lines.append(
            f"- no bar of mastery was found: {checked['checks']:,} later answers are too few"
        )
    return lines


def _kinds(card: Card) -> list[str]:
    """Tell the weight of each kind, and where it comes from."""
    if not card.log.kinds:
        return ["The data name no kinds: every response counts in full."]
    found: Mapping[str, Any] = card.record.get("kinds", {})
    weights: Mapping[str, float] = card.model.to_document()["reliability"]
    rows = [
        (kind, f"{weights[kind]:.2f}", _fitted(found[kind]) if kind in found else "as set")
        for kind in sorted(card.log.kinds)
    ]
    return [
        "1 counts like a plain answer, 0 would say nothing; scores of several points may count "
        "more than 1.",
        "",
        *_table(("kind", "counts", "where from"), rows),
    ]


def _fitted(kind: Mapping[str, Any]) -> str:
    if kind["weight"] == kind["low"] == kind["high"] == kind["default"]:
        return f"as set: {kind['checks']:,} checks are too few"
    return (
        f"fitted on {kind['checks']:,} checks: {kind['low']:.2f} to {kind['high']:.2f} are about "
        f"as good; set to {kind['default']:.2f}"
    )


def _prediction(card: Card) -> list[str]:
    metrics = _metrics(card)
    if metrics is None:
        return [
            f"Not measured: one student in {HELD_OUT} is held out, and fewer than {SMALLEST} "
            "students would tell little about anyone else."
        ]
    return [
        f"Measured on {metrics.rows:,} responses of {metrics.students:,} students, one in "
        f"{HELD_OUT}, after a fit on the others alone. Each response is predicted before the "
        "model learns from it.",
        "",
        *_table(("measure", "value", "meaning"), _figures(metrics)),
        "",
        *_cells("predicted between", calibration_by_decile(card.log, card.predicted)),
        "",
        *_cells("earlier responses", calibration_by_evidence(card.log, card.predicted)),
    ]


def _metrics(card: Card) -> Metrics | None:
    """Return the figures of the held-out students; nothing where they are too few."""
    enough = students_predicted(card.log, card.predicted) >= SMALLEST
    return measure(card.log, card.predicted) if enough else None


def _figures(metrics: Metrics) -> list[tuple[str, str, str]]:
    return [
        ("AUC", _number(metrics.auc), "a right answer was ranked above a wrong one; .5 is chance"),
        ("AUC, first responses", _number(metrics.auc_first), "on targets not met before"),
        ("log loss", _number(metrics.log_loss), "nats; .693 is chance"),
        ("RMSE", _number(metrics.rmse), "of the predicted chance"),
        ("calibration error", _number(metrics.ece), "mean distance of chance and share right"),
    ]


def _cells(title: str, cells: Sequence[Cell]) -> list[str]:
    rows = [
        (c.label, f"{c.rows:,}", _number(c.predicted), _number(c.observed), _number(c.ece))
        for c in cells
    ]
    return _table((title, "responses", "predicted", "share right", "calibration error"), rows)


def _groups(card: Card) -> list[str]:
    if not card.groups:
        return ["None were named (`--groups`), so fairness was not looked at."]
    if _metrics(card) is None:
        return ["Not measured: too few students are held out."]
    found = measure_subgroups(card.log, card.predicted, card.groups)
    header = ("column", "value", "students (about)", "AUC", "calibration error", "chance − share")
    rows = [
        (g.column, g.value, str(g.students), *map(_number, (g.auc, g.ece)),
         f"{g.predicted - g.observed:+.3f}")
        for g in found.shown
    ]  # fmt: skip
    return [*_table(header, rows), "", *_hidden(found)]


def _hidden(found: Subgroups) -> list[str]:
    told = [f"{column}: {count}" for column, count in found.hidden.items()]
    return [
        "Held-out students only. A positive last column means that the group is overrated. "
        f"Values with fewer than {SMALLEST} students are not shown"
        + (f" ({', '.join(told)})." if told else "; there are none.")
    ]


def _limits(card: Card, summary: LogSummary) -> Iterator[str]:
    if summary.thin:
        trust = (
            "their parameters are not to be trusted"
            if card.record.get("aim") == "likelihood"
            else "their parameters are mostly what is believed of targets in general"
        )
        few = f"{summary.thin} of {summary.targets} targets have fewer than {THIN} responses"
        yield f"{few}: {trust}."
    yield (
        "The figures speak of students like those in the data, on the same targets and items; "
        "another school, year or curriculum needs its own check."
    )
    yield (
        "They say how well answers are predicted, not how true “mastered” is: that needs later, "
        "independent checks."
    )
    yield from LIMITS.get(card.model.name, ())


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield from lines


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = "|" + "---|" * len(header)
    return [_row(header), rule, *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"
