"""All policies in all worlds, each over a range of its stopping parameter."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np

from experiments.simulation import peers
from experiments.simulation.cells import Cell
from experiments.simulation.ours import CERTIFIED, PRACTICES, Footpath
from experiments.simulation.playing import Fits, Outcome, Player, Setup, fits, play
from experiments.simulation.school import loaded, world_named
from experiments.worlds import Domain
from experiments.worlds.world import Ints
from graphs import InvalidInput

WORLDS = ("gradual", "forgetful", "sudden", "activation", "additive", "rushing")
SURE = (0.6, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of the tournament: how it is made, the settings it is tried at, its usual one."""

    make: Callable[[Setup, Fits, float], Player]
    settings: tuple[float, ...]
    usual: float


POLICIES: dict[str, Policy] = {
    "fixed": Policy(peers.Fixed, (2, 4, 6, 8, 10, 12, 14, 17, 20, 25, 30), 8),
    "n-in-a-row-3": Policy(peers.InARow, (1, 2, 3, 4, 5, 6, 8), 3),
    "n-in-a-row-5": Policy(peers.InARow, (1, 2, 3, 4, 5, 6, 8), 5),
    "canvas": Policy(peers.Canvas, (0.65, 0.75, 0.85, 0.9, 0.95, 0.98), 0.9),
    "slate": Policy(peers.Slate, (2, 3, 5, 7, 9, 12, 15), 5),
    "oatutor": Policy(peers.OaTutor, SURE, 0.95),
    "bkt-95": Policy(peers.Bkt, SURE, 0.95),
    "alosi": Policy(peers.Alosi, SURE, 0.95),
    "artemis": Policy(peers.Artemis, SURE, 0.95),
    "random-ready": Policy(peers.RandomReady, SURE, 0.95),
    "footpath": Policy(Footpath, tuple(map(float, range(len(PRACTICES)))), CERTIFIED),
    "oracle": Policy(peers.Oracle, (0.7, 0.85, 0.9, 1.0), 1.0),
}
"""The policies by the names that tables give them."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """What is to be simulated: seeds, students of each class, how much is wrong in the graph.

    `wrong_edges` is the share of edges that the recommender is given wrongly.
    """

    worlds: tuple[str, ...] = WORLDS
    seeds: tuple[int, ...] = (0, 1, 2)
    students: int = 200
    policies: tuple[str, ...] = tuple(POLICIES)
    wrong_edges: float = 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """What became of one policy in one world: arrays (settings, students of all seeds).

    `seed` and `quarter` (0 lowest ability) say of each student where it belongs.
    """

    world: str
    policy: str
    settings: tuple[float, ...]
    usual: int
    seed: Ints
    quarter: Ints
    outcome: Outcome


def chosen(names: str | None, more: Sequence[str]) -> tuple[str, ...]:
    """Return the policies that were asked for, all by default, and those given as module:Name.

    Raises `InvalidInput` for one that is not known or cannot be loaded.
    """
    wanted = [n.strip() for n in names.split(",")] if names else list(POLICIES)
    for name in (*wanted, *more):
        policy_named(name)
    return tuple(dict.fromkeys((*wanted, *more)))


def policy_named(name: str) -> Policy:
    """Return a policy by its name, or one of others as `module:Name`."""
    if name in POLICIES:
        return POLICIES[name]
    found = loaded("policy", name, POLICIES)
    if not isinstance(found, Policy):
        raise InvalidInput(f"the policy {name!r} is no experiments.simulation.tournament.Policy")
    return found


def run(plan: Plan, processes: int = 2, progress: Progress = lambda _, __: None) -> list[Curve]:
    """Simulate everything that a plan asks for, a world and seed at a time."""
    cells = [(world, seed) for world in plan.worlds for seed in plan.seeds]
    for world in plan.worlds:
        world_named(world)  # refused now rather than in a worker
    found: dict[tuple[str, int], Mapping[str, Curve]] = {}
    for place, cell in enumerate(each_cell(partial(_cell, plan), cells, processes)):
        found[cells[place]] = cell
        progress(place + 1, len(cells))
    return [
        _joined([found[world, seed][policy] for seed in plan.seeds])
        for world in plan.worlds
        for policy in plan.policies
    ]


def each_cell(work: Callable[[Any], Any], cells: Sequence[Any], processes: int) -> Iterable[Any]:
    """Do the work of every cell, in order, shared by processes."""
    if processes == 1 or len(cells) == 1:
        yield from map(work, cells)
        return
    # A fresh interpreter: a fork would share locks of threads that others started.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, cells)


def _cell(plan: Plan, cell: tuple[str, int]) -> Mapping[str, Curve]:
    """Run every policy on one world and seed."""
    name, seed = cell
    school = Cell(name, seed)
    domain, log = school.domain, school.log
    given = misdrawn(domain, plan.wrong_edges, np.random.default_rng([seed, 7]))
    fitted = fits(log)
    curves: dict[str, Curve] = {}
    for policy in plan.policies:
        twin = next((c for p, c in curves.items() if _same(p, policy)), None)
        if twin is not None:
            usual = policy_named(policy).settings.index(policy_named(policy).usual)
            curves[policy] = Curve(name, policy, twin.settings, usual, twin.seed, twin.quarter,
                                   twin.outcome)  # fmt: skip
            continue
        rows = []
        for setting in policy_named(policy).settings:
            world = school.new_class(plan.students)
            setup = Setup(given, plan.students, seed, log, world)
            rows.append(play(world, policy_named(policy).make(setup, fitted, setting)))
        quarter = np.argsort(np.argsort(world.ability)) * 4 // plan.students
        stacked = Outcome(*(np.stack([getattr(r, f.name) for r in rows]) for f in fields(Outcome)))
        usual = policy_named(policy).settings.index(policy_named(policy).usual)
        curves[policy] = Curve(name, policy, policy_named(policy).settings, usual,
                               np.full(plan.students, seed), quarter, stacked)  # fmt: skip
    return curves


def _same(one: str, other: str) -> bool:
    """Whether two policies are the same rule over the same settings."""
    a, b = policy_named(one), policy_named(other)
    return a.make is b.make and a.settings == b.settings


def misdrawn(domain: Domain, share: float, rng: np.random.Generator) -> Domain:
    """Return the domain with a share of its edges drawn from other targets of earlier layers."""
    rows: list[tuple[int, ...]] = []
    for k, before in enumerate(domain.prerequisites):
        earlier = [j for j in range(k) if domain.layer[j] < domain.layer[k]]
        row = []
        for p in before:
            others = [j for j in earlier if j not in before and j not in row]
            row.append(int(rng.choice(others)) if others and rng.random() < share else p)
        rows.append(tuple(sorted(row)))
    return Domain(tuple(rows), domain.layer)


def _joined(parts: Sequence[Curve]) -> Curve:
    first = parts[0]
    together = (
        np.concatenate([getattr(part.outcome, f.name) for part in parts], axis=1)
        for f in fields(Outcome)
    )
    return Curve(first.world, first.policy, first.settings, first.usual,
                 np.concatenate([p.seed for p in parts]),
                 np.concatenate([p.quarter for p in parts]), Outcome(*together))  # fmt: skip
