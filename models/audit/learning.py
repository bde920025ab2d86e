"""Whether earlier work on one target shows in later answers on another.

Each target has a logistic model of its answers that knows neither prerequisites nor other
targets one by one: ability by all other targets, tries and success on the target itself, and how
far the student's course has come. What that leaves unexplained is held against the earlier work
on the other target: a score test, whose terms are sums over students.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.audit.answers import Answers, Floats, Ints, Work, earlier_on
from models.log import Mask

PENALTY = 100.0
"""Inverse of the ridge penalty: weak, only to keep a separated target from running off."""
PRIOR_TRIES = 2.0
"""Tries at the average level that are added to a student's success on the other target."""


@dataclass(frozen=True)
class Unexplained:
    """What a target's own model leaves unexplained in each of its m answers.

    `design` float64[m, 6], `chance` float64[m], `left` float64[m] answer − chance.
    """

    design: Floats
    chance: Floats
    left: Floats


@dataclass(frozen=True)
class Effect:
    """How far earlier work shows, per student: mean over root mean square, about −1 to 1.

    `terms` float64[n] is by how much each of the n students moves it (they add up to 0).
    """

    size: float
    terms: Floats


def unexplained(answers: Answers, k: int) -> Unexplained:
    """Fit a target's own model and return what it leaves unexplained."""
    work = answers.work[k]
    design = _design(answers, k)
    if np.ptp(work.right) == 0:
        return Unexplained(design, work.right, np.zeros(len(work.right)))
    fit = LogisticRegression(C=PENALTY, solver="newton-cholesky").fit(design[:, 1:], work.right)
    chance = fit.predict_proba(design[:, 1:])[:, 1]
    return Unexplained(design, chance, work.right - chance)


def _design(answers: Answers, k: int) -> Floats:
    work = answers.work[k]
    ability = answers.ability(k)
    spread = ability[work.who].std() or 1.0
    able = ability[work.student] / spread
    tries = np.log1p(work.earlier)
    cumulated = np.cumsum(work.right) - work.right
    before = cumulated - np.repeat(cumulated[work.start], work.tries)
    success = (before + work.first.mean()) / (work.earlier + 1)
    course = (work.row - answers.begins[work.student]) / answers.rows[work.student]
    return np.stack([np.ones(len(able)), able, tries, success, able * tries, course], axis=1)


def effects(a: Work, b: Work, own: Unexplained) -> tuple[Effect, Effect]:
    """Return how far earlier work on a shows in the answers on b, of the n students seen on both.

    First by how much of it there was, then by how later answers on b go with success on a.
    `own` is what b's own model leaves unexplained.
    """
    both = np.isin(b.student, a.who)
    before, start = earlier_on(a, b)
    so_far = np.append(0.0, np.cumsum(a.right - a.right.mean()))
    success = (so_far[start + before] - so_far[start]) / (before + PRIOR_TRIES)
    many = np.log1p(before)
    leaning = success * np.log1p(b.earlier)
    return (
        _effect(many[both], own, both, b.student[both]),
        _effect(leaning[both], own, both, b.student[both]),
    )


def _effect(extra: Floats, own: Unexplained, rows: Mask, student: Ints) -> Effect:
    """Score test of one more term, clustered by student."""
    design, chance = own.design[rows], own.chance[rows]
    weight = chance * (1 - chance)
    weighted = design * weight[:, None]
    known, *_ = np.linalg.lstsq(weighted.T @ design, weighted.T @ extra, rcond=None)
    _, group = np.unique(student, return_inverse=True)
    terms = np.bincount(group, (extra - design @ known) * own.left[rows])
    return _standardised(terms.astype(np.float64))


def _standardised(terms: Floats) -> Effect:
    """Return mean ÷ root mean square, and each student's influence on it (delta method)."""
    count = len(terms)
    square = float((terms**2).mean()) if count else 0.0
    if square < 1e-18:
        return Effect(0.0, np.zeros(count))
    scaled = terms / square**0.5
    size = float(scaled.mean())
    return Effect(size, (scaled - size - size / 2 * (scaled**2 - 1)) / count)
