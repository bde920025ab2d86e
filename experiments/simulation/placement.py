"""How well a few probes place new students (`footpath simulate --placement`).

Others' fixed-course logs say how students start; each of a new class is then probed, one answer a
probe, and judged on targets that were *not* probed: is what is believed higher where the target is
truly mastered? Controls: general ability alone, probes at random, a graph with wrong edges, and no
probes at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np

from engine import Policy
from experiments.simulation.cells import Cell
from experiments.simulation.playing import curriculum_of
from experiments.simulation.school import SimulatedClass
from experiments.simulation.tournament import (
    Progress,
    each_cell,
    misdrawn,
)
from experiments.worlds.world import Floats, Mask
from models.measures import auc
from models.starts import Joint
from models.starts_fit import fit_starts

WRONG = 0.3
"""Share of edges that are wrong in the control with a wrong graph, unless asked for another."""
LOST = 0.03
"""What wrong edges may cost at most, as a share of the AUC."""
CLAIMED = 0.88
"""What the project promises: AUC for targets that were not probed, after 10 probes of 40."""


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One world: mean AUC over the seeds after the probes, by the way of placing.

    `graph` is Footpath's, its smallest and largest seed in `low` and `high`; `ability` leaves the
    graph out, `wrong_edges` has a share of its edges drawn anew, `random` asks at random, `none`
    asks nothing. `likely` and `right` are the share of targets not probed of which something is
    said, and how often that is true.
    """

    world: str
    graph: float
    low: float
    high: float
    ability: float
    wrong_edges: float
    random: float
    none: float
    likely: float
    right: float


def run_placement(
    worlds: Sequence[str], seeds: Sequence[int], students: int, probes: int, processes: int,
    progress: Progress, wrong: float = WRONG,
) -> list[PlacementRow]:  # fmt: skip
    """Place a class of every world and seed; `wrong` is the share of wrong edges of a control."""
    cells = [(world, seed) for world in worlds for seed in seeds]
    work = partial(_cell, students, probes, wrong)
    found: dict[str, list[Mapping[str, float]]] = {world: [] for world in worlds}
    for place, figures in enumerate(each_cell(work, cells, processes)):
        found[cells[place][0]].append(figures)
        progress(place + 1, len(cells))
    return [_row(world, each) for world, each in found.items()]


def as_answer(rows: Sequence[PlacementRow], seeds: Sequence[int], probes: int) -> dict[str, object]:
    """Return the rows and the claim as plain values."""
    worst = min(rows, key=lambda row: row.graph)
    mean = float(np.mean([row.graph for row in rows]))
    claim = {
        "words": f"AUC for targets not probed is at least {CLAIMED} after {probes} probes",
        "worst": worst.world, "value": worst.graph, "mean": mean, "holds": worst.graph >= CLAIMED,
    }  # fmt: skip
    misled = min(rows, key=lambda row: row.wrong_edges / row.graph)
    lost = misled.wrong_edges / misled.graph - 1
    firm = {
        "words": f"wrong edges cost at most {LOST:.0%} of the AUC",
        "worst": misled.world, "value": lost, "holds": lost >= -LOST,
    }  # fmt: skip
    return {"rows": [asdict(row) for row in rows], "seeds": list(seeds), "probes": probes,
            "claims": [claim, firm]}  # fmt: skip


def _row(world: str, each: Sequence[Mapping[str, float]]) -> PlacementRow:
    mean = {name: float(np.mean([figures[name] for figures in each])) for name in each[0]}
    found = [figures["graph"] for figures in each]
    return PlacementRow(world=world, low=min(found), high=max(found), **mean)


def _cell(students: int, probes: int, wrong: float, cell: tuple[str, int]) -> Mapping[str, float]:
    """Place one class in every way; each starts with the same students."""
    name, seed = cell
    school = Cell(name, seed)
    domain, log = school.domain, school.log
    drawn = misdrawn(domain, wrong, np.random.default_rng([seed, 7]))
    graphs = {"graph": (domain, True), "ability": (domain, False), "wrong_edges": (drawn, True)}
    found: dict[str, float] = {}
    for way, (given, use_graph) in graphs.items():
        graph = curriculum_of(given).graph
        joint = Joint(fit_starts(log, graph, use_graph), graph)
        new = school.new_class(students)
        truth = new.truth(np.zeros(students, dtype=np.int64))
        looks = _probed(joint, new, probes, None)
        found[way] = _auc(joint, looks, truth)
        if way == "graph":
            found |= _said(joint, looks, truth)
            at_random = _probed(joint, school.new_class(students), probes,
                                np.random.default_rng([seed, 3]))  # fmt: skip
            found["random"] = _auc(joint, at_random, truth)
            found["none"] = _auc(joint, np.full_like(looks, np.nan), truth)
    return found


def _probed(
    joint: Joint, new: SimulatedClass, probes: int, rng: np.random.Generator | None
) -> Floats:
    """Ask a class, one answer a probe; where there is an `rng`, at random."""
    looks, who = np.full((new.size, new.targets), np.nan), np.arange(new.size)
    for _ in range(min(probes, new.targets)):
        unseen = np.isnan(looks)
        worth = joint.worth(looks) if rng is None else rng.random(looks.shape)
        target = np.where(unseen, worth, -1.0).argmax(axis=1)
        _, right = new.practise(who, target, 0)
        looks[who, target] = right
    return looks


def _auc(joint: Joint, looks: Floats, truth: Mask) -> float:
    unseen = np.isnan(looks)
    return auc(truth[unseen], joint.belief(looks).shown[unseen])


def _said(joint: Joint, looks: Floats, truth: Mask) -> dict[str, float]:
    """Return how much is said of targets that were not probed, and how much of it is true."""
    shown, unseen, at = joint.belief(looks).shown, np.isnan(looks), Policy().likely_at
    said = unseen & ((shown >= at) | (shown <= 1 - at))
    agrees = (shown >= 0.5) == truth
    return {"likely": float(said.sum() / unseen.sum()), "right": float(agrees[said].mean())}
