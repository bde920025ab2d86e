"""Checked rows on disk, out of memory's way; in memory two numbers a row."""

import marshal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from service.store.evidence import FIELDS, StoredRow

Mask = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.int64]
_ID, _STUDENT, _SUPERSEDES, _OBSERVED = (
    FIELDS.index(n) for n in ("id", "student", "supersedes", "observed_at")
)


@dataclass
class Spool:
    """Rows of a file that may be longer than memory, to be read any number of times.

    Each row's id and content are remembered as 64-bit hashes, which tells the rows of any
    file apart; `students` are all that it speaks of, `revised` the ids that rows supersede,
    with the line of one that does; `undated` rows say nothing of when.
    """

    file: BinaryIO
    size: int = 0
    students: set[str] = field(default_factory=set)
    revised: dict[str, int] = field(default_factory=dict)
    undated: int = 0
    _parts: list[int] = field(default_factory=list)
    _ids: list[Hashes] = field(default_factory=list)
    _contents: list[Hashes] = field(default_factory=list)

    def add(self, lines: Sequence[int], rows: Sequence[StoredRow]) -> None:
        """Keep rows, and the line each stands on."""
        self._parts.append(self.file.write(marshal.dumps((list(lines), list(rows)))))
        self.size += len(rows)
        self.students.update(row[_STUDENT] for row in rows)
        for line, row in zip(lines, rows, strict=True):
            if row[_SUPERSEDES]:
                self.revised[row[_SUPERSEDES]] = line
            self.undated += row[_OBSERVED] is None
        self._ids.append(np.fromiter((hash(row[_ID]) for row in rows), np.int64))
        self._contents.append(np.fromiter(map(hash, rows), np.int64))

    def parts(self) -> Iterator[tuple[list[int], list[StoredRow]]]:
        """Yield lines and rows as they were added."""
        self.file.seek(0)
        for length in self._parts:
            lines, rows = marshal.loads(self.file.read(length))
            yield lines, rows

    def repeats(self) -> tuple[Mask, Mask]:
        """Return which rows have an id that stood before: with equal, with other content."""
        equal, other = np.zeros(self.size, np.bool_), np.zeros(self.size, np.bool_)
        if self.size:
            ids, contents = np.concatenate(self._ids), np.concatenate(self._contents)
            order = np.argsort(ids, kind="stable")
            again = np.flatnonzero(ids[order][1:] == ids[order][:-1]) + 1
            same = contents[order[again]] == contents[order[again - 1]]
            equal[order[again[same]]] = other[order[again[~same]]] = True
        return equal, other
