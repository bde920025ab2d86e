import codecs
import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs import Fault, InvalidInput, read_table
from graphs.tables import parse_table, split_list, write_table


def test_a_table_keeps_columns_and_lines_and_strips_cells() -> None:
    table = parse_table("id , text\n a , one two \nb,\n", "some.csv")
    assert table.columns == ("id", "text")
    assert [row.line for row in table.rows] == [2, 3]
    assert [row.cells for row in table.rows] == [
        {"id": "a", "text": "one two"},
        {"id": "b", "text": ""},
    ]


def test_a_cell_of_a_column_that_is_not_there_is_blank() -> None:
    (row,) = parse_table("id\na\n", "some.csv").rows
    assert row["grade"] == ""


def test_extra_cells_are_those_outside_the_known_columns_that_are_not_blank() -> None:
    table = parse_table("id,colour,size\na,red,\n", "some.csv")
    assert table.extra(table.rows[0], ("id",)) == {"colour": "red"}


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", codecs.BOM_UTF8 + b"id\na\n")
    assert read_table(path, ("id",)).columns == ("id",)


def test_a_gzipped_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    plain = write(tmp_path / "t.csv", "id,text\na,größer\n".encode())
    packed = write(tmp_path / "t.csv.gz", gzip.compress(plain.read_bytes()))
    assert read_table(packed).rows == read_table(plain).rows


def test_windows_line_ends_count_like_any_others() -> None:
    table = parse_table("id,text\r\na,x\r\nb,y\r\n", "some.csv")
    assert [(row.line, row["text"]) for row in table.rows] == [(2, "x"), (3, "y")]


def test_a_row_with_a_quoted_newline_stands_on_its_first_line_and_shifts_the_next() -> None:
    table = parse_table('id,"a\nb"\n1,"x\ny\nz"\n2,w\n', "some.csv")
    assert [(row["id"], row.line) for row in table.rows] == [("1", 3), ("2", 6)]


def test_blank_lines_are_skipped_and_still_counted() -> None:
    table = parse_table("id,text\n\na,x\n , \nb,y\n\n", "some.csv")
    assert [(row["id"], row.line) for row in table.rows] == [("a", 3), ("b", 5)]


def test_every_ragged_row_is_named_with_its_line() -> None:
    faults = faults_of('id,text\na\nb,"x\ny"\nc,x,y\n')
    assert faults == (
        Fault("this row has 1 cells where the header has 2", "some.csv", 2),
        Fault("this row has 3 cells where the header has 2", "some.csv", 5),
    )


def test_repeated_and_missing_columns_are_named_at_once() -> None:
    faults = faults_of("id,text,text\na,x,y\n", ("id", "prereq", "target"))
    assert [(fault.line, fault.field) for fault in faults] == [
        (1, "text"),
        (1, "prereq"),
        (1, "target"),
    ]


@pytest.mark.parametrize("text", ["", "\n", " , \n", "\na,b\n"])
def test_a_file_without_a_header_is_refused(text: str) -> None:
    (fault,) = faults_of(text)
    assert (fault.file, fault.line) == ("some.csv", 1)
    assert "empty" in fault.message


def test_a_header_alone_is_an_empty_table() -> None:
    assert parse_table("id,text", "some.csv").rows == ()


def test_a_nul_is_refused_with_its_line() -> None:
    (fault,) = faults_of("id,text\na,x\nb,\0y\n")
    assert fault.line == 3
    assert "NUL" in fault.message


def test_a_quote_that_never_closes_is_refused() -> None:
    (fault,) = faults_of('id,text\na,"x\n')
    assert "not valid CSV" in fault.message
    assert fault.file == "some.csv"


def test_text_after_a_closing_quote_is_refused_with_its_line() -> None:
    (fault,) = faults_of('id,text\na,x\nb,"x"y\n')
    assert "not valid CSV" in fault.message
    assert fault.line == 3


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", b"id,text\na,x\nb,gr\xf6\xdfer\n")
    with pytest.raises(InvalidInput) as refused:
        read_table(path)
    assert refused.value.faults == (Fault("not UTF-8 text", "t.csv", 3),)


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        read_table(tmp_path / name)


def test_a_folder_is_not_a_table(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_table(tmp_path)


@pytest.mark.parametrize("damage", ["not gzip", "cut short", "garbled"])
def test_a_damaged_gzip_file_is_refused(tmp_path: Path, damage: str) -> None:
    packed = bytearray(gzip.compress(b"id,text\n" + bytes(range(97, 120)) * 500))
    if damage == "not gzip":
        packed = bytearray(b"id,text\n")
    elif damage == "cut short":
        del packed[-20:]
    else:
        packed[15] ^= 255
        packed[20] ^= 255
    path = write(tmp_path / "t.csv.gz", bytes(packed))
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_table(path)


# Cells come back stripped, and a NUL or half a surrogate pair is no text.
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(str.strip)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(cells.filter(bool), cells)))
def test_what_is_written_reads_back(rows: list[tuple[str, str]]) -> None:
    table = parse_table(write_table(("id", "text"), rows), "some.csv")
    assert [(row["id"], row["text"]) for row in table.rows] == rows


def test_written_lines_end_in_a_line_feed_and_quote_only_where_needed() -> None:
    assert write_table(("a", "b"), [("x", 1), ('q"', "u,v")]) == 'a,b\nx,1\n"q""","u,v"\n'


def test_a_list_in_a_cell_drops_blanks() -> None:
    assert split_list(" a ~~ b~") == ("a", "b")
    assert split_list("") == ()


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def faults_of(text: str, required: tuple[str, ...] = ()) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInput) as refused:
        parse_table(text, "some.csv", required)
    return refused.value.faults
