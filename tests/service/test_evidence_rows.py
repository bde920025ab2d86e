"""A row of a file means what the same evidence means over the API, or is refused like it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from graphs import InvalidInput, stream_table
from graphs.tables import write_table
from service.contract import EvidenceIn
from service.evidence_rows import COLUMNS, CheckedRows, EvidenceReader
from service.store.evidence import StoredRow, stored_row
from service.usecases.recording import evidence_from
from tests.cast import NOW, small_curriculum

CELLS = {
    "id": ["", "", "e1", "e2", "e3", " ~", "x" * 201],
    "student": ["ada", "ada", "ben", "", "a~b"],
    "task": ["", "share", "arrays", "of our own"],
    "targets": ["add", "add~count", "", "zed", "add~add", "~".join("t" * 21)],
    "kind": ["", "homework", "conference", "rumour"],
    "score": ["", "1", "1.0", "0.5", "2", "nan", "yes"],
    "level": ["", "", "4", "1", "5", "0", "2.5"],
    "scale": ["", "rubric4", "stars"],
    "missed": ["", "", "true", "no", "perhaps"],
    "observed_at": [
        "", "2026-03-01T09:30:00+01:00", "2026-03-01T08:30:00Z", "2026-03-01",
        "0001-01-01T00:00:00+14:00", "2999-01-01T00:00:00Z", "soon", "1700000000",
    ],
    "position": ["", "0", "7", "-1", "1.5"],
    "attempt": ["", "1", "0"],
    "rater": ["", "ms-o", "~"],
    "duration": ["", "12.5", "-1", "inf"],
    "hints": ["", "0", "3", "-1"],
    "artifact": ["", "https://work.example/1?a=b", "javascript:alert(1)", "https://a b"],
    "work": ["", "w1", "w~1"],
    "supersedes": ["", "e1", "zed~"],
    "note": ["", "two\nlines", '"quoted", and more', "n" * 2001],
}  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows of which most cells are sound: the first of each list is drawn most."""
    optional = sorted(set(CELLS) - {"student"})
    columns = ["student", *draw(st.lists(st.sampled_from(optional), min_size=1, unique=True))]
    row = st.one_of(
        st.tuples(*(st.sampled_from(CELLS[c][:2]) for c in columns)),
        st.tuples(*(st.sampled_from(CELLS[c]) for c in columns)),
    )
    drawn = draw(st.lists(row, min_size=1, max_size=8))
    return [dict(zip(columns, cells, strict=True)) for cells in drawn]


def over_the_api(row: dict[str, str]) -> StoredRow | None:
    """Return what the API would store; `None` where it refuses."""
    fields: dict[str, object] = {name: cell for name, cell in row.items() if cell}
    if "targets" in fields:
        fields["targets"] = [t for t in row["targets"].split("~") if t]
    try:
        sent = EvidenceIn.model_validate(fields, strict=False)
        return stored_row(evidence_from(small_curriculum(), sent, NOW))
    except (ValidationError, InvalidInput):
        return None


def read(path: Path, size: int = 3) -> list[CheckedRows]:
    """Read a file as an import does."""
    reader = EvidenceReader(small_curriculum().framework, NOW)
    with stream_table(path, ("student",), size) as table:
        return list(reader.read(table))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(written=rows())
def test_a_row_is_what_the_api_would_store(tmp_path: Path, written: list[dict[str, str]]) -> None:
    path = tmp_path / "evidence.csv"
    columns = list(written[0])
    blank = [row for row in written if not any(row.values())]
    kept = [[row[column] for column in columns] for row in written if row not in blank]
    text = write_table(columns, kept)
    path.write_text(text, encoding="utf-8")
    parts = read(path)
    expected = [over_the_api(row) for row in written if row not in blank]
    assert [row for part in parts for row in part.rows] == [row for row in expected if row]
    lines = {line for part in parts for line in part.lines}
    faulty = {fault.line for part in parts for fault in part.faults}
    assert len(lines) == sum(row is not None for row in expected)
    assert len(faulty) == sum(row is None for row in expected)
    assert not lines & faulty


def test_every_field_that_may_be_sent_has_a_column() -> None:
    answered = {"recorded_at", "in_force"}
    assert set(COLUMNS.values()) == set(EvidenceIn.model_fields) - answered == set(CELLS)


def test_more_distinct_cells_than_are_remembered_are_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.evidence_rows.MOST_REMEMBERED", 5)
    path = tmp_path / "evidence.csv"
    cells = [(f"e{i}", f"s{i}", "add", i % 2, "") for i in range(40)]
    path.write_text(write_table(("id", "student", "target", "score", "note"), cells))
    parts = read(path)
    assert [row[:4] for part in parts for row in part.rows] == [
        (f"e{i}", f"s{i}", "add", float(i % 2)) for i in range(40)
    ]
