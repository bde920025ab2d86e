"""What was taken and declined: who rests, who suits, and how offers are taken up."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Wishes, choices
from engine.acceptance import acceptance
from engine.decisions import WHYS, Decision, Heard, Said, Why, heard, last_words, rests_until
from engine.policy import Policy
from graphs import Curriculum, Framework, LearningTarget, Task
from tests.cast import ADA, NOW
from tests.engine.boards import Seen, board_with

SHOWN = Seen(0.99, 5)
ROWS = {ADA: {"count": SHOWN, "add": Seen(0.8, 3)}}
OPTIONS = ("add-apples", "add-coins", "take-away", "arrays", "shape-hunt")


def said(option: str, word: Said, why: Why = "", days: float = 1, name: str = "") -> Decision:
    at = NOW - timedelta(days=days)
    return Decision(name or f"d-{option}-{days}", ADA, "r-1", word, option, why, at)


def offered(*decisions: Decision, policy: Policy | None = None) -> list[str]:
    board = board_with(ROWS, policy)
    wishes = Wishes(number=3, heard=heard(board, 0, decisions, NOW))
    return [choice.option.id for choice in choices(board, ADA, wishes, {})]


def test_what_was_declined_rests_for_some_days() -> None:
    first = offered()[0]
    assert first not in offered(said(first, "declined"))
    assert first in offered(said(first, "declined", days=7.1))
    assert first in offered(said(first, "declined", days=2), policy=Policy(decline_days=1))


def test_what_was_taken_stays_and_the_last_word_counts() -> None:
    first = offered()[0]
    assert offered(said(first, "taken")) == offered()
    assert first in offered(said(first, "declined", days=2), said(first, "taken", days=1))
    assert first not in offered(said(first, "declined", days=1), said(first, "taken", days=2))


def test_what_was_declined_is_offered_where_nothing_else_is_left() -> None:
    everything = [said(option.id, "declined") for option in board_with(ROWS).layout.options]
    assert offered(*everything) == offered()


@given(st.permutations([said(o, "declined", w) for o, w in zip(OPTIONS, WHYS, strict=True)]))
def test_the_order_in_which_decisions_arrive_cannot_matter(order: list[Decision]) -> None:
    board = board_with(ROWS)
    assert heard(board, 0, order, NOW) == heard(board, 0, sorted(order, key=lambda d: d.id), NOW)


@pytest.mark.parametrize(("why", "sign"), [("too_hard", 1), ("too_easy", -1)])
def test_the_word_for_declining_asks_for_easier_or_harder(why: Why, sign: int) -> None:
    board = board_with(ROWS)
    position = board.curriculum.graph.position
    found = heard(board, 0, [said("share", "declined", why)], NOW)

    def chance(option: str) -> float:
        (targets,) = [o.targets for o in board.layout.options if o.id == option]
        return float(board.p_right[0, [position[t] for t in targets]].mean())

    for option in board.layout.options:
        apart = sign * (chance(option.id) - chance("share")) >= 0.05
        assert (option.id in found.suits) == apart
    assert found.rests == {"share"}


def test_a_target_called_too_easy_twice_rests_with_all_its_tasks() -> None:
    targets = (LearningTarget("add", "Add"), LearningTarget("count", "Count"))
    tasks = tuple(Task(f"add-{i}", f"Add {i}", ("add",)) for i in range(4))
    curriculum = Curriculum(Framework("f", "F", targets, tasks=tasks), ())
    board = board_with({ADA: {}}, curriculum=curriculum)

    def rests(*whys: Why) -> set[str]:
        words = [said(f"add-{i}", "declined", why) for i, why in enumerate(whys)]
        return set(heard(board, 0, words, NOW).rests)

    assert rests("too_easy") == {"add-0"}
    assert rests("too_easy", "too_easy") == {"add-0", "add-1", "add-2", "add-3"}
    assert rests("too_easy", "too_hard") == {"add-0", "add-1"}
    assert rests("not_now", "not_now") == {"add-0", "add-1"}


def test_of_words_alike_the_last_is_said_and_all_are_answered() -> None:
    board = board_with(ROWS)
    words = [said(o, "declined", "too_hard", days=d) for o, d in (("share", 1), ("arrays", 2))]
    both, each = heard(board, 0, words, NOW), [heard(board, 0, [word], NOW) for word in words]
    told = {o.title for o in board.layout.options if o.id == "share"}
    assert both.suits
    assert set(both.suits) <= set(each[0].suits) & set(each[1].suits)
    assert all({r.words for r in reasons} == told for reasons in both.suits.values())


def test_not_my_thing_asks_for_another_format_and_interest() -> None:
    found = heard(board_with(ROWS), 0, [said("add-apples", "declined", "not_my_thing")], NOW)
    assert "add-coins" in found.suits
    assert "share" not in found.suits  # on paper, too
    assert {r.words for reasons in found.suits.values() for r in reasons} == {"Add apples"}


def test_not_now_asks_for_nothing_else() -> None:
    no = said("add-apples", "declined", "not_now")
    found = heard(board_with(ROWS), 0, [no], NOW)
    assert found == Heard(frozenset({"add-apples"}), {}, (no,))


def test_what_rests_is_told_with_the_decision_it_rests_for_the_latest_first() -> None:
    board = board_with(ROWS, Policy(decline_days=3))
    old, new = said("arrays", "declined", days=2), said("add-coins", "declined", days=1)
    past, gone = said("take-away", "declined", days=3), said("not-a-task", "declined")
    found = heard(board, 0, [past, old, gone, new], NOW)
    assert found.declined == (new, old)
    assert found.rests == {"add-coins", "arrays"}
    assert [rests_until(board.policy, d) for d in found.declined] == [
        NOW + timedelta(days=2), NOW + timedelta(days=1),
    ]  # fmt: skip


def test_an_answer_to_a_word_is_a_term_with_a_reason_and_grows_with_its_weight() -> None:
    decision = said("add-apples", "declined", "not_my_thing")

    def scored(weight: float) -> dict[str, tuple[float, float]]:
        board = board_with(ROWS, Policy(w_asked=weight))
        wishes = Wishes(number=4, heard=heard(board, 0, [decision], NOW))
        found = choices(board, ADA, wishes, {})
        for choice in found:
            reasons = [r.code for r in choice.reasons if r.code.startswith("asked")]
            assert bool(reasons) == (choice.terms.get("asked", 0.0) > 0)
            assert sum(choice.terms.values()) == pytest.approx(choice.score)
        return {c.option.id: (c.score, c.terms.get("asked", 0.0)) for c in found}

    less, more = scored(0.1), scored(0.2)
    assert any(term for _, term in less.values())
    for option in set(less) & set(more):
        assert more[option][1] == pytest.approx(2 * less[option][1])
        assert more[option][0] >= less[option][0]


def test_last_words_come_in_the_order_they_were_made() -> None:
    made = [
        said("a", "taken", days=3),
        said("b", "declined", days=2),
        said("a", "declined", days=1),
    ]
    assert [(o, d.said) for o, d in last_words(made).items()] == [
        ("b", "declined"), ("a", "declined"),
    ]  # fmt: skip


def test_offers_are_counted_once_by_place_and_purpose() -> None:
    offer = (("a", "learn"), ("b", "review"), ("c", "learn"))
    made = [
        Decision("1", ADA, "r-1", "declined", "a", "too_hard", NOW, offer),
        Decision("2", ADA, "r-1", "taken", "b", "", NOW + timedelta(minutes=1), offer),
        Decision("3", ADA, "r-2", "taken", "a", "", NOW, offer),
        Decision("4", "ben", "r-1", "other", None, "", NOW, offer),
    ]
    found = acceptance(made)
    counts = {(r.by, r.value): (r.offered, r.taken, r.declined) for r in found.rates}
    assert (found.offers, found.other, found.why) == (3, 1, {"too_hard": 1})
    assert counts["all", ""] == (9, 2, 1)
    assert counts["position", "1"] == (3, 1, 1)
    assert counts["purpose", "review"] == (3, 1, 0)
    assert all(0 <= r.low <= r.share <= r.high <= 1 for r in found.rates)
    assert acceptance([]).rates == ()
