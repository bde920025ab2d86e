"""The command line: `footpath COMMAND`.

Each command parses its options, calls a use case and prints; with `--json` exactly one
object on standard output. Exit code 0 all well, 1 problems were found, 2 bad input.
"""

import sys
from importlib.metadata import entry_points

import typer

from graphs import FootpathError
from service.cli import (
    agreeing,
    deciding,
    exporting,
    grouping,
    heading,
    importing,
    judging,
    linting,
    modelling,
    placing,
    recommending,
    replaying,
    serving,
    supporting,
)

PARTS = (
    importing, exporting, judging, agreeing, linting, modelling, placing, recommending, grouping,
    deciding, supporting, heading,
    replaying, serving,
)  # fmt: skip
COMMANDS = "footpath.commands"
"""Entry-point group through which packages above the service add their commands."""


def build_app() -> typer.Typer:
    """Return the command line with every command, including those found by entry point."""
    app = typer.Typer(
        name="footpath",
        help="Adaptive learning paths for schools that teach to mastery.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for part in PARTS:
        part.register(app)
    for point in sorted(entry_points(group=COMMANDS), key=lambda p: p.name):
        point.load()(app)
    return app


def main() -> None:
    """Run the command line; a refusal is a message and exit code 2, never a traceback."""
    try:
        build_app()()
    except FootpathError as error:
        sys.stderr.write(f"footpath: {error}\n")
        raise SystemExit(2) from None
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        raise SystemExit(0) from None
