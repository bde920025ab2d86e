"""Choices: two to four good next steps for a student, each with its reasons.

Candidates are the options whose every target has its prerequisites met and of which at
least one target is neither mastered nor implied by later mastery. The score of an option is

    (w_gain·gain + w_opens·opens + w_goal·goal + w_information·information
     + w_review·review) / minutes × success band + w_interest·interest / minutes

and its terms are its explanation. The slate is then picked one by one, each time
preferring what differs from the options already picked in target, format and interest.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.board import CHECK_AGAIN, MASTERED, Board, Floats, Mask
from engine.layout import Option
from engine.reasons import Reason

# What is left of a candidate's score when it shares this with an option already picked.
# A second way into the same target is still a choice, but a weak one; formats and
# interests matter less.
SAME_TARGET, SAME_FORMAT, SAME_KIND, SAME_INTEREST = 0.3, 0.7, 0.8, 0.85
SAME_PURPOSE = 0.5
"""Nor should all options be probes, or all reviews: a choice between three is none of what
to do, only of how."""
MOST_EVIDENCE = 5
"""Evidence ids cited by one reason: the latest ones are enough to check it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in a student's set of next tasks.

    `purpose` is *learn*, *probe* (nobody has seen this target yet) or *review* (shown
    before, to be checked again). `terms` are the weighted parts of `score`; `opens` the
    targets that mastering this makes ready.
    """

    option: Option
    purpose: str
    score: float
    p_right: float
    terms: Mapping[str, float]
    opens: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the student or an adult asks of the choices.

    `goal` a target to head for; `number` of options (the policy's when `None`); `formats`
    allowed (any when empty: an accommodation filter, never a model input); `interests`.
    """

    goal: str | None = None
    number: int | None = None
    formats: Collection[str] = ()
    interests: Collection[str] = ()


def choices(
    board: Board, student: str, wishes: Wishes, evidence: Mapping[str, Sequence[str]]
) -> tuple[Choice, ...]:
    """Return up to `wishes.number` choices for a student, best first.

    `evidence` gives the ids in force for each target, latest last; reasons cite them. The
    same board and wishes give the same slate. Empty when nothing is ready that fits.
    Raises `UnknownId` for an unknown student or goal.
    """
    row = board.row(student)
    terms = _terms(board, row, wishes)
    total, band = _score(board, row, terms)
    allowed = _allowed(board, row, wishes)
    picked = _slate(board, row, total, allowed, wishes.number or board.policy.choices)
    return tuple(
        _choice(board, row, o, terms, float(total[o]), band, evidence, wishes) for o in picked
    )


def _allowed(board: Board, row: int, wishes: Wishes) -> Mask:
    """Options whose targets all have their prerequisites met, one of them still to be shown."""
    layout = board.layout
    blocked = (board.unmet[row] > 0).astype(np.float64) @ layout.option_targets
    open_targets = (board.status[row] != MASTERED) & ~board.implied[row]
    to_do = open_targets.astype(np.float64) @ layout.option_targets
    formats = [not wishes.formats or o.format in wishes.formats for o in layout.options]
    fits = np.array(formats, dtype=np.bool_)
    allowed: Mask = (blocked == 0) & (to_do > 0) & fits
    return allowed


def _terms(board: Board, row: int, wishes: Wishes) -> dict[str, Floats]:
    """Weigh the terms of every option's score, float64[O] each."""
    rule, layout = board.policy, board.layout
    open_gain = np.maximum(board.p_next[row] - board.p[row], 0.0)  # forgetting is no gain
    opens = _opens(board, row)
    information = 4 * board.p[row] * (1 - board.p[row]) / (1 + board.count[row])
    review = np.where(
        board.status[row] == CHECK_AGAIN, board.learned[row] - board.retrievable[row], 0.0
    )
    by_target = {
        "gain": rule.w_gain * open_gain,
        "opens": rule.w_opens * open_gain * opens,
        "goal": rule.w_goal * _on_the_way(board, row, wishes.goal),
        "information": rule.w_information * information,
        "review": rule.w_review * review,
    }
    terms = {name: value @ layout.option_targets for name, value in by_target.items()}
    liked = [len(set(o.interests) & set(wishes.interests)) > 0 for o in layout.options]
    terms["interest"] = rule.w_interest * np.array(liked, dtype=np.float64)
    return {name: value / layout.minutes for name, value in terms.items()}


def _opens(board: Board, row: int) -> Floats:
    """How many unmet targets each target alone still holds back, float64[T]."""
    last_missing = ((board.unmet[row] == 1) & ~board.met[row]).astype(np.float64)
    held: Floats = (board.layout.prerequisites @ last_missing) * ~board.met[row]
    return held


def _on_the_way(board: Board, row: int, goal: str | None) -> Floats:
    way = np.zeros(len(board.targets))
    if goal is not None:
        position = board.curriculum.graph.position
        way[[position[t] for t in _steps(board, row, goal)]] = 1.0
    return way


def _steps(board: Board, row: int, goal: str) -> tuple[str, ...]:
    """Return the way to a goal; one only met well enough to build on is still a step."""
    graph = board.curriculum.graph
    column = graph.position.get(goal)
    if column is not None and board.status[row, column] == MASTERED:
        return ()
    return graph.pathway(goal, board.mastered(row) - {goal})


def _score(board: Board, row: int, terms: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Return (score, chance of success) of every option."""
    rule, layout = board.policy, board.layout
    p_right = (board.p_right[row] @ layout.option_targets) / layout.targets_of_option
    outside = np.maximum(rule.band_low - p_right, p_right - rule.band_high)
    band = np.clip(1 - np.maximum(outside, 0) / rule.band_slope, rule.band_floor, 1)
    base: Floats = np.sum([v for name, v in terms.items() if name != "interest"], axis=0)
    return base * band + terms["interest"], p_right


def _slate(board: Board, row: int, total: Floats, allowed: Mask, number: int) -> list[int]:
    """Pick options one by one; ties go to the earlier option of the curriculum."""
    options = board.layout.options
    purposes = {int(o): _purpose(board, row, options[o]) for o in np.flatnonzero(allowed)}
    left = np.where(allowed, np.maximum(total, 1e-9), 0.0)
    picked: list[int] = []
    while len(picked) < number and left.max(initial=0.0) > 0:
        best = int(left.argmax())
        picked.append(best)
        left[best] = 0.0
        for o in np.flatnonzero(left):
            same_purpose = purposes[int(o)] == purposes[best]
            left[o] *= _unlike(options[o], options[best]) * (SAME_PURPOSE if same_purpose else 1.0)
    return picked


def _unlike(candidate: Option, picked: Option) -> float:
    """Return what is left of a candidate's score beside an option already picked."""
    shared = (
        (SAME_TARGET, bool(set(candidate.targets) & set(picked.targets))),
        (SAME_FORMAT, bool(candidate.format) and candidate.format == picked.format),
        (SAME_KIND, bool(candidate.kind) and candidate.kind == picked.kind),
        (SAME_INTEREST, bool(set(candidate.interests) & set(picked.interests))),
    )
    return float(np.prod([factor for factor, same in shared if same]))


def _choice(
    board: Board, row: int, o: int, terms: Mapping[str, Floats], total: float, p_right: Floats,
    evidence: Mapping[str, Sequence[str]], wishes: Wishes,
) -> Choice:  # fmt: skip
    option = board.layout.options[o]
    purpose = _purpose(board, row, option)
    opens = _opened_by(board, row, option)
    reasons = _reasons(board, row, option, purpose, opens, float(p_right[o]), evidence, wishes)
    own = {name: float(value[o]) for name, value in terms.items() if value[o] != 0}
    return Choice(option, purpose, total, float(p_right[o]), own, opens, reasons)


def _purpose(board: Board, row: int, option: Option) -> str:
    columns = [board.curriculum.graph.position[t] for t in option.targets]
    if any(board.status[row, c] == CHECK_AGAIN for c in columns):
        return "review"
    return "probe" if all(board.count[row, c] == 0 for c in columns) else "learn"


def _opened_by(board: Board, row: int, option: Option) -> tuple[str, ...]:
    graph, met = board.curriculum.graph, board.mastered(row)
    new = [t for t in option.targets if t not in met]
    after = met.union(new)
    return tuple(dict.fromkeys(o for t in new for o in graph.unlocks(t, after)))


def _reasons(
    board: Board, row: int, option: Option, purpose: str, opens: tuple[str, ...],
    p_right: float, evidence: Mapping[str, Sequence[str]], wishes: Wishes,
) -> tuple[Reason, ...]:  # fmt: skip
    rule = board.policy
    reasons = _readiness(board, row, option, evidence)
    subject = option.targets[0]
    if purpose == "review":
        faded = next(t for t in option.targets if _is_faded(board, row, t))
        now = float(board.retrievable[row, board.curriculum.graph.position[faded]])
        reasons.append(Reason("faded", (faded,), _latest(evidence, [faded]), now))
    if purpose == "probe":
        reasons.append(Reason("unseen", (subject,)))
    if opens:
        reasons.append(Reason("opens", opens))
    if wishes.goal is not None:
        reasons += _goal_reason(board, row, option, wishes.goal)
    if rule.band_low <= p_right <= rule.band_high:
        reasons.append(
            Reason("success_band", option.targets, _latest(evidence, option.targets), p_right)
        )
    liked = sorted(set(option.interests) & set(wishes.interests))
    if liked:
        reasons.append(Reason("interest", words=", ".join(liked)))
    return tuple(reasons)


def _readiness(
    board: Board, row: int, option: Option, evidence: Mapping[str, Sequence[str]]
) -> list[Reason]:
    graph = board.curriculum.graph
    before = (p for t in option.targets for p in graph.prerequisites(t))
    prerequisites = tuple(dict.fromkeys(before))
    if not prerequisites:
        return [Reason("no_prerequisites", option.targets)]
    shown = tuple(p for p in prerequisites if not board.implied[row, graph.position[p]])
    reasons = [Reason("ready", shown, _latest(evidence, shown))] if shown else []
    for implied in prerequisites:
        later = board.implied_by(row, implied)[:1]
        if later:
            reasons.append(Reason("implied", (implied, *later), _latest(evidence, later)))
    return reasons


def _is_faded(board: Board, row: int, target: str) -> bool:
    return bool(board.status[row, board.curriculum.graph.position[target]] == CHECK_AGAIN)


def _goal_reason(board: Board, row: int, option: Option, goal: str) -> list[Reason]:
    steps = _steps(board, row, goal)
    if set(option.targets) & set(steps):
        return [Reason("toward_goal", (goal,), number=float(len(steps)))]
    return []


def _latest(evidence: Mapping[str, Sequence[str]], targets: Sequence[str]) -> tuple[str, ...]:
    cited = (piece for t in targets for piece in list(evidence.get(t, ()))[-MOST_EVIDENCE:])
    return tuple(dict.fromkeys(cited))
