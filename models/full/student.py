"""All that the full model remembers of a student: frozen values that pack into bytes."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.full.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class TargetBelief:
    """The belief about one target after its last response.

    `belief` float64[L, Z] is P(level | ability node); `count` the responses so far, `peak` the
    highest P(highest level) right after any of them; `trial` counts the student's responses up
    to the last on this target and `time` says when it was (seconds, NaN without a clock).
    """

    belief: Floats
    count: int
    peak: float
    trial: int
    time: float
    local: tuple[float, ...]  # recent performance on this target
    ready: float  # recent surprise, read by the targets that need this one


@dataclass(frozen=True, slots=True, eq=False)
class FullState:
    """The beliefs about one student.

    `ability` float64[Z] weighs the ability nodes, `today` is recent performance over all
    targets, `last_item` what was answered last: the same item again at once is another task.
    """

    ability: Floats
    today: tuple[float, ...]
    trials: int = 0
    last_item: str | None = None
    targets: Mapping[str, TargetBelief] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Pack the state: a JSON line with its ids and shape, then its numbers.

        Equal states give equal bytes, whatever order their targets came in: 24 bytes and one
        number for each level, node and term of a target, 8 bytes a number.
        """
        ids = sorted(self.targets)
        rows = [self.targets[t] for t in ids]
        head = {
            "targets": ids,
            "trials": self.trials,
            "item": self.last_item,
            "nodes": len(self.ability),
            "levels": rows[0].belief.shape[0] if rows else 0,
            "today": len(self.today),
            "count": [(r.count, r.trial) for r in rows],
        }
        numbers = [self.ability, np.array(self.today, dtype=np.float64)]
        for row in rows:
            numbers += [row.belief.ravel(), np.array([row.peak, row.time, row.ready, *row.local])]
        line = json.dumps(head, ensure_ascii=False).encode()
        body: bytes = np.concatenate(numbers).astype("<f8").tobytes()
        return line + b"\n" + body

    @staticmethod
    def from_bytes(packed: bytes) -> "FullState":
        """Read back what `to_bytes` wrote."""
        line, _, body = packed.partition(b"\n")
        head = json.loads(line)
        numbers = np.frombuffer(body, dtype="<f8").astype(np.float64)
        nodes, levels, ids = head["nodes"], head["levels"], head["targets"]
        ability, rest = numbers[:nodes], numbers[nodes:]
        today, rest = tuple(rest[: head["today"]].tolist()), rest[head["today"] :]
        table = rest.reshape(len(ids), -1) if ids else rest.reshape(0, 0)
        targets = {}
        for target, (count, trial), row in zip(ids, head["count"], table, strict=True):
            belief = row[: levels * nodes].reshape(levels, nodes)
            peak, time, ready, *local = row[levels * nodes :].tolist()
            targets[target] = TargetBelief(belief, count, peak, trial, time, tuple(local), ready)
        return FullState(ability, today, head["trials"], head["item"], targets)


def clock(time: float) -> float | None:
    """Return a time as estimates give it: `None` without a clock."""
    return None if math.isnan(time) else time
