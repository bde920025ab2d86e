"""Findings as questions to the author of a curriculum, with their counts."""

from models.audit.findings import FLOOR, Finding, wilson


def question(found: Finding) -> str:
    """Return a finding as a question; for edges that fit, or are unclear, as a statement."""
    ask = {
        "reversed": _reversed,
        "contradicted": _contradicted,
        "unsupported": _unsupported,
        "fits": _fits,
        "unclear": _unclear,
        "too_little": _too_little,
    }
    return ask[found.verdict](found)


def missing_question(found: Finding) -> str:
    """Return a pair that the graph does not join as a question."""
    a, b = found.prerequisite, found.target
    asked = f"Does {a} come before {b}?" if found.verdict == "fits" else "Does one need the other?"
    return (
        f"No path joins {a} and {b}, yet the work of {found.counts.students} students on them goes "
        f"together beyond ability (correlation {_support(found)}). {asked}"
    )


def _reversed(found: Finding) -> str:
    return f"{_counts(found)}{_also(found)}. Does {found.target} perhaps come before " \
           f"{found.prerequisite}?"  # fmt: skip


def _contradicted(found: Finding) -> str:
    a, b, seen = found.prerequisite, found.target, found.without
    assert seen is not None
    low, high = wilson(seen.lacking, seen.able)
    return (
        f"Of {seen.able} students right on {b} at the first try, {seen.lacking} "
        f"({_share(seen.share)}, {_share(low)}–{_share(high)}) had just been wrong on {a}; guesses "
        f"and slips explain about {_share(seen.expected)}. Can {b} be done without {a}?"
    )


def _unsupported(found: Finding) -> str:
    a, b = found.prerequisite, found.target
    return (
        f"Among {found.counts.students} students seen on both, how {a} went says little about {b} "
        f"once ability is allowed for (correlation {_support(found)}). Does {b} need {a}?"
    )


def _fits(found: Finding) -> str:
    return f"{_counts(found)}: as the edge says."


def _unclear(found: Finding) -> str:
    return f"{_counts(found)}: the answers speak for neither order."


def _too_little(found: Finding) -> str:
    a, b = found.prerequisite, found.target
    return f"{found.counts.students} students were seen on both {a} and {b}, {FLOOR} are needed: " \
           "not enough evidence."  # fmt: skip


def _counts(found: Finding) -> str:
    n = found.counts
    return (
        f"Of {n.students} students seen on both, {n.only_target} ({_share(n.share)}, "
        f"{_share(n.low)}–{_share(n.high)}) got {found.target} right and {found.prerequisite} "
        f"wrong at the first try, {n.only_prerequisite} the other way round"
    )


def _also(found: Finding) -> str:
    """Name what else speaks against the order where it says more than the first answers."""
    assert found.direction is not None
    a, b, parts = found.prerequisite, found.target, found.direction.parts
    learnt = {
        "practice": f"practice of {b} shows in later answers on {a}, more than the reverse",
        "leaning": f"later answers on {a} go with how {b} went before, more than the reverse",
    }
    most = max(learnt, key=lambda name: parts[name])
    if parts[most] > max(parts["first"], 0):
        return f"; {learnt[most]}"
    return f"; over all answers {b} is the easier" if parts["ease"] > 0 >= parts["first"] else ""


def _support(found: Finding) -> str:
    seen = found.support
    assert seen is not None
    return f"{_signed(seen.correlation)}, {_signed(seen.low)} to {_signed(seen.high)}"


def _share(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def _signed(value: float) -> str:
    """Two digits without the leading 0, a true minus, and no −.00."""
    text = _share(abs(value))
    return f"−{text}" if value < 0 and text != ".00" else text
