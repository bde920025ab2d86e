"""Choices: two to four good next steps for a student, each with its reasons.

Candidates are the options whose every target has its prerequisites met and of which at
least one target is neither mastered nor implied by later mastery. The score of an option is

    (w_gain·gain + w_opens·opens + w_goal·goal + w_information·information
     + w_review·review) / minutes × success band + w_interest·interest / minutes

and its terms are its explanation. The slate is then picked one by one, each time
preferring what differs from the options already picked in target, format and interest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.board import CHECK_AGAIN, Board, Floats, Mask
from engine.layout import Option
from engine.reasons import Reason
from engine.scoring import Ints, Scored, Wishes, score, way_to

# What is left of a candidate's score when it shares this with an option already picked.
# A second way into the same target is still a choice, but a weak one; formats and
# interests matter less.
SAME_TARGET, SAME_FORMAT, SAME_KIND, SAME_INTEREST = 0.3, 0.7, 0.8, 0.85
SAME_PURPOSE = 0.5
"""Nor should all options be probes, or all reviews: a choice between three is none of what
to do, only of how."""
LEAST = 1e-9
"""Score of an allowed option whose terms say nothing: it is still better than no choice."""
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


def choices(
    board: Board, student: str, wishes: Wishes, evidence: Mapping[str, Sequence[str]]
) -> tuple[Choice, ...]:
    """Return up to `wishes.number` choices for a student, best first.

    `evidence` gives the ids in force for each target, latest last; reasons cite them. The
    same board and wishes give the same slate. Empty when nothing is ready that fits.
    Raises `UnknownId` for an unknown student or goal.
    """
    row = board.row(student)
    scored = score(board, np.array([row]), [wishes])
    number = wishes.number or board.policy.choices
    picked = _slate(board, row, scored.total[0], scored.allowed[0], number)
    return tuple(_choice(board, row, o, scored, evidence, wishes) for o in picked)


def first_choices(board: Board, wishes: Wishes) -> tuple[Ints, Mask]:
    """Return the first choice of every student of a board as (option, whether there is any).

    The option is an index into the layout's options: the one that `choices` puts first.
    """
    size = len(board.students)
    scored = score(board, np.arange(size), [wishes] * size)
    left = np.where(scored.allowed, np.maximum(scored.total, LEAST), 0.0)
    if not left.shape[1]:
        return np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
    found: Mask = left.max(axis=1) > 0
    return left.argmax(axis=1), found


def _slate(board: Board, row: int, total: Floats, allowed: Mask, number: int) -> list[int]:
    """Pick options one by one; ties go to the earlier option of the curriculum."""
    options = board.layout.options
    purposes = {int(o): _purpose(board, row, options[o]) for o in np.flatnonzero(allowed)}
    left = np.where(allowed, np.maximum(total, LEAST), 0.0)
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
    board: Board, row: int, o: int, scored: Scored, evidence: Mapping[str, Sequence[str]],
    wishes: Wishes,
) -> Choice:  # fmt: skip
    option, p_right = board.layout.options[o], float(scored.p_right[0, o])
    purpose = _purpose(board, row, option)
    opens = _opened_by(board, row, option)
    reasons = _reasons(board, row, option, purpose, opens, p_right, evidence, wishes)
    own = {name: float(value[0, o]) for name, value in scored.terms.items() if value[0, o] != 0}
    return Choice(option, purpose, float(scored.total[0, o]), p_right, own, opens, reasons)


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
    steps = way_to(board, row, goal)
    if set(option.targets) & set(steps):
        return [Reason("toward_goal", (goal,), number=float(len(steps)))]
    return []


def _latest(evidence: Mapping[str, Sequence[str]], targets: Sequence[str]) -> tuple[str, ...]:
    cited = (piece for t in targets for piece in list(evidence.get(t, ()))[-MOST_EVIDENCE:])
    return tuple(dict.fromkeys(cited))
