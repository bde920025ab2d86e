"""The fit's vector of standardised parameters: value = centre + spread x, prior x ~ N(0, 1).

Targets are pooled: value_k = mean + spread x_k with the mean itself fitted, so a target without
data takes the mean.  A spread of zero switches a term off at its centre.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.full.arrays import Floats
from models.full.config import FullConfig
from models.full.parameters import FullParameters
from models.full.rubrics import SPACING, thresholds
from models.full.tables import quadrature

#: Parameters with one value per target around a fitted mean.
POOLED = ("start", "guess", "rise", "learn", "forget")
#: Centre and spread of each mean and of each general parameter.  Spreads are wide for what any
#: real data set settles and narrow (gate) for what should be "no effect" unless data insist.
GENERAL: dict[str, tuple[float, float]] = {
    "start_mean": (-0.3, 1.0),
    "guess_mean": (-0.6, 1.0),  # guess about .35, as in practice with hints
    "rise_mean": (0.8, 0.5),  # log: knowing adds 2.2 to the logit
    "learn_mean": (-2.0, 1.0),
    "forget_mean": (-3.0, 1.0),  # log: a gap of 20 answers loses 14 %
    "ability_start": (0.8, 0.5),
    "ability_learn": (0.3, 0.5),
    "ability_emit": (0.4, 0.5),  # at the lowest and the highest level
    "start_gaps": (0.0, 0.5),  # log of the distance between thresholds
    "learn_steps": (0.0, 0.5),
    "recent_emit": (0.0, 2.0),
    "recent_start": (0.0, 2.0),
    "recent_learn": (0.0, 2.0),
    "gate_start": (0.0, 0.5),
    "gate_learn": (0.0, 0.5),
    "scale_shift": (0.0, 1.0),  # of all thresholds of a rubric
    "scale_gaps": (float(np.log(SPACING)), 0.5),  # log of the distance between thresholds
}
#: A ladder climbs several steps to the top, so each step is more likely than BKT's single one.
LADDER_LEARN = -1.2


@dataclass(frozen=True, slots=True)
class Context:
    """What stays fixed during a fit: names, usual scores, prerequisites, settings.

    `scales` has the number of levels of each rubric.
    """

    targets: tuple[str, ...]
    items: tuple[str, ...]
    by_item: Floats
    by_target: Floats
    parents: tuple[tuple[int, ...], ...]
    config: FullConfig
    scales: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each block of the vector lies, its centre and its spread."""

    slices: dict[str, slice]
    centre: Floats
    spread: Floats

    def blocks(self, vector: Floats) -> dict[str, Floats]:
        """Named values of a standardised vector."""
        value = self.centre + self.spread * vector
        return {name: value[where] for name, where in self.slices.items()}


def _off(config: FullConfig, parents: bool) -> set[str]:
    """Blocks that these settings switch off."""
    off: set[str] = set()
    if not config.items:
        off.add("difficulty")
    if config.nodes == 1:
        off |= {"ability_start", "ability_learn", "ability_emit", "ability_target"}
    if not config.forgetting:
        off |= {"forget", "forget_mean"}
    if not parents:
        off |= {"gate_start", "gate_learn"}
    return off


def make_layout(context: Context) -> Layout:
    """Blocks for these targets, items and settings."""
    config, targets = context.config, len(context.targets)
    terms = len(config.today_rates) + len(config.local_rates)
    sizes = dict.fromkeys(GENERAL, 1)
    sizes |= {"ability_emit": 2, "start_gaps": config.levels - 2, "learn_steps": config.levels - 2}
    sizes |= dict.fromkeys(("recent_emit", "recent_start", "recent_learn"), terms)
    sizes |= {
        "scale_shift": len(context.scales),
        "scale_gaps": sum(levels - 2 for levels in context.scales.values()),
    }
    sizes |= dict.fromkeys(POOLED, targets)
    sizes |= {"ability_target": targets, "difficulty": len(context.items)}
    off = _off(config, bool(context.parents))
    slices, centres, spreads, end = {}, [], [], 0
    for name, size in sizes.items():
        slices[name] = slice(end, end + size)
        end += size
        centre, spread = GENERAL.get(name, (0.0, config.spreads.get(name, 0.0)))
        if name == "learn_mean" and config.levels > 2:
            centre = LADDER_LEARN
        centre, spread = config.beliefs.get(name, (centre, spread))
        centres.append(np.full(size, centre))
        spreads.append(np.full(size, 0.0 if name in off else spread))
    return Layout(slices, np.concatenate(centres), np.concatenate(spreads))


def pooled(blocks: dict[str, Floats], name: str) -> Floats:
    """Mean + deviations, with the mean itself last, (K + 1,)."""
    mean = blocks[f"{name}_mean"]
    return np.concatenate([mean + blocks[name], mean])


def scale_thresholds(blocks: dict[str, Floats], scales: Mapping[str, int]) -> dict[str, Floats]:
    """Thresholds of every rubric."""
    ends = np.cumsum([levels - 2 for levels in scales.values()])
    gaps = np.split(blocks["scale_gaps"], ends[:-1])
    shifts = blocks["scale_shift"]
    return {
        name: thresholds(float(shift), own)
        for name, shift, own in zip(scales, shifts, gaps, strict=False)
    }


def to_parameters(layout: Layout, context: Context, vector: Floats) -> FullParameters:
    """Readable parameters of a standardised vector."""
    b, config = layout.blocks(vector), context.config
    heights = np.linspace(0.0, 1.0, config.levels)
    low, high = b["ability_emit"]
    nodes, prior = quadrature(config.nodes)
    return FullParameters(
        targets=context.targets,
        items=context.items,
        start=pooled(b, "start"),
        start_steps=np.concatenate([[0.0], np.cumsum(np.exp(b["start_gaps"]))]),
        guess=pooled(b, "guess"),
        rise=np.exp(pooled(b, "rise")),
        learn=pooled(b, "learn"),
        learn_steps=np.concatenate([[0.0], b["learn_steps"]]),
        forget=np.exp(pooled(b, "forget")) * float(config.forgetting),
        ability_start=float(b["ability_start"][0]),
        ability_learn=float(b["ability_learn"][0]),
        ability_emit=low + (high - low) * heights,
        ability_target=np.append(b["ability_target"], 0.0),
        difficulty=np.append(b["difficulty"], 0.0),
        today_rate=np.array(config.today_rates),
        local_rate=np.array(config.local_rates),
        recent_emit=b["recent_emit"],
        recent_start=b["recent_start"],
        recent_learn=b["recent_learn"],
        expected_item=context.by_item,
        expected_target=context.by_target,
        gate_start=float(b["gate_start"][0]),
        gate_learn=float(b["gate_learn"][0]),
        parents=context.parents,
        nodes=nodes,
        prior=prior,
        others=config.others,
        scales=scale_thresholds(b, context.scales),
    )
