"""What is taken out can be brought in again; what is erased is gone."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from models import Evidence
from service import Store, open_store
from service.principal import LOCAL
from service.usecases import curricula, exporting, importing, recording, standing
from tests.cast import ADA, BEN, NOW, answers, small_curriculum
from tests.service.command import footpath, on
from tests.service.school import dump, states
from tests.service.test_order import Bare, bare, few, histories

__all__ = ["bare"]
WHY = {"reason": "a slip of the pen"}


@few
@given(pieces=histories(), data=st.data())
def test_an_export_comes_in_again_as_the_same_evidence(
    bare: Bare,
    tmp_path_factory: pytest.TempPathFactory,
    pieces: list[Evidence],
    data: st.DataObject,
) -> None:
    notes = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
    full = [
        replace(
            piece,
            note=data.draw(notes).strip(),
            hints=data.draw(st.none() | st.integers(0, 3)),
            artifact=data.draw(st.sampled_from([None, "https://work.example/?q=a,b"])),
            duration=data.draw(st.none() | st.floats(0, 1e9)),
            task=data.draw(st.sampled_from([None, "share", 'a "task", ours'])),
            work=data.draw(st.sampled_from([None, "w1"])),
        )
        for piece in pieces
    ]
    path = tmp_path_factory.mktemp("export") / "evidence.csv"

    def first(store: Store) -> None:
        recording.record_evidence(store, LOCAL, full, NOW)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(exporting.evidence_csv(store, LOCAL))
        again = importing.import_evidence(store, LOCAL, path, NOW)
        assert (again.stored, again.duplicates) == (0, len(full))

    def second(store: Store) -> None:
        assert importing.import_evidence(store, LOCAL, path, NOW).stored == len(full)

    assert bare.stored(first) == bare.stored(second)


def test_what_was_corrected_leaves_as_it_counts(database: Path, tmp_path: Path) -> None:
    why = ("--reason", "a slip", *on(database))
    assert footpath("correct", "ben-count-0", "--score", "1", *why).code == 0
    assert footpath("withdraw", "ben-count-1", *why).code == 0
    path = tmp_path / "out.csv"
    assert footpath("export", "evidence", "-o", path, *on(database)).code == 0
    assert path.read_text() == footpath("export", "evidence", *on(database)).out
    assert not list(tmp_path.glob("*.part"))
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    curricula.put_curriculum(other, LOCAL, small_curriculum(), NOW)
    assert importing.import_evidence(other, LOCAL, path, NOW).stored == 22
    log = standing.student_evidence(other, LOCAL, BEN).evidence
    assert "ben-count-1" not in {p.id for p in log}
    assert {p.id: p.score for p in log}["ben-count-0"] == 1
    other.close()


def test_an_export_of_a_student_holds_all_that_is_kept(client: TestClient, database: Path) -> None:
    right = {"student": ADA, "targets": ["add"], "score": 0}
    client.post("/v1/evidence/ada-add-9/corrections", json={**WHY, "evidence": right})
    client.post("/v1/evidence/ada-add-8/withdrawals", json=WHY)
    found = client.get(f"/v1/students/{ADA}/export").json()
    assert (found["name"], found["interests"], found["classes"]) == ("Ada L.", ["money"], ["oak"])
    assert len(found["evidence"]) + 1 == len(found["recorded"]) == 16
    assert [(e["type"], e["subject"]) for e in found["events"]] == [
        ("replace", "ada-add-9"),
        ("withdraw", "ada-add-8"),
    ]
    assert found["events"][0]["evidence"]["score"] == 0
    assert footpath("export", "student", ADA, *on(database)).answer == found


def test_an_erased_student_is_gone_from_every_table(client: TestClient, database: Path) -> None:
    client.post("/v1/evidence/ada-add-8/withdrawals", json=WHY)
    gone = client.delete(f"/v1/students/{ADA}")
    assert gone.json() == {"student": ADA, "evidence": 16, "events": 1}
    for table, rows in dump(database).items():
        assert not any(ADA in map(str, row) for row in rows), table
    assert client.get(f"/v1/students/{ADA}/mastery").status_code == 404
    assert client.delete(f"/v1/students/{ADA}").status_code == 404
    assert set(states(database)) == {BEN}
    assert client.get("/v1/classes/oak/mastery").json()["students"] == [BEN, "cleo"]


def test_nobody_is_erased_by_a_slip(database: Path, store: Store) -> None:
    assert footpath("erase", ADA, *on(database)).code == 2
    assert len(standing.student_evidence(store, LOCAL, ADA).evidence) == 16
    ran = footpath("erase", ADA, "--yes", *on(database), "--json")
    assert (ran.code, ran.answer["evidence"]) == (0, 16)
    recording.record_evidence(store, LOCAL, answers(ADA, "count", "1"), NOW)
    assert len(standing.student_evidence(store, LOCAL, ADA).evidence) == 1
