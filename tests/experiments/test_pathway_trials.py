"""Pathways are judged by what a simulated student really takes."""

import numpy as np
import pytest

from engine import Layout
from experiments.pathway_trials import FIGURES, MOST, Foretold, _foretell, means
from experiments.simulation.playing import curriculum_of
from experiments.worlds import SuddenWorld, layered_domain
from models import BKTModel


@pytest.mark.parametrize(("took", "held"), [(2, False), (3, True), (8, True), (9, False)])
def test_whole_opportunities_are_counted(took: int, held: bool) -> None:
    assert Foretold(5.0, 3.4, 7.6, took).held == held


def test_a_class_is_foretold_and_counted() -> None:
    domain = layered_domain(np.random.default_rng(0), targets=8, layers=4, edges=10)
    world = SuddenWorld(domain, 6, 1, np.random.default_rng(1))
    found = _foretell("sudden", "bkt", 0, BKTModel(), world)
    assert found.looks > 0
    assert found.coverage + found.below + found.above == pytest.approx(1.0)
    assert 0 < found.reached <= 1
    assert set(means([found])["sudden, bkt"]) == set(FIGURES)
    assert len(Layout(curriculum_of(domain)).options) == 8
    assert MOST > 40
