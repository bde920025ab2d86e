"""Who needs what, with how much certainty: the worth of each student's place in each group.

The need of a student i for a target t that is ready, and in which a gap has been seen, is

    (1 − P_it) · Π_j P_ij · n_it / (n_it + 1) · (1 + later targets still to be met / all targets)

with j the direct prerequisites and n the evidence: a likely gap, on ground that holds, seen
often (or judged by the teacher), that much waits for. Nobody has a need for a gap that too
little evidence has shown.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.board import (
    CHECK_AGAIN,
    DEVELOPING,
    MASTERED,
    NEAR,
    NOT_ENOUGH,
    NOT_STARTED,
    Board,
    Floats,
    Mask,
)
from engine.groups.purposes import PURPOSES, Aim, Purpose
from graphs.goals import goal_targets, is_goal

COACH = 0.4
"""What a coach gains, as a share of the most a learner can: explaining is learning, too."""
HELPER = 0.75
"""What a team is worth to one who has shown its target, where it is 1 to one who needs it."""
TEAMWORK = ("group_product", "performance_task", "portfolio_piece")
"""Kinds of task that a team can share."""
FEWEST_SHARING = 2
"""Students who must share something before it can be a group's at all."""
LOWEST_CHANCE = 1e-6


@dataclass(frozen=True)
class Likings:
    """What students like and aim at: interests by student, and one goal each.

    A goal is a target or a competency.
    """

    interests: Mapping[str, Collection[str]] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Needs:
    """The aims that some students share, and what each is worth to each student.

    `value` float64[S, A], −inf where an aim does not fit a student; `coaches` bool[S, A],
    who has shown the target and can help the others.
    """

    aims: tuple[Aim, ...]
    value: Floats
    coaches: Mask


Wishes = Iterator[tuple[Aim, Floats, Mask]]
"""Aims, each with what it is worth to each student and who could coach the others."""


@dataclass(frozen=True)
class _Standing:
    """The class as groups see it: arrays [S, T]."""

    board: Board
    need: Floats
    gap: Mask
    faded: Mask
    carried: Floats


def read_needs(
    board: Board, likings: Likings, purposes: Collection[Purpose], targets: Collection[str] = ()
) -> Needs:
    """Return what groups could be for, and to whom, under the board's policy.

    The aims stand in the order of purposes and targets; only those that at least two share,
    on the `targets` named, if any are. Without any, project teams get the one that suits most.
    """
    standing = _standing(board)
    wishes = _wishes(standing, likings)
    found = [
        wish
        for purpose in PURPOSES
        if purpose in purposes
        for wish in wishes[purpose]()
        if np.isfinite(wish[1]).sum() >= FEWEST_SHARING
        and (not targets or wish[0].target in targets)
    ]
    if "project" in purposes and not targets:
        found = sorted(found, key=lambda wish: -wish[1].sum())[:1]
    students = len(board.students)
    return Needs(
        tuple(aim for aim, _, _ in found),
        np.array([value for _, value, _ in found]).reshape(len(found), students).T,
        np.array([c for _, _, c in found], dtype=np.bool_).reshape(len(found), students).T,
    )


def gaps(board: Board) -> Mask:
    """Whether a target is ready and enough evidence shows a gap in it, bool[S, T]."""
    seen: Mask = (board.unmet == 0) & np.isin(board.status, (DEVELOPING, NEAR))
    return seen


def strength(board: Board) -> Floats:
    """Return each student's mean P(mastered) on what this class has evidence on, float64[S]."""
    used = (board.count > 0).any(axis=0)
    columns: Floats = board.p[:, used] if used.any() else np.zeros((len(board.students), 1))
    mean: Floats = np.array([float(np.sort(row).mean()) for row in columns])
    return mean


def later_share(board: Board) -> Floats:
    """Return what share of all targets builds on each one and is not met, float64[S, T]."""
    waiting = board.layout.descendants @ (~board.met).T.astype(np.float64)
    share: Floats = waiting.T / max(len(board.targets), 1)
    return share


def _standing(board: Board) -> _Standing:
    gap, is_open = gaps(board), board.unmet == 0
    faded = is_open & (board.status == CHECK_AGAIN) & ~board.met
    sure = np.where(board.implied, 1.0, np.maximum(board.p, LOWEST_CHANCE))
    carried = np.exp(np.log(sure) @ board.layout.prerequisites.toarray())
    growth = (1 - board.p) * carried * (1 + later_share(board))
    certain = np.where(board.overridden, 1.0, board.count / (board.count + 1))
    need = np.where(gap | faded, growth * certain, 0.0)
    return _Standing(board, need, gap, faded, carried)


def missing_prerequisites(board: Board) -> Mask:
    """Whether a target is unmet and the student struggles with what builds on it, bool[S, T]."""
    tried = np.isin(board.status, (DEVELOPING, NEAR, NOT_ENOUGH)) & (board.unmet > 0)
    struggling = tried & (board.p < board.policy.near_at)
    waiting = board.layout.prerequisites @ struggling.T.astype(np.int64)
    missing: Mask = (waiting.T > 0) & ~board.met
    return missing


def _wishes(standing: _Standing, likings: Likings) -> Mapping[Purpose, Callable[[], Wishes]]:
    """Return, by purpose, how to list the aims with what they are worth and who could coach."""
    rule, board = standing.board.policy, standing.board
    held_back = missing_prerequisites(board) & (standing.gap | standing.faded)
    ahead = _ahead(board)
    needed, new = rule.w_reteach * standing.need, rule.w_extension * standing.carried
    useful, worth = standing.gap | ahead, np.where(standing.gap, needed, new)
    shared = worth + rule.w_shared
    return {
        "reteach": lambda: _by_target(board, "reteach", standing.gap, needed),
        "missing_prerequisite": lambda: _by_target(
            board, "missing_prerequisite", held_back, rule.w_missing * standing.need
        ),
        "peer_coaching": lambda: _coaching(standing),
        "extension": lambda: _by_target(board, "extension", ahead, new),
        "shared_interest": lambda: _interests(board, likings.interests, useful, shared),
        "shared_goal": lambda: _goals(board, likings.goals, useful, shared),
        "project": lambda: _projects(board, useful),
    }


def _by_target(board: Board, purpose: Purpose, fits: Mask, worth: Floats) -> Wishes:
    nobody = np.zeros(len(board.students), dtype=np.bool_)
    for t, target in enumerate(board.targets):
        yield Aim(purpose, target), np.where(fits[:, t], worth[:, t], -np.inf), nobody


def _coaching(standing: _Standing) -> Wishes:
    board, weight = standing.board, standing.board.policy.w_coaching
    for t, target in enumerate(board.targets):
        coaches = board.status[:, t] == MASTERED
        if coaches.any() and standing.gap[:, t].any():
            worth = np.where(coaches, COACH * weight, weight * standing.need[:, t])
            fits = coaches | standing.gap[:, t]
            yield Aim("peer_coaching", target), np.where(fits, worth, -np.inf), coaches


def _ahead(board: Board) -> Mask:
    """Whether a target is new to a student who has mastered all it needs, bool[S, T]."""
    before = board.layout.prerequisites
    shown = (board.status == MASTERED).astype(np.int64) @ before
    needed = np.asarray(before.sum(axis=0)).ravel()
    ahead: Mask = (board.status == NOT_STARTED) & ~board.implied & (shown == needed) & (needed > 0)
    return ahead


def _projects(board: Board, useful: Mask) -> Wishes:
    """Everyone can be in a team: those for whom its target is new or needed gain most."""
    nobody = np.zeros(len(board.students), dtype=np.bool_)
    teamwork = {t for o in board.layout.options if o.kind in TEAMWORK for t in o.targets}
    for t, target in enumerate(board.targets):
        if target in teamwork or not teamwork:
            shown = np.where(board.status[:, t] == MASTERED, HELPER, 0.0)
            yield Aim("project", target), np.where(useful[:, t], 1.0, shown), nobody


def _interests(
    board: Board, interests: Mapping[str, Collection[str]], useful: Mask, worth: Floats
) -> Wishes:
    nobody = np.zeros(len(board.students), dtype=np.bool_)
    themes = {(word, t) for o in board.layout.options for word in o.interests for t in o.targets}
    for word in sorted({word for word, _ in themes}):
        likes = np.array([word in interests.get(s, ()) for s in board.students], dtype=np.bool_)
        for t, target in enumerate(board.targets):
            if (word, target) in themes and likes.any():
                value = np.where(likes & useful[:, t], worth[:, t], -np.inf)
                yield Aim("shared_interest", target, word), value, nobody


def _leading_to(board: Board, goal: str) -> tuple[str, ...]:
    """Return the targets of a goal and all that they build on, in curriculum order."""
    graph = board.curriculum.graph
    wanted = goal_targets(board.curriculum.framework, goal)
    found = {t for target in wanted for t in (*graph.ancestors(target), target)}
    return tuple(sorted(found, key=graph.position.__getitem__))


def _goals(board: Board, goals: Mapping[str, str], useful: Mask, worth: Floats) -> Wishes:
    nobody = np.zeros(len(board.students), dtype=np.bool_)
    graph = board.curriculum.graph
    framework = board.curriculum.framework
    for goal in sorted(g for g in set(goals.values()) if is_goal(framework, g)):
        heads = np.array([goals.get(s) == goal for s in board.students], dtype=np.bool_)
        for target in _leading_to(board, goal):
            t = graph.position[target]
            value = np.where(heads & useful[:, t], worth[:, t], -np.inf)
            yield Aim("shared_goal", target, goal), value, nobody
