"""What came of the trials: how often right, how soon, how much worth, for whom, how steady."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from experiments.alert_lists import LISTS
from experiments.alert_trials import Lived, Shown, Trial, fitted_on_others, in_time
from experiments.planted import SEVERITY, Planted

Progress = Callable[[int, int], None]
AHEAD = "ready_to_go_ahead"
"""The cause that these classes make easy: every figure is given without it, too."""


def simulate_alerts(
    classes: int, first: int = 0, progress: Progress = lambda _, __: None
) -> dict[str, Any]:
    """Live through `classes` classes with every kind of list; return what came of them."""
    told: dict[str, list[Lived]] = {which: [] for which in LISTS}
    found: dict[str, list[Lived]] = {which: [] for which in LISTS}
    unread: list[Lived] = []
    for seed in range(first, first + classes):
        model = fitted_on_others(seed)
        for which in LISTS:
            told[which].append(Trial(which, seed, model).live())
            found[which].append(Trial(which, seed, model, finds=True).live())
        unread.append(Trial("footpath", seed, model, answers=False).live())
        progress(seed + 1 - first, classes)
    ours = told["footpath"]
    return {
        "classes": classes,
        "first_seed": first,
        **_figures(ours),
        "worth": _worth(told),
        "worth_but_ready": _worth(told, AHEAD),
        "worth_if_understood_by_looking": _worth(found),
        "kept_if_nobody_answers": _mean(day for one in unread for day in one.kept),
        "by_cause": _by_cause(ours),
        "by_quartile": _by(ours, lambda one: one.quartiles, lambda each: each.quartile),
        "by_group": _by(ours, lambda one: one.groups, lambda each: each.group),
    }


def _figures(ours: Sequence[Lived]) -> dict[str, Any]:
    alerts = [each for one in ours for each in one.alerts]
    needs = [need for one in ours for need in one.known]
    others = [each for each in alerts if each.cause != AHEAD]
    plain = [need for need in needs if need.cause != AHEAD]
    return {
        "needs": len(needs),
        "alerts": len(alerts),
        "alerts_but_ready": len(others),
        "cause_right": _share(each.right for each in alerts),
        "cause_right_but_ready": _share(each.right for each in others),
        "right_of_all_named": _share(
            each.right for one in ours for each in one.shown if each.cause != AHEAD
        ),
        "surfaced_in_time": _share(map(in_time, needs)),
        "surfaced_in_time_but_ready": _share(map(in_time, plain)),
        "surfaced": _share(need.surfaced is not None for need in needs),
        "most_alerts_a_day": max(one.longest for one in ours),
    }


def _worth(lived: dict[str, list[Lived]], without: str = "") -> dict[str, float]:
    """Return what each kind of list is worth, as a share of the all-knowing one."""
    best = sum(one.utility(without) for one in lived["all_knowing"])
    return {
        which: sum(one.utility(without) for one in all_) / best for which, all_ in lived.items()
    }


def _by_cause(ours: Sequence[Lived]) -> list[dict[str, object]]:
    alerts = [each for one in ours for each in one.alerts]
    needs = [need for one in ours for need in one.known]
    number = Counter(each.cause for each in alerts)
    planted = Counter(need.cause for need in needs)
    return [
        {
            "cause": cause,
            "alerts": number[cause],
            "right": _share(each.right for each in alerts if each.cause == cause),
            "planted": planted[cause],
            "surfaced": _share(n.surfaced is not None for n in needs if n.cause == cause),
            "in_time": _share(in_time(need) for need in needs if need.cause == cause),
        }
        for cause in SEVERITY
    ]


def _by(
    ours: Sequence[Lived],
    kind_of: Callable[[Lived], Sequence[int]],
    kind: Callable[[Shown], int],
) -> list[dict[str, object]]:
    """Alert rate and precision by kind of student; at equal need: those with a planted one."""
    rows: list[dict[str, object]] = []
    for value in sorted({each for one in ours for each in kind_of(one)}):
        alerts = [a for one in ours for a in one.alerts if kind(a) == value and a.cause != AHEAD]
        students = sum(list(kind_of(one)).count(value) for one in ours)
        needs = [n for one in ours for n in _of_kind(one, kind_of(one), value) if n.cause != AHEAD]
        rows.append(
            {
                "value": value,
                "students": students,
                "alerts_a_student": len(alerts) / students,
                "right": _share(each.right for each in alerts),
                "planted": len(needs),
                "in_time_at_equal_need": _share(map(in_time, needs)),
            }
        )
    return rows


def _of_kind(one: Lived, kinds: Sequence[int], value: int) -> list[Planted]:
    return [need for need in one.known if kinds[need.student] == value]


def _share(which: Iterable[bool]) -> float | None:
    found = list(which)
    return sum(found) / len(found) if found else None


def _mean(which: Iterable[float]) -> float:
    return float(np.mean(list(which)))
