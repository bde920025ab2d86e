from collections import Counter, defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest

from experiments.demo import PLANS, SAMPLE
from experiments.school import RATER_NOISE, TRULY_MASTERED, Term, judged_level, simulate_term
from graphs import lint, read_curriculum, read_table
from models import in_force

NOW = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def term() -> Term:
    return simulate_term(read_curriculum(SAMPLE), PLANS, NOW, np.random.default_rng(3), days=20)


def test_the_sample_curriculum_is_the_size_it_says_and_without_a_fault() -> None:
    curriculum = read_curriculum(SAMPLE)
    tasks = curriculum.framework.tasks
    assert 55 <= len(curriculum.graph) <= 70
    assert 180 <= len(tasks) <= 220
    assert {t.grade for t in curriculum.framework} == {"5", "6", "7", "8"}
    assert all(t.student_text.startswith("I can ") for t in curriculum.framework)
    report = lint(
        read_table(SAMPLE / "prerequisites.csv"), read_table(SAMPLE / "targets.csv", ("id",))
    )
    assert (report.faults, report.redundant, report.isolated) == ([], [], [])


def test_every_sample_target_can_be_shown_in_several_ways() -> None:
    curriculum = read_curriculum(SAMPLE)
    for target in curriculum.framework:
        serving = [t for t in curriculum.framework.tasks if target.id in t.targets]
        assert len({t.kind for t in serving}) >= 2, target.id
        assert len({t.format for t in serving}) >= 2, target.id


def test_a_term_is_reproducible(term: Term) -> None:
    again = simulate_term(read_curriculum(SAMPLE), PLANS, NOW, np.random.default_rng(3), days=20)
    assert again.evidence == term.evidence
    assert again.truth() == term.truth()


def test_a_term_holds_every_kind_of_trouble_a_school_knows(term: Term) -> None:
    assert len(term.learners) == 75
    assert len({e.kind for e in term.evidence}) >= 6
    assert any(e.missed for e in term.evidence)
    assert any(e.supersedes for e in term.evidence)
    assert any(e.level is not None for e in term.evidence)
    assert any(e.score not in (None, 0.0, 1.0) for e in term.evidence)
    assert all(e.observed_at is not None and e.observed_at < NOW for e in term.evidence)
    assert all(e.observed_at and e.observed_at.weekday() < 5 for e in term.evidence
               if not e.supersedes)  # fmt: skip


def test_ids_are_unique_and_revisions_name_evidence_of_the_same_student(term: Term) -> None:
    by_id = {e.id: e for e in term.evidence}
    assert len(by_id) == len(term.evidence)
    for piece in term.evidence:
        if piece.supersedes:
            assert by_id[piece.supersedes].student == piece.student


def test_those_who_truly_master_more_answer_better(term: Term) -> None:
    truth = term.truth()
    right: defaultdict[bool, float] = defaultdict(float)
    seen: Counter[bool] = Counter()
    for piece in in_force(term.evidence):
        knows = all(truth[piece.student][t] for t in piece.targets)
        right[knows] += piece.score or 0
        seen[knows] += 1
    assert right[True] / seen[True] > right[False] / seen[False] + 0.15


@pytest.mark.parametrize(
    ("beyond", "low", "high"), [(-1, 0.1, 0.22), (0, 0.44, 0.56), (1, 0.78, 0.9)]
)
def test_raters_say_proficient_where_the_target_is_truly_mastered(
    beyond: float, low: float, high: float
) -> None:
    rng, strength = np.random.default_rng(1), TRULY_MASTERED + beyond * RATER_NOISE
    levels = [judged_level(strength, rng) for _ in range(2000)]
    assert low < float(np.mean([level >= 3 for level in levels])) < high
