import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.alert_trials import Trial, fitted_on_others, in_time
from experiments.alerts import evaluate_alerts
from experiments.planted import DAYS, PlantedClass, school_day
from experiments.planted_truth import is_right
from models.wheel_spinning import PUBLISHED, wheel_spinning_from_document
from service.cli import build_app


def small_log(path: Path, students: int = 120) -> Path:
    """Write a log in which every second student spins, on three targets; one with two targets."""
    rng = np.random.default_rng(5)
    lines = ["student,item,skill,correct,order"]
    for i in range(students):
        for order, skill in enumerate(s for s in ("a", "b", "a~b") for _ in range(10)):
            right = int(rng.random() < (0.85 if i % 2 else 0.3))
            lines.append(f"s{i},i{order},{skill},{right},{order}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_command_prints_what_others_rely_on_and_writes_the_model(tmp_path: Path) -> None:
    log, model = small_log(tmp_path / "log.csv"), tmp_path / "model.json"
    called = CliRunner().invoke(
        build_app(), ["evaluate-alerts", str(log), "-o", str(model), "--json"]
    )
    assert called.exit_code == 0, called.output
    answer = json.loads(called.stdout)
    assert answer["auc_after_3"] > 0.75
    assert 0 <= answer["precision_top10_after_5"] <= 1
    # Three pairs a student; each response counts once, under the skills it names together.
    assert answer["determinate_pairs"] + answer["indeterminate_pairs"] == 3 * 120
    assert len(answer["calibration"]["after_3"]) == 10
    written = wheel_spinning_from_document(json.loads(model.read_text(encoding="utf-8")))
    assert {"intercept": written.intercept, **written.weights} == answer["coefficients"]


def test_a_response_on_several_targets_counts_once_or_for_each(tmp_path: Path) -> None:
    log = small_log(tmp_path / "log.csv")
    report = evaluate_alerts(log, folds=4, seed=1)
    each = evaluate_alerts(log, folds=4, seed=1, each_target=True)
    assert report.students == each.students == 120
    assert each.determinate_pairs + each.indeterminate_pairs == 2 * 120
    assert report.lead_time.median <= 7


@pytest.mark.parametrize("answer", ["", "student,item,skill,correct\ns,i,a,1\n"])
def test_a_log_with_too_little_is_refused_in_words(tmp_path: Path, answer: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text(answer, encoding="utf-8")
    called = CliRunner().invoke(build_app(), ["evaluate-alerts", str(path)])
    assert called.exit_code != 0
    assert called.exception is not None


def test_planted_needs_come_on_school_days_and_every_answer_is_of_its_day() -> None:
    school = PlantedClass(np.random.default_rng(2))
    for day in range(DAYS):
        for piece in school.day(day):
            assert piece.observed_at is not None
            assert piece.observed_at.date() == school_day(day)
        assert school_day(day).weekday() < 5
    known = {need.cause for need in school.needs if need.onset is not None}
    assert len(known) >= 7


def test_planted_needs_surface_by_name_and_in_time_on_lists_of_five() -> None:
    model = fitted_on_others(0, classes=2)
    ours, best = Trial("footpath", 0, model).live(), Trial("all_knowing", 0, model).live()
    assert ours.longest <= 5
    assert np.mean([in_time(need) for need in ours.known]) >= 0.8
    others = [each.right for each in ours.alerts if each.cause != "ready_to_go_ahead"]
    assert np.mean(others) > 0.7
    assert 0.7 * best.utility() < ours.utility() <= best.utility() + 0.5


def test_a_claim_is_right_only_by_its_true_cause_target_and_a_fitting_action() -> None:
    school = PlantedClass(np.random.default_rng(2))
    need = next(n for n in school.needs if n.cause == "missing_prerequisite")
    who, target = need.student, need.target
    assert is_right(school, who, "missing_prerequisite", target, None, "reteach", 0)
    assert not is_right(school, who, "missing_prerequisite", target, None, "enrichment", 0)
    assert not is_right(school, who, "fading", target, None, "short_check", 0)
    assert not is_right(school, who, "rushing", None, None, "conference", 0)
    school.meet(need, 0)  # help works, and what was met is no longer missing
    assert not is_right(school, who, "missing_prerequisite", target, None, "reteach", 0)


@pytest.mark.data
@pytest.mark.slow
def test_on_real_data_it_is_as_good_as_published(data: Path) -> None:
    report = evaluate_alerts(data / "assist2009.csv.gz", folds=5, seed=0)
    after_3, after_5 = report.after
    assert after_3.auc >= 0.82
    assert after_5.auc >= 0.83
    assert after_3.precision_top10 >= 0.64
    assert after_5.precision_top10 >= 0.88
    assert max(after_3.ece, after_5.ece) < 0.02
    assert report.model.intercept == pytest.approx(PUBLISHED.intercept, abs=0.001)
    assert report.model.weights == pytest.approx(PUBLISHED.weights, abs=0.001)
