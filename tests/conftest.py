"""Fixtures that several folders use."""

from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
def data() -> Path:
    """The folder of research data sets beside the repository; skips the test without it."""
    if not DATA.is_dir():
        pytest.skip("the research data sets are not beside the repository (see README)")
    return DATA
