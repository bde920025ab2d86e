"""`footpath bench import`: a file of evidence into a store, beside the database's own speed.

The file holds answers, rubric ratings and missed tasks of many students on the sample
curriculum. It is imported by the command that everybody uses, in a process of its own, into
SQLite; its peer writes the cells of the same file into an equal table with equal indexes,
chunk by chunk and as durably, but checks nothing and estimates nothing. Both use both cores
as they like; times are by the wall, from the start of the program to its end.
"""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import numpy as np

from experiments.demo import SAMPLE
from graphs import InvalidInput, read_table
from service.store.connection import SQLITE

ROWS = 1_000_000
ROWS_A_STUDENT = 100
"""A year of evidence of one student in a school that records much."""
SEED = 1
START = datetime(2025, 9, 1, 8, tzinfo=UTC)
TERM_SECONDS = 270 * 86_400
RUBRIC_SHARE, MISSED_SHARE = 0.17, 0.03
CHUNK = 10_000
COLUMNS = ("id", "student", "target", "score", "level", "scale", "kind", "timestamp", "missed")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportBenchmark:
    """The figures of one file.

    `rows_per_s` all of the command: starting, checking, storing and folding · `cpu_s` and
    `peak_mb` of it · `again_s` the same file a second time, which adds nothing ·
    `replay_s` rebuilding every state, and whether it was `identical` · `plain_rows_per_s`
    the database alone, and `ratio_plain` how many times faster that is.
    """

    rows: int
    students: int
    seconds: float
    rows_per_s: float
    cpu_s: float
    peak_mb: float
    again_s: float
    replay_s: float
    identical: bool
    plain_rows_per_s: float
    ratio_plain: float


def bench_import(rows: int = ROWS, progress: Progress = lambda _, __: None) -> ImportBenchmark:
    """Run the benchmark in a folder of its own, which is removed afterwards."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "evidence.csv"
        write_evidence(file, rows)
        progress(1, 5)
        plain = plain_seconds(file, folder / "plain.db")
        progress(2, 5)
        store = f"sqlite:///{folder / 'school.db'}"
        footpath("import", "framework", str(SAMPLE), store=store)
        first = footpath("import", "evidence", str(file), store=store)
        progress(3, 5)
        again = footpath("import", "evidence", str(file), store=store)
        progress(4, 5)
        replay = footpath("replay", store=store)
        progress(5, 5)
    if first.answer["stored"] != rows or again.answer["stored"]:
        raise RuntimeError("the import did not store every row once")
    return ImportBenchmark(
        rows=rows,
        students=first.answer["students_added"],
        seconds=first.seconds,
        rows_per_s=rows / first.seconds,
        cpu_s=first.cpu_seconds,
        peak_mb=first.peak_mb,
        again_s=again.seconds,
        replay_s=replay.seconds,
        identical=replay.answer["identical"],
        plain_rows_per_s=rows / plain,
        ratio_plain=first.seconds / plain,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """One command: what it answered, and what it took."""

    answer: dict[str, Any]
    seconds: float
    cpu_seconds: float
    peak_mb: float


def footpath(*words: str, store: str) -> Run:
    """Run a command of Footpath in a process of its own. Raises `InvalidInput` if it fails."""
    begin = time.perf_counter()
    start = "from service.cli import main; main()"
    program = [sys.executable, "-c", start, *words, "--store", store, "--json"]
    with TemporaryFile() as said:
        child = subprocess.Popen(program, stdout=said, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise InvalidInput(f"footpath {' '.join(words)} ended with {child.returncode}")
        said.seek(0)
        answer: dict[str, Any] = json.load(said)
    return Run(answer, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def write_evidence(file: Path, rows: int) -> None:
    """Write a file of evidence: answers, ratings and missed tasks in the order of a year."""
    rng = np.random.default_rng(SEED)
    targets = [row["id"] for row in read_table(SAMPLE / "targets.csv", ("id",)).rows]
    students = max(rows // ROWS_A_STUDENT, 1)
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for first in range(0, rows, CHUNK):
            size = min(CHUNK, rows - first)
            student, target = (
                rng.integers(students, size=size),
                rng.integers(len(targets), size=size),
            )
            shown, way, level = rng.random(size) < 0.6, rng.random(size), rng.integers(1, 5, size)
            writer.writerows(
                (f"e{first + i}", f"s{student[i]}", targets[target[i]],
                 *_how(way[i], shown[i], level[i]), _when((first + i) / rows), _missed(way[i]))
                for i in range(size)
            )  # fmt: skip


def _missed(way: float) -> str:
    return "true" if way < MISSED_SHARE else ""


def _how(way: float, shown: bool, level: int) -> tuple[str, str, str, str]:
    """Return score, level, scale and kind of a row."""
    if way < MISSED_SHARE:
        return "", "", "", "quiz_item"
    if way < MISSED_SHARE + RUBRIC_SHARE:
        return "", str(level), "rubric4", "performance_task"
    return str(int(shown)), "", "", "quiz_item"


def _when(share: float) -> str:
    return (START + timedelta(seconds=int(share * TERM_SECONDS))).isoformat()


def plain_seconds(file: Path, database: Path) -> float:
    """Return the seconds that the database alone takes for the cells of a file."""
    begin = time.perf_counter()
    marks = ",".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in SQLITE:
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute(
            f"CREATE TABLE evidence (seq INTEGER PRIMARY KEY AUTOINCREMENT, {','.join(COLUMNS)})"
        )
        connection.execute("CREATE UNIQUE INDEX by_id ON evidence (id)")
        connection.execute("CREATE INDEX by_student ON evidence (student)")
        insert = f"INSERT INTO evidence ({','.join(COLUMNS)}) VALUES ({marks})"
        with file.open(newline="") as rows:
            for part in _chunks(csv.reader(rows)):
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(insert, part)
                connection.execute("COMMIT")
    return time.perf_counter() - begin


def _chunks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    next(rows)  # the header
    while part := list(islice(rows, CHUNK)):
        yield part
