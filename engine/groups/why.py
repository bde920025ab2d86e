"""Why this group, why this student in it, and what changed since last time: typed reasons."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.board import DEVELOPING, NEAR, NOT_ENOUGH, NOT_STARTED, Board, Floats
from engine.groups.assemble import thirds
from engine.groups.need import TEAMWORK, Needs, gaps, later_share
from engine.groups.past import Round
from engine.groups.purposes import Aim, Purpose
from engine.groups.result import Own, Role
from engine.layout import Option
from engine.reasons import Reason

Cited = Mapping[str, Mapping[str, Sequence[str]]]
"""Ids of the evidence in force, by student and target, latest last."""
MOST_TASKS = 3
MOST_CITED = 3
"""Pieces of evidence cited for a student: the latest are enough to check a reason."""
CHECKS = ("exit_ticket", "quiz_item")
"""Kinds of task that check a target in a few minutes."""


def group_reason(
    board: Board, aim: Aim, learners: Sequence[str], coaches: Sequence[str], evidence: Cited
) -> Reason:
    """Say what a group is for; cites the latest piece of evidence of each who needs it."""
    target, number = (aim.target,), float(len(learners))
    cited = tuple(e for s in learners for e in latest(evidence, s, aim.target)[-1:])
    shown = tuple(e for s in coaches for e in latest(evidence, s, aim.target)[-1:])
    reasons: Mapping[Purpose, Reason] = {
        "reteach": Reason("shared_gap", target, cited, number),
        "missing_prerequisite": Reason(
            "group_missing", target + _later(board, learners, aim.target), cited, number
        ),
        "peer_coaching": Reason("group_coaching", target, shown + cited, float(len(coaches))),
        "extension": Reason("group_extension", target, (), number),
        "shared_interest": Reason("group_interest", target, cited, number, aim.word),
        "shared_goal": Reason("group_goal", (aim.target, aim.word), cited, number),
        "project": Reason("group_project", target, (), number),
    }
    return reasons[aim.purpose]


def member_reason(
    board: Board, needs: Needs, aim: Aim, student: str, role: Role, held: bool, evidence: Cited
) -> Reason:
    """Say why one student is in a group: for a need of their own, or by whose wish."""
    own = needs.aims.index(aim) if aim in needs.aims else -1
    if own < 0 or not np.isfinite(needs.value[board.row(student), own]):
        return Reason("member_placed" if held else "member_joins", (aim.target,))
    cited = latest(evidence, student, aim.target)
    if role == "coach":
        return Reason("member_coach", (aim.target,), cited)
    if aim.purpose == "missing_prerequisite":
        later = _later(board, [student], aim.target)
        seen = cited + tuple(e for t in later for e in latest(evidence, student, t))
        return Reason("member_missing", (aim.target, *later), seen, _p(board, student, aim.target))
    if aim.purpose in {"reteach", "peer_coaching"}:
        return _gap_reason(board, student, aim.target, cited)
    before = board.curriculum.graph.prerequisites(aim.target)
    shown = tuple(e for t in before for e in latest(evidence, student, t))
    reasons: Mapping[Purpose, Reason] = {
        "extension": Reason("member_ahead", (aim.target,), shown),
        "shared_interest": Reason("member_interest", (aim.target,), cited, words=aim.word),
        "shared_goal": Reason("member_goal", (aim.target, aim.word), cited),
        "project": Reason("member_team", words=thirds(board)[student]),
    }
    return reasons[aim.purpose]


def _gap_reason(board: Board, student: str, target: str, cited: tuple[str, ...]) -> Reason:
    count = int(board.count[board.row(student), board.curriculum.graph.position[target]])
    words = f"{count} piece{'' if count == 1 else 's'} of evidence"
    return Reason("member_gap", (target,), cited, _p(board, student, target), words)


def _p(board: Board, student: str, target: str) -> float:
    return float(board.p[board.row(student), board.curriculum.graph.position[target]])


def latest(evidence: Cited, student: str, target: str) -> tuple[str, ...]:
    """Return the latest pieces of a student's evidence on a target."""
    return tuple(list(evidence.get(student, {}).get(target, ()))[-MOST_CITED:])


def _later(board: Board, students: Sequence[str], target: str) -> tuple[str, ...]:
    """Return what builds on a target and these students struggle with, the commonest first."""
    graph, rows = board.curriculum.graph, [board.row(s) for s in students]
    struggling = np.isin(board.status, (DEVELOPING, NEAR, NOT_ENOUGH)) & (
        board.p < board.policy.near_at
    )
    counts = {t: int(struggling[rows, graph.position[t]].sum()) for t in graph.dependents(target)}
    found = [t for t, count in counts.items() if count]
    return tuple(sorted(found, key=lambda t: (-counts[t], graph.position[t])))


def change(rounds: Sequence[Round], student: str, aim: Aim, known: Sequence[str]) -> Reason | None:
    """Say what changed for a student since the last round; `None` before the first."""
    if not rounds:
        return None
    last = max(rounds, key=lambda r: (r.day, r.id))
    before = [group.aim.target for group in last.groups if student in group.students]
    if not before or before[0] not in known:
        return Reason("change_new")
    if before[0] == aim.target:
        return Reason("change_again", (aim.target,))
    return Reason("change_from", (aim.target, before[0]))


def tasks_for(board: Board, aim: Aim) -> tuple[Option, ...]:
    """Return up to three tasks on a target: those that fit the purpose, then the plainest."""
    serving = [o for o in board.layout.options if aim.target in o.targets]

    def rank(option: Option) -> tuple[bool, bool, int, float]:
        shares = aim.purpose == "shared_interest" and aim.word not in option.interests
        alone = aim.purpose in {"project", "extension"} and option.kind not in TEAMWORK
        return shares, alone, len(option.targets), option.minutes

    return tuple(sorted(serving, key=rank)[:MOST_TASKS])


def exit_check(board: Board, aim: Aim) -> Reason:
    """Say how each shows that the group has done its work: the shortest check there is."""
    checks = [o for o in board.layout.options if o.targets == (aim.target,) and o.kind in CHECKS]
    shortest = min(checks, key=lambda o: o.minutes, default=None)
    words = "one short check" if shortest is None else f"“{shortest.title}”"
    return Reason("group_exit", (aim.target,), words=words)


def own_work(board: Board, student: str, evidence: Cited) -> Own:
    """Say what a student in no group does, and why they are in none."""
    row = board.row(student)
    ready, gap = board.ready[row], gaps(board)[row]
    weight = 1 + later_share(board)[row]
    unseen = ready & np.isin(board.status[row], (NOT_STARTED, NOT_ENOUGH))
    if gap.any():
        target = _heaviest(board, np.where(gap, (1 - board.p[row]) * weight, -1.0))
        tasks = tasks_for(board, Aim("reteach", target))
        cited = latest(evidence, student, target)
        return Own(student, "no_shared_need", target, tasks, Reason("own_need", (target,), cited))
    if unseen.any():
        target = _heaviest(board, np.where(unseen, weight, -1.0))
        tasks = tuple(o for o in tasks_for(board, Aim("reteach", target)) if len(o.targets) == 1)
        return Own(student, "too_little_evidence", target, tasks, Reason("own_probe", (target,)))
    return Own(student, "nothing_open", None, (), Reason("own_open"))


def _heaviest(board: Board, weights: Floats) -> str:
    return board.targets[int(weights.argmax())]
