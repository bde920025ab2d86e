"""Fixtures that several folders use."""

from pathlib import Path

import pytest
from hypothesis import settings

# A property is true or not, however slow or busy the machine is: speed is for the benchmarks.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
def data() -> Path:
    """The folder of research data sets beside the repository; skips the test without it."""
    if not DATA.is_dir():
        pytest.skip("the research data sets are not beside the repository (see README)")
    return DATA
