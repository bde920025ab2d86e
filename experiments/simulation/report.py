"""What a tournament found: costs at equal true mastery, and what our targets make of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments.simulation.tournament import Curve
from experiments.worlds.world import Floats, Ints

QUALITIES = (0.85, 0.875, 0.9)
"""Shares of all targets truly mastered at the end, at which costs are compared."""
DRAWS = 400
"""Bootstrap samples of students: intervals to about a tenth of their width."""
OURS, FIXED = "footpath", "fixed"
ROWS = ("n-in-a-row-3", "n-in-a-row-5")
BEYOND = ("oracle",)
"""Policies that know the truth: a bound, not a competitor."""
GRADUAL = ("gradual", "forgetful", "rushing", "additive")
"""Worlds in which learning is gradual."""
FEWER = 0.12
FEWER_THAN_FIXED, MOST_FALSE, MOST_GAP, WORSE = 0.33, 0.05, 0.12, 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """One policy in one world, at a matched `quality` or at its usual setting (`matched` false).

    `opportunities` a student · `low`, `high` their 95 % interval over students · `false_mastery`
    share of declared targets not truly mastered then · `true_mastery` share of all targets at the
    end, `gap` of it between highest and lowest ability quartile, `mastery_14d` two weeks later ·
    `over_practice` opportunities on what was mastered already · `under_practice` share of
    targets left before mastery · `against_fixed`, `against_row` relative cost, with intervals ·
    `quartiles` opportunities by ability, lowest first. `None`: never reached at any setting.
    """

    world: str
    policy: str
    matched: bool
    quality: float | None
    opportunities: float | None
    low: float | None
    high: float | None
    false_mastery: float | None
    true_mastery: float | None
    gap: float | None
    mastery_14d: float | None
    over_practice: float | None
    under_practice: float | None
    against_fixed: tuple[float, float, float] | None
    against_row: tuple[float, float, float] | None
    quartiles: tuple[float, ...] | None


def rows(curves: Sequence[Curve], seed: int = 0) -> list[Row]:
    """Return the rows of a tournament: matched ones first, then those at usual settings."""
    by_world: dict[str, dict[str, Curve]] = {}
    for curve in curves:
        by_world.setdefault(curve.world, {})[curve.policy] = curve
    found: list[Row] = []
    for world in by_world.values():
        weights = _weights(next(iter(world.values())).seed, np.random.default_rng(seed))
        for quality in QUALITIES:
            found += _matched(world, quality, weights)
    return [*found, *(_usual(c) for c in curves)]


def _weights(seed: Any, rng: np.random.Generator) -> Floats:
    """Weight of every student in each bootstrap sample, (DRAWS + 1, N); the first is the sample."""
    weights = np.ones((DRAWS + 1, len(seed)))
    for one in np.unique(seed):
        mine = np.flatnonzero(seed == one)
        drawn = rng.multinomial(len(mine), np.full(len(mine), 1 / len(mine)), DRAWS)
        weights[1:, mine] = drawn
    return weights / len(seed)


def _matched(world: Mapping[str, Curve], quality: float, weights: Floats) -> Iterator[Row]:
    cost = {name: _cost(curve, quality, weights) for name, curve in world.items()}
    rival = [cost[name] for name in ROWS if name in cost]
    row = None if not rival else np.fmin.reduce(rival)
    for name, curve in world.items():
        yield _row(curve, quality, cost[name], cost.get(FIXED), row)


def _cost(curve: Curve, quality: float, weights: Floats) -> Floats:
    """Cost at a quality in every bootstrap sample, (DRAWS + 1,)."""
    spent = weights @ curve.outcome.opportunities.T
    reached = weights @ curve.outcome.true_end.T
    return np.array([costs_at(s, q, quality) for s, q in zip(spent, reached, strict=True)])


def costs_at(spent: Floats, reached: Floats, quality: float) -> float:
    """Return where the curve of (quality, cost) meets a quality; NaN where it never does."""
    place = crossing(spent, reached, quality)
    return float("nan") if place is None else _between(spent[place[0]], place)


Crossing = tuple[Any, float]


def crossing(spent: Floats, reached: Floats, quality: float) -> Crossing | None:
    """Return the two settings of the frontier between which a quality is reached, and how far."""
    kept = frontier(spent, reached)
    at = int(np.searchsorted(reached[kept], quality))
    if at == len(kept):
        return None
    if at == 0:
        return kept[[0, 0]], 0.0
    low, high = reached[kept[at - 1]], reached[kept[at]]
    return kept[[at - 1, at]], float((quality - low) / (high - low))


def frontier(spent: Floats, reached: Floats) -> Ints:
    """Return the settings in order of cost; one that costs more and does no better is left out."""
    order = np.argsort(spent)
    best = np.maximum.accumulate(reached[order])
    return order[np.r_[True, np.diff(best) > 0]]


def _between(values: Floats, place: Crossing) -> float:
    return float(values[0] + place[1] * (values[1] - values[0]))


def _row(
    curve: Curve, quality: float, cost: Floats, fixed: Floats | None, row: Floats | None
) -> Row:
    place = crossing(curve.outcome.opportunities.mean(1), curve.outcome.true_end.mean(1), quality)
    if place is None:
        none: list[Any] = [None] * 12
        return Row(curve.world, curve.policy, True, quality, *none)
    at = {name: _between(values[place[0]], place) for name, values in _figures(curve).items()}
    by_quarter = _by_quarter(curve, curve.outcome.opportunities)
    return Row(
        curve.world, curve.policy, True, quality, float(cost[0]), *_interval(cost[1:]),
        **at, against_fixed=_ratio(cost, fixed), against_row=_ratio(cost, row),
        quartiles=tuple(_between(q[place[0]], place) for q in by_quarter),
    )  # fmt: skip


def _usual(curve: Curve) -> Row:
    at = {name: float(values[curve.usual]) for name, values in _figures(curve).items()}
    spent = curve.outcome.opportunities[curve.usual]
    by_quarter = _by_quarter(curve, curve.outcome.opportunities)
    error = 1.96 * float(spent.std() / len(spent) ** 0.5)
    mean = float(spent.mean())
    return Row(
        curve.world, curve.policy, False, None, mean, mean - error, mean + error, **at,
        against_fixed=None, against_row=None,
        quartiles=tuple(float(q[curve.usual]) for q in by_quarter),
    )  # fmt: skip


def _figures(curve: Curve) -> dict[str, Floats]:
    """Figures of a policy at each of its settings, arrays (settings,)."""
    o = curve.outcome
    true = _by_quarter(curve, o.true_end)
    return {
        "false_mastery": o.false_claims.sum(1) / np.maximum(o.claims.sum(1), 1),
        "true_mastery": o.true_end.mean(1),
        "gap": true[3] - true[0],
        "mastery_14d": o.true_later.mean(1),
        "over_practice": o.over.mean(1),
        "under_practice": o.under.mean(1),
    }


def _by_quarter(curve: Curve, values: Floats) -> Floats:
    """Mean of each ability quartile, (4, settings)."""
    return np.stack([values[:, curve.quarter == q].mean(axis=1) for q in range(4)])


def _ratio(cost: Floats, other: Floats | None) -> tuple[float, float, float] | None:
    if other is None or np.isnan(other[0]):
        return None
    change = cost / other - 1
    return float(change[0]), *_interval(change[1:])


def _interval(values: Floats) -> tuple[float, float]:
    if np.isnan(values).all():
        return float("nan"), float("nan")
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Claim:
    """One target of ours: its words, whether it holds, and the worst case."""

    words: str
    holds: bool
    worst: str
    value: float


def claims(found: Sequence[Row]) -> list[Claim]:
    """Hold our targets against the rows."""
    mine = [r for r in found if r.policy == OURS]
    matched, usual = [r for r in mine if r.matched], [r for r in mine if not r.matched]
    fixed = [(_value(r.against_fixed), _place(r)) for r in matched]
    row = [(_value(r.against_row), _place(r)) for r in matched]
    gradual = [(_value(r.against_row), _place(r)) for r in matched if r.world in GRADUAL]
    against = [(_against_peers(r, found), _place(r)) for r in matched]
    gap = [(r.gap, _place(r)) for r in matched]
    top = [(_top_quarter(r, found), _place(r)) for r in matched]
    judged = (
        ("33 % fewer opportunities than fixed practice", fixed, -FEWER_THAN_FIXED),
        ("12 % fewer than the best N in a row where learning is gradual", gradual, -FEWER),
        ("never more than 5 % worse than the best N in a row", row, WORSE),
        ("no peer's rule cheaper at equal true mastery", against, 0.0),
        ("false mastery at most .05", [(r.false_mastery, _place(r)) for r in usual], MOST_FALSE),
        ("ability gap at most .12", [(r.gap, _place(r)) for r in usual], MOST_GAP),
        ("ability gap at most .12 at equal true mastery", gap, MOST_GAP),
        ("no more practice for the top quartile than N in a row gives it", top, 0.0),
    )
    return [_claim(*each) for each in judged if each[1]]


def _against_peers(row: Row, found: Sequence[Row]) -> float | None:
    """Relative cost beside the cheapest peer that reaches this quality."""
    peers = [
        r.opportunities for r in found
        if r.matched and r.world == row.world and r.quality == row.quality
        and r.policy not in (OURS, *BEYOND) and r.opportunities is not None
    ]  # fmt: skip
    if row.opportunities is None:
        return None
    return row.opportunities / min(peers) - 1 if peers else -1.0


def _top_quarter(row: Row, found: Sequence[Row]) -> float | None:
    """Relative cost to the ablest quarter beside the cheapest N in a row at this quality."""
    rivals = [
        r.quartiles[-1] for r in found
        if r.matched and r.world == row.world and r.quality == row.quality
        and r.policy in ROWS and r.quartiles is not None
    ]  # fmt: skip
    if row.quartiles is None:
        return None
    return row.quartiles[-1] / min(rivals) - 1 if rivals else -1.0


def _value(ratio: tuple[float, float, float] | None) -> float | None:
    return None if ratio is None else ratio[0]


def _place(row: Row) -> str:
    return row.world if row.quality is None else f"{row.world} at {row.quality:g}"


def _claim(words: str, cases: Sequence[tuple[float | None, str]], most: float) -> Claim:
    """Let the worst case decide; what was never reached is worst of all."""
    value, place = max((np.inf if v is None else v, p) for v, p in cases)
    return Claim(words, bool(value <= most), place, float(value))


def as_answer(found: Sequence[Row], seeds: Sequence[int]) -> dict[str, Any]:
    """Return the report as plain values."""
    return {
        "rows": [asdict(r) for r in found if r.matched],
        "usual": [asdict(r) for r in found if not r.matched],
        "claims": [asdict(c) for c in claims(found)],
        "seeds": list(seeds),
    }
