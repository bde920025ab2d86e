"""A crowd stepped side by side has the numbers of its students stepped alone."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models import Evidence
from models.full import FullModel
from models.full.config import FullConfig
from models.full.crowd import Crowd
from models.full.fit import fit
from models.full.training import SERVED, item_names, responses
from models.log import ResponseLog

TARGETS = ("a", "b", "c", "d")
ITEMS = tuple(f"{t}-{i}" for t in TARGETS for i in range(2))
START = datetime(2026, 1, 5, tzinfo=UTC)
GATED = FullConfig(levels=3)
"""With recent performance on the target and, given parents, the gate."""


def small_log() -> ResponseLog:
    rng = np.random.default_rng(1)
    students, each = 20, 24
    count = students * each
    target = rng.integers(0, 4, count)
    return ResponseLog(
        students=tuple(map(str, range(students))),
        items=ITEMS,
        targets=TARGETS,
        student=np.repeat(np.arange(students), each),
        item=target * 2 + rng.integers(0, 2, count),
        score=(rng.random(count) < 0.6).astype(float),
        weight=np.ones(count),
        time=np.tile(np.arange(each) * 7200.0, students),
        offset=np.arange(count + 1),
        target=target,
    )


@pytest.mark.parametrize(("config", "parents"), [(SERVED, ()), (GATED, ((), (0,), (0, 1), (2,)))])
def test_a_crowd_has_the_numbers_of_its_students(
    config: FullConfig, parents: tuple[tuple[int, ...], ...]
) -> None:
    log = small_log()
    fitted = fit(responses(log), log.targets, item_names(log), config, parents)
    model = FullModel(fitted.parameters)
    columns = (*TARGETS, "never-fitted")
    crowd = Crowd(model, 3, columns, ITEMS)
    alone = [model.start() for _ in range(3)]
    rng = np.random.default_rng(2)
    for step in range(30):
        who = np.flatnonzero(rng.random(3) < 0.8)
        column, score = rng.integers(0, 5, len(who)), rng.integers(0, 2, len(who)).astype(float)
        item = np.where(column < 4, np.minimum(column, 3) * 2 + rng.integers(0, 2, len(who)), -1)
        now = START + timedelta(hours=9 * step)
        top = crowd.observe(who, column, item, score, np.full(len(who), now.timestamp()))
        for s, c, i, x, p in zip(who, column, item, score, top, strict=True):
            piece = Evidence(
                id=f"{s}-{step}",
                student=str(s),
                targets=(columns[c],),
                score=x,
                task=ITEMS[i] if i >= 0 else None,
                observed_at=now,
            )
            alone[s] = model.observe(alone[s], piece)
            assert model.table([alone[s]], [columns[c]]).p_mastered[0, 0] == pytest.approx(p)
    later = now + timedelta(days=5)
    together = crowd.table(np.full(3, later.timestamp()))
    apart = model.table(alone, columns, later)
    for field in fields(together):
        np.testing.assert_allclose(
            getattr(together, field.name), getattr(apart, field.name), rtol=1e-12
        )
