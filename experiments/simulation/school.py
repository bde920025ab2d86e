"""A simulated class, whatever its world: asked as arrays, checked for what it promises."""

from collections.abc import Collection
from importlib import import_module
from typing import Any

import numpy as np

from experiments.worlds import Domain, World
from experiments.worlds.world import A_DAY, FIRST_DAY, MINUTES, Floats, Ints, Mask
from graphs import InvalidInput
from models.log import ResponseLog

ITEMS = 8
"""Items of a target that policies tell apart; a world with more has them folded into these."""
EACH, REVIEW_EVERY = 8, 5
"""Opportunities of a fixed course on each target; every fifth is followed by a look back."""
START = FIRST_DAY.timestamp()
DAY = 86_400.0


class SimulatedClass:
    """Some students of a world, practising side by side."""

    def __init__(self, world: World, size: int, targets: int) -> None:
        self.world, self.size, self.targets = world, size, targets
        self.arrays = bool(getattr(world, "vectorised", False))
        self.ability = self._ability()

    def practise(self, student: Ints, target: Ints, day: int) -> tuple[Ints, Mask]:
        """Let each of these students do one task; return items and whether right, (n,)."""
        if self.arrays:
            item, right = self.world.practise(student, target, day)
        else:
            pairs = zip(student.tolist(), target.tolist(), strict=True)
            answers = [self.world.practise(s, t, day) for s, t in pairs]
            item, right = zip(*answers, strict=True) if answers else ((), ())
        return np.asarray(item, dtype=np.int64) % ITEMS, np.asarray(right).astype(np.bool_)

    def mastered(self, student: Ints, target: Ints, day: Ints) -> Mask:
        """Say of each (student, target, day) whether it is truly mastered, (n,)."""
        if self.arrays:
            return np.asarray(self.world.mastered(student, target, day)).astype(np.bool_)
        asked = zip(student.tolist(), target.tolist(), day.tolist(), strict=True)
        return np.array([bool(self.world.mastered(*each)) for each in asked], dtype=np.bool_)

    def truth(self, day: Ints) -> Mask:
        """Say what each student truly masters on a day of their own, bool[S, T]."""
        student = np.repeat(np.arange(self.size), self.targets)
        target = np.tile(np.arange(self.targets), self.size)
        found = self.mastered(student, target, np.repeat(day, self.targets))
        return found.reshape(self.size, self.targets)

    def _ability(self) -> Floats:
        """Ability as the world tells it, else by what is mastered at the start."""
        told = getattr(self.world, "ability", None)
        if told is not None and len(told) == self.size:
            return np.asarray(told, dtype=np.float64)
        known: Floats = self.truth(np.zeros(self.size, dtype=np.int64)).mean(axis=1)
        return known


def moments(number: Ints) -> Floats:
    """When the opportunities of these numbers take place, in seconds."""
    number = np.asarray(number)
    found: Floats = START + (number // A_DAY) * DAY + (number % A_DAY) * MINUTES * 60.0
    return found


def item_names(domain: Domain) -> tuple[str, ...]:
    """Names of the items, numbered target by target."""
    return tuple(f"{target}-{i}" for target in domain.targets for i in range(ITEMS))


def course_log(world: SimulatedClass, domain: Domain, rng: np.random.Generator) -> ResponseLog:
    """Send a class through all targets in order and return what they answered."""
    plan = _plan(len(domain))
    who = np.arange(world.size)
    rows = []
    for number, place in enumerate(plan):
        earlier = rng.integers(0, max(abs(place), 1), world.size)
        target = earlier if place < 0 else np.full(world.size, place)
        item, right = world.practise(who, target, number // A_DAY)
        rows.append((target, target * ITEMS + item, right))
    columns = (np.stack(each, axis=1).ravel() for each in zip(*rows, strict=True))
    target, item, right = columns
    count = len(target)
    return ResponseLog(
        students=tuple(f"s{s:04d}" for s in who),
        items=item_names(domain),
        targets=domain.targets,
        student=np.repeat(who, len(plan)),
        item=item,
        score=right.astype(np.float64),
        weight=np.ones(count),
        time=np.tile(moments(np.arange(len(plan))), world.size),
        offset=np.arange(count + 1),
        target=target,
    )


def _plan(targets: int) -> list[int]:
    """Return the target of each opportunity; −k is a review of one of the first k."""
    plan: list[int] = []
    for target in range(targets):
        for _ in range(EACH):
            plan.append(target)
            if target > 2 and len(plan) % REVIEW_EVERY == 0:
                plan.append(1 - target)
    return plan


def world_named(name: str) -> Any:
    """Return the class of a world: one of ours by its name, any other as `module:Name`.

    Raises `InvalidInput` when there is none or it lacks a verb.
    """
    from experiments import worlds  # noqa: PLC0415 - the list is there

    ours = {getattr(worlds, each).name: getattr(worlds, each) for each in worlds.__all__
            if each.endswith("World") and each not in {"World", "OpenWorld"}}  # fmt: skip
    if name in ours:
        return ours[name]
    found = loaded("world", name, ours)
    verbs = ("practise", "mastered")
    lacking = [verb for verb in verbs if not callable(getattr(found, verb, None))]
    if lacking:
        raise InvalidInput(f"the world {name!r} has no {' and no '.join(lacking)}")
    return found


def loaded(what: str, name: str, known: Collection[str]) -> Any:
    """Return what `module:Name` names; raises `InvalidInput` when there is none."""
    module, _, attribute = name.partition(":")
    if not attribute:
        names = ", ".join(sorted(known))
        raise InvalidInput(f"no {what} {name!r}: known are {names}; others are module:Name")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise InvalidInput(f"the {what} {name!r} cannot be loaded: {error}") from error
