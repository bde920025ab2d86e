"""`footpath import oneroster`: everything in, or nothing and the line that is to blame."""

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs import Fault, InvalidInput
from service import Store, open_store
from service.oneroster.checking import read_bundle
from service.oneroster.files import MOST_BYTES
from service.principal import LOCAL
from service.usecases import rosters, standing
from service.usecases.oneroster import BundleOutcome, import_bundle
from tests.cast import NOW
from tests.service.bundles import FILES, archive, changed, folder, line_of
from tests.service.command import footpath, on
from tests.service.conftest import Dump


def put(store: Store, files: dict[str, str], path: Path, **how: Any) -> BundleOutcome:
    """Import a bundle at the fixed moment."""
    return import_bundle(store, LOCAL, read_bundle(folder(path, files)), NOW, **how)


def evidence_of(store: Store, student: str) -> list[tuple[list[str], float | None, bool]]:
    log = standing.student_evidence(store, LOCAL, student).evidence
    return [(piece.targets, piece.score, piece.missed) for piece in log if piece.in_force]


def test_a_bundle_brings_classes_students_and_evidence(
    database: Path, store: Store, tmp_path: Path
) -> None:
    path = archive(tmp_path / "bundle.zip", inside="export/")
    ran = footpath("import", "oneroster", path, *on(database), "--json")
    assert ran.code == 0, ran.err
    answer = ran.answer
    assert (answer["classes"], answer["students"], answer["students_added"]) == (2, 3, 3)
    assert (answer["enrollments"], answer["evidence"]) == (2, 4)
    assert answer["results_left_out"] == {"the line item names no learning target": 1, "exempt": 1}
    assert answer["line_items_without_targets"] == ["party"]
    assert answer["unread_columns"]["users"] == ["username", "password"]
    assert rosters.get_class(store, LOCAL, "elm").students == ["u1", "u2"]
    assert rosters.get_class(store, LOCAL, "ash").students == []
    assert rosters.names(store, LOCAL, ["u1", "u2"]) == {"u1": "Mia Berg", "u2": "Noa Kern"}
    log = standing.student_evidence(store, LOCAL, "u1").evidence
    assert [(p.task, p.targets, p.score, p.note) for p in log] == [
        ("add-coins", ["add"], 0.75, "well done"),
        ("quiz-7", ["subtract"], 0.5, ""),
    ]
    assert log[0].kind == "exit_ticket"  # what the task of the framework yields
    assert log[0].observed_at == datetime(2026, 1, 6, 12, tzinfo=UTC)
    missed = standing.student_evidence(store, LOCAL, "u2").evidence
    assert [(p.targets, p.score, p.missed) for p in missed] == [(["subtract"], None, True)]


def test_an_objective_with_a_score_of_its_own_goes_before_the_whole(
    store: Store, tmp_path: Path
) -> None:
    put(store, FILES, tmp_path / "b")
    assert evidence_of(store, "u3") == [(["multiply"], 0.4, False)]


def test_the_same_bundle_again_adds_nothing(database: Path, tmp_path: Path) -> None:
    path = folder(tmp_path / "b")
    assert footpath("import", "oneroster", path, *on(database)).code == 0
    again = footpath("import", "oneroster", path, *on(database), "--json").answer
    counts = ("students_added", "enrollments_ended", "evidence", "revisions", "unchanged")
    assert [again[name] for name in counts] == [0, 0, 0, 0, 4]


def test_a_changed_result_becomes_a_revision_and_may_change_back(
    store: Store, tmp_path: Path
) -> None:
    outcomes = []
    for i, score in enumerate(["3", "4", "3", "3"]):
        files = changed("results", "graded,3,", f"graded,{score},")
        outcomes.append(put(store, files, tmp_path / str(i)))
        assert evidence_of(store, "u1")[0] == (["add"], int(score) / 4, False)
    assert [(o.evidence, o.revisions, o.unchanged) for o in outcomes] == [
        (4, 0, 0),
        (0, 1, 3),
        (0, 1, 3),
        (0, 0, 4),
    ]
    log = standing.student_evidence(store, LOCAL, "u1").evidence
    ids = [p.id for p in log if p.task == "add-coins"]
    assert sorted(ids) == ["oneroster:results:x1", *(f"oneroster:results:x1#{n}" for n in (2, 3))]


def test_a_whole_file_of_enrolments_ends_those_it_does_not_have(
    store: Store, tmp_path: Path
) -> None:
    put(store, FILES, tmp_path / "a")
    outcome = put(store, changed("enrollments", "e2,,,elm,s1,u2", "e2,,,ash,s1,u2"), tmp_path / "b")
    assert outcome.enrollments_ended == 1
    assert rosters.get_class(store, LOCAL, "elm").students == ["u1"]
    assert rosters.get_class(store, LOCAL, "ash").students == ["u2"]
    assert rosters.get_class(store, LOCAL, "oak").students == ["ada", "ben", "cleo"]


DELTA = {
    "manifest": """propertyName,value
oneroster.version,1.1
file.classes,delta
file.users,delta
file.enrollments,delta
""",
    "classes": """sourcedId,status,dateLastModified,title,schoolSourcedId
ash,tobedeleted,2026-02-01T00:00:00.000Z,Class Ash,s1
""",
    "users": """sourcedId,status,dateLastModified,givenName,familyName,role
u9,active,2026-02-01T00:00:00.000Z,Pia,Sand,student
""",
    "enrollments": """sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role
e8,active,2026-02-01T00:00:00.000Z,elm,u9,student
e2,tobedeleted,2026-02-01T00:00:00.000Z,elm,u2,student
""",
}


def test_a_delta_changes_only_what_it_names(store: Store, tmp_path: Path) -> None:
    put(store, FILES, tmp_path / "a")
    outcome = put(store, DELTA, tmp_path / "b")
    assert (outcome.students_added, outcome.enrollments_ended) == (1, 1)
    elm = rosters.get_class(store, LOCAL, "elm")
    assert (elm.title, elm.students) == ("Class Elm", ["u1", "u9"])
    assert rosters.get_class(store, LOCAL, "ash").students == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("elm,u9", "yew,u9", "enrollments.csv:2: classSourcedId: there is no class 'yew'"),
        ("elm,u9", "elm,u8", "enrollments.csv:2: userSourcedId: there is no user 'u8'"),
    ],
)
def test_a_delta_that_names_what_nobody_knows_changes_nothing(
    store: Store, snapshot: Dump, tmp_path: Path, old: str, new: str, place: str
) -> None:
    put(store, FILES, tmp_path / "a")
    before = snapshot()
    files = {**DELTA, "enrollments": DELTA["enrollments"].replace(old, new)}
    with pytest.raises(InvalidInput) as refused:
        put(store, files, tmp_path / "b")
    assert place in str(refused.value)
    assert snapshot() == before


# file, what is replaced, by what, the field named, a part of the rule
BROKEN = [
    ("manifest", "oneroster.version,1.2", "oneroster.version,2.0", "value", "is not a version"),
    ("manifest", "oneroster.version,1.2", "other,1.2", "propertyName", "there is no oneroster"),
    ("manifest", "file.users,bulk", "file.users,most", "value", "is not one of"),
    ("manifest", "file.resources,absent", "file.resources,bulk", "propertyName", "not there"),
    ("orgs", "s1,,,School One", "s1,,,", "name", "must not be empty"),
    ("orgs", "district,,", "planet,,", "type", "must be one of"),
    ("orgs", "school,,d1", "school,,d2", "parentSourcedId", "orgs.csv has no 'd2'"),
    ("academicSessions", "2025-08-01", "1 August", "startDate", "must be a date"),
    ("academicSessions", "2026-07-31", "2024-07-31", "endDate", "is before startDate"),
    ("courses", "Mathematics,s1", "Mathematics,s9", "orgSourcedId", "orgs.csv has no 's9'"),
    ("classes", "elm,,,Class Elm", "elm~1,,,Class Elm", "sourcedId", "is not a usable id"),
    ("classes", "scheduled,m1,s1", "scheduled,m1,", "schoolSourcedId", "must not be empty"),
    ("classes", "scheduled,m1,s1", "sometimes,m1,s1", "classType", "must be one of"),
    ("users", "u3,,,false", "u1,,,false", "sourcedId", "stands on line 2 already"),
    ("users", "u3,,,false", "u3,gone,,false", "status", "must be one of active"),
    ("users", "u3,,,false", "u3,,soon,false", "dateLastModified", "must be a time"),
    ("users", "u3,,,false", "u3,,,maybe", "enabledUser", "must be one of true"),
    ("users", "Ole,Lund,,", "Ole,Lund", None, "cells where the header has"),
    ("users", "familyName", "givenName", "givenName", "stands twice in the header"),
    ("roles", "u3,primary,student", "u3,primary,pupil", "role", "must be one of"),
    ("roles", "u3,primary", "u7,primary", "userSourcedId", "users.csv has no 'u7'"),
    ("enrollments", "e1,,,elm", "e1,,,oak", "classSourcedId", "classes.csv has no 'oak'"),
    ("enrollments", "e1,,,elm", ",,,elm", "sourcedId", "must not be empty"),
    ("enrollments", "s1,u1,student", "s1,u7,student", "userSourcedId", "users.csv has no 'u7'"),
    ("enrollments", "s1,u1,student", "s3,u1,student", "schoolSourcedId", "orgs.csv has no 's3'"),
    ("enrollments", "s1,u1,student", "s1,u1,", "role", "must not be empty"),
    ("enrollments", ",2025-12-24", ",24.12.2025", "endDate", "must be a date"),
    ("enrollments", "userSourcedId", "user", "userSourcedId", "missing from the header"),
    ("lineItems", "elm,0,10", "elm,0,ten", "resultValueMax", "must be a number"),
    ("lineItems", "elm,0,10", "elm,0,", "resultValueMax", "greater than the minimum"),
    ("lineItems", "elm,0,10", "fir,0,10", "classSourcedId", "classes.csv has no 'fir'"),
    ("results", "graded,5", "graded,five", "score", "must be a number"),
    ("results", "graded,5", "graded,-1", "score", "below the line item's minimum"),
    ("results", "graded,5", "graded,", "score", "needs a score"),
    ("results", "quiz-7,u1", "quiz-8,u1", "lineItemSourcedId", "lineItems.csv has no 'quiz-8'"),
    ("results", "quiz-7,u1", "quiz-7,u8", "studentSourcedId", "users.csv has no 'u8'"),
    ("results", "u2,exempt", "u2,excused", "scoreStatus", "must be one of exempt"),
    ("results", "graded,3,2026-01-06", "graded,3,2027-01-06", "scoreDate", "is yet to come"),
    ("resultLearningObjectiveIds", "x6,case", "x9,case", "resultSourcedId", "results.csv has no"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "field", "rule"), BROKEN)
def test_a_broken_bundle_is_refused_by_line_and_field_and_changes_nothing(
    database: Path,
    snapshot: Dump,
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
    field: str | None,
    rule: str,
) -> None:
    files = changed(file, old, new)
    before = snapshot()
    ran = footpath("import", "oneroster", folder(tmp_path / "b", files), *on(database))
    assert ran.code == 2
    line = 1 if "there is no oneroster" in rule else line_of(FILES, file, old)
    place = f"{file}.csv:{line}: " + (f"{field}: " if field else "")
    assert any(each.startswith(f"footpath: {place}") or each.startswith(place)
               for each in ran.err.splitlines()
               if rule in each), ran.err  # fmt: skip
    assert snapshot() == before
    dry = footpath("import", "oneroster", tmp_path / "b", *on(database), "--dry-run", "--json")
    assert dry.code == 1
    assert any(e["line"] == line and rule in e["message"] for e in dry.answer["errors"])


def test_a_broken_bundle_makes_no_store(tmp_path: Path) -> None:
    path = folder(tmp_path / "b", changed("users", "u3,,,false", "u3,,,maybe"))
    assert footpath("import", "oneroster", path, *on(tmp_path / "new.db")).code == 2
    assert not (tmp_path / "new.db").exists()


def test_a_dry_run_tells_everything_and_keeps_nothing(
    database: Path, snapshot: Dump, tmp_path: Path
) -> None:
    before = snapshot()
    path = folder(tmp_path / "b")
    audit = tmp_path / "audit.csv"
    options = (*on(database), "--dry-run", "--demographics", audit, "--json")
    dry = footpath("import", "oneroster", path, *options).answer
    assert snapshot() == before
    assert not audit.exists()
    real = footpath("import", "oneroster", path, *on(database), "--json").answer
    assert {**dry, "dry_run": False} == real


def test_a_dry_run_needs_no_store_and_makes_none(tmp_path: Path) -> None:
    path = folder(tmp_path / "b")
    ran = footpath("import", "oneroster", path, *on(tmp_path / "new.db"), "--dry-run", "--json")
    assert ran.answer["students"] == 3
    assert ran.answer["results_left_out"] == {"there is no framework yet": 6}
    assert not (tmp_path / "new.db").exists()


def test_demographics_go_to_the_audit_file_and_nowhere_else(database: Path, tmp_path: Path) -> None:
    audit = tmp_path / "audit.csv"
    path = folder(tmp_path / "b")
    ran = footpath("import", "oneroster", path, *on(database), "--demographics", audit)
    assert audit.read_text().splitlines() == [
        "student,birthDate,sex,white,hispanicOrLatinoEthnicity",
        "u1,2013-05-05,female,true,false",
        "u2,2013-06-06,male,false,true",
    ]
    assert audit.stat().st_mode & 0o077 == 0
    kept = database.read_bytes()
    for secret in ("2013-05-05", "2013-06-06", "secret1"):
        assert secret.encode() not in kept
        assert secret not in ran.out + ran.err


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2013-05-05", "5.5.2013"),
        ("female", "lilac"),
        ("u1,,,2013", "u7,,,2013"),
        ("u2,,,", "u1,,,"),
    ],
)
def test_a_fault_in_demographics_never_repeats_the_cell(
    database: Path, tmp_path: Path, old: str, new: str
) -> None:
    files = changed("demographics", old, new)
    ran = footpath("import", "oneroster", folder(tmp_path / "b", files), *on(database))
    assert ran.code == 2
    assert "demographics.csv:" in ran.err
    assert new.split(",", maxsplit=1)[0] not in ran.err


def test_a_reference_to_what_is_not_kept_is_a_remark(store: Store, tmp_path: Path) -> None:
    sessions, _ = FILES["academicSessions"].split("\n", 1)
    outcome = put(store, {**FILES, "academicSessions": sessions}, tmp_path / "b")
    assert [(r["file"], r["line"], r["field"]) for r in outcome.remarks] == [
        ("classes.csv", 2, "termSourcedIds"),
        ("classes.csv", 3, "termSourcedIds"),
    ]


def test_a_score_above_the_maximum_counts_as_full_and_is_told(store: Store, tmp_path: Path) -> None:
    outcome = put(store, changed("results", "graded,3", "graded,5.5"), tmp_path / "b")
    assert outcome.scores_capped == 1
    assert evidence_of(store, "u1")[0][1] == 1.0


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("u1,fully graded,3", "u1,submitted,", "submitted"),
        ("u1,fully graded,3", "u1,partially graded,3", "partially graded"),
        ("x1,,,", "x1,tobedeleted,,", "deleted at the source"),
    ],
)
def test_a_result_that_is_not_final_says_nothing(
    store: Store, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    outcome = put(store, changed("results", old, new), tmp_path / "b")
    assert outcome.results_left_out[reason] == 1
    assert outcome.evidence == 3


def test_work_that_is_not_due_yet_is_not_missed(store: Store, tmp_path: Path) -> None:
    due = (NOW + timedelta(days=3)).date().isoformat()
    files = changed("lineItems", "2026-01-08", due)
    assert put(store, files, tmp_path / "b").results_left_out["not due yet"] == 1


def test_dates_are_meant_where_the_zone_says(database: Path, store: Store, tmp_path: Path) -> None:
    path = folder(tmp_path / "b")
    footpath("import", "oneroster", path, *on(database), "--zone", "America/Denver")
    observed = standing.student_evidence(store, LOCAL, "u1").evidence[0].observed_at
    assert observed == datetime(2026, 1, 6, 19, tzinfo=UTC)
    ran = footpath("import", "oneroster", path, *on(database), "--zone", "Mars/North")
    assert ran.code == 2
    assert "is not an IANA time zone" in ran.err


def test_a_bundle_may_be_a_roster_alone(tmp_path: Path) -> None:
    parts = ("manifest", "orgs", "classes", "users", "roles", "enrollments")
    files = {part: FILES[part] for part in parts}
    kept = [line for line in FILES["manifest"].splitlines() if not line.startswith("file.")]
    files["manifest"] = "\n".join([*kept, *(f"file.{part},bulk" for part in parts[1:])])
    ran = footpath("import", "oneroster", folder(tmp_path / "b", files), *on(tmp_path / "n.db"))
    assert ran.code == 0, ran.err
    store = open_store(f"sqlite:///{tmp_path / 'n.db'}")
    assert rosters.get_class(store, LOCAL, "elm").students == ["u1", "u2"]
    store.close()


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    twice = archive(tmp_path / "twice.zip")
    with zipfile.ZipFile(twice, "a") as file:
        file.writestr("again/users.csv", FILES["users"])
    bare = folder(tmp_path / "bare", {k: v for k, v in FILES.items() if k != "manifest"})
    broken = folder(tmp_path / "broken")
    (broken / "users.csv").write_bytes(b"sourcedId\n\xff\n")
    for path, words in {
        tmp_path / "text.zip": "neither a folder nor a zip file",
        twice: "users.csv: stands twice in the archive",
        bare: "the bundle has no manifest.csv",
        broken: "users.csv:2: not UTF-8 text",
    }.items():
        ran = footpath("import", "oneroster", path, *on(tmp_path / "n.db"))
        assert ran.code == 2
        assert words in ran.err


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_BYTES > 10**9
    monkeypatch.setattr("service.oneroster.files.MOST_BYTES", 1000)
    with pytest.raises(InvalidInput, match="unpacks to more than 1000 bytes"):
        read_bundle(archive(tmp_path / "bundle.zip"))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=st.data())
def test_a_bundle_with_any_cell_changed_is_imported_whole_or_not_at_all(
    drawn: st.DataObject, store: Store, snapshot: Dump, tmp_path: Path
) -> None:
    """Whatever a cell says, the answer is an import or a refusal with file and line."""
    file = drawn.draw(st.sampled_from(sorted(FILES)))
    lines = FILES[file].splitlines()
    i = drawn.draw(st.integers(0, len(lines) - 1))
    cells = lines[i].split(",")
    cells[drawn.draw(st.integers(0, len(cells) - 1))] = drawn.draw(
        st.sampled_from(["", "u1", "9" * 400, "-1", "nan", "1e999", "ä~\u2003", '"x', "2026-02-30"])
        | st.text("ab,\"\n'=", max_size=4)
    )
    lines[i] = ",".join(cells)
    before = snapshot()
    faults = faults_of(store, {**FILES, file: "\n".join(lines)}, tmp_path / "b")
    assert not faults or snapshot() == before
    assert all(fault.file and fault.line for fault in faults)


def faults_of(store: Store, files: dict[str, str], path: Path) -> tuple[Fault, ...]:
    """Import a bundle and return why it was refused, if it was."""
    try:
        put(store, files, path)
    except InvalidInput as refusal:
        return refusal.faults
    return ()


def test_the_published_sample_is_imported(data: Path, tmp_path: Path) -> None:
    ran = footpath("import", "oneroster", data / "oneroster", *on(tmp_path / "n.db"), "--json")
    assert ran.code == 0, ran.err
    answer = ran.answer
    assert (answer["classes"], answer["students"], answer["enrollments"]) == (3, 2, 3)
