"""The day's list: order, budget, rest, sharing, tiers, and who is looked at."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from engine import Answered, Background, Layout, Policy, Waiting, interventions, make_board
from engine.actions import EXITS, WORDS
from engine.class_facts import ClassFacts
from engine.habits import look_in
from engine.interventions import todays
from engine.proposals import CAUSES, Cause, Plan, Said
from engine.ranking import is_held_out, ranking
from engine.reasons import Code, Reason
from models import BKTModel, Evidence
from tests.cast import ADA, BEN, CLEO, NOW, answers, class_evidence, small_curriculum
from tests.engine.boards import Seen, board_with
from tests.engine.interventions.proposed import LOW, SHOWN, contradicting, one_student

CONTRADICTORY: Cause = "contradictory"
MISSING: Cause = "missing_prerequisite"


def test_nothing_is_proposed_without_evidence() -> None:
    board = board_with({ADA: {"add": LOW}, BEN: {"count": Seen(0.6, 5, peak=0.97), "add": LOW}})
    assert interventions(board, {ADA: [], CLEO: answers(CLEO, "add", "0000")}, NOW) == ()


def test_of_two_causes_the_more_urgent_is_shown() -> None:
    cells = {"count": LOW, "add": Seen(0.6, 4), "shapes": Seen(0.65, 10)}
    board = board_with({BEN: cells})
    shapes = answers(BEN, "shapes", "0110110000", start=20)
    add = answers(BEN, "add", "0010", start=26)
    assert [p.target for p in one_student(board, shapes)] == ["shapes"]
    assert [p.target for p in one_student(board, add)] == ["count"]
    # More targets wait behind counting than behind shapes.
    assert [p.target for p in one_student(board, [*shapes, *add])] == ["count"]


def test_the_list_is_cut_after_the_alerts_of_a_day_and_answered_ones_count() -> None:
    students = [f"s{i}" for i in range(8)]
    rows: dict[str, dict[str, Seen]] = {s: {} for s in students}
    log = {s: contradicting(s) for s in students}
    found = interventions(board_with(rows), log, NOW)
    assert [(p.student, p.cause) for p in found] == [(s, "contradictory") for s in students[:5]]
    assert len(interventions(board_with(rows, Policy(alerts_per_day=2)), log, NOW)) == 2
    done = tuple(
        Answered(p.student, p.cause, p.target, "accept", NOW - timedelta(minutes=i), p.rests_on)
        for i, p in enumerate(found[:3])
    )
    again = interventions(board_with(rows), log, NOW, Background(done))
    assert [p.student for p in again] == students[3:5]


def test_a_need_that_several_share_is_one_proposal_and_names_them() -> None:
    students = [f"s{i}" for i in range(4)]
    rows = {s: {"count": Seen(0.1 + i / 100, 10)} for i, s in enumerate(students)}
    log = {s: answers(s, "count", "0110110000", start=20) for s in students}
    (shared,) = interventions(board_with(rows), log, NOW)
    assert shared.student == "s0"
    assert shared.together == ("s1", "s2", "s3")
    (alone,) = interventions(board_with({"s0": rows["s0"]}), log, NOW)
    assert shared.priority == pytest.approx(2 * alone.priority)


def test_what_is_the_team_s_to_decide_for_one_is_not_accepted_for_the_others() -> None:
    students = ["s0", "s1", "s2"]
    board = board_with({s: {"count": Seen(0.1 + i / 100, 10)} for i, s in enumerate(students)})
    log = {s: answers(s, "count", "0110110000", start=20) for s in students}
    past = tuple(
        Answered("s0", "wheel_spinning", "count", "accept", NOW - timedelta(days=days), ())
        for days in (60, 90)
    )
    (card,) = interventions(board, log, NOW, Background(past))
    assert (card.student, card.action, card.together) == ("s0", "team", ("s1", "s2"))
    assert card.besides == ("s1", "s2")
    assert card.unseen == ()


@pytest.mark.parametrize("said", ["not_now", "wrong"])
def test_whose_own_need_rests_is_not_named_among_those_who_share_it(said: Said) -> None:
    students = [f"s{i}" for i in range(4)]
    board = board_with({s: {"count": Seen(0.1 + i / 100, 10)} for i, s in enumerate(students)})
    log = {s: answers(s, "count", "0110110000", start=20) for s in students}
    (first,) = interventions(board, log, NOW)
    past = (Answered("s0", first.cause, first.target, said, NOW, first.rests_on),)
    (again,) = interventions(board, log, NOW, Background(past))
    assert (again.student, again.together) == ("s1", ("s2", "s3"))


def test_a_need_of_most_of_a_class_is_the_lesson_s_turn_and_names_who_shares_it() -> None:
    students = [f"s{i}" for i in range(8)]
    log = {s: answers(s, "count", "0110110000", start=20) for s in students}
    rows = {s: {"count": LOW} for s in students}
    everyone = interventions(board_with(rows), log, NOW)
    assert {p.tier for p in everyone} == {1}
    assert everyone[0].together == tuple(students[1:])
    few = {s: row if s in students[:3] else {"count": SHOWN} for s, row in rows.items()}
    assert {p.tier for p in interventions(board_with(few), log, NOW)} == {2}


def test_called_wrong_a_cause_counts_half_for_this_student() -> None:
    board = board_with({BEN: {"count": LOW, "shapes": LOW}})
    log = [*answers(BEN, "shapes", "0110110000", start=20)]
    (before,) = one_student(board, log)
    wrong = Answered(BEN, "wheel_spinning", "count", "wrong", NOW - timedelta(days=9), ())
    (after,) = interventions(board, {BEN: log}, NOW, Background((wrong,)))
    assert after.priority == pytest.approx(before.priority / 2)


def test_an_answer_lets_a_need_rest_until_new_evidence_and_cooled_down() -> None:
    board = board_with({BEN: {"count": LOW}})
    log = answers(BEN, "count", "0110110000", start=20)
    (first,) = one_student(board, log)

    def after(said: Said, days: int, *more: Evidence) -> list[str]:
        at = NOW - timedelta(days=days)
        past = (Answered(BEN, first.cause, first.target, said, at, first.rests_on),)
        return [p.cause for p in interventions(board, {BEN: [*log, *more]}, NOW, Background(past))]

    new = replace(log[0], id="new", observed_at=NOW)
    assert after("not_now", 8) == []  # nothing new
    assert after("not_now", 6, new) == []  # too soon
    assert after("not_now", 7, new) == ["wheel_spinning"]
    assert after("wrong", 20, new) == []  # called wrong, it rests three times as long
    assert after("wrong", 21, new) == ["wheel_spinning"]


def test_everyone_is_looked_at_in_three_weeks() -> None:
    """A class of twenty without any need; the teacher answers what is shown, on school days."""
    students = [f"s{i:02d}" for i in range(20)]
    board = board_with({s: {} for s in students})
    start = NOW - timedelta(days=28)
    log = {s: [replace(e, observed_at=start) for e in answers(s, "shapes", "1")] for s in students}
    past: list[Answered] = []
    for day in range(22):
        now = start + timedelta(days=day)
        if now.weekday() < 5:
            shown = [
                p
                for p in interventions(board, log, now, Background(tuple(past)))
                if p.cause == "look_in"
            ]
            assert len(shown) <= 2  # spread over the days, not all on the last
            past += [Answered(p.student, p.cause, None, "accept", now, p.rests_on) for p in shown]
    assert {a.student for a in past} == set(students)


@pytest.mark.parametrize(("days", "asked"), [(0, False), (20, False), (21, True)])
def test_nobody_is_unseen_for_longer_than_there_was_something_to_see(
    days: int, asked: bool
) -> None:
    """The class is at it for most of a year; Ben's own evidence begins so many days ago."""
    log = {ADA: answers(ADA, "shapes", "1", start=30 - 265)}
    log[BEN] = [replace(answers(BEN, "shapes", "1")[0], observed_at=NOW - timedelta(days=days))]
    facts = ClassFacts(board_with({ADA: {}, BEN: {}}), log, NOW, Background())
    found = {p.student: p for p in todays(ranking(facts))}
    assert found[ADA].reason.number == 265
    assert (BEN in found) == asked
    code: Code = "look_in" if days else "no_need"
    assert look_in(facts, BEN).reason == Reason(code, (), (log[BEN][0].id,), days)


def test_of_whom_there_is_no_evidence_it_says_just_that() -> None:
    log = {ADA: answers(ADA, "shapes", "1", start=30 - 265), BEN: []}
    found = interventions(board_with({ADA: {}, BEN: {}}), log, NOW)
    (ben,) = [p for p in found if p.student == BEN]
    assert (ben.cause, ben.reason.code) == ("look_in", "no_evidence")


def test_a_talk_in_which_something_was_agreed_is_a_look() -> None:
    board = board_with({ADA: {}}, Policy(look_every_days=7))
    then = NOW - timedelta(days=7)
    log = {ADA: [replace(e, observed_at=then) for e in answers(ADA, "shapes", "1")]}

    def causes(plan: Plan) -> list[str]:
        return [p.cause for p in interventions(board, log, NOW, Background(plans={ADA: plan}))]

    assert causes(Plan()) == ["look_in"]
    assert causes(Plan(on=NOW.date())) == []


def test_a_proposal_carries_action_exit_and_expiry() -> None:
    rule = Policy(intervention_days=3)
    found = one_student(board_with({ADA: {}}, rule), answers(ADA, "shapes", "1", start=20))
    (proposal,) = found
    assert proposal.what == WORDS["conference"]
    assert proposal.exit_rule == EXITS["inactive"]
    assert proposal.expires == NOW.date() + timedelta(days=3)
    assert set(EXITS) == set(CAUSES)
    assert date(2026, 3, 5) == proposal.expires


def test_in_the_small_school_only_those_who_left_or_struggle_are_named() -> None:
    model = BKTModel()
    log = {s: [e for e in class_evidence() if e.student == s] for s in (ADA, BEN, CLEO)}
    log[BEN] += answers(BEN, "count", "00", start=8)  # half right was no more than a doubt
    states = {student: model.fold(mine) for student, mine in log.items()}
    board = make_board(Layout(small_curriculum()), Policy(), model, states)
    found = {p.student: p.cause for p in interventions(board, log, NOW)}
    assert found[BEN] == "missing_prerequisite"
    assert found[CLEO] == "look_in"


def test_what_was_listed_the_day_before_stays_unless_clearly_overtaken() -> None:
    """Five places, six alike: the sixth keeps its place when it was there before."""
    students = [f"s{i}" for i in range(6)]
    board = board_with({s: {} for s in students})
    log = {s: contradicting(s) for s in students}
    assert {p.student for p in interventions(board, log, NOW)} == set(students[:5])
    before = frozenset({("s5", CONTRADICTORY, "shapes")})
    kept = interventions(board, log, NOW, Background(before=before))
    assert {p.student for p in kept} == {"s5", *students[:4]}
    urgent = {s: {"count": LOW, "add": LOW} for s in students[:5]} | {"s5": {}}
    worse = {s: answers(s, "add", "0000", start=26) for s in students[:5]} | {"s5": log["s5"]}
    found = interventions(board_with(urgent), worse, NOW, Background(before=before))
    assert found[0].cause == "missing_prerequisite"


def test_a_listed_need_stays_while_it_is_not_resolved() -> None:
    board = board_with({BEN: {"count": LOW, "add": LOW}})
    log = {BEN: answers(BEN, "add", "0111", start=26)}
    before = frozenset({(BEN, MISSING, "count")})
    assert interventions(board, log, NOW) == ()
    assert [p.key for p in interventions(board, log, NOW, Background(before=before))] == [
        (BEN, MISSING, "count")
    ]
    met = board_with({BEN: {"count": SHOWN, "add": LOW}})
    assert interventions(met, log, NOW, Background(before=before)) == ()


def test_a_doubt_is_lifted_by_time_and_wholly_new_evidence() -> None:
    board = board_with({BEN: {"count": LOW}})
    log = {BEN: answers(BEN, "count", "0110110000", start=20)}
    (first,) = interventions(board, log, NOW)

    def priority(days: int, rests_on: tuple[str, ...]) -> float:
        at = NOW - timedelta(days=days)
        wrong = Answered(BEN, first.cause, first.target, "wrong", at, rests_on)
        (found,) = interventions(board, log, NOW, Background((wrong,)))
        return found.priority

    assert priority(22, ("old",)) == pytest.approx(first.priority)
    assert priority(22, first.rests_on[:1]) == pytest.approx(first.priority / 2)


def test_after_two_rounds_without_an_end_only_people_decide() -> None:
    board = board_with({BEN: {"count": LOW}})
    log = {BEN: answers(BEN, "count", "0110110000", start=20)}

    def tier(*days: int) -> tuple[int, int, str]:
        past = tuple(
            Answered(BEN, "wheel_spinning", "count", "accept", NOW - timedelta(days=d), ("old",))
            for d in days
        )
        (found,) = interventions(board, log, NOW, Background(past))
        return found.tier, found.tried, found.what

    assert tier() == (2, 0, WORDS["change_of_approach"])
    assert tier(20)[:2] == (2, 1)
    assert tier(20, 40) == (3, 2, WORDS["team"])
    assert "only people decide" in WORDS["team"]
    assert tier(20, 10)[:2] == (2, 1)  # the second round has not expired


def test_what_much_of_a_class_lacks_is_the_lesson_s_turn_though_few_struggle() -> None:
    students = [f"s{i}" for i in range(10)]
    lacking = {s: {"count": LOW if int(s[1:]) < 5 else SHOWN} for s in students}
    log = {s: answers(s, "count", "0110110000", start=20) for s in students[:2]}
    found = interventions(board_with(lacking), log, NOW)
    assert [(p.tier, p.what) for p in found] == [(1, WORDS["lesson"])]
    few = lacking | {s: {"count": SHOWN} for s in students[3:]}
    assert [p.tier for p in interventions(board_with(few), log, NOW)] == [2]


def test_what_much_of_a_class_may_lack_is_probed_before_it_is_taught_again() -> None:
    """One wrong answer says too little: it is not what the class lacks."""
    students = [f"s{i}" for i in range(10)]
    log = {s: answers(s, "add", "0000", start=26) for s in students[:2]}

    def proposal(sure: int, pieces: int) -> tuple[int, str]:
        few = Seen(0.2, pieces)
        rows = {s: {"count": LOW if int(s[1:]) < sure else few, "add": LOW} for s in students}
        (found, *_) = interventions(board_with(rows), log, NOW)
        assert (found.cause, found.target) == ("missing_prerequisite", "count")
        return found.tier, found.action

    assert proposal(2, 3) == (1, "lesson")
    assert proposal(2, 2) == (1, "class_probe")
    assert proposal(5, 2) == (1, "lesson")
    assert proposal(4, 2) == (1, "class_probe")
    assert proposal(2, 0) == (2, "reteach")


def test_who_spins_is_helped_and_not_probed_with_the_class() -> None:
    students = [f"s{i}" for i in range(10)]
    log = {"s0": answers("s0", "count", "0110110000", start=20)}
    rows = {s: {"count": Seen(0.2, 10 if s == "s0" else 1)} for s in students}
    (found,) = interventions(board_with(rows), log, NOW)
    assert (found.tier, found.action) == (2, "change_of_approach")


def test_the_hold_out_is_a_lot_of_its_share_and_spares_the_school_s_duties() -> None:
    students = [f"s{i:03d}" for i in range(400)]
    rows: dict[str, dict[str, Seen]] = {s: {} for s in students}
    log = {s: contradicting(s) for s in students}
    everyone = Policy(alerts_per_day=40, hold_out=0.1)
    waits = tuple(Waiting(f"w{s}", s, ("shapes",), NOW - timedelta(days=9)) for s in students[:40])
    held, shown = 0, 0
    for week in range(20):
        facts = ClassFacts(
            board_with(rows, everyone), log, NOW + timedelta(days=week), Background(draw="7a")
        )
        found = todays(ranking(facts))
        out = [each for each in found if is_held_out(facts, each.key)]
        held, shown = held + len(out), shown + len(found)
        again = interventions(facts.board, log, facts.now, facts.background)
        assert again == tuple(each for each in found if each not in out)
    assert 0.07 < held / shown < 0.13
    duty = ClassFacts(board_with(rows, everyone), {}, NOW, Background(waiting=waits))
    assert not any(is_held_out(duty, each.key) for each in todays(ranking(duty)))
    other = ClassFacts(board_with(rows, everyone), log, NOW, Background(draw="7b"))
    first = ClassFacts(board_with(rows, everyone), log, NOW, Background(draw="7a"))
    lots = [[is_held_out(f, each.key) for each in todays(ranking(f))] for f in (first, other)]
    assert lots[0] != lots[1]


@pytest.mark.parametrize("size", [3, 20, 35, 75])
def test_everyone_is_looked_at_in_three_weeks_among_real_needs(size: int) -> None:
    """New struggles on every day of school; the gap between two looks never passes 21 days."""
    rng = np.random.default_rng(size)
    students = [f"s{i:02d}" for i in range(size)]
    start = NOW - timedelta(days=70)
    log = {s: [replace(e, observed_at=start) for e in answers(s, "shapes", "1")] for s in students}
    looks = {s: [start.date()] for s in students}
    past: list[Answered] = []
    for day in range(60):
        now = start + timedelta(days=day)
        if now.weekday() > 4:
            continue
        for i in rng.permutation(size)[: 1 + size // 8]:
            number = len(log[students[i]])
            log[students[i]] += [
                replace(e, id=f"{e.id}-{number}", observed_at=now)
                for e in answers(students[i], "add", "000")
            ]
        board = board_with(
            {s: {"count": LOW, "add": LOW} if len(log[s]) > 1 else {} for s in students}
        )
        for p in interventions(board, log, now, Background(tuple(past))):
            for who in (p.student, *p.together):
                past.append(Answered(who, p.cause, p.target, "accept", now, p.rests_on))
                looks[who].append(now.date())
    last = (start + timedelta(days=59)).date()
    for days in looks.values():
        gaps = np.diff([d.toordinal() for d in (*days, last)])
        assert gaps.max() <= 21
