from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import trials
from experiments.trials import DataSet, Protocol, Shelf, data_files, open_data
from graphs import InvalidInput

HEADER = "student,item,skill,correct,order"


def written(path: Path, split: str | None = None, students: int = 30) -> Path:
    """A log of 8 rows a student; with `split` a column that parts students, rows or nobody."""
    rows = []
    for s in range(students):
        for i in range(8):
            part = {"students": s % 3 == 0, "rows": i % 2 == 0}.get(split or "", False)
            cell = f",{'test' if part else 'train'}" if split else ""
            rows.append(f"s{s},i{i % 3},t{i % 2},{int((s * 7 + i * 3) % 5 > 1)},{i}{cell}")
    header = HEADER + (",split" if split else "")
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    return open_data(written(tmp_path / "log.csv"), Protocol(folds=3))


def test_a_sound_published_split_goes_before_folds(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", split="students")
    found = open_data(path, Protocol(), published=True)
    assert found.protocol == "published split (split)"
    assert sorted(set(found.fold.tolist())) == [-1, 0]
    assert open_data(path, Protocol()).protocol == "5 folds by student"


@pytest.mark.parametrize("split", [None, "rows", "nobody"])
def test_a_split_that_is_none_or_leaks_gives_way_to_folds(
    tmp_path: Path, split: str | None
) -> None:
    path = written(tmp_path / "a.csv", split=split)
    assert open_data(path, Protocol(), published=True).protocol == "5 folds by student"


def test_a_bound_on_rows_leaves_whole_students_out_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv")
    part = open_data(path, Protocol(most_rows=100))
    assert set(np.bincount(part.log.student, minlength=30).tolist()) == {0, 8}
    assert part.capped == "96 of 240 rows"
    assert open_data(path, Protocol(most_rows=1000)).capped == ""


def test_a_finished_trial_is_not_run_again(data: DataSet, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "trials")
    first, kept = shelf.obtain(data, "bkt")
    assert not kept
    again, kept = shelf.obtain(data, "bkt")
    assert kept
    assert (again.predicted == first.predicted).all()
    assert again.seconds == first.seconds
    assert set(again.learned) == set(first.learned) == {"prior", "learn", "guess", "slip", "forget"}


def test_another_seed_part_model_or_code_is_another_trial(
    data: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {
        trials._key(data, "bkt"),
        trials._key(data, "pfa"),
        trials._key(replace(data, seed=1), "bkt"),
        trials._key(replace(data, log=data.log.where(data.log.student > 0)), "bkt"),
        trials._key(replace(data, log=replace(data.log, fingerprint="other")), "bkt"),
    }
    monkeypatch.setattr(trials, "code_fingerprint", lambda: "other code")
    assert len(keys | {trials._key(data, "bkt")}) == 6


def test_the_code_that_predictions_depend_on_has_one_fingerprint() -> None:
    assert trials.code_fingerprint() == trials.code_fingerprint()
    assert len(trials.code_fingerprint()) == 16


def test_tables_are_found_smallest_first_and_other_files_left_alone(tmp_path: Path) -> None:
    written(tmp_path / "large.csv")
    written(tmp_path / "small.csv", students=5)
    (tmp_path / "README.md").write_text("about these files")
    assert [path.name for path in data_files(tmp_path)] == ["small.csv", "large.csv"]


def test_a_folder_that_is_none_or_empty_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InvalidInput):
            data_files(folder)


def test_a_model_nobody_knows_is_refused(data: DataSet) -> None:
    with pytest.raises(InvalidInput, match="oracle"):
        trials.run_trial(data, "oracle")
