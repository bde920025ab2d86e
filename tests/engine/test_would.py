"""What would change a choice comes true for whoever follows it, today or over days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Choice, Layout, Policy, Reason, Wishes, changes, choices, make_board
from engine.board import MASTERED, Board
from engine.decisions import Decision, Why, heard
from engine.layout import Option
from engine.pacing import tiredness
from engine.reviews import schedule_of
from engine.would import MOST_RIGHT
from graphs import Curriculum, Edge, Framework, LearningTarget, Requirement, Task
from models import BKTModel, BKTParameters, Evidence, standing
from tests.cast import ADA, NOW
from tests.engine.boards import RandomSchool, schools

DAY = timedelta(days=1)


def board_after(
    school: RandomSchool, more: Sequence[Evidence], at: datetime | None = None
) -> Board:
    """Fold the whole log anew, with more evidence at its end, and look at a moment."""
    (student,) = school.log
    found = standing(school.model, [*school.log[student], *more])
    states, trails = {student: found.state}, {student: found.trail}
    layout = Layout(school.curriculum)
    board = make_board(layout, school.policy, school.model, states, at or NOW, trails)
    plan = schedule_of(school.curriculum, school.policy, board.bar, [found.trail], board.sure)
    return replace(board, plan=plan)


@dataclass(frozen=True)
class Follower:
    """A student who answers an offered choice as its card says."""

    school: RandomSchool
    wishes: Wishes
    choice: Choice

    def holds(self, reason: Reason) -> bool:
        n, rights = int(reason.number), (1.0,) * int(reason.number)
        at_once = self.after(rights, [0] * n)
        if reason.code in ("would_give_way", "would_go"):
            return self.gone(at_once) and self.offered(at_once, reason.words)
        if reason.code == "would_go_back":
            wrong = self.after((0.0,) * n, [0] * n)
            return self.gone(wrong) and self.offered(wrong, reason.words)
        if reason.code in ("would_alternate", "would_rest"):
            every = [self.after(scores, [0] * n) for scores in product((1.0, 0.0), repeat=n)]
            rests = reason.code == "would_alternate" or all(map(self.rests, every))
            return rests and all(
                self.gone(each) and self.offered(each, reason.words) for each in every
            )
        in_days = self.after(rights, self.days(n))
        if reason.code == "would_stay":
            done = in_days.enough | (in_days.status == MASTERED)
            return n == MOST_RIGHT and not (self.gone(in_days) and done[0, self.columns].all())
        ends = [in_days] if reason.code == "would_show_days" else [at_once, in_days]
        return all(self.gone(end) and self.done(end, reason) for end in ends)

    def done(self, board: Board, reason: Reason) -> bool:
        done = board.status == MASTERED
        if reason.code == "would_do":
            done = done | board.enough
        return bool(done[0, self.columns].all())

    def days(self, n: int) -> list[int]:
        """As many today as are left of a session, then a session a day."""
        today, session = board_after(self.school, []).today, self.school.policy.a_session
        assert today is not None
        here = max(session - int(today[0, self.columns].max()), 1)
        return [0] * min(n, here) + [1 + i // session for i in range(n - here)]

    def after(self, scores: Sequence[float], days: Sequence[int]) -> Board:
        option, (student,) = self.choice.option, self.school.log
        kind = option.kind or "quiz_item"
        more = [
            Evidence(f"real-{i}", student, option.targets, score, kind,
                     observed_at=NOW + day * DAY, position=10**9 + i)
            for i, (score, day) in enumerate(zip(scores, days, strict=True))
        ]  # fmt: skip
        return board_after(self.school, more, NOW + days[-1] * DAY)

    def gone(self, board: Board) -> bool:
        return self.choice.option not in self.slate(board)

    def offered(self, board: Board, title: str) -> bool:
        return not title or title in {option.title for option in self.slate(board)}

    def rests(self, board: Board) -> bool:
        return bool(tiredness(board, np.array([0]))[0, self.columns].any())

    def slate(self, board: Board) -> list[Option]:
        now = datetime.fromtimestamp(board.now, UTC)
        wishes = replace(self.wishes, heard=heard(board, 0, self.wishes.heard.declined, now))
        return [choice.option for choice in choices(board, board.students[0], wishes, {})]

    @property
    def columns(self) -> list[int]:
        position = self.school.curriculum.graph.position
        return [position[target] for target in self.choice.option.targets]


@settings(max_examples=40, deadline=None)
@given(schools(), st.sampled_from(("", "too_hard", "not_now")), st.sampled_from((None, 2)))
def test_what_a_card_says_comes_true(school: RandomSchool, why: Why, number: int | None) -> None:
    board, wishes = board_after(school, []), Wishes(number=number)
    found = choices(board, "s0", wishes, {})
    if why and found:
        said = Decision("d", "s0", "r", "declined", found[0].option.id, why, NOW - DAY)
        wishes = replace(wishes, heard=heard(board, 0, [said], NOW))
        found = choices(board, "s0", wishes, {})
    told = changes(board, "s0", wishes, found, partial(board_after, school))
    assert len(told) == len(found)
    for choice, reasons in zip(found, told, strict=True):
        for reason in reasons:
            assert Follower(school, wishes, choice).holds(reason), reason


# A student is offered the first target; the model and the tasks are plain.
PLAIN = BKTModel(fallback=BKTParameters(0.3, 0.2, 0.2, 0.1))
TARGETS = tuple(LearningTarget(t, t.upper()) for t in ("a", "b", "c"))
TASKS = tuple(Task(f"on-{t}", t, (t,)) for t in "abc")


def told_of(
    policy: Policy, edges: str = "ab ac", rights: int = 0, asked: tuple[Requirement, ...] = ()
) -> list[str]:
    framework = Framework("f", "F", TARGETS, tasks=TASKS, requirements=asked)
    curriculum = Curriculum(framework, tuple(Edge(*edge) for edge in edges.split()))
    log = tuple(
        Evidence(f"e{i}", ADA, ("a",), 1.0, observed_at=NOW - 9 * DAY + i * DAY)
        for i in range(rights)
    )
    school = RandomSchool(curriculum, policy, PLAIN, {ADA: log})
    board = board_after(school, [])
    found = choices(board, ADA, Wishes(), {})
    (first,) = (place for place, choice in enumerate(found) if choice.option.id == "on-a")
    told = changes(board, ADA, Wishes(), found, partial(board_after, school))[first]
    assert all(Follower(school, Wishes(), found[first]).holds(reason) for reason in told)
    return [f"{reason.code} {reason.number:.0f} {reason.words}".strip() for reason in told]


@pytest.mark.parametrize(
    ("policy", "edges", "told"),
    [
        # Three are needed: two today, then it rests while anything else is open.
        (Policy(choices=2), "", ["would_alternate 2 c", "would_show 3"]),
        (Policy(choices=2, a_session=5), "", ["would_show 3"]),
        # Nothing else is open until it is shown, so it does not rest.
        (Policy(ready_evidence=20), "ab ac", ["would_show 3"]),
        (Policy(), "ab ac", ["would_give_way 2 b", "would_show 3"]),
        (Policy(min_evidence=20, enough_in_a_row=3, ready_evidence=20), "ab ac", ["would_do 3"]),
        (Policy(min_evidence=20, ready_evidence=20), "ab ac", ["would_stay 5 2"]),
    ],
)
def test_today_and_for_good_are_told_apart(policy: Policy, edges: str, told: list[str]) -> None:
    assert told_of(policy, edges) == told


def test_what_takes_several_days_says_so() -> None:
    twice = Requirement(pieces=3, sessions=2, target="a")
    assert told_of(Policy(ready_evidence=20), asked=(twice,)) == ["would_show_days 3 2"]


def test_what_is_due_for_review_is_not_shown_anew_but_kept() -> None:
    assert told_of(Policy(), "ab ac", rights=3)[0] == "would_keep 1"


def test_nothing_offered_has_nothing_to_change() -> None:
    school = RandomSchool(Curriculum(Framework("f", "F", TARGETS), ()), Policy(), PLAIN, {ADA: ()})
    board = board_after(school, [])
    assert changes(board, ADA, Wishes(), (), partial(board_after, school)) == ()
