"""Child processes of a benchmark: pinned to one core, each answering with one JSON line."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from graphs import InvalidInput


@contextmanager
def one_core() -> Iterator[None]:
    """Pin this process, and those it starts, to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def answer_of(
    what: str, words: Sequence[str], environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run a program and return the JSON on its last line; `InvalidInput` tells why it failed."""
    surroundings = {**os.environ, **(environment or {})}
    done = subprocess.run(
        list(words), capture_output=True, text=True, check=False, env=surroundings
    )
    if done.returncode:
        raise InvalidInput(f"{what} failed under {words[0]}: {done.stderr.strip()[-300:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
