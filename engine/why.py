"""Why a choice is offered: its typed reasons, each with all the evidence that it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.board import CHECK_AGAIN, Board, Floats
from engine.layout import Option
from engine.pacing import Pace
from engine.proposed import placed_unseen, why_proposed
from engine.reasons import Code, Reason
from engine.scoring import Wishes, paced, terms

Evidence = Mapping[str, Sequence[str]]
"""The ids in force for each target, latest last."""


@dataclass(frozen=True)
class About:
    """One student of a board (`row`), what is wished, and the evidence to cite."""

    board: Board
    row: int
    wishes: Wishes
    evidence: Evidence

    @cached_property
    def pace(self) -> Pace:
        """What the student comes to next."""
        return paced(self.board, np.array([self.row]), [self.wishes])

    @cached_property
    def terms(self) -> dict[str, Floats]:
        """The weighted terms by target, float64[1, T] each."""
        return terms(self.board, np.array([self.row]), self.pace)

    def columns(self, targets: Sequence[str]) -> list[int]:
        """Return the columns of targets."""
        return [self.board.curriculum.graph.position[target] for target in targets]

    def reasons(
        self, option: Option, purpose: str, p_right: float, opens: Sequence[str]
    ) -> tuple[Reason, ...]:
        """Return why an option is offered, which `opens` some targets."""
        return (
            *self._readiness(option, purpose),
            *self._purpose(option, purpose),
            *self._opens(option, opens),
            *self._order(option),
            *self._goal(option),
            *self._success(option, p_right),
            *self._interest(option),
            *self.wishes.heard.suits.get(option.id, ()),
        )

    def _readiness(self, option: Option, purpose: str) -> Iterable[Reason]:
        board, graph = self.board, self.board.curriculum.graph
        before = (p for t in option.targets for p in graph.prerequisites(t))
        prerequisites = tuple(dict.fromkeys(before))
        implied = [p for p in prerequisites if board.implied[self.row, graph.position[p]]]
        shown = tuple(p for p in prerequisites if p not in implied)
        if not prerequisites:
            yield Reason("no_prerequisites", option.targets)
        elif purpose == "ahead":
            yield Reason("ahead", (option.targets[0], *shown), self._cited(shown))
        elif shown:
            yield Reason("ready", shown, self._cited(shown))
        for target in implied:
            later = board.implied_by(self.row, target)[:1]
            yield Reason("implied", (target, *later), self._cited(later))

    def _purpose(self, option: Option, purpose: str) -> Iterable[Reason]:
        board, row = self.board, self.row
        columns = self.columns(option.targets)
        if purpose == "review":
            for column in [c for c in columns if board.status[row, c] == CHECK_AGAIN][:1]:
                faded, now = board.targets[column], float(board.retrievable[row, column])
                yield Reason("faded", (faded,), self._cited([faded]), now)
        if purpose == "gap":
            column = next(c for c in columns if board.gaps[row, c])
            gap, now = board.targets[column], float(board.p[row, column])
            above = self._stuck_above(gap)
            yield Reason("gap", (gap, *above), self._cited([*above, gap]), now)
        proposed = list(why_proposed(board, row, columns, self.evidence))
        if purpose == "probe" and not proposed:
            yield Reason("unseen", option.targets[:1])
        yield from proposed

    def _opens(self, option: Option, opens: Sequence[str]) -> Iterable[Reason]:
        if opens:
            before = (p for o in opens for p in self.board.curriculum.graph.prerequisites(o))
            others = [p for p in dict.fromkeys(before) if p not in option.targets]
            yield Reason("opens", tuple(opens), self._cited(others))

    def _order(self, option: Option) -> Iterable[Reason]:
        first = self.board.policy.w_order
        soon = self.terms["order"][0]
        for column in self.columns(option.targets):
            if first > 0 and soon[column] == first:
                yield Reason("comes_next", (self.board.targets[column],))

    def _goal(self, option: Option) -> Iterable[Reason]:
        if self.wishes.goal is not None and not self._way.isdisjoint(self.columns(option.targets)):
            code: Code = "toward_goal" if self.wishes.own else "toward_asked"
            yield Reason(code, (self.wishes.goal,), number=float(len(self._way)))

    def _success(self, option: Option, p_right: float) -> Iterable[Reason]:
        if placed_unseen(self.board, self.row, self.columns(option.targets)):
            return  # placement has the one number that is told of what nobody has seen
        if self.board.policy.band_low <= p_right <= self.board.policy.band_high:
            yield Reason("success_band", option.targets, self._cited(option.targets), p_right)

    def _interest(self, option: Option) -> Iterable[Reason]:
        liked = sorted(set(option.interests) & set(self.wishes.interests))
        if liked:
            yield Reason("interest", words=", ".join(liked))

    def _cited(self, targets: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e for t in targets for e in self.evidence.get(t, ())))

    @cached_property
    def _way(self) -> frozenset[int]:
        return frozenset(np.flatnonzero(self.pace.way[0]).tolist())

    def _stuck_above(self, target: str) -> list[str]:
        graph, spinning = self.board.curriculum.graph, self.board.spinning[self.row]
        return [t for t in graph.dependents(target) if spinning[graph.position[t]]]


def opened_by(board: Board, row: int, option: Option) -> tuple[str, ...]:
    """Return the targets that become ready once those of an option are mastered."""
    graph = board.curriculum.graph
    new = {t for t in option.targets if not board.met[row, graph.position[t]]}
    following = dict.fromkeys(d for t in option.targets if t in new for d in graph.dependents(t))
    return tuple(
        d
        for d in following
        if d not in new
        and not board.met[row, graph.position[d]]
        and new.issuperset(board.blocked_by(row, d))
    )
