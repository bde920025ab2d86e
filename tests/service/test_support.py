"""From today's list to an answer, from a talk to its sheet: over the API and on the pages."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from engine import Policy
from models.wheel_spinning import PUBLISHED
from service import Store
from service.app import utc_now
from service.contract import (
    AnswerIn,
    InterventionOut,
    PlanIn,
    Roster,
    RosterClass,
    RosterStudent,
    SubmissionIn,
)
from service.principal import LOCAL
from service.store import support
from service.usecases import conferring, outcomes, recording, rosters, supporting
from service.usecases.curricula import put_policy
from service.usecases.exporting import erase_student, student_export
from tests.cast import ADA, BEN, CLEO, NOW, answers
from tests.service.command import footpath, on
from tests.service.school import CLASS

TODAY = f"/v1/classes/{CLASS}/interventions"


@pytest.fixture(autouse=True)
def ben_cannot_count_yet(store: Store) -> None:
    recording.record_evidence(store, LOCAL, answers(BEN, "count", "00", start=8), NOW)


def todays(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(TODAY).json()["interventions"]
    return found


def of(student: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    return next(each for each in found if each["student"] == student)


def test_every_proposal_says_why_what_until_when_and_cites_evidence_that_exists(
    client: TestClient,
) -> None:
    answer = client.get(TODAY).json()
    assert answer["alert_model"] == PUBLISHED.to_document()["version"]
    for each in answer["interventions"]:
        assert all((each["reason"]["teacher"], each["action"], each["exit_rule"]))
        assert each["expires"] > answer["date"]
        log = client.get(f"/v1/students/{each['student']}/evidence").json()["evidence"]
        assert set(each["reason"]["evidence"]) <= {piece["id"] for piece in log}
    assert of(BEN, answer["interventions"])["cause"] == "missing_prerequisite"


@pytest.mark.parametrize("said", ["accept", "not_now", "wrong"])
def test_what_is_answered_leaves_the_list_and_is_told_with_its_outcome(
    client: TestClient, said: str
) -> None:
    proposal = of(BEN, todays(client))
    act = {"intervention": proposal["id"], "said": said, "reason": "we talked", "author": "ms-o"}
    done = client.post(f"{TODAY}/answers", json=act)
    assert done.status_code == 200, done.text
    assert client.post(f"{TODAY}/answers", json=act).json() == done.json()  # safe to repeat
    assert proposal["id"] not in {each["id"] for each in todays(client)}
    (told,) = client.get(f"{TODAY}/answers").json()["answers"]
    assert (told["said"], told["author"], told["why"]) == (
        said, "ms-o", proposal["reason"]["teacher"],
    )  # fmt: skip
    assert told["outcome"]["words"].endswith("Nothing new has been seen since.")
    assert told["outcome"]["course"] == ("open" if said == "accept" else None)


def test_the_outcome_is_before_and_after_and_says_no_more(store: Store) -> None:
    (proposal,) = [
        each
        for each in supporting.class_interventions(store, LOCAL, CLASS, NOW).interventions
        if each.student == BEN
    ]
    act = AnswerIn(intervention=proposal.id, said="accept")
    supporting.answer_intervention(store, LOCAL, CLASS, act, NOW)
    new = answers(BEN, "count", "111", start=31)
    recording.record_evidence(store, LOCAL, new, NOW + timedelta(days=5))
    later = NOW + timedelta(days=5)
    (told,) = outcomes.class_answers(store, LOCAL, CLASS, later).answers
    assert told.outcome.new_evidence == 3
    assert told.outcome.before is not None
    assert told.outcome.now is not None
    assert told.outcome.now > told.outcome.before
    assert "other things may have played a part" in told.outcome.words


def test_another_answer_or_a_proposal_that_is_not_there_is_refused(client: TestClient) -> None:
    proposal = of(BEN, todays(client))
    act = {"intervention": proposal["id"], "said": "accept"}
    assert client.post(f"{TODAY}/answers", json=act).status_code == 200
    other = client.post(f"{TODAY}/answers", json={**act, "said": "wrong"})
    assert other.status_code == 409
    nothing = client.post(f"{TODAY}/answers", json={**act, "intervention": "i-nothing"})
    assert nothing.status_code == 404
    assert client.post(f"{TODAY}/answers", json={**act, "said": "maybe"}).status_code == 422


def test_a_reason_can_be_added_to_an_answer_and_not_be_changed(client: TestClient) -> None:
    proposal = of(BEN, todays(client))

    def answer(said: str, reason: str, author: str = "ms-o") -> tuple[int, str]:
        act = {"intervention": proposal["id"], "said": said, "reason": reason, "author": author}
        done = client.post(f"{TODAY}/answers", json=act)
        return done.status_code, done.json().get("reason", "")

    assert answer("wrong", "") == (200, "")
    assert answer("wrong", "She showed it.", author="mr-p")[0] == 409  # not his words
    assert answer("accept", "She showed it.")[0] == 409
    for reason in ("She showed it.", "She showed it.", ""):  # safe to repeat, each of both
        assert answer("wrong", reason) == (200, "She showed it.")
    assert answer("wrong", "She was ill.")[0] == 409
    (told,) = client.get(f"{TODAY}/answers").json()["answers"]
    assert (told["said"], told["reason"]) == ("wrong", "She showed it.")


def test_the_page_of_an_hour_ago_can_still_be_answered(client: TestClient) -> None:
    """One answer may move the list; what it showed in the morning is not refused."""
    morning = todays(client)
    for each in morning:
        act = {"intervention": each["id"], "said": "wrong"}
        assert client.post(f"{TODAY}/answers", json=act).status_code == 200
    found = client.get(f"{TODAY}/answers").json()
    assert sum(cause["wrong"] for cause in found["by_cause"]) == len(morning) > 1


def test_what_the_lot_holds_out_is_not_shown_but_written_down(store: Store) -> None:

    put_policy(store, LOCAL, Policy(hold_out=0.5), NOW)
    dates = [NOW + timedelta(days=day) for day in range(8)]
    for now in dates:
        left = supporting.class_interventions(store, LOCAL, CLASS, now).interventions
        again = supporting.class_interventions(store, LOCAL, CLASS, now).interventions
        assert left == again
    told = outcomes.class_answers(store, LOCAL, CLASS, dates[-1])
    assert told.answers == []
    assert sum(cause.held_out for cause in told.by_cause) >= 1


def test_accepted_for_one_it_is_accepted_for_all_who_share_the_need(store: Store) -> None:
    for student in (ADA, CLEO):
        pieces = answers(student, "shapes", "0100100000", start=20)
        recording.record_evidence(store, LOCAL, pieces, NOW)
    found = supporting.class_interventions(store, LOCAL, CLASS, NOW).interventions
    shared = next(each for each in found if each.cause == "wheel_spinning")
    assert (shared.student, shared.together) == (ADA, [CLEO])
    act = AnswerIn(intervention=shared.id, said="accept")
    supporting.answer_intervention(store, LOCAL, CLASS, act, NOW)
    talked = act.model_copy(update={"reason": "We talked."})
    supporting.answer_intervention(store, LOCAL, CLASS, talked, NOW + timedelta(hours=1))
    told = outcomes.class_answers(store, LOCAL, CLASS, NOW).answers
    assert {(a.student, a.reason) for a in told} == {(ADA, "We talked."), (CLEO, "We talked.")}


def test_whom_nobody_has_seen_on_a_target_is_named_but_not_accepted_with_the_others(
    store: Store, client: TestClient
) -> None:
    unseen, seen = ("dora", "eve"), (CLEO,)
    roster = RosterClass(
        id=CLASS, title="Class Oak", students=[RosterStudent(id=s) for s in (*unseen, *seen, BEN)]
    )
    rosters.put_roster(store, LOCAL, Roster(classes=[roster]))
    for student in (*unseen, *seen):  # all struggle with adding; counting comes before it
        recording.record_evidence(store, LOCAL, answers(student, "add", "000", start=9), NOW)
    recording.record_evidence(store, LOCAL, answers(CLEO, "count", "00", start=8), NOW)
    card = next(each for each in todays(client) if each["target"] == "count")
    assert card["action_kind"] == "reteach"
    assert {card["student"], *card["together"]} == {BEN, *seen, *unseen}
    assert set(card["besides"]) == set(card["unseen"]) == set(unseen)
    page = client.get(f"/classes/{CLASS}/interventions").text
    assert "Accept for all 2<" in page
    assert re.search("Not accepted with this: .*dora.*eve.*Nobody has seen them on it yet", page)
    act = {"intervention": card["id"], "said": "accept"}
    client.post(f"{TODAY}/answers", json=act).raise_for_status()
    told = outcomes.class_answers(store, LOCAL, CLASS, NOW).answers
    assert {a.student for a in told if a.target == "count"} == {BEN, *seen}
    (own,) = [each for each in todays(client) if each["target"] == "count"]
    assert own["action_kind"] == "probe"
    assert {own["student"], *own["together"]} == set(unseen)
    assert own["besides"] == []


def test_called_wrong_for_one_it_is_not_accepted_with_the_others(store: Store) -> None:
    recording.record_evidence(
        store, LOCAL, [p for s in (ADA, BEN, CLEO) for p in answers(s, "shapes", "0100100000", 20)],
        NOW,
    )  # fmt: skip

    def spinning() -> InterventionOut:
        found = supporting.class_interventions(store, LOCAL, CLASS, NOW).interventions
        return next(each for each in found if each.cause == "wheel_spinning")

    first = spinning()
    answer = AnswerIn(intervention=first.id, said="wrong", reason="She showed it.")
    supporting.answer_intervention(store, LOCAL, CLASS, answer, NOW)
    second = spinning()
    assert first.student not in (second.student, *second.together)
    answer = AnswerIn(intervention=second.id, said="accept")
    supporting.answer_intervention(store, LOCAL, CLASS, answer, NOW)
    told = outcomes.class_answers(store, LOCAL, CLASS, NOW).answers
    assert {a.student: a.said for a in told if a.cause == "wheel_spinning"}[
        first.student
    ] == "wrong"
    assert len([a for a in told if a.student == first.student]) == 1


def test_work_waits_until_its_mark_is_recorded(store: Store) -> None:
    since = NOW - timedelta(days=6)
    work = SubmissionIn(
        id="w1", student=CLEO, targets=["shapes"], task="shape-hunt", handed_in_at=since
    )
    assert conferring.hand_in(store, LOCAL, work, NOW).waiting
    assert conferring.hand_in(store, LOCAL, work, NOW).waiting  # safe to repeat

    def causes() -> set[tuple[str, str]]:
        found = supporting.class_interventions(store, LOCAL, CLASS, NOW).interventions
        return {(each.student, each.cause) for each in found}

    assert (CLEO, "awaiting_marking") in causes()
    with pytest.raises(conferring.SubmissionConflict, match="'w1' already stands for other work"):
        conferring.hand_in(store, LOCAL, work.model_copy(update={"targets": ["add"]}), NOW)
    (mark,) = answers(CLEO, "shapes", "1", start=29)
    recording.record_evidence(store, LOCAL, [replace(mark, task="shape-hunt")], NOW)
    assert (CLEO, "awaiting_marking") not in causes()


def test_a_goal_that_was_only_asked_about_is_not_called_the_student_s_own(
    client: TestClient,
) -> None:
    def page(query: str = "?goal=divide") -> str:
        return client.get(f"/students/{ADA}/me{query}").text

    def family() -> str:
        way = client.get(f"/v1/students/{ADA}/pathway?goal=divide").json()["says"]
        offer = client.get(f"/v1/students/{ADA}/choices?goal=divide").json()["choices"]
        return " ".join(r["family"] for r in [*way, *(r for c in offer for r in c["reasons"])])

    assert "The way to “Divide”" in page()
    assert "toward “Divide”" in page()
    assert "your goal" not in page()
    assert "goal" not in family()
    client.put(f"/v1/students/{ADA}/plan", json={"goal": "divide"}).raise_for_status()
    for query in ("", "?goal=divide"):
        assert "My way to “Divide”" in page(query)
        assert "left to your goal “Divide”" in page(query)
        assert "toward your goal “Divide”" in page(query)
    assert "child’s goal “Divide”" in family()


def test_the_sheet_has_growth_goal_evidence_choices_and_one_question(client: TestClient) -> None:
    plan = {"goal": "divide", "by": "2026-03-09", "reflection": "Arrays help me."}
    assert client.put(f"/v1/students/{ADA}/plan", json=plan).status_code == 200
    sheet = client.get(f"/v1/students/{ADA}/conference").json()
    assert sheet["plan"]["reflection"] == "Arrays help me."
    assert sheet["pathway"]["checkpoints"][-1]["target"] == "divide"
    assert sheet["new_evidence"] > 0
    assert {g["target"] for g in sheet["growth"]}
    assert 1 <= len(sheet["choices"]) <= 3
    assert sheet["question"].endswith("?")
    log = {p["id"] for p in client.get(f"/v1/students/{ADA}/evidence").json()["evidence"]}
    assert {c["evidence"] for c in sheet["celebrate"]} <= log
    assert sheet["celebrate"]
    unknown = client.put(f"/v1/students/{ADA}/plan", json={"goal": "zeppelin"})
    assert unknown.status_code == 404


def test_only_what_rose_and_is_not_low_is_celebrated(store: Store) -> None:
    """One right answer among wrong ones is nothing to celebrate; what got better is."""
    recording.record_evidence(
        store, LOCAL,
        [
            *answers(CLEO, "add", "00010000", start=20),
            *answers(CLEO, "count", "000", start=3),
            *answers(CLEO, "count", "1111", start=22),
            *answers(CLEO, "shapes", "11", start=22),
        ],
        NOW,
    )  # fmt: skip
    sheet = conferring.conference(store, LOCAL, CLEO, NOW)
    (found,) = sheet.celebrate
    assert (found.target, found.evidence) == ("count", f"{CLEO}-count-22")
    (count,) = [each for each in sheet.growth if each.target == "count"]
    assert count.status in {"near", "mastered"}
    assert count.now > count.before
    # Mastered before and mastered still: shown well again is no news.
    recording.record_evidence(store, LOCAL, answers(BEN, "shapes", "11111", start=-9), NOW)
    recording.record_evidence(store, LOCAL, answers(BEN, "shapes", "1", start=29), NOW)
    assert conferring.conference(store, LOCAL, BEN, NOW).celebrate == []


def test_the_agenda_names_everyone_at_most_once_needs_first(client: TestClient) -> None:
    days = client.get(f"/v1/classes/{CLASS}/agenda").json()["days"]
    entries = [entry for day in days for entry in day["entries"]]
    assert sorted(entry["student"] for entry in entries) == [ADA, BEN, CLEO]
    assert len(days) == 5
    assert {e["student"] for e in entries if e["days_since"] is None} == {CLEO}  # no evidence yet
    assert "no evidence yet" in client.get(f"/classes/{CLASS}/agenda").text
    first = next(entry["student"] for day in days for entry in day["entries"])
    assert first == todays(client)[0]["student"]


def test_the_pages_show_the_same_and_answer_in_one_click(client: TestClient) -> None:
    page = client.get(f"/classes/{CLASS}/interventions").text
    for each in todays(client):
        assert each["id"] in page
    names = re.findall(r'name="intervention" value="([^"]+)"', page)
    form = {"intervention": names[0], "said": "not_now", "reason": ""}
    done = client.post(f"/classes/{CLASS}/interventions/answers", data=form)
    assert done.status_code == 200  # led back to the list
    assert names[0] not in re.findall(r'name="intervention" value="([^"]+)"', done.text)
    assert "Not now" in done.text
    away = {"Origin": "https://elsewhere.example"}
    refused = client.post(f"/classes/{CLASS}/interventions/answers", data=form, headers=away)
    assert refused.status_code == 403


def test_the_sheet_page_keeps_what_was_agreed(client: TestClient) -> None:
    form = {"goal": "divide", "by": "2026-04-01", "formats": ["paper"], "reflection": "I try."}
    done = client.post(f"/students/{ADA}/plan", data=form)
    assert done.status_code == 200
    assert "I try." in done.text
    assert "Divide, by 1 April 2026" in done.text
    bad = client.post(f"/students/{ADA}/plan", data={**form, "by": "soon"})
    assert bad.status_code == 422
    for path in (f"/classes/{CLASS}/agenda", f"/students/{CLEO}/conference"):
        assert client.get(path).status_code == 200


def test_all_of_it_leaves_with_the_student(store: Store) -> None:
    plan = PlanIn(goal="divide", reflection="mine")
    conferring.put_plan(store, LOCAL, BEN, plan, NOW)
    kept = student_export(store, LOCAL, BEN, NOW)
    assert [each.reflection for each in kept.plans] == ["mine"]
    erase_student(store, LOCAL, BEN)
    with store.read(LOCAL.district) as unit:
        assert support.of_students(unit, [BEN]) == support.Support()


def test_the_commands_say_and_do_the_same(store: Store, database: Path) -> None:
    clock = supporting.class_interventions(store, LOCAL, CLASS, utc_now()).interventions
    shown = footpath("interventions", CLASS, *on(database), "--json")
    assert [i["id"] for i in shown.answer["interventions"]] == [i.id for i in clock]
    said = footpath("answer", CLASS, clock[0].id, "not_now", *on(database), "--json")
    assert said.answer["student"] == clock[0].student
    for command in (("agenda", CLASS), ("conference", ADA), ("interventions", CLASS)):
        assert footpath(*command, *on(database)).code == 0
    too_little = footpath("fit-alerts", *on(database))
    assert too_little.code == 2
    assert "too little to learn wheel-spinning from" in too_little.err


def test_a_school_fits_its_own_alert_model(store: Store, database: Path) -> None:
    rng = np.random.default_rng(4)
    students = [f"x{i}" for i in range(60)]
    roster = Roster(
        classes=[RosterClass(id="elm", students=[RosterStudent(id=s) for s in students])]
    )
    rosters.put_roster(store, LOCAL, roster)
    pieces = [
        piece
        for i, student in enumerate(students)
        for target in ("count", "shapes", "add", "multiply")
        for piece in answers(
            student, target, "".join(str(int(rng.random() < (0.85, 0.3)[i % 2])) for _ in range(10))
        )
    ]
    recording.record_evidence(store, LOCAL, pieces, NOW)
    fitted = footpath("fit-alerts", *on(database), "--json")
    assert fitted.answer["fit"]["source"] == "the school's own evidence"
    found = supporting.class_interventions(store, LOCAL, CLASS, NOW)
    assert found.alert_model == fitted.answer["version"]
