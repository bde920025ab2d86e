"""`footpath import oneroster`: everything in, or nothing and the line that is to blame."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graphs import InvalidInput
from service import Store, open_store
from service.principal import LOCAL
from service.usecases import rosters, standing
from tests.cast import NOW
from tests.service.bundles import FILES, archive, changed, folder, put
from tests.service.command import footpath, on
from tests.service.conftest import Dump


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


def test_the_published_sample_is_imported(data: Path, tmp_path: Path) -> None:
    ran = footpath("import", "oneroster", data / "oneroster", *on(tmp_path / "n.db"), "--json")
    assert ran.code == 0, ran.err
    answer = ran.answer
    assert (answer["classes"], answer["students"], answer["enrollments"]) == (3, 2, 3)
