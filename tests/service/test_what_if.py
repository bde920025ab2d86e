"""A replay under another policy or model says what would change, and changes nothing."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine import Policy
from models import BKTModel, BKTParameters, write_model
from service import Store
from service.principal import LOCAL
from service.usecases import curricula, recording, standing, supporting
from service.usecases.what_if import what_if
from tests.cast import ADA, BEN, NOW, answers
from tests.service.command import footpath, on
from tests.service.conftest import Dump

LENIENT = Policy(mastered_at=0.6, near_at=0.5, ready_at=0.4, min_evidence=2)
SLOW = BKTModel(fallback=BKTParameters(prior=0.05, learn=0.02, guess=0.3, slip=0.2))


def mastered(store: Store) -> set[tuple[str, str]]:
    """Return the pairs that are mastered now."""
    return {
        (student, t.target)
        for student in (ADA, BEN)
        for t in standing.student_mastery(store, LOCAL, student, NOW).targets
        if t.status == "mastered"
    }


def alerts(store: Store) -> set[tuple[str, str, str | None]]:
    """Return today's alerts."""
    found = supporting.class_interventions(store, LOCAL, "oak", NOW).interventions
    return {(each.student, each.cause, each.target) for each in found}


def test_the_same_policy_and_model_change_nothing(store: Store) -> None:
    found = what_if(store, LOCAL, NOW, policy=Policy(), start=(NOW - timedelta(days=40)).date())
    assert found.days > 10
    assert not found.statuses
    assert not found.choices
    assert not [*found.mastered_gained, *found.mastered_lost]
    assert not [*found.alerts_gained, *found.alerts_lost]


@pytest.mark.parametrize(
    ("policy", "model"), [(LENIENT, None), (None, SLOW), (LENIENT, SLOW)], ids=str
)
def test_what_is_foretold_comes_true(
    store: Store, snapshot: Dump, policy: Policy | None, model: BKTModel | None
) -> None:
    rows = snapshot()
    before, alerts_before = mastered(store), alerts(store)
    found = what_if(store, LOCAL, NOW, policy=policy, model=model)
    assert snapshot() == rows
    if policy:
        curricula.put_policy(store, LOCAL, policy, NOW)
    if model:
        curricula.put_model(store, LOCAL, model, NOW)
    after, alerts_after = mastered(store), alerts(store)
    assert found.statuses
    assert set(found.mastered_gained) == after - before
    assert set(found.mastered_lost) == before - after
    gained = {(a.student, a.cause, a.target) for a in found.alerts_gained}
    lost = {(a.student, a.cause, a.target) for a in found.alerts_lost}
    assert (gained, lost) == (alerts_after - alerts_before, alerts_before - alerts_after)


def test_every_day_from_the_first_is_compared(store: Store) -> None:
    recording.record_evidence(store, LOCAL, answers(BEN, "count", "0", start=8), NOW)
    start = (NOW - timedelta(days=20)).date()
    found = what_if(store, LOCAL, NOW, policy=replace(LENIENT, ready_at=0.3), start=start)
    days = {alert.day for alert in (*found.alerts_gained, *found.alerts_lost)}
    assert len(days) > 1
    assert min(days) >= start
    assert found.days == len({(NOW - timedelta(days=d)).date() for d in range(15, 21)}) + 1


def test_the_command_says_both(database: Path, tmp_path: Path) -> None:
    policy, model = tmp_path / "policy.json", tmp_path / "model.json"
    policy.write_text(json.dumps(LENIENT.to_document()))
    write_model(SLOW, model)
    options = ("--policy", policy, "--from", "2026-01-01")
    ran = footpath("replay", *options, *on(database), "--json")
    assert (ran.code, ran.answer["identical"], ran.answer["students"]) == (0, True, 2)
    changes = ran.answer["changes"]
    assert changes["statuses"]
    assert changes["days"] > 10
    assert {"student", "target"} == set(changes["mastered_gained"][0])
    said = footpath("replay", *options, "--model", model, *on(database)).out
    assert "What would change" in said
    assert footpath("replay", "--from", "soon", "--policy", policy, *on(database)).code == 2
    assert footpath("replay", "--model", policy, *on(database)).code == 2
