"""Many students at once under the full model: the same kernels, a class at a time.

Where a school is simulated or read as a whole, a Python call for each student and answer would
be most of the work. Beliefs are kept as arrays over S students and T targets here; each response
is on one target. Stepping a crowd gives the numbers of stepping each student alone
(:mod:`models.full.online`).
"""

from collections.abc import Sequence

import numpy as np

from models.compiled import compiled_fast
from models.full import kernels as k
from models.full import rows
from models.full.arrays import Floats, Integers
from models.full.features import READY_RATE
from models.full.log import AGAIN, SECONDS_PER_UNIT
from models.full.model import FullModel
from models.state import EstimateTable

NOBODY: Integers = np.empty(0, dtype=np.int64)


class Crowd:
    """The states of S students on T targets, side by side.

    `targets` names the columns, `items` the tasks that responses will be numbered by.
    """

    def __init__(
        self, model: FullModel, size: int, targets: Sequence[str], items: Sequence[str] = ()
    ) -> None:
        self.model, self.size = model, size
        stepping = model.stepping
        p, width = model.parameters, len(targets)
        self.target = np.array([stepping.target.get(t, len(stepping.target)) for t in targets])
        self.item = np.array([stepping.item.get(i, -1) for i in items], dtype=np.int64)
        self.again = np.array([stepping.item.get(i + AGAIN, -1) for i in items], dtype=np.int64)
        self.parents = _parents(p.parents, targets, p.targets)
        self.belief = np.zeros((size, width, p.levels, p.nodes.shape[0]))
        self.ability = np.tile(p.prior, (size, 1))
        self.today = np.zeros((size, p.today_rate.shape[0]))
        self.local = np.zeros((size, width, p.local_rate.shape[0]))
        self.ready = np.zeros((size, width))
        self.count = np.zeros((size, width), dtype=np.int64)
        self.peak = np.zeros((size, width))
        self.time = np.full((size, width), np.nan)
        self.last_item = np.full(size, -1)

    def observe(
        self, student: Integers, column: Integers, item: Integers, score: Floats, time: Floats
    ) -> Floats:
        """Take in one response each of some students; returns P(mastered) after it, (n,).

        `student` holds no one twice; `item` indexes `items` (−1: none), `time` is in seconds
        and finite.
        """
        known = self._item(student, item)
        p, tables = self.model.parameters, self.model.stepping.tables
        emit, start, learn = self._shifts(student, column, known)
        after, ability, top = _judge(
            self.belief[student, column], self.count[student, column], self.target[column],
            self._log_gap(student, column, time), start, emit, learn, p.forget, tables.start,
            tables.emit, tables.learn, self.ability[student], score, tables.grade, tables.psi,
        )  # fmt: skip
        self._remember(student, column, known, score)
        self.belief[student, column], self.ability[student] = after, ability
        self.count[student, column] += 1
        self.peak[student, column] = np.maximum(self.peak[student, column], top)
        self.time[student, column], self.last_item[student] = time, item
        return top

    def table(self, time: Floats, student: Integers | None = None) -> EstimateTable:
        """Return the estimates of some students (all by default), `time` seconds each, (n,)."""
        who = np.arange(self.size) if student is None else student
        p, tables = self.model.parameters, self.model.stepping.tables
        column = np.broadcast_to(np.arange(len(self.target)), (len(who), len(self.target)))
        each = np.broadcast_to(who[:, None], column.shape)
        none = np.full(column.shape, -1)
        emit, start, learn = self._shifts(each, column, none)
        gap = self._log_gap(each, column, np.broadcast_to(time[:, None], column.shape))
        shown, retrievable, right, after = _read(
            self.belief[who], self.count[who], self.target, gap, start, emit, learn, p.forget,
            tables.start, tables.emit, tables.learn, self.ability[who],
        )  # fmt: skip
        count = self.count[who]
        learned = np.maximum(shown, self.peak[who])
        return EstimateTable(
            shown, learned, retrievable, count.astype(np.float64), right, after, self.time[who]
        )

    def _item(self, student: Integers, item: Integers) -> Integers:
        if not len(self.item):
            return np.full(len(student), -1)
        again = np.where(item == self.last_item[student], self.again[item], -1)
        known: Integers = np.where(item < 0, -1, np.where(again >= 0, again, self.item[item]))
        return known

    def _shifts(
        self, student: Integers, column: Integers, item: Integers
    ) -> tuple[Floats, Floats, Floats]:
        """Odds by which recent performance, readiness and item shift each cell."""
        p = self.model.parameters
        recent = np.concatenate([self.today[student], self.local[student, column]], axis=-1)
        emit, start, learn = (
            recent @ weight for weight in (p.recent_emit, p.recent_start, p.recent_learn)
        )
        if self.parents is not None:
            before = self.parents[column]
            found = self.ready[student[..., None], before]
            found = np.where(before < 0, np.inf, found).min(axis=-1)
            ready = np.where(np.isinf(found), 0.0, found)
            start, learn = start + p.gate_start * ready, learn + p.gate_learn * ready
        emit = emit - np.where(item >= 0, p.difficulty[item], 0.0)
        return np.exp(emit), np.exp(start), np.exp(learn)

    def _log_gap(self, student: Integers, column: Integers, time: Floats) -> Floats:
        seconds = np.nan_to_num(time - self.time[student, column])
        gap: Floats = np.log1p(np.maximum(seconds, 0.0) / SECONDS_PER_UNIT)
        return gap

    def _remember(self, student: Integers, column: Integers, item: Integers, score: Floats) -> None:
        """Move the running means toward the surprise of the answer."""
        p = self.model.parameters
        usual = np.where(item >= 0, p.expected_item[item], np.nan)
        usual = np.where(np.isnan(usual), p.expected_target[self.target[column]], usual)
        news = (score - usual)[:, None]
        self.today[student] += p.today_rate * (news - self.today[student])
        known = (self.target[column] < len(p.targets))[:, None]
        local = self.local[student, column]
        self.local[student, column] = local + known * p.local_rate * (news - local)
        self.ready[student, column] += READY_RATE * (news[:, 0] - self.ready[student, column])


def _parents(
    parents: tuple[tuple[int, ...], ...], targets: Sequence[str], names: Sequence[str]
) -> Integers | None:
    """Return the prerequisites of each column, −1 beyond, (T, most); `None` without a gate."""
    if not parents:
        return None
    column = {target: i for i, target in enumerate(targets)}
    index = {name: i for i, name in enumerate(names)}
    found = [
        [column[names[q]] for q in (parents[index[t]] if t in index else ()) if names[q] in column]
        for t in targets
    ]
    out = np.full((len(targets), max(1, *map(len, found))), -1, dtype=np.int64)
    for row, each in enumerate(found):
        out[row, : len(each)] = each
    return out


@compiled_fast
def _judge(
    known: Floats, seen: Integers, target: Integers, log_gap: Floats, start: Floats,
    emit: Floats, learn: Floats, forget: Floats, start_odds: Floats, emit_odds: Floats,
    learn_odds: Floats, rho: Floats, score: Floats, grades: Floats, psi: float,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Step n students by one response each: beliefs, abilities and P(highest level) after it."""
    after, ability, top = np.empty_like(known), np.empty_like(rho), np.empty(len(score))
    for i in range(len(score)):
        one = slice(i, i + 1)
        grade = k.PLAIN if score[i] == 0.0 or score[i] == 1.0 else k.SCORED
        belief, _, posterior, mass = rows.judge_row(
            known[one], seen[one], target[one], log_gap[one], start[one], emit[one], learn[one],
            forget, start_odds, emit_odds, learn_odds, rho[i], score[i], 1.0, grade, grades, psi,
        )  # fmt: skip
        after[i], ability[i], top[i] = belief[0], posterior, mass[0]
    return after, ability, top


@compiled_fast
def _read(
    known: Floats, seen: Integers, target: Integers, log_gap: Floats, start: Floats,
    emit: Floats, learn: Floats, forget: Floats, start_odds: Floats, emit_odds: Floats,
    learn_odds: Floats, rho: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    """Read P(mastered), what is retrievable, P(right) and P(mastered) after practice, (n, T)."""
    shape = seen.shape
    shown, kept = np.empty(shape), np.empty(shape)
    right, after = np.empty(shape), np.empty(shape)
    for s in range(shape[0]):
        now = rows.recall_row(known[s], seen[s], target, log_gap[s], start[s], forget, start_odds)
        read = rows.read_rows(now, target, rho[s], emit_odds, emit[s], learn_odds, learn[s])
        kept[s], right[s], after[s] = read[0], read[1], read[2]
        top = rows.top_mass(known[s], rho[s])
        for t in range(shape[1]):
            shown[s, t] = top[t] if seen[s, t] else kept[s, t]
    return shown, kept, right, after
