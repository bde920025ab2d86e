"""OneRoster bundles with a fault: refused whole, by file, line and column."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs import Fault, InvalidInput
from service import Store
from service.oneroster.checking import read_bundle
from service.oneroster.files import MOST_BYTES
from tests.service.bundles import FILES, archive, changed, folder, line_of, put
from tests.service.command import footpath, on
from tests.service.conftest import Dump

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
