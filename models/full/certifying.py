"""From which P(mastered) on a claim of mastery is borne out by what the student does next.

Of students the model was not fitted on, every answer after the first few on a target is a check
of the P(mastered) claimed just before it. A check is noisy: those who have it slip, those who
have not guess. With the model's chances t = P(right | mastered) and u = P(right | not mastered)
for this student, item and moment, and the claim P corrected by an offset d in log-odds,

    c = sigma(logit(P) + d),    P(right) = c t + (1 - c) u,

and d is the value under which the checks are likeliest: how far the model is sure too early.
Certification starts at the lowest bar whose first claims are false in no more than the share
allowed, by the corrected claims. The share that the checks alone suggest at each bar,

    false(bar) = sum(t - x) / sum(t - u)    over the first claims at this bar (x: 1 right, 0 wrong),

made non-increasing by isotonic regression, is reported beside it: unbiased, but far noisier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression, minimize_scalar

from models.full import online
from models.full.arrays import Floats, Integers
from models.full.student import FullState

BARS = np.round(np.arange(0.70, 0.991, 0.01), 2)
"""Bars tried. Below .70 nobody would call a claim a claim."""
ALLOWED = 0.04
"""Share of claims of mastery that may be false. One in a hundred less than is promised: whom
the checks come from practised otherwise than those who are then taught by the estimates."""
COUNTS = 0.5
"""Weight from which an answer is a check: what says less by itself, such as a self-rating, is no
proof against a claim."""
MIN_EVIDENCE = 3
"""Answers on a target before it may be claimed, as in the default policy."""
FEWEST = 200
"""Checked claims below which a share of one in twenty cannot be told from none."""


@dataclass(frozen=True, slots=True)
class Checks:
    """Checked moments of held-out students in reading order, arrays (n,).

    `pair` numbers (student, target); `claimed` is P(mastered) right after an answer, `right` the
    score of the next answer on the target, `if_mastered` and `if_not` its chance either way.
    """

    pair: Integers
    claimed: Floats
    right: Floats
    if_mastered: Floats
    if_not: Floats


@dataclass(frozen=True, slots=True)
class Claims:
    """The first claims at one bar: how many, and the share of false ones.

    `model_says` by P(mastered) as it stands, `corrected` by the corrected one, `checked` by the
    checks alone, with the standard error of a single bar.
    """

    bar: float
    claims: int
    model_says: float
    corrected: float
    checked: float
    error: float


@dataclass(frozen=True, slots=True)
class Certification:
    """The bar that checks bear out (`None`: too few checks), the offset, and every bar's claims."""

    bar: float | None
    offset: float
    checks: int
    table: tuple[Claims, ...]

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


def follow(
    model: online.Model, histories: Sequence[Sequence[online.Response]], first_pair: int = 0
) -> Checks:
    """Walk held-out students through their answers, oldest first, and note every check."""
    found: list[tuple[int, float, float, float, float]] = []
    pairs: dict[tuple[int, str], int] = {}
    for student, history in enumerate(histories):
        state = online.new_student(model)
        for response in history:
            for target in response.targets if response.weight >= COUNTS else ():
                past = state.targets.get(target)
                if past is not None and past.count >= MIN_EVIDENCE:
                    pair = pairs.setdefault((student, target), first_pair + len(pairs))
                    claimed = online.mastery(model, state, target)
                    chances = _either_way(model, state, target, response)
                    found.append((pair, claimed, response.score, *chances))
            state = online.observe(model, state, response)
    table = np.array(found, dtype=np.float64).reshape(-1, 5)
    return Checks(table[:, 0].astype(np.int64), *(table[:, i].copy() for i in range(1, 5)))


def join(parts: Sequence[Checks]) -> Checks:
    """Put the checks of several groups of students together; pairs are numbered anew."""
    pairs, last = [], 0
    for part in parts:
        pairs.append(part.pair + last)
        last += int(part.pair.max(initial=-1)) + 1
    rest = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("claimed", "right", "if_mastered", "if_not")
    )
    return Checks(np.concatenate(pairs), *rest)


def certify(checks: Checks, allowed: float = ALLOWED) -> Certification:
    """Return the lowest bar that the checks bear out; the highest tried when none is."""
    offset = overconfidence(checks) if len(checks.pair) else 0.0
    corrected = _shifted(checks.claimed, offset)
    rows = [row for bar in BARS if (row := _claims(checks, corrected, float(bar)))]
    table = tuple(_smoothed(rows))
    if not table or table[0].claims < FEWEST:
        return Certification(None, offset, len(checks.pair), table)
    borne_out = [row.bar for row in table if row.corrected <= allowed]
    bar = borne_out[0] if borne_out else float(BARS[-1])
    return Certification(bar, offset, len(checks.pair), table)


def overconfidence(checks: Checks) -> float:
    """Return the offset in log-odds, within ±3, under which the checks are likeliest."""

    def unlikely(offset: float) -> float:
        claim = _shifted(checks.claimed, offset)
        right = claim * checks.if_mastered + (1.0 - claim) * checks.if_not
        says = checks.right * np.log(right) + (1.0 - checks.right) * np.log1p(-right)
        return float(-says.sum()) + 0.5 * offset**2  # prior N(0, 1): without data no correction

    return float(minimize_scalar(unlikely, bounds=(-3.0, 3.0), method="bounded").x)


def _shifted(p: Floats, offset: float) -> Floats:
    inside = np.clip(p, 1e-9, 1.0 - 1e-9)
    moved: Floats = 1.0 / (1.0 + np.exp(-(np.log(inside) - np.log1p(-inside) + offset)))
    return moved


def _claims(checks: Checks, corrected: Floats, bar: float) -> Claims | None:
    """Look at the first claim of each pair at a bar."""
    reached = np.flatnonzero(checks.claimed >= bar)
    _, first = np.unique(checks.pair[reached], return_index=True)
    rows = reached[first]
    if len(rows) < 2:
        return None
    missing = checks.if_mastered[rows] - checks.right[rows]
    contrast = float(np.mean(checks.if_mastered[rows] - checks.if_not[rows]))
    return Claims(
        bar=bar,
        claims=len(rows),
        model_says=float(np.mean(1.0 - checks.claimed[rows])),
        corrected=float(np.mean(1.0 - corrected[rows])),
        checked=float(missing.mean()) / contrast,
        error=float(missing.std(ddof=1)) / len(rows) ** 0.5 / contrast,
    )


def _smoothed(rows: list[Claims]) -> Iterator[Claims]:
    """By the checks alone a higher bar cannot be worse: what says so is noise."""
    if rows:
        weights = [float(row.claims) for row in rows]
        fitted = isotonic_regression([r.checked for r in rows], weights=weights, increasing=False)
        for row, share in zip(rows, fitted.x, strict=True):
            yield replace(row, checked=float(share))


def _either_way(
    model: online.Model, state: FullState, target: str, response: online.Response
) -> tuple[float, float]:
    """Return the expected score of a response had its student mastered the target, and not."""
    asked = (target,), response.item, response.time, online.scale_of(model, response)
    return tuple(  # type: ignore[return-value]
        online.predict(model, _given(state, target, mastered), *asked) for mastered in (True, False)
    )


def _given(state: FullState, target: str, mastered: bool) -> FullState:
    """Return the state as it would be if the student had, or had not, mastered the target."""
    past = state.targets[target]
    weight = past.belief * state.ability
    if mastered:
        weight[:-1] = 0.0
    else:
        weight[-1] = 0.0
    ability = weight.sum(axis=0) / weight.sum()
    sums = np.maximum(weight.sum(axis=0), 1e-300)
    belief = np.where(weight.sum(axis=0) > 0, weight / sums, 1.0 / len(weight))
    return replace(
        state, ability=ability, targets={**state.targets, target: replace(past, belief=belief)}
    )
