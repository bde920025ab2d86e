"""What the audit of a graph finds of what was planted: wrong edges in simulated schools.

Students learn under the true graph; the author's graph has edges the wrong way round, edges that
are no prerequisites, and lacks some. Worlds also come *level*: deeper targets are no harder to
start on, so that only the need for prerequisites tells orders apart.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import networkx as nx
import numpy as np
from sklearn.linear_model import LogisticRegression

from experiments.simulation.school import ITEMS, SimulatedClass, item_names, moments, world_named
from experiments.worlds import Domain, layered_domain
from experiments.worlds.world import A_DAY, Ints
from graphs import InvalidInput
from models.audit import PARTS, Audit, audit
from models.audit.answers import answers_of
from models.audit.direction import raw_parts
from models.audit.findings import wilson
from models.audit.learning import unexplained
from models.log import ResponseLog

WORLDS = ("gradual", "forgetful", "sudden", "activation", "rushing", "additive")
WITHOUT_NEED = ("additive",)
"""Worlds in which nothing is needed for anything: edges only say what is harder."""
Log = Literal["course", "drawn", "blocks", "shuffled", "test"]
LOGS: tuple[Log, ...] = ("course", "drawn", "blocks", "shuffled", "test")
"""What students did: a course with reviews in the true order, or in the order of the graph as
drawn; one target after the other in an order of their own; tasks in any order; a test."""
EACH, IN_A_TEST, REVIEW_EVERY = 8, 2, 5
"""Opportunities a target, the same in a test, and how often a course looks back."""
REVERSED, NEEDLESS, LACKING = 0.22, 0.1, 0.1
"""Shares of the edges that are planted as reversed, as no prerequisites at all, and left out."""
TUNED_ON = ("gradual", "sudden", "activation")
TUNING_SEEDS = tuple(range(100, 106))
"""Worlds and domains that the weights of the audit were fitted on; reports use others."""
STUDENTS = 300
COUNTS = (
    "reversed_planted", "reversed_found", "true_edges", "false_flags",
    "missing_planted", "missing_told", "missing_found",
)  # fmt: skip
NO_PENALTY = 1e6
"""Inverse penalty of the fit of four weights to thousands of edges."""
Progress = Callable[[int, int], None]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Drawn:
    """A graph as its author drew it: `edges` with what each is, and the true ones it lacks."""

    edges: Mapping[Pair, Literal["true", "reversed", "needless"]]
    lacking: tuple[Pair, ...]


@dataclass(frozen=True)
class Case:
    """One simulated school and one author."""

    world: str
    level: bool
    log: Log
    seed: int
    students: int = STUDENTS


@dataclass
class Score:
    """What the audit made of what was planted, summed over domains; `None` where none was.

    `reversed_found` of `reversed_planted` edges were flagged as reversed and `false_flags` of
    `true_edges` were. `verdicts` counts each verdict on each sort of edge. `missing_found` of
    `missing_planted` are among the `missing_told`.
    """

    world: str
    level: bool
    log: str
    reversed_planted: int = 0
    reversed_found: int = 0
    true_edges: int = 0
    false_flags: int = 0
    missing_planted: int = 0
    missing_told: int = 0
    missing_found: int = 0
    verdicts: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the world, and whether it is level."""
        return f"{self.world}, level" if self.level else self.world

    @property
    def recall(self) -> tuple[float, float, float]:
        """Share of reversed edges found, with its 95 % interval."""
        return share(self.reversed_found, self.reversed_planted)

    @property
    def false(self) -> tuple[float, float, float]:
        """Share of true edges flagged as reversed, with its 95 % interval."""
        return share(self.false_flags, self.true_edges)


def cases(
    worlds: Sequence[str],
    logs: Sequence[str],
    seeds: Sequence[int],
    students: int = STUDENTS,
    *,
    level: bool = True,
) -> list[Case]:
    """Return every case of some worlds, logs and seeds. Raises `InvalidInput` for unknown names."""
    for name in worlds:
        world_named(name)
    unknown = sorted(set(logs) - set(LOGS))
    if unknown:
        raise InvalidInput(f"no log {unknown[0]!r}: known are {', '.join(LOGS)}")
    return [
        Case(world, flat, kind, seed, students)
        for world in worlds
        for flat in ((False, True) if level else (False,))
        for kind in LOGS
        if kind in logs
        for seed in seeds
    ]


def by_world(scores: Sequence["Score"]) -> list["Score"]:
    """Sum the scores of all logs of each world."""
    found: dict[tuple[str, bool], Score] = {}
    for each in scores:
        total = found.setdefault((each.world, each.level), Score(each.world, each.level, "all"))
        for name in COUNTS:
            setattr(total, name, getattr(total, name) + getattr(each, name))
        for sort, counts in each.verdicts.items():
            total.verdicts[sort] = dict(Counter(total.verdicts.get(sort, {})) + Counter(counts))
    return list(found.values())


def share(found: int, of: int) -> tuple[float, float, float]:
    """Return a share and its 95 % interval (Wilson)."""
    return (found / of, *wilson(found, of)) if of else (0.0, 0.0, 1.0)


def drawn(domain: Domain, rng: np.random.Generator) -> Drawn:
    """Draw a graph with planted faults; it never runs in a circle."""
    true = nx.DiGraph([(p, k) for k, row in enumerate(domain.prerequisites) for p in row])
    true.add_nodes_from(range(len(domain)))
    graph = true.copy()
    edges = [(int(a), int(b)) for a, b in rng.permutation(list(true.edges))]
    turned = list(_turned(graph, edges, round(REVERSED * len(edges))))
    straight = [edge for edge in reversed(edges) if graph.has_edge(*edge)]
    lacking = tuple(straight[: round(LACKING * len(edges))])
    graph.remove_edges_from(lacking)
    needless = list(_needless(graph, true, round(NEEDLESS * len(edges)), rng))
    sorts: dict[Pair, Literal["true", "reversed", "needless"]] = dict.fromkeys(graph.edges, "true")
    sorts.update(dict.fromkeys(turned, "reversed"))
    sorts.update(dict.fromkeys(needless, "needless"))
    return Drawn(sorts, lacking)


def _turned(graph: nx.DiGraph, edges: Sequence[Pair], most: int) -> Iterator[Pair]:
    """Turn edges round, and yield them as they now are."""
    count = 0
    for a, b in edges:
        graph.remove_edge(a, b)
        turn = count < most and not nx.has_path(graph, a, b)
        graph.add_edge(*((b, a) if turn else (a, b)))
        count += turn
        if turn:
            yield b, a


def _needless(
    graph: nx.DiGraph, true: nx.DiGraph, most: int, rng: np.random.Generator
) -> Iterator[Pair]:
    """Add edges between targets neither of which needs the other, and yield them."""
    pairs = [(a, b) for a in true for b in true if a < b]
    free = [(a, b) for a, b in pairs if not (nx.has_path(true, a, b) or nx.has_path(true, b, a))]
    count = 0
    for a, b in (free[i] for i in rng.permutation(len(free))):
        if count < most and not nx.has_path(graph, b, a) and not graph.has_edge(a, b):
            graph.add_edge(a, b)
            count += 1
            yield a, b


def simulated(case: Case) -> tuple[Domain, Drawn, ResponseLog]:
    """Let a class learn, and an author draw the graph."""
    domain = layered_domain(np.random.default_rng(case.seed))
    graph = drawn(domain, np.random.default_rng([case.seed, 24]))
    taught = Domain(domain.prerequisites, (0,) * len(domain)) if case.level else domain
    rng = np.random.default_rng([case.seed, 25])
    world = world_named(case.world)(taught, case.students, case.seed, rng)
    school = SimulatedClass(world, case.students, len(domain))
    plan = _plan(case, domain, graph, np.random.default_rng([case.seed, 26]))
    return domain, graph, _log(school, domain, plan, case.log == "test")


def _plan(case: Case, domain: Domain, graph: Drawn, rng: np.random.Generator) -> Ints:
    """Return the target of every opportunity of every student, (students, opportunities)."""
    targets, size = len(domain), case.students
    if case.log in {"course", "drawn"}:
        edges = nx.DiGraph(list(graph.edges))
        edges.add_nodes_from(range(targets))
        order = np.arange(targets) if case.log == "course" else np.array(
            list(nx.lexicographical_topological_sort(edges)))  # fmt: skip
        return np.stack(list(_course(order, size, rng)), axis=1)
    if case.log == "blocks":
        return np.stack([np.repeat(rng.permutation(targets), EACH) for _ in range(size)])
    each = IN_A_TEST if case.log == "test" else EACH
    tasks = np.repeat(np.arange(targets), each)
    return np.stack([rng.permutation(tasks) for _ in range(size)])


def _course(order: Ints, size: int, rng: np.random.Generator) -> Iterator[Ints]:
    number = 0
    for place, target in enumerate(order):
        for _ in range(EACH):
            yield np.full(size, target)
            number += 1
            if place > 2 and number % REVIEW_EVERY == 0:
                yield order[rng.integers(0, place - 1, size)]
                number += 1


def _log(school: SimulatedClass, domain: Domain, plan: Ints, at_once: bool) -> ResponseLog:
    who = np.arange(school.size)
    rows = []
    for number in range(plan.shape[1]):
        item, right = school.practise(who, plan[:, number], 0 if at_once else number // A_DAY)
        rows.append((plan[:, number] * ITEMS + item, right))
    item, right = (np.stack(each, axis=1).ravel() for each in zip(*rows, strict=True))
    return ResponseLog(
        students=tuple(f"s{s:04d}" for s in who),
        items=item_names(domain),
        targets=domain.targets,
        student=np.repeat(who, plan.shape[1]),
        item=item,
        score=right.astype(np.float64),
        weight=np.ones(plan.size),
        time=np.tile(moments(np.arange(plan.shape[1])), school.size),
        offset=np.arange(plan.size + 1),
        target=plan.ravel(),
    )


def score(cases: Sequence[Case], progress: Progress = lambda _, __: None) -> list[Score]:
    """Audit every case, and sum over the domains of each world and log."""
    found: dict[tuple[str, bool, str], Score] = {}
    for done, case in enumerate(cases):
        key = (case.world, case.level, case.log)
        domain, graph, log = simulated(case)
        names = domain.targets
        result = audit([(names[a], names[b]) for a, b in graph.edges], log)
        _add(found.setdefault(key, Score(*key)), graph, result, names)
        progress(done + 1, len(cases))
    return list(found.values())


def _add(total: Score, graph: Drawn, result: Audit, names: Sequence[str]) -> None:
    for sort, each in zip(graph.edges.values(), result.findings, strict=True):
        counts = Counter(total.verdicts.setdefault(sort, {}))
        counts[each.verdict] += 1
        total.verdicts[sort] = dict(counts)
        flagged = each.verdict == "reversed"
        total.reversed_planted += sort == "reversed"
        total.reversed_found += sort == "reversed" and flagged
        total.true_edges += sort == "true"
        total.false_flags += sort == "true" and flagged
    lacking = {frozenset((names[a], names[b])) for a, b in graph.lacking}
    told = [frozenset((each.prerequisite, each.target)) for each in result.missing]
    total.missing_planted += len(lacking)
    total.missing_told += len(told)
    total.missing_found += sum(pair in lacking for pair in told)


def tuned(progress: Progress = lambda _, __: None) -> dict[str, float]:
    """Fit the weights of the audit's parts: log-odds that an edge is reversed, no intercept.

    Each true and each reversed edge of the tuning cases counts in both directions, so that
    turning an edge round changes the sign of its score and nothing else.
    """
    cases = [Case(world, level, log, seed) for world in TUNED_ON for level in (False, True)
             for log in LOGS for seed in TUNING_SEEDS]  # fmt: skip
    rows, turned = [], []
    for done, case in enumerate(cases):
        _, graph, log = simulated(case)
        answers = answers_of(log)
        own = {k: unexplained(answers, k) for k in range(len(answers.targets))}
        for (a, b), sort in graph.edges.items():
            if sort != "needless":
                sizes, _ = raw_parts(answers, a, b, own)
                rows.append([sizes[name] for name in PARTS])
                turned.append(sort == "reversed")
        progress(done + 1, len(cases))
    parts, sign = np.array(rows), np.array(turned)
    fit = LogisticRegression(C=NO_PENALTY, fit_intercept=False)
    fit.fit(np.concatenate([parts, -parts]), np.concatenate([sign, ~sign]))
    return {name: float(weight) for name, weight in zip(PARTS, fit.coef_[0], strict=True)}
