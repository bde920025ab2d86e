from pathlib import Path

import numpy as np
import pytest

from tests.service.command import footpath


def written(path: Path, students: int, *, clock: bool = False) -> Path:
    rng = np.random.default_rng(2)
    header = ("student", "item", "skill", "correct", "timestamp" if clock else "order", "sex")
    rows = [",".join(header)]
    for s in range(students):
        for i in range(6):
            when = f"2025-0{1 + i}-03T10:00:00Z" if clock else str(i)
            # One student in twelve is "x": few among those held out, too few to be shown.
            sex = "x" if s % 12 == 0 else "fm"[s % 2]
            skill = "rare|one" if s == 0 and i == 0 else f"k{i % 2}"
            rows.append(f"s{s},i{i},{skill},{int(rng.random() < 0.6)},{when},{sex}")
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("card")
    data = written(folder / "log.csv", 180, clock=True)
    path = folder / "CARD.md"
    ran = footpath("fit", data, "--card", path, "--groups", "sex", "--json")
    assert ran.code == 0, ran.err
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# Model card: bkt {ran.answer['version']}\n")
    assert ran.answer["card"] == str(path)
    return text


def test_a_card_tells_data_dates_counts_and_fit(card: str) -> None:
    assert "log.csv, SHA-256 " in card
    assert "1,080 responses of 180 students on 3 learning targets and 6 items" in card
    assert "from 2025-01-03 to 2025-06-03" in card
    assert "- fitter: footpath" in card
    assert "- aim: likelihood" in card


def test_its_figures_are_those_of_students_held_out(card: str) -> None:
    assert "Measured on 216 responses of 36 students" in card
    auc = next(line for line in card.splitlines() if line.startswith("| AUC |"))
    assert 0.3 < float(auc.split("|")[2]) < 0.7
    assert "| 3–5 |" in card


def test_groups_are_told_apart_and_small_ones_hidden(card: str) -> None:
    shown = [line.split("|")[2].strip() for line in card.splitlines() if line.startswith("| sex |")]
    assert shown == ["f", "m"]
    assert "fewer than 10 students are not shown (sex: 1)" in card


def test_limits_name_what_this_fit_cannot_bear(card: str) -> None:
    assert "1 of 3 targets have fewer than 30 responses" in card
    assert "Two states" in card


def test_the_weight_of_every_kind_is_told_with_where_it_comes_from(
    card: str, tmp_path: Path
) -> None:
    assert "The data name no kinds" in card
    rng = np.random.default_rng(5)
    rows = ["student,item,skill,correct,order,kind"]
    for s in range(120):
        for i in range(12):
            kind = ("quiz_item", "quiz_item", "self_rating")[i % 3] if i else "conference"
            right = rng.random() < (0.5 if kind == "self_rating" else 0.15 + 0.7 * (s % 2))
            rows.append(f"s{s},i{i % 4},k,{int(right)},{i},{kind}")
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n")
    path = tmp_path / "CARD.md"
    ran = footpath("fit", tmp_path / "log.csv", "--model", "full", "--card", path, "--json")
    assert ran.code == 0, ran.err
    fitted = ran.answer["kinds"]
    assert fitted["self_rating"]["weight"] < 0.15 < fitted["quiz_item"]["weight"]
    text = path.read_text(encoding="utf-8")
    assert f"| self_rating | {fitted['self_rating']['weight']:.2f} | fitted on " in text


def test_a_class_is_too_small_to_be_measured_and_the_card_says_so(tmp_path: Path) -> None:
    data = written(tmp_path / "log.csv", 30)
    ran = footpath("fit", data, "--card", tmp_path / "CARD.md", "--groups", "sex")
    assert ran.code == 0, ran.err
    text = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    assert "Not measured: one student in 5 is held out, and fewer than 10" in text
    assert "AUC" not in text
    assert "no clock" in text


@pytest.mark.parametrize(
    ("words", "named"),
    [(("--groups", "sex"), "--card"), (("--card", "C.md", "--groups", "age"), "age")],
)
def test_groups_need_a_card_and_columns_that_exist(
    tmp_path: Path, words: tuple[str, ...], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = footpath("fit", written(tmp_path / "log.csv", 30), *words)
    assert ran.code == 2
    assert named in ran.err
    assert not (tmp_path / "C.md").exists()
