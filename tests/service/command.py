"""Run `footpath …` in this process, as a shell would see it."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from service.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and both outputs."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one JSON object on standard output; anything beside it is an error."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def footpath(*arguments: object) -> Ran:
    """Run one command."""
    out, err = io.StringIO(), io.StringIO()
    words = ["footpath", *map(str, arguments)]
    with patch("sys.argv", words), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code: Any = 0
        except SystemExit as stop:
            code = stop.code
    return Ran(int(code or 0), out.getvalue(), err.getvalue())


def on(database: Path) -> tuple[str, str]:
    """Return the option that names a store."""
    return "--store", f"sqlite:///{database}"
