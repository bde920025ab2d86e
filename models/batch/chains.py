"""Chains: the responses of one student to one target, in time order, packed into flat arrays.

Knowledge tracing reads every (student, target) pair as one independent sequence. All
sequences together are stored as one array of one-byte symbols with offsets (the layout of a
CSR matrix), sorted by target, so that a fitter walks memory once from left to right.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.compiled import compiled

MAX_SYMBOLS = 256  # a symbol is stored in one byte
MAX_SPREAD = 4  # integers spread over up to 4 times their number are numbered by a plain table

Codes = NDArray[np.integer[Any]]
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chains:
    """Packed response sequences, sorted by target, then student, then time.

    Chain ``i`` is ``symbol[start[i]:start[i + 1]]``; symbol ``a`` stands for a response with
    score ``scores[a]`` in [0, 1] (1 = right) which counts as ``weights[a]`` responses.

    Attributes
    ----------
    symbol
        uint8[m], one for each response kept.
    start
        int64[c + 1], offsets of the chains.
    target, student
        int32[c], the codes of each chain; ``target`` never decreases.
    row
        int64[m], the position of each response in the caller's arrays.
    scores, weights
        float64[a], the alphabet.
    n_targets
        Number of targets, of which some may have no chain.

    """

    symbol: NDArray[np.uint8]
    start: NDArray[np.int64]
    target: NDArray[np.int32]
    student: NDArray[np.int32]
    row: NDArray[np.int64]
    scores: Reals
    weights: Reals
    n_targets: int

    def bounds(self) -> NDArray[np.int64]:
        """Return int64[n_targets + 1]: chains of target ``k`` are ``bounds[k]:bounds[k + 1]``."""
        return np.searchsorted(self.target, np.arange(self.n_targets + 1)).astype(np.int64)

    def parts(self, count: int) -> list["Chains"]:
        """Cut into runs of whole targets with about equally many responses; at most `count`.

        The parts share the alphabet, so a target reads the same in its part as in the whole.
        They are light to send, a byte a response: `row` is left empty.
        """
        edges = self.start[self.bounds()]
        goals = np.linspace(0, len(self.symbol), count + 1)[1:-1]
        cuts = [0, *np.searchsorted(edges, goals).tolist(), self.n_targets]
        return [self._part(a, b) for a, b in pairwise(cuts) if a < b]

    def _part(self, first: int, last: int) -> "Chains":
        """Return the targets first..last-1, numbered from 0."""
        begin, end = np.searchsorted(self.target, [first, last])
        start = self.start[begin : end + 1]
        return replace(
            self,
            symbol=self.symbol[start[0] : start[-1]],
            start=start - start[0],
            target=self.target[begin:end] - np.int32(first),
            student=self.student[begin:end],
            row=self.row[:0],
            n_targets=last - first,
        )


def pack_chains(
    student: Codes,
    target: Codes,
    score: NDArray[Any],
    weight: Reals | None = None,
    *,
    n_targets: int | None = None,
) -> Chains:
    """Group responses by (target, student), keeping their order, in O(rows).

    Parameters
    ----------
    student, target
        Integer codes from 0, one a response, each student's responses in time order (students
        may be interleaved). Responses with a negative code (missing) are left out.
    score
        Scores in [0, 1], of any numeric or boolean type.
    weight
        Weights in (0, 1]; all 1 if left out.
    n_targets
        Number of targets; by default one more than the largest code.

    Raises
    ------
    ValueError
        If lengths differ, a score or weight is out of range, a target code is too large, or
        there are more than 256 different (score, weight) pairs.

    """
    students, targets = _codes("student", student), _codes("target", target)
    if not len(students) == len(targets) == len(score):
        raise ValueError("student, target and score must have the same length")
    n_students = int(students.max(initial=-1)) + 1
    largest = int(targets.max(initial=-1)) + 1
    if n_targets is not None and n_targets < largest:
        raise ValueError(f"target code {largest - 1} with n_targets={n_targets}")
    symbols, scores, weights = _encode(score, weight)
    symbol, start, chain_target, chain_student, row = _group(
        students, targets, symbols, n_students, largest
    )
    return Chains(
        symbol=symbol,
        start=start,
        target=chain_target,
        student=chain_student,
        row=row,
        scores=scores,
        weights=weights,
        n_targets=largest if n_targets is None else n_targets,
    )


def pack_frame(
    frame: pd.DataFrame, *, student: str = "student", target: str = "skill", score: str = "correct"
) -> tuple[Chains, list[Hashable], list[Hashable]]:
    """Pack a frame of responses in time order for each student.

    Returns the chains, the target labels and the student labels, both in order of first
    appearance; code ``k`` of the chains is label ``k``. Rows without a student or target are
    left out. The frame is not modified.
    """
    student_codes, students = _factorize(frame[student])
    target_codes, targets = _factorize(frame[target])
    chains = pack_chains(
        student_codes, target_codes, frame[score].to_numpy(), n_targets=len(targets)
    )
    return chains, list(targets), list(students)


def _factorize(column: pd.Series) -> tuple[NDArray[np.int64], list[Hashable]]:
    """Do as `pandas.factorize`; integers in a narrow range need no hash table (8 times faster)."""
    values = column.to_numpy() if column.dtype == np.int64 else np.empty(0, np.int64)
    if len(values):
        low, high = int(values.min()), int(values.max())
        if high - low < MAX_SPREAD * len(values):
            codes, labels = _number(values, low, high - low + 1)
            return codes, labels.tolist()
    codes, labels = pd.factorize(column)
    return codes, list(labels)


def _codes(name: str, codes: Codes) -> NDArray[np.int64]:
    if codes.ndim != 1 or not np.issubdtype(codes.dtype, np.integer):
        raise ValueError(f"{name} must be a vector of integer codes")
    return np.ascontiguousarray(codes, dtype=np.int64)


def _encode(score: NDArray[Any], weight: Reals | None) -> tuple[NDArray[np.uint8], Reals, Reals]:
    """Return symbols uint8[n] and their alphabet (scores, weights)."""
    if weight is None and np.issubdtype(score.dtype, np.integer):
        score = score.astype(np.int64, copy=False)
        if not _is_binary(score):
            raise ValueError("scores must lie in [0, 1]")
    if weight is None and score.dtype.kind in "bi":
        return score.astype(np.uint8), np.array([0.0, 1.0]), np.ones(2)
    scores = score.astype(np.float64)
    weights = np.ones(len(scores)) if weight is None else weight.astype(np.float64)
    if len(weights) != len(scores):
        raise ValueError("weight must have the same length as score")
    if not (((scores >= 0) & (scores <= 1)).all() and ((weights > 0) & (weights <= 1)).all()):
        raise ValueError("scores must lie in [0, 1] and weights in (0, 1]")
    return _alphabet(scores, weights)


def _alphabet(scores: Reals, weights: Reals) -> tuple[NDArray[np.uint8], Reals, Reals]:
    """Give the distinct (score, weight) pairs numbers in order of first appearance."""
    score_codes, score_values = pd.factorize(scores)
    weight_codes, weight_values = pd.factorize(weights)
    pair_codes, pairs = pd.factorize(score_codes * len(weight_values) + weight_codes)
    if len(pairs) > MAX_SYMBOLS:
        raise ValueError(f"more than {MAX_SYMBOLS} distinct (score, weight) pairs; round them")
    which_score, which_weight = np.divmod(pairs, max(len(weight_values), 1))
    return (
        pair_codes.astype(np.uint8),
        np.asarray(score_values, dtype=np.float64)[which_score],
        np.asarray(weight_values, dtype=np.float64)[which_weight],
    )


@compiled
def _number(values: Ints, low: int, span: int) -> tuple[Ints, Ints]:
    """Give the distinct values numbers in order of first appearance."""
    code_of = np.full(span, -1, np.int64)
    labels = np.empty(min(span, len(values)), np.int64)
    codes = np.empty(len(values), np.int64)
    n_labels = 0
    for row in range(len(values)):
        place = values[row] - low
        if code_of[place] < 0:
            code_of[place] = n_labels
            labels[n_labels] = values[row]
            n_labels += 1
        codes[row] = code_of[place]
    return codes, labels[:n_labels]


@compiled
def _is_binary(values: Ints) -> bool:
    seen = 0
    for value in values:
        seen |= value
    return seen in (0, 1)


@compiled
def _counting_sort(codes: Ints, n_codes: int, order: Ints) -> Ints:
    """Return ``order`` (row numbers) stably sorted by ``codes[row]``."""
    place = np.zeros(n_codes + 1, np.int64)
    for row in order:
        place[codes[row] + 1] += 1
    for code in range(n_codes):
        place[code + 1] += place[code]
    result = np.empty_like(order)
    for row in order:
        code = codes[row]
        result[place[code]] = row
        place[code] += 1
    return result


@compiled
def _kept_rows(student: Ints, target: Ints) -> tuple[Ints, bool]:
    """Return the rows with both codes, and whether their students are already grouped."""
    rows = np.empty(len(student), np.int64)
    kept, last, grouped = 0, -1, True
    for row in range(len(student)):
        if student[row] >= 0 and target[row] >= 0:
            grouped &= student[row] >= last
            last = student[row]
            rows[kept] = row
            kept += 1
    return rows[:kept], grouped


@compiled
def _group(
    student: Ints, target: Ints, symbol: NDArray[np.uint8], n_students: int, n_targets: int
) -> tuple[NDArray[np.uint8], Ints, NDArray[np.int32], NDArray[np.int32], Ints]:
    """Radix-sort the rows by (target, student) and cut them into chains."""
    order, grouped = _kept_rows(student, target)
    if not grouped:
        order = _counting_sort(student, n_students, order)
    order = _counting_sort(target, n_targets, order)
    n_rows = len(order)
    symbols = np.empty(n_rows, np.uint8)
    start = np.empty(n_rows + 1, np.int64)
    chain_target, chain_student = np.empty(n_rows, np.int32), np.empty(n_rows, np.int32)
    n_chains, last_target, last_student = 0, -1, -1
    for position in range(n_rows):
        row = order[position]
        symbols[position] = symbol[row]
        if target[row] != last_target or student[row] != last_student:
            last_target, last_student = target[row], student[row]
            start[n_chains] = position
            chain_target[n_chains], chain_student[n_chains] = last_target, last_student
            n_chains += 1
    start[n_chains] = n_rows
    return (
        symbols,
        start[: n_chains + 1].copy(),
        chain_target[:n_chains].copy(),
        chain_student[:n_chains].copy(),
        order,
    )
