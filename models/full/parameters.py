"""Parameters of the full model: named arrays that a teacher can read, and nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from models.full.arrays import Floats
from models.lanes import LANES

#: Version of the JSON form; the first had no scales.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class FullParameters:
    """A fitted model over K targets, I items, L levels, Z ability nodes.

    Arrays over targets have K + 1 entries and arrays over items I + 1: the last entry is the
    *pooled* value, used for what was never seen.  All but ``rise`` and ``forget`` are logits.

    =================  =========================================================================
    start, start_steps  P(level > l) at the first response = sigma(start_k - start_steps_l + ...)
    guess, rise         P(right | level) = sigma(guess_k + rise_k level_height_l + ...), rise > 0
    learn, learn_steps  P(one level up after a response) = sigma(learn_k + learn_steps_l + ...)
    forget              (1 + gap)^(-forget_k) is kept; the rest drops one level
    ability_*           what one standard deviation of ability adds to each of these logits
    difficulty          what an item takes from the logit of a right answer
    today_rate          share of the newest answer in recent performance over all targets
    local_rate          the same for recent performance on the response's own targets
    recent_*            what each recent-performance term adds, today's terms first
    expected            usual score of each item (and target): the zero of "surprise"
    gate_*              what readiness of the prerequisites adds at start and to learning
    scales              P(judged level c or higher) = sigma(logit of right - threshold_c)
    =================  =========================================================================
    """

    targets: tuple[str, ...]
    items: tuple[str, ...]
    start: Floats  # (K + 1,)
    start_steps: Floats  # (L - 1,), first 0, increasing
    guess: Floats  # (K + 1,)
    rise: Floats  # (K + 1,)
    learn: Floats  # (K + 1,)
    learn_steps: Floats  # (L - 1,), first 0
    forget: Floats  # (K + 1,)
    ability_start: float
    ability_learn: float
    ability_emit: Floats  # (L,)
    ability_target: Floats  # (K + 1,) added to ability_emit
    difficulty: Floats  # (I + 1,)
    today_rate: Floats  # (C1,) over all targets
    local_rate: Floats  # (C2,) on the response's own targets
    recent_emit: Floats  # (C1 + C2,)
    recent_start: Floats  # (C1 + C2,)
    recent_learn: Floats  # (C1 + C2,)
    expected_item: Floats  # (I + 1,), NaN where the item was never seen
    expected_target: Floats  # (K + 1,)
    gate_start: float
    gate_learn: float
    parents: tuple[tuple[int, ...], ...]  # K prerequisite lists, or () without a graph
    nodes: Floats  # (Z,)
    prior: Floats  # (Z,)
    others: float  # psi: share of the other targets' likelihood in a response on several
    scales: Mapping[str, Floats] = field(default_factory=dict)  # R levels: (R - 1,), increasing

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def levels(self) -> int:
        """Number of ordered levels, L."""
        return int(self.ability_emit.shape[0])

    @property
    def heights(self) -> Floats:
        """Height of each level between 0 (lowest) and 1 (highest)."""
        return np.linspace(0.0, 1.0, self.levels)

    def slip(self) -> Floats:
        """P(wrong | top level) of an average item and student, (K + 1,)."""
        return 1.0 / (1.0 + np.exp(self.guess + self.rise))

    def changed(self, **values: Any) -> "FullParameters":
        """Return a copy with some fields replaced."""
        return replace(self, **values)


def _faults(p: FullParameters) -> list[str]:
    """Every disagreement of shape, sign or finiteness, by name."""
    targets, items, levels = len(p.targets) + 1, len(p.items) + 1, p.ability_emit.shape[0]
    terms, nodes = p.today_rate.shape[0] + p.local_rate.shape[0], p.nodes.shape[0]
    sizes = {
        "start": targets,
        "guess": targets,
        "rise": targets,
        "learn": targets,
        "forget": targets,
        "ability_target": targets,
        "expected_target": targets,
        "difficulty": items,
        "expected_item": items,
        "start_steps": levels - 1,
        "learn_steps": levels - 1,
        "recent_emit": terms,
        "recent_start": terms,
        "recent_learn": terms,
        "prior": nodes,
    }
    found = [
        f"{name} has shape {getattr(p, name).shape}, expected ({size},)"
        for name, size in sizes.items()
        if getattr(p, name).shape != (size,)
    ]
    if levels < 2:
        found.append("at least two levels are needed")
    found += [
        f"{each.name} is not finite"
        for each in fields(p)
        if isinstance(getattr(p, each.name), np.ndarray)
        and each.name != "expected_item"
        and not np.isfinite(getattr(p, each.name)).all()
    ]
    found += [
        f"the thresholds of scale {name!r} are not finite and increasing"
        for name, values in p.scales.items()
        if not (values.size and np.isfinite(values).all() and (np.diff(values) > 0.0).all())
    ]
    if (p.forget < 0.0).any() or (p.rise <= 0.0).any():
        found.append("forget must be at least 0 and rise above 0")
    if (np.diff(p.start_steps) < 0.0).any():
        found.append("start_steps must not decrease")
    if not 1 <= nodes <= LANES:
        found.append(f"there are {nodes} ability nodes, 1 to {LANES} are possible")
    if not 0.0 <= p.others <= 1.0:
        found.append("others must lie in [0, 1]")
    if p.parents and len(p.parents) != targets - 1:
        found.append("parents needs one list for each target")
    return found


def to_json(parameters: FullParameters) -> str:
    """Versioned JSON; NaN (an item without expectation) is written as null."""
    body: dict[str, Any] = {"format": FORMAT}
    for each in fields(parameters):
        value = getattr(parameters, each.name)
        if isinstance(value, np.ndarray):
            value = [None if np.isnan(v) else float(v) for v in value]
        body[each.name] = value
    body["scales"] = {name: found.tolist() for name, found in parameters.scales.items()}
    return json.dumps(body, allow_nan=False)


def from_json(text: str) -> FullParameters:
    """Inverse of :func:`to_json`; refuses unknown formats and unknown or missing fields."""
    body = json.loads(text)
    written = body.pop("format", None)
    if written == 1:
        body["scales"] = {}
    elif written != FORMAT:
        raise ValueError(f"not a full model of format {FORMAT}")
    names = {each.name for each in fields(FullParameters)}
    if set(body) != names:
        raise ValueError(f"fields differ: {sorted(set(body) ^ names)}")
    for name, value in body.items():
        if name in ("targets", "items"):
            body[name] = tuple(value)
        elif name == "parents":
            body[name] = tuple(tuple(row) for row in value)
        elif name == "scales":
            body[name] = {scale: np.array(found, np.float64) for scale, found in value.items()}
        elif isinstance(value, list):
            body[name] = np.array([np.nan if v is None else v for v in value], np.float64)
    return FullParameters(**body)
