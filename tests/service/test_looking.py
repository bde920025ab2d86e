"""What is imagined of a student is seen with the same eyes as what is."""

import numpy as np

from engine import Wishes, choices
from service import Store
from service.looking import look_at, proposing
from service.principal import LOCAL
from service.school import load_school
from service.usecases import recording
from tests.cast import NOW, TARGETS, answers


def test_nothing_imagined_leaves_the_choices_as_they_are(store: Store) -> None:
    shown = [piece for target in TARGETS[:2] for piece in answers("s1", target, "1" * 9)]
    recording.record_evidence(store, LOCAL, shown, NOW)
    with store.read(LOCAL.district) as unit:
        look = proposing(look_at(unit, load_school(unit), ["s1"], NOW))
    again = look.imagined("s1", [])
    assert look.board.plan is not None
    assert again.plan is not None
    assert np.isfinite(look.board.plan.due).any()
    np.testing.assert_array_equal(again.plan.due, look.board.plan.due)
    for number in (2, 4):
        wishes = Wishes(number=number)
        assert choices(again, "s1", wishes, {}) == choices(look.board, "s1", wishes, {})
