"""A streamed file says what the same file read whole says, with the same lines."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphs import InvalidInput, read_table, stream_table
from graphs.tables import write_table

CELLS = st.text(st.sampled_from('ab ",\n\r~ü'), max_size=4)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12)


def streamed(path: Path, size: int, *required: str) -> list[tuple[int, dict[str, str]]]:
    """Return line and cells of every row, read in chunks."""
    found = []
    with stream_table(path, required, size) as table:
        for chunk in table.chunks:
            assert not chunk.ragged
            assert 0 <= chunk.share <= 1
            for i, line in enumerate(chunk.lines):
                found.append((line, {column: chunk.cells[column][i] for column in table.columns}))
    return found


def refusal(path: Path, size: int = 2, *required: str) -> str:
    """Return what is said of a file that cannot be read."""
    with pytest.raises(InvalidInput) as refused, stream_table(path, required, size) as table:
        list(table.chunks)
    return str(refused.value)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=TABLES, size=st.integers(1, 5), packed=st.booleans())
def test_chunks_hold_the_rows_and_lines_of_the_whole(
    tmp_path: Path, rows: list[list[str]], size: int, packed: bool
) -> None:
    text = write_table(("a", "b", "c"), rows).encode("utf-8-sig")
    path = tmp_path / ("t.csv.gz" if packed else "t.csv")
    path.write_bytes(gzip.compress(text) if packed else text)
    expected = [(row.line, row.cells) for row in read_table(path).rows]
    assert streamed(path, size) == expected


def test_blank_lines_are_left_out_however_many(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "\n  \n , \n" * 10 + "1,2\n")
    assert streamed(path, 2) == [(32, {"a": "1", "b": "2"})]


def test_a_ragged_row_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3\n4,5,6\n7,8\n")
    with stream_table(path) as table:
        (chunk,) = table.chunks
    assert [str(fault) for fault in chunk.ragged] == [
        "t.csv:3: this row has 1 cells where the header has 2",
        "t.csv:4: this row has 3 cells where the header has 2",
    ]
    assert (chunk.lines, chunk.cells) == ([2, 5], {"a": ["1", "7"], "b": ["2", "8"]})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "t.csv:1: the file is empty"),
        (b"b\n1\n", "t.csv:1: a: this column is missing"),
        (b"a,a\n1,2\n", "t.csv:1: a: this column stands twice"),
        (b'a\n1\n2\n3\n"4\n', "t.csv:5: not valid CSV"),
        (b"a\n" + b"1\n" * 9000 + b"\xff\n", "t.csv:9002: not UTF-8"),
        (b'a\n1\n"2\n3"\n\0\n', "t.csv:5: a NUL"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert said in refusal(path, 2, "a")


def test_a_cut_or_missing_file_is_named(tmp_path: Path) -> None:
    whole = gzip.compress(b"a\n" + b"1\n" * 50_000)
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole[:-20])
    assert "cannot be read" in refusal(cut)
    assert "cannot be read" in refusal(tmp_path / "nowhere.csv")
