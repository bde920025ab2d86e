"""Gradebooks: wide tables of students × targets, in and out."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs import InvalidInput, UnknownId, curriculum_from_document
from graphs.tables import parse_table, write_table
from service import Store
from service.contract import Roster, RosterClass, RosterStudent
from service.gradebooks import CellRule
from service.principal import LOCAL
from service.usecases import curricula, rosters, standing
from service.usecases.gradebook import (
    Cells,
    GradebookOutcome,
    class_gradebook,
    import_gradebook,
)
from tests.cast import ADA, BEN, CLEO, NOW, small_curriculum
from tests.service.command import footpath, on
from tests.service.conftest import Dump
from tests.service.school import CLASS


def file(folder: Path, text: str) -> Path:
    path = folder / "unit.csv"
    path.write_text(text, encoding="utf-8")
    return path


def put(store: Store, folder: Path, text: str, **rule: Any) -> GradebookOutcome:
    """Import a gradebook at the fixed moment."""
    return import_gradebook(store, LOCAL, file(folder, text), CellRule("unit", **rule), NOW)


def said(store: Store, student: str) -> list[tuple[list[str], float | None, int | None]]:
    """Return what of the gradebook is in force."""
    log = standing.student_evidence(store, LOCAL, student).evidence
    return [(p.targets, p.score, p.level) for p in log if p.in_force and p.id.startswith("grade")]


def test_scores_percentages_and_missed_work_are_read(store: Store, tmp_path: Path) -> None:
    text = "student,name,multiply,divide,share,email\ncleo,Cleo,0.5,80%,-,c@x\nada,Ada,missed,,1,\n"
    outcome = put(store, tmp_path, text)
    assert (outcome.evidence, outcome.silent) == (4, 2)
    assert outcome.unread_columns == ["email"]
    assert said(store, CLEO) == [(["multiply"], 0.5, None), (["divide"], 0.8, None)]
    log = standing.student_evidence(store, LOCAL, ADA).evidence
    assert [p.missed for p in log if p.id.startswith("grade") and not p.task] == [True]
    assert said(store, ADA) == [(["divide", "subtract"], 1.0, None)]  # the targets of the task


def test_levels_are_read_by_number_or_name(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "student,add,divide\ncleo,3,Beginning\n", scale="rubric4")
    assert said(store, CLEO) == [(["add"], 2 / 3, 3), (["divide"], 0.0, 1)]


def test_points_are_read_of_a_maximum(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "student,add\ncleo,15\n", out_of=20)
    assert said(store, CLEO) == [(["add"], 0.75, None)]


def test_the_next_version_of_a_gradebook_revises_only_what_changed(
    store: Store, tmp_path: Path
) -> None:
    versions = ["cleo,0.5,1\nben,,0\n", "cleo,0.75,1\nben,1,0\n", "cleo,0.5,1\nben,1,0\n"]
    outcomes = [put(store, tmp_path, "student,add,divide\n" + rows) for rows in versions]
    assert [(o.evidence, o.revisions, o.unchanged) for o in outcomes] == [
        (3, 0, 0),
        (1, 1, 2),
        (0, 1, 3),
    ]
    assert sorted(said(store, CLEO)) == [(["add"], 0.5, None), (["divide"], 1.0, None)]


def test_another_gradebook_is_other_evidence(store: Store, tmp_path: Path) -> None:
    path = file(tmp_path, "student,add\ncleo,1\n")
    for name in ("autumn", "spring"):
        import_gradebook(store, LOCAL, path, CellRule(name), NOW)
    assert len(said(store, CLEO)) == 2


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("student,add\ncleo,1.5\n", {}, "unit.csv:2: add: '1.5' is not a number from 0 to 1"),
        ("student,add\ncleo,x\n", {}, "unit.csv:2: add: 'x' is not a number from 0 to 1"),
        ("student,add\ncleo,nan\n", {}, "unit.csv:2: add: 'nan' is not a number"),
        ("student,add\ncleo,120%\n", {}, "unit.csv:2: add: '120%' is not a number from 0 to 100"),
        ("student,add\ncleo,21\n", {"out_of": 20}, "unit.csv:2: add: '21' is not a number from"),
        ("student,add\ncleo,5\n", {"scale": "rubric4"}, "unit.csv:2: add: '5' is not a level"),
        ("student,add\ncleo,1\n", {"kind": "guess"}, "unit.csv:2: add: there is no evidence kind"),
        ("student,add\n,1\n", {}, "unit.csv:2: student: "),
        ("student,add\na~b,1\n", {}, "unit.csv:2: student: not a usable id"),
        ("student,add\nada,1\nada,0\n", {}, "unit.csv:3: student: 'ada' stands on line 2"),
        ("student,add,Add\nada,1,1\n", {}, "unit.csv:1: Add: means the same as the column 'add'"),
        ("student,spelling\nada,1\n", {}, "unit.csv:1: no column is a learning target"),
        ("pupil,add\nada,1\n", {}, "unit.csv:1: student: this column is missing"),
        ("student,add\nada,1\n", {"out_of": 0.0}, "out-of: must be greater than 0"),
        ("student,add\nada,1\n", {"out_of": 2, "scale": "rubric4"}, "not both"),
    ],
)
def test_a_broken_gradebook_is_refused_by_line_and_column_and_changes_nothing(
    store: Store, snapshot: Dump, tmp_path: Path, text: str, rule: dict[str, Any], place: str
) -> None:
    before = snapshot()
    with pytest.raises(InvalidInput) as refused:
        put(store, tmp_path, text, **rule)
    assert place in str(refused.value)
    assert snapshot() == before


def test_a_scale_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UnknownId, match="no scale with the id 'stars'"):
        put(store, tmp_path, "student,add\nada,1\n", scale="stars")


def test_the_command_line_imports_and_rehearses(
    database: Path, snapshot: Dump, tmp_path: Path
) -> None:
    before = snapshot()
    path = file(tmp_path, "student,add\neve,3\nada,9\n")
    command = ("import", "gradebook", path, *on(database), "--out-of", "4", "--json")
    dry = footpath(*command, "--dry-run")
    assert dry.code == 1
    assert [(e["line"], e["field"]) for e in dry.answer["errors"]] == [(3, "add")]
    assert footpath(*command).code == 2
    assert snapshot() == before
    file(tmp_path, "student,add\neve,3\n")
    date = ("--date", "2026-02-03", "--zone", "Europe/Vienna", "--kind", "exit_ticket")
    assert footpath(*command, *date, "--dry-run").answer["evidence"] == 1
    assert snapshot() == before
    ran = footpath(*command, *date)
    assert (ran.answer["evidence"], ran.answer["students_added"]) == (1, 1)
    again = footpath(*command, "--name", "unit")
    assert (again.answer["unchanged"], again.answer["revisions"]) == (0, 1)  # of another kind


@pytest.mark.parametrize(
    ("cells", "cell"),
    [("score", "1.0"), ("level", ""), ("status", "mastered"), ("estimate", "0.99")],
)
def test_a_class_is_written_as_a_gradebook(store: Store, cells: Cells, cell: str) -> None:
    header, rows = class_gradebook(store, LOCAL, CLASS, NOW, cells)
    assert header == ["student", "name", "count", "add", "subtract", "multiply"]
    assert [row[0] for row in rows] == [ADA, BEN, CLEO]
    assert rows[0][2].startswith(cell)
    every, _ = class_gradebook(store, LOCAL, CLASS, NOW, cells, every=True)
    assert every[2:] == [t.id for t in small_curriculum().framework]


def test_columns_have_codes_where_these_lead_back(store: Store) -> None:
    document = small_curriculum().to_document()
    document["targets"][0]["extra"] = {"code": "K.CC.1"}
    document["targets"][1]["extra"] = {"code": "subtract"}
    curricula.put_curriculum(store, LOCAL, curriculum_from_document(document), NOW)
    header, _ = class_gradebook(store, LOCAL, CLASS, NOW)
    assert header[2:] == ["K.CC.1", "add", "subtract", "multiply"]


def test_the_command_line_writes_a_gradebook_that_it_reads(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "oak.csv"
    assert footpath("export", "gradebook", CLASS, *on(database), "-o", out).code == 0
    assert footpath("export", "gradebook", CLASS, *on(database)).out == out.read_text()
    ran = footpath("import", "gradebook", out, *on(database), "--json")
    assert ran.answer["evidence"] == 6
    assert footpath("export", "gradebook", "elm", *on(database)).code == 2


grades = st.dictionaries(
    st.sampled_from(["s1", "s2", "s3"]),
    st.dictionaries(
        st.sampled_from(["count", "add", "divide"]),
        st.floats(0, 1).map(repr) | st.sampled_from(["missed", "", "0", "1"]),
    ),
    min_size=1,
)
fresh = count()


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(versions=st.lists(grades, min_size=1, max_size=4))
def test_what_is_written_says_what_was_read_last(
    versions: list[dict[str, dict[str, str]]], store: Store, tmp_path: Path
) -> None:
    """A cell has its last score; silence and missed work take no score back."""
    columns, example = ["count", "add", "divide"], f"{next(fresh)}-"
    last: dict[tuple[str, str], str] = {}
    for version in versions:
        rows = [[example + s, *(cells.get(c, "") for c in columns)] for s, cells in version.items()]
        put(store, tmp_path, write_table(["student", *columns], rows))
        for student, cells in version.items():
            for column, cell in cells.items():
                if cell and not (cell == "missed" and (student, column) in last):
                    last[student, column] = cell
    students = [RosterStudent(id=example + s) for s in ("s1", "s2", "s3")]
    rosters.put_roster(store, LOCAL, Roster(classes=[RosterClass(id=example, students=students)]))
    table = parse_table(write_table(*class_gradebook(store, LOCAL, example, NOW)), "k.csv")
    for row in table.rows:
        for column in columns:
            expected = last.get((row["student"].removeprefix(example), column), "")
            assert number(row[column]) == number(expected)


def number(cell: str) -> float | str:
    """Return the number in a cell; missed work and silence as they are."""
    return cell if cell in ("", "missed") else float(cell)
