"""Which rules clash: the smallest set that cannot be kept, and what to give up.

A set of rules is kept when a division exists. The smallest set that cannot be is found by
implicit hitting sets (Ignatiev, Previti, Liffiton & Marques-Silva 2015): every set of rules
whose dropping helps must share a rule with it; the smallest set that shares one with all of
those known is tried, and either clashes or, grown as far as it can be kept, yields another.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

from engine.groups.rules import Clause, ClauseKind
from graphs import Fault, FootpathError

C = TypeVar("C")


class Clash(FootpathError):
    """Rules that no division can keep, though each makes sense; never for a malformed rule.

    `clauses` is the smallest set of rules that clash with one another and with who is there;
    dropping any one of `relax` makes a division possible (empty: more than one must go).
    """

    def __init__(self, clauses: Sequence[Clause], relax: Sequence[Clause]) -> None:
        self.clauses = tuple(clauses)
        self.relax = tuple(relax)
        super().__init__(self.told({}))

    def told(self, names: Mapping[str, str]) -> str:
        """Say which rules clash and what to give up, with `names` for the students' ids."""
        named = "; ".join(_name(clause, names) for clause in self.clauses)
        helps = " or ".join(_name(clause, names) for clause in self.relax)
        advice = f"give up {helps}" if helps else "more than one rule must go"
        return f"these rules cannot all be kept: {named}; {advice}"

    @property
    def faults(self) -> tuple[Fault, ...]:
        """One fault for each rule that clashes, by the field in which it is asked."""
        alone = "; without it the others can be kept"
        return tuple(
            Fault(f"cannot be kept with the others{alone * (c in self.relax)}", field=c.field)
            for c in self.clauses
        )


def smallest_clash(
    items: Sequence[C], possible: Callable[[Sequence[C]], bool]
) -> tuple[tuple[C, ...], tuple[C, ...]]:
    """Return (the smallest clashing set, the items of it that alone set everything right).

    `possible` says whether a set of items can be kept together; more items are never easier.
    All of them together must not be possible.
    """
    everything = frozenset(range(len(items)))

    def kept(chosen: frozenset[int]) -> bool:
        return possible([items[i] for i in sorted(chosen)])

    corrections: list[frozenset[int]] = []
    while kept(chosen := _hitting_set(everything, corrections)):
        corrections.append(everything - _grown(chosen, sorted(everything - chosen), kept))
    alone = [i for i in sorted(chosen) if kept(everything - {i})]
    return tuple(items[i] for i in sorted(chosen)), tuple(items[i] for i in alone)


def _grown(
    chosen: frozenset[int], rest: Sequence[int], kept: Callable[[frozenset[int]], bool]
) -> frozenset[int]:
    """Add what can be kept besides, by halves: mostly nearly all of it can."""
    if not rest or kept(chosen.union(rest)):
        return chosen.union(rest)
    if len(rest) == 1:
        return chosen
    half = len(rest) // 2
    return _grown(_grown(chosen, rest[:half], kept), rest[half:], kept)


def _hitting_set(everything: frozenset[int], sets: Sequence[frozenset[int]]) -> frozenset[int]:
    """Return the smallest set that meets every given one; the first of several by order."""
    useful = sorted(frozenset().union(*sets))
    for size in range(len(useful) + 1):
        for chosen in combinations(useful, size):
            if all(each.intersection(chosen) for each in sets):
                return frozenset(chosen)
    return everything  # an empty set among them: nothing meets it


_WORDS: Mapping[ClauseKind, str] = {
    "size": "the sizes of groups",
    "groups": "the number of groups",
    "adults": "the number of adults",
    "low_cap": "the largest share of the lowest third",
    "everyone": "nobody left out",
    "apart": "apart",
    "together": "together",
    "lock": "held in a group",
}


def _name(clause: Clause, names: Mapping[str, str]) -> str:
    students = ", ".join(names.get(student, student) for student in clause.students)
    return f"{_WORDS[clause.kind]} ({students})" if students else _WORDS[clause.kind]
