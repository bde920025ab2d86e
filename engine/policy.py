"""Every threshold and weight of the recommender, as one validated, versioned value.

A school changes its rules by changing this value, never code; two screens cannot apply a
rule differently because both read it from here.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

from graphs import Fault, InvalidInput
from graphs.curriculum import content_version

FORMAT = "footpath.policy/1"
RETIRED = frozenset({"in_a_row"})
"""Rules that documents of earlier versions may still hold, and that say nothing any more."""
OPTIONAL = frozenset({"mastered_at", "mastered_chance", "enough_at"})
"""Rules that may be left open, with `None`."""


@dataclass(frozen=True)
class Policy:
    """The rules in force. Raises `InvalidInput` listing every broken rule.

    *Mastery.* `mastered_at`: P(mastered) from which a target counts as mastered (`None`: the
    bar that later checks bore out for the model in force, .95 where that was never measured).
    `mastered_chance`: share of usual tasks that mastery means to get right (.85, where the success
    band ends; mastery schools ask for .80 to .90). On a target whose highest level succeeds less
    often, by all that was seen there, the model alone calls nobody mastered: `enough_in_a_row`
    right pieces are asked for as well (`None`: nowhere).
    `near_at`: from where it is near (.70). `min_evidence`: a target with fewer pieces in force
    is *not enough evidence*, whatever the estimate (3); where the curriculum states its own
    evidence requirements, these hold instead.

    *Readiness.* A prerequisite is met when it is mastered, or when P(mastered) is at least
    `ready_at` (.70: a wrong hold-back costs more than a repeat) and it has at least
    `ready_evidence` pieces (1: what nobody has seen is never taken for granted), or when
    nobody has seen it but the student has mastered something that builds on it.

    *Practice.* `enough_at`: chance of success on a usual task from which a target is no longer
    practised (`None`: until it is mastered); a school short of time may stop at less than it would
    certify.
    `enough_in_a_row` right pieces after which more of the same teaches little, whatever the
    model says (7): the model may be wrong about a student, and what is left to be certified is
    better asked another time. `a_session` pieces in one session after which a target rests
    until another day (2: what is spread over days lasts, Cepeda et
    al. 2006); so it does after `stuck_after` (below) in all without mastery. The first `at_once`
    targets that are still to be worked on in the curriculum's order (4), and as many more as it
    takes for two of them to be ready, come before anything later: when all of them rest, the one
    worked on least comes first again. Where an adult let a
    prerequisite go, a target is left after `help_after` pieces (30) with a chance of success below
    the band: the gap shows.

    *Choices.* `choices` options a student sees (2 to 4). `band_low`, `band_high`: chance of
    success that is neither dull nor hopeless (.60 to .85); outside it the score falls
    linearly to `band_floor` over `band_slope`. Weights of the score's terms, each ≥ 0:
    `w_gain` expected gain in mastery, `w_opens` gain on targets this opens, `w_goal` on the
    way to the student's goal, `w_information` what an answer would tell us, `w_review` what
    has faded since it was shown, `w_gap` what is not mastered under a target the student is
    stuck on (0: it is one of the choices, but going back first gained nothing in simulated
    schools), `w_interest` a match with the student's interests, `w_asked` an answer to what the
    student said of options declined of late, `w_order` what comes first in the curriculum's order
    (of the way to a goal, where there is one). A declined option rests for `decline_days` (7).

    *Review.* What was mastered is due again after `review_first_days` (3); each later right answer
    lets the interval grow, up to `review_grow`-fold (2.2) when all of it had passed, a wrong one
    shrinks it to `review_shrink` (.4) of itself. A right answer on a target that encompasses it
    takes `review_credit` (.5) of the time that passed off the clock. At most one in
    `review_every` (3) tasks is a review while anything else is open; `w_encompassed` favours tasks
    that practise due targets in passing.

    *Placement.* A new student is asked about at most `placement_probes` targets (10), fewer when
    no answer would settle more than `placement_least` targets (.1). A target is *likely shown*
    from a probability of `likely_at` (.75), *likely not yet* up to 1 − `likely_at`. `w_placement`
    weighs what a probe would settle, and the chance that a quick check shows a target.

    *Groups.* `group_min`, `group_max` students (3 to 6; a coach has 1 to 3 others);
    `group_days` until a group ends. What a place in a group is worth by its purpose, each
    ≥ 0: `w_reteach`, `w_missing` (a gap that holds later work back counts more), `w_coaching`,
    `w_extension`, and `w_shared` on top for a shared interest or goal. `w_left_out` is what
    being in no group costs, `w_repeat` meeting someone met last time; meetings fade by half
    in `repeat_days` (14). The `low_share` of a class with the lowest estimates (a third) may
    make up at most `low_cap` (.6) of any group. `group_seconds` of a processor are spent on the
    best division (2).

    *Help instead of practice.* An estimate short of mastery is settled when one more answer
    moves P(mastered) by less than `settled_within` (.01) with probability `settled_surely`
    (.95, as Käser et al. 2016): then it is time for help.

    *Interventions.* `stuck_after` opportunities without mastery or three in a row (10, Beck
    & Gong 2013); `spin_risk` at which wheel-spinning is told ahead (.75: then
    five in six do spin); `inactive_days`
    without any evidence, at least (8: more than five school days), and more than is usual of
    the student; `marking_days` that work may wait for its mark (4); `alerts_per_day` a class
    (5); `cool_down_days` after an answer before the same is proposed again (7), and only on new
    evidence; `look_every_days` within which everyone is looked at (21); `intervention_days`
    until a proposal expires (14); `hold_out` the share of proposals that are not shown, by
    lot, so that the effect of those that are can be measured (0 = off; .05 to .10 is usual).
    """

    mastered_at: float | None = None
    mastered_chance: float | None = 0.85
    near_at: float = 0.70
    min_evidence: int = 3
    ready_at: float = 0.70
    ready_evidence: int = 1
    enough_at: float | None = None
    enough_in_a_row: int = 7
    a_session: int = 2
    at_once: int = 4
    help_after: int = 30
    choices: int = 3
    band_low: float = 0.60
    band_high: float = 0.85
    band_slope: float = 0.35
    band_floor: float = 0.20
    w_gain: float = 1.0
    w_opens: float = 0.5
    w_goal: float = 0.3
    w_information: float = 0.2
    w_review: float = 1.0
    w_gap: float = 0.0
    w_interest: float = 0.1
    w_asked: float = 0.5
    w_order: float = 1.0
    decline_days: int = 7
    w_encompassed: float = 0.5
    w_placement: float = 1.0
    review_first_days: float = 3.0
    review_grow: float = 2.2
    review_shrink: float = 0.4
    review_credit: float = 0.5
    review_every: int = 3
    placement_probes: int = 10
    placement_least: float = 0.1
    likely_at: float = 0.75
    settled_within: float = 0.01
    settled_surely: float = 0.95
    group_min: int = 3
    group_max: int = 6
    group_days: int = 7
    group_seconds: float = 2.0
    w_reteach: float = 1.0
    w_missing: float = 1.25
    w_coaching: float = 0.8
    w_extension: float = 0.5
    w_shared: float = 0.1
    w_left_out: float = 1.0
    w_repeat: float = 0.15
    repeat_days: int = 14
    low_share: float = 0.33
    low_cap: float = 0.6
    stuck_after: int = 10
    spin_risk: float = 0.75
    inactive_days: int = 8
    marking_days: int = 4
    alerts_per_day: int = 5
    cool_down_days: int = 7
    look_every_days: int = 21
    intervention_days: int = 14
    hold_out: float = 0.0

    def __post_init__(self) -> None:
        mistyped = [*_type_faults(self)]
        faults = [*mistyped, *_range_faults(self, {fault.field for fault in mistyped})]
        if faults:
            raise InvalidInput(faults)

    @cached_property
    def version(self) -> str:
        """Fingerprint of the content: equal rules, equal version."""
        return content_version(self.to_document())

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"format": FORMAT, **asdict(self)}


def policy_from_document(document: Mapping[str, Any]) -> Policy:
    """Read a policy; what is left out takes its default. Raises `InvalidInput`."""
    given = {k: v for k, v in document.items() if k != "format" and k not in RETIRED}
    known = {f.name for f in fields(Policy)}
    faults = [Fault("is not a rule of the policy", field=key) for key in given if key not in known]
    if document.get("format", FORMAT) != FORMAT:
        faults.append(Fault(f"must be {FORMAT!r}", field="format"))
    try:
        policy = Policy(**{key: value for key, value in given.items() if key in known})
    except InvalidInput as error:
        raise InvalidInput([*faults, *error.faults]) from error
    if faults:
        raise InvalidInput(faults)
    return policy


def _type_faults(policy: Policy) -> Iterator[Fault]:
    for name, value in asdict(policy).items():
        if value is None and name in OPTIONAL:
            continue
        whole = isinstance(getattr(Policy, name), int)
        right = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, right):
            kind = "a whole number" if whole else "a number"
            yield Fault(f"{value!r} is not {kind}", field=name)


def _range_faults(policy: Policy, mistyped: Set[str | None]) -> Iterator[Fault]:
    """Name the rules out of range, leaving out those that are not even numbers."""
    for name, low, high in (
        ("mastered_at", 0.5, 1), ("mastered_chance", 0, 1), ("enough_at", 0, 1),
        ("a_session", 1, 100), ("at_once", 1, 10_000),
        ("enough_in_a_row", 2, 100), ("help_after", 3, 100), ("near_at", 0, 1),
        ("ready_at", 0, 1), ("band_low", 0, 1),
        ("band_high", 0, 1), ("band_floor", 0, 1), ("band_slope", 0.01, 1),
        ("min_evidence", 1, 100), ("ready_evidence", 1, 100), ("choices", 2, 4),
        ("group_min", 2, 40), ("group_max", 2, 40), ("group_days", 1, 60),
        ("stuck_after", 3, 100), ("inactive_days", 1, 365), ("alerts_per_day", 1, 40),
        ("intervention_days", 1, 60), ("spin_risk", 0, 1), ("marking_days", 1, 60),
        ("cool_down_days", 1, 365), ("look_every_days", 7, 365), ("hold_out", 0, 0.5),
        ("w_gain", 0, 100), ("w_opens", 0, 100),
        ("w_goal", 0, 100), ("w_information", 0, 100), ("w_review", 0, 100),
        ("w_gap", 0, 100), ("w_interest", 0, 100), ("w_asked", 0, 100),
        ("w_order", 0, 100), ("decline_days", 1, 365),
        ("settled_within", 0, 1), ("settled_surely", 0.5, 1),
        ("w_encompassed", 0, 100), ("w_placement", 0, 100),
        ("review_first_days", 0.5, 100), ("review_grow", 1, 10),
        ("review_shrink", 0.05, 1), ("review_credit", 0, 1), ("review_every", 1, 20),
        ("placement_probes", 1, 100), ("placement_least", 0, 10), ("likely_at", 0.5, 1),
        ("group_seconds", 0.1, 600), ("w_reteach", 0, 100),
        ("w_missing", 0, 100), ("w_coaching", 0, 100), ("w_extension", 0, 100),
        ("w_shared", 0, 100), ("w_left_out", 0, 100), ("w_repeat", 0, 100),
        ("repeat_days", 1, 365), ("low_share", 0, 1), ("low_cap", 0, 1),
    ):  # fmt: skip
        value = getattr(policy, name)
        if name not in mistyped and value is not None and not low <= value <= high:
            yield Fault(f"{value} is not between {low} and {high}", field=name)
    for below, above in (
        ("near_at", "mastered_at"), ("ready_at", "mastered_at"), ("band_low", "band_high"),
        ("group_min", "group_max"),
    ):  # fmt: skip
        top = getattr(policy, above)
        if mistyped.isdisjoint((below, above)) and top is not None and getattr(policy, below) > top:
            yield Fault(f"must not be above {above}", field=below)
