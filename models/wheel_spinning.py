"""Wheel-spinning: practice on a target that goes on without three right in a row, told ahead.

The label is that of Beck & Gong (2013): a student *spins* on a target whose first ten
attempts hold no three right answers in a row, and *gets it* when they do; with fewer attempts
and no three in a row nobody knows. The chance of spinning, asked after 3 to 9 attempts while
three in a row have not come yet, is a logistic regression on four features:

- `no_run`: log-odds that no three in a row come by the tenth attempt, if every attempt left
  succeeds with the student's present chance p. p mixes the answers so far (an answer weighs
  .8 of the next) with three answers' worth of what is usual: σ(logit(usual score of the
  target) + 4 · mean surprise on other targets);
- `usual`: log-odds of spinning on this target among students so far;
- `form`: running mean of surprise (right or not − usual score), all targets, rate .1;
- `attempts`: how many there have been.

Training and use read the same function, `walk`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from graphs import Fault, InvalidInput
from graphs.curriculum import content_version
from models.evidence import Evidence

FORMAT = "footpath.wheel-spinning/1"
ATTEMPTS = 10
"""Attempts after which the label is known (Beck & Gong 2013)."""
IN_A_ROW = 3
"""Right answers in a row that end it."""
FROM = 3
"""Attempts from which a risk is told: below it precision is under 20 % (Zhang et al. 2019)."""
RIGHT = 0.5
"""A score above this counts as right."""
OLDER = 0.8
"""Weight of an answer beside the next one; .7 to .9 predict alike."""
USUAL_WEIGHT = 3.0
"""Answers that the usual chance counts for; 2 to 4 predict alike on assist2009."""
ELSEWHERE_SLOPE, ELSEWHERE_WEIGHT = 4.0, 8.0
"""Log-odds for a mean surprise of 1 (the slope of a logistic curve at one half is a quarter),
and the answers elsewhere from which their mean counts half."""
FORM_RATE = 0.1
"""Rate of the running surprise: about the last ten answers."""
TARGET_WEIGHT, STUCK_WEIGHT = 20.0, 10.0
"""Answers, and students, that the mean of all targets counts for in what is usual of one."""
FIRST_WEIGHTS = 200.0, 40.0
"""Answers, and pairs, that the published means count for in those of a school: one class's week."""
Attempt = tuple[tuple[str, ...], bool]
"""One answer: the targets it spoke to, and whether it was right."""


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a student on a target after some attempts; see above."""

    no_run: float
    usual: float
    form: float
    attempts: float


NAMES = tuple(Features.__dataclass_fields__)


@dataclass(frozen=True)
class Usual:
    """What is usual: share right and share spinning, of each target and of all together."""

    right: Mapping[str, float] = field(default_factory=dict)
    spinning: Mapping[str, float] = field(default_factory=dict)
    right_everywhere: float = 0.66
    spinning_everywhere: float = 0.12

    def right_on(self, target: str) -> float:
        """Return the usual score of a target; that of all for one nobody has met."""
        return self.right.get(target, self.right_everywhere)

    def spinning_on(self, target: str) -> float:
        """Return the usual share of students who spin on a target."""
        return self.spinning.get(target, self.spinning_everywhere)


@dataclass(frozen=True, slots=True)
class Moment:
    """A student after one more attempt on a target: `place` counts all answers from 0."""

    place: int
    target: str
    attempts: int
    features: Features


@dataclass(frozen=True)
class WheelSpinning:
    """The fitted regression: P(spins) = σ(intercept + Σ weight · feature).

    `fit` says what it was fitted on. Raises `InvalidInput` for weights that are not those of
    the features, or no numbers.
    """

    intercept: float
    weights: Mapping[str, float]
    usual: Usual = field(default_factory=Usual)
    fit: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = (self.intercept, *self.weights.values())
        if set(self.weights) != set(NAMES) or not all(map(math.isfinite, numbers)):
            rule = f"needs one finite weight for each of {', '.join(NAMES)}"
            raise InvalidInput([Fault(rule, field="weights")])

    def risk(self, features: Features) -> float:
        """Return P(the student spins), given that three in a row have not come yet."""
        sides = (self.weights[name] * getattr(features, name) for name in NAMES)
        return _inverse_logit(self.intercept + math.fsum(sides))

    def risks(self, history: Sequence[Attempt]) -> dict[str, float]:
        """Return the risk on every target that is still open, from one student's answers."""
        latest = {moment.target: moment for moment in walk(history, self.usual)}
        settled = outcomes(history)
        return {t: self.risk(m.features) for t, m in latest.items() if settled[t] is None}

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values, with the content version."""
        content = {"format": FORMAT, "intercept": self.intercept, "weights": dict(self.weights),
                   "usual": asdict(self.usual), "fit": dict(self.fit)}  # fmt: skip
        return {**content, "version": content_version(content)}


def wheel_spinning_from_document(document: Mapping[str, Any]) -> WheelSpinning:
    """Read what `to_document` wrote; raises `InvalidInput`."""
    if document.get("format") != FORMAT:
        raise InvalidInput([Fault(f"must be {FORMAT!r}", field="format")])
    content = {key: value for key, value in document.items() if key != "version"}
    if document.get("version") != content_version(content):
        raise InvalidInput([Fault("does not match the content", field="version")])
    try:
        weights = {name: float(weight) for name, weight in document["weights"].items()}
        usual = Usual(**document["usual"])
        return WheelSpinning(float(document["intercept"]), weights, usual, document["fit"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"not a wheel-spinning document: {type(error).__name__} {error}"
        raise InvalidInput(message) from error


def attempts_of(evidence: Iterable[Evidence]) -> list[Attempt]:
    """Return evidence in force, in reading order, as attempts."""
    return [(e.targets, e.score is not None and e.score > RIGHT) for e in evidence]


def outcomes(history: Iterable[Attempt]) -> dict[str, bool | None]:
    """Return of each target whether the student spins (`None`: nobody knows yet)."""
    runs: dict[str, int] = {}
    counts: dict[str, int] = {}
    found: dict[str, bool | None] = {}
    for targets, right in history:
        for target in targets:
            runs[target] = runs.get(target, 0) + 1 if right else 0
            counts[target] = counts.get(target, 0) + 1
            if found.setdefault(target, None) is None:
                got_it = runs[target] >= IN_A_ROW
                found[target] = (not got_it) if got_it or counts[target] >= ATTEMPTS else None
    return found


def usual_of(students: Sequence[Sequence[Attempt]]) -> Usual:
    """Return what is usual among some students.

    Each target is shrunk to the mean of all, and that to the published one.
    """
    rights, counts = Counter[str](), Counter[str]()
    spun, known = Counter[str](), Counter[str]()
    for history in students:
        for targets, right in history:
            counts.update(targets)
            if right:
                rights.update(targets)
        ends = [(target, end) for target, end in outcomes(history).items() if end is not None]
        known.update(target for target, _ in ends)
        spun.update(target for target, end in ends if end)
    answers, pairs = FIRST_WEIGHTS
    first = Usual()
    everywhere = (rights.total() + answers * first.right_everywhere) / (counts.total() + answers)
    spinning = (spun.total() + pairs * first.spinning_everywhere) / (known.total() + pairs)
    return Usual(
        {
            target: (rights[target] + TARGET_WEIGHT * everywhere) / (n + TARGET_WEIGHT)
            for target, n in counts.items()
        },
        {t: (spun[t] + STUCK_WEIGHT * spinning) / (n + STUCK_WEIGHT) for t, n in known.items()},
        everywhere,
        spinning,
    )


@dataclass(slots=True)
class _Record:
    """What one student has done on one target."""

    attempts: int = 0
    run: int = 0
    settled: bool = False
    weighted_right: float = 0.0
    weight: float = 0.0
    surprise: float = 0.0

    def add(self, right: bool, surprise: float) -> None:
        self.attempts += 1
        self.run = self.run + 1 if right else 0
        self.settled = self.settled or self.run >= IN_A_ROW or self.attempts >= ATTEMPTS
        self.weighted_right = OLDER * self.weighted_right + float(right)
        self.weight = OLDER * self.weight + 1
        self.surprise += surprise


def walk(history: Iterable[Attempt], usual: Usual) -> Iterator[Moment]:
    """Yield a student after each attempt on a target that is neither got nor spun out yet.

    From `FROM` attempts on; a moment knows only the answers up to it.
    """
    records: dict[str, _Record] = {}
    answers, surprises, form = 0, 0.0, 0.0
    for place, (targets, right) in enumerate(history):
        expected = math.fsum(map(usual.right_on, targets)) / len(targets)
        surprise = float(right) - expected
        form += FORM_RATE * (surprise - form)
        answers, surprises = answers + 1, surprises + surprise
        for target in targets:
            record = records.setdefault(target, _Record())
            record.add(right, surprise)
            if record.attempts >= FROM and not record.settled:
                elsewhere = surprises - record.surprise
                others = answers - record.attempts
                features = _features(record, target, elsewhere, others, form, usual)
                yield Moment(place, target, record.attempts, features)


def _features(
    record: _Record, target: str, elsewhere: float, others: int, form: float, usual: Usual
) -> Features:
    record_elsewhere = elsewhere / (others + ELSEWHERE_WEIGHT)
    expected = _inverse_logit(logit(usual.right_on(target)) + ELSEWHERE_SLOPE * record_elsewhere)
    p = (record.weighted_right + USUAL_WEIGHT * expected) / (record.weight + USUAL_WEIGHT)
    return Features(
        no_run=logit(chance_of_no_run(p, record.run, ATTEMPTS - record.attempts)),
        usual=logit(usual.spinning_on(target)),
        form=form,
        attempts=float(record.attempts),
    )


def chance_of_no_run(p: float, run: int, left: int) -> float:
    """Return the chance that no three in a row come in `left` attempts that succeed with p.

    `run` (0 to 2) right answers have just been given. Exact, by the run's length.
    """
    chances = [float(run == length) for length in range(IN_A_ROW)]
    for _ in range(left):
        chances = [(1 - p) * sum(chances), *(p * chance for chance in chances[:-1])]
    return sum(chances)


def logit(p: float) -> float:
    """Return log-odds, of what is held at least a thousandth away from certainty."""
    held = min(max(p, 1e-3), 1 - 1e-3)
    return math.log(held) - math.log1p(-held)


def _inverse_logit(x: float) -> float:
    return 1 / (1 + math.exp(-max(min(x, 500.0), -500.0)))


PUBLISHED = WheelSpinning(
    intercept=-0.891,
    weights={"no_run": 0.659, "usual": 0.590, "form": -1.952, "attempts": 0.187},
    usual=Usual(),
    fit={
        "source": "ASSISTments 2009 skill builders, 4,150 students: AUC by student .831 after 3 "
        "attempts and .837 after 5 (footpath evaluate-alerts)",
        "spinning": 2255,
        "mastering": 16665,
        "indeterminate": 28245,
    },
)
"""What serves a school until it fits its own; what is usual is then taken from its own log."""
