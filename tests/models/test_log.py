import gzip
from pathlib import Path

import numpy as np
import pytest

from graphs import InvalidInput
from models import Evidence, ResponseLog, read_log
from models.log import log_from_evidence

HEADER = "student,item,skill,correct,order"


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "log.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def targets_of(log: ResponseLog, row: int) -> list[str]:
    return [log.targets[t] for t in log.target[log.offset[row] : log.offset[row + 1]]]


def test_rows_are_sorted_by_student_and_order_and_never_expanded(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, "b,i1,x,1,5", "a,i2,x~y,0,2", "b,i3,y,0,1", "a,i4,y,1,1"))
    assert [log.students[s] for s in log.student] == ["b", "b", "a", "a"]
    assert [log.items[i] for i in log.item] == ["i3", "i1", "i4", "i2"]
    assert targets_of(log, 3) == ["x", "y"]
    assert len(log) == 4


def test_joined_skills_can_be_taken_as_one_target(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, "a,i,x~y,1,1"), joined=True)
    assert targets_of(log, 0) == ["x~y"]


def test_a_gzipped_file_and_a_blank_order_are_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER},sex\na,i,x,1,,f\na,j,x,0.5,,f\n".encode()))
    log = read_log(path)
    assert log.score.tolist() == [1.0, 0.5]
    assert log.extra["sex"].tolist() == ["f", "f"]


def test_times_are_read_as_utc_when_they_name_no_zone(tmp_path: Path) -> None:
    header = "student,item,skill,correct,timestamp"
    rows = ("a,i,x,1,1970-01-01 00:01:00", "a,j,x,1,1970-01-01T01:00:30+01:00")
    log = read_log(written(tmp_path, *rows, header=header))
    assert log.time.tolist() == [30.0, 60.0]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a,i,x,2,1", "log.csv:3: correct: '2' is not between 0 and 1"),
        ("a,i,x,yes,1", "log.csv:3: correct: 'yes'"),
        ("a,i,x,,1", "log.csv:3: correct: ''"),
        ("a,i,,1,1", "log.csv:3: skill: '' must not be empty"),
        (",i,x,1,1", "log.csv:3: student: '' must not be empty"),
        ("a,i,x,1,first", "log.csv:3: order: 'first' is not a number"),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(
    tmp_path: Path, row: str, expected: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_log(written(tmp_path, "a,i,x,1,0", row))
    assert expected in str(refused.value)


def test_the_line_is_right_after_a_cell_with_a_line_break(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"log\.csv:4: correct"):
        read_log(written(tmp_path, 'a,"two\nlines",x,1,0', "a,i,x,5,1"))


@pytest.mark.parametrize("header", ["student,item,skill", "student,item,correct"])
def test_a_missing_column_is_named(tmp_path: Path, header: str) -> None:
    with pytest.raises(InvalidInput, match="missing from the header"):
        read_log(written(tmp_path, "a,i,1", header=header))


def test_a_file_without_rows_or_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no responses"):
        read_log(written(tmp_path))
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_log(tmp_path / "nowhere.csv")


def test_choosing_rows_keeps_their_targets(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, "a,i,x~y,1,1", "a,j,z,0,2", "b,k,y~z,1,1"))
    kept = log.of_students(np.array([log.students.index("b")]))
    assert [targets_of(kept, 0)] == [["y", "z"]]
    assert kept.students == log.students


def test_evidence_packs_into_the_same_shape_without_what_is_not_in_force() -> None:
    pieces = [
        Evidence("1", "b", ("x",), 0.0, position=0),
        Evidence("2", "b", ("x", "y"), 1.0, kind="homework", position=1, supersedes="1"),
        Evidence("3", "a", ("y",), None, missed=True),
    ]
    log = log_from_evidence(pieces, {"homework": 0.4})
    assert len(log) == 1
    assert targets_of(log, 0) == ["x", "y"]
    assert log.weight.tolist() == [0.4]


KINDS = "student,item,skill,correct,order,kind,level,scale,points"


def test_kinds_levels_and_points_of_a_file_are_read(tmp_path: Path) -> None:
    rows = (
        "b,i,x,,2,conference,3,,",
        "b,j,x,0.7,1,,,,10",
        "a,k,x,,1,self_rating,2,five,",
        "a,k,x,,2,odd,5,five,1",
    )
    log = read_log(written(tmp_path, *rows, header=KINDS))
    assert [tuple(log.kinds)[k] for k in log.kind] == [
        "quiz_item",
        "conference",
        "self_rating",
        "odd",
    ]
    assert log.weight == pytest.approx([10 / 3.7, 0.7, 0.15, 1.0])
    assert log.scales == {"rubric4": 3, "five": 5}
    assert log.level.tolist() == [0, 3, 2, 5]
    assert log.scale.tolist() == [-1, 0, 1, 1]
    assert log.score.tolist() == [0.7, 1.0, 0.25, 1.0]
    kept = log.of_students(np.array([0])).weighed({"conference": 0.35, "quiz_item": 0.5})
    assert kept.weight == pytest.approx([5 / 3.7, 0.35])
    assert kept.level.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a,i,x,,1,,half,,", "log.csv:3: level: 'half' is not a level from 1 to 100"),
        ("a,i,x,,1,,0,,", "log.csv:3: level: '0'"),
        ("a,i,x,,1,,,,", "log.csv:3: correct: ''"),
        ("a,i,x,1,1,,,,2.5", "log.csv:3: points: '2.5' is not a whole number from 1 to 1000"),
    ],
)
def test_a_bad_level_or_number_of_points_is_named(tmp_path: Path, row: str, expected: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_log(written(tmp_path, "a,i,x,1,0,,2,,", row, header=KINDS))
    assert expected in str(refused.value)


def test_levels_of_evidence_are_kept_where_their_scale_is_known() -> None:
    pieces = [
        Evidence("1", "s", ("x",), 2 / 3, level=3, scale="rubric4", position=0),
        Evidence("2", "s", ("x",), 0.5, level=2, scale="gone", position=1),
        Evidence("3", "s", ("x",), 1.0, position=2),
        Evidence("4", "s", ("x",), 1.0, level=4, scale="rubric4", position=3, work="w"),
        Evidence("5", "s", ("x",), 1.0, level=4, scale="rubric4", position=4, work="w"),
        Evidence("6", "s", ("x",), 1.0, level=4, scale="rubric4", position=5, work="v"),
        Evidence("7", "s", ("x",), 2 / 3, level=3, scale="rubric4", position=6, work="v"),
    ]
    log = log_from_evidence(pieces, {"quiz_item": 1.0})
    assert log.scales == {"rubric4": 4}
    assert log.level.tolist() == [3, 0, 0, 4, 0]
    assert log.scale.tolist() == [0, -1, -1, 0, -1]
    assert log.score == pytest.approx([2 / 3, 0.5, 1.0, 1.0, 5 / 6])


@pytest.mark.data
def test_the_real_data_sets_have_the_sizes_their_readme_says(data: Path) -> None:
    sizes = {"assist2009": (274_561, 4150, 110), "ct_rp": (16_858, 587, 12)}
    for name, expected in sizes.items():
        log = read_log(data / f"{name}.csv.gz")
        assert (len(log), len(log.students), len(log.targets)) == expected
