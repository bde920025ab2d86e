import json
from pathlib import Path
from typing import Any

import mlflow
import pytest
from typer.testing import CliRunner

from experiments.commands.evaluating import MODELS, _claim
from experiments.tracers import TRACERS
from graphs import InvalidInput
from service.cli import build_app

ROWS = [
    f"s{s},i{i % 3},t{i % 2},{int((s * 7 + i * 3) % 5 > 1)},{i}"
    for s in range(30)
    for i in range(8)
]


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("student,item,skill,correct,order\n" + "\n".join(ROWS) + "\n")
    return path


def evaluated(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(build_app(), ["evaluate", *words, "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_evaluate_prints_the_promised_keys(data_file: Path) -> None:
    answer = evaluated(str(data_file), "--model", "bkt", "--folds", "3", "--no-track")
    for key in ("auc", "auc_first", "log_loss", "rmse", "ece", "rows", "students"):
        assert isinstance(answer[key], int | float), key
    assert (answer["rows"], answer["students"]) == (240, 30)


@pytest.mark.filterwarnings("ignore")  # MLflow's own
def test_evaluate_records_data_hash_seed_and_commit_in_mlflow(
    data_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    uri = f"sqlite:///{tmp_path / 'runs.db'}"
    answer = evaluated(str(data_file), "--folds", "3", "--seed", "4", "--tracking", uri)
    run = mlflow.MlflowClient(tracking_uri=uri).get_run(str(answer["mlflow_run"]))
    assert run.data.params["seed"] == "4"
    assert run.data.params["data_sha256"] == answer["data_sha256"]
    assert run.data.params["commit"] == answer["commit"]
    assert run.data.metrics["auc"] == pytest.approx(answer["auc"])
    drawn = mlflow.MlflowClient(tracking_uri=uri).list_artifacts(str(answer["mlflow_run"]))
    assert {f.path for f in drawn} == {"parameters.png", "reliability.png", "roc.png"}
    assert all((f.file_size or 0) > 5000 for f in drawn)


def test_evaluate_tells_calibration_and_the_difference_to_each_other_model(
    data_file: Path,
) -> None:
    others = ("--against", "pfa", "--against", "most-frequent-class")
    answer = evaluated(str(data_file), "--folds", "3", "--no-track", *others)
    cells = answer["calibration_by_evidence"]
    assert isinstance(cells, list)
    assert sum(cell["rows"] for cell in cells) == 240
    assert [cell["label"] for cell in cells] == ["0", "1", "2", "3–5", "6–10", ">10"]
    deciles = answer["calibration_by_decile"]
    assert isinstance(deciles, list)
    assert len(deciles) == 10
    found = answer["differences"]
    assert isinstance(found, list)
    assert [each["against"] for each in found] == ["pfa", "most-frequent-class"]
    assert all(each["low"] <= each["auc"] <= each["high"] for each in found)


@pytest.fixture
def folder(data_file: Path) -> Path:
    (data_file.parent / "nodes.csv").write_text("id,text\na,Add\n")
    (data_file.parent / "one.csv").write_text("student,item,skill,correct\na,i,t,1\n")
    return data_file.parent


def test_one_command_prints_the_table_over_all_data_sets_and_goes_on_where_it_was_left(
    folder: Path,
) -> None:
    words = ["evaluate", "--all", "--data-dir", str(folder), "--models", "bkt,full,pfa"]
    words += ["--folds", "3", "--results", str(folder / "kept"), "--no-track"]
    done = CliRunner().invoke(build_app(), [*words, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert [row["model"] for row in answer["rows"]] == ["full", "bkt", "pfa"]
    assert {row["data"] for row in answer["rows"]} == {"log.csv"}
    assert answer["rows"][0]["full_minus_this"] is None
    apart = answer["rows"][1]["full_minus_this"]
    expected = answer["rows"][0]["auc"] - answer["rows"][1]["auc"]
    assert apart["auc"] == pytest.approx(expected)
    assert apart["low"] <= apart["auc"] <= apart["high"]
    assert {skip["data"] for skip in answer["skipped"]} == {"nodes.csv", "one.csv"}
    assert answer["claim"] is None
    assert len(list((folder / "kept").iterdir())) == 3
    again = CliRunner().invoke(build_app(), words)
    assert "left out: nodes.csv" in again.stdout
    assert "full" in again.stdout
    assert len(list((folder / "kept").iterdir())) == 3


@pytest.mark.parametrize("words", [[], ["log.csv", "--all"]])
def test_one_log_or_all_of_a_folder_not_both_nor_neither(words: list[str]) -> None:
    done = CliRunner().invoke(build_app(), ["evaluate", *words])
    assert isinstance(done.exception, InvalidInput)


def rows(*differences: float) -> list[dict[str, Any]]:
    return [
        {"model": "best-lr-ability", "data": f"d{i}", "full_minus_this": {"auc": d}}
        for i, d in enumerate(differences)
    ]


@pytest.mark.parametrize(
    ("differences", "holds", "worst"),
    [((0.01, -0.0019), True, "d1"), ((-0.0021, 0.1), False, "d0")],
)
def test_the_claim_fails_on_the_worst_data_set(
    differences: tuple[float, ...], holds: bool, worst: str
) -> None:
    claim = _claim(rows(*differences))
    assert claim is not None
    assert (claim["holds"], claim["worst"]["data"]) == (holds, worst)


def test_a_build_of_the_demo_is_a_school_whose_replay_is_identical(tmp_path: Path) -> None:
    runner = CliRunner()
    folder = tmp_path / "demo"
    built = runner.invoke(build_app(), ["demo", "--folder", str(folder), "--json"])
    assert built.exit_code == 0, built.output
    answer = json.loads(built.stdout)
    assert answer["evidence"] > 5000
    assert answer["truly_mastered"] > 0.9 * answer["called_mastered"] > 100
    store = ["--store", answer["store_url"], "--json"]
    replayed = runner.invoke(build_app(), ["replay", *store])
    assert json.loads(replayed.stdout)["identical"] is True
    assert json.loads(replayed.stdout)["cached"] == 75
    for class_id in answer["classes"]:
        shown = runner.invoke(build_app(), ["interventions", class_id, *store])
        assert len(json.loads(shown.stdout)["interventions"]) <= 5
        grouped = runner.invoke(build_app(), ["groups", class_id, *store])
        assert json.loads(grouped.stdout)["groups"]
    picked = json.loads(runner.invoke(build_app(), ["recommend", "7b-01", *store]).stdout)
    assert 2 <= len(picked["choices"]) <= 4
    assert all(choice["reasons"] for choice in picked["choices"])


def test_the_models_that_help_lists_are_those_that_can_be_evaluated() -> None:
    assert set(MODELS) == set(TRACERS)


def test_a_model_nobody_knows_is_refused_by_name(data_file: Path) -> None:
    done = CliRunner().invoke(build_app(), ["evaluate", str(data_file), "--model", "oracle"])
    assert isinstance(done.exception, InvalidInput)
    assert "oracle" in str(done.exception)


def test_what_cannot_be_measured_is_null_and_the_answer_still_json(tmp_path: Path) -> None:
    path = tmp_path / "all-right.csv"
    rows = [f"s{s},i,t,1,{i}" for s in range(6) for i in range(3)]
    path.write_text("student,item,skill,correct,order\n" + "\n".join(rows) + "\n")
    answer = evaluated(str(path), "--model", "bkt", "--folds", "2", "--no-track")
    assert answer["auc"] is None
    assert answer["rows"] == 18
