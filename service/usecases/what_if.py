"""What would have changed: the log replayed under another policy or model, nothing stored.

Day by day from a given one, as what had been shown by each day is known today: whose
statuses, choices and alerts would have been others, before anyone decides anything.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from engine import Cause, Policy, Status, Wishes, choices
from engine.comparing import mastered_on, status_changes
from models import MasteryModel, Standing, StudentLog, standing
from service.looking import Look, look_from
from service.principal import Principal
from service.school import School, load_school, version_of
from service.standings import Progress
from service.store import Store, Unit, decisions, evidence, people, support
from service.store.support import Support
from service.usecases.deciding import as_decisions
from service.usecases.recommending import filled_in
from service.usecases.standing import evidence_by_target
from service.usecases.supporting import proposals


@dataclass(frozen=True, slots=True)
class Alert:
    """An intervention that would be proposed, or not, on one day."""

    day: date
    student: str
    cause: Cause
    target: str | None


@dataclass(slots=True)
class WhatIf:
    """What would change: statuses and choices on the last day, alerts on every day.

    `statuses` counts (before, after) pairs; `mastered_gained` and `mastered_lost` are pairs of
    student and target; `choices` the students whose slate would be another.
    """

    days: int = 0
    students: int = 0
    statuses: Counter[tuple[Status, Status]] = field(default_factory=Counter)
    mastered_gained: list[tuple[str, str]] = field(default_factory=list)
    mastered_lost: list[tuple[str, str]] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    alerts_gained: list[Alert] = field(default_factory=list)
    alerts_lost: list[Alert] = field(default_factory=list)


def what_if(
    store: Store,
    principal: Principal,
    now: datetime,
    *,
    policy: Policy | None = None,
    model: MasteryModel | None = None,
    start: date | None = None,
    progress: Progress = lambda _, __: None,
) -> WhatIf:
    """Compare the policy and the model in force with others, from `start` to `now`.

    Without a `start` only today is compared. Nothing is changed.
    """
    found = WhatIf()
    counted: set[str] = set()
    with store.read(principal.district) as unit:
        school = load_school(unit)
        other = _instead(school, policy, model)
        groups = list(_groups(unit))
        for done, (is_class, students) in enumerate(groups, 1):
            logs = evidence.logs_of(unit, students)
            kept = support.of_students(unit, students)
            looks = _replayed(school, other, logs, _days(logs, start, now))
            for days, (day, before, after) in enumerate(looks, 1):
                if is_class:
                    _compare_alerts(found, day, before, after, kept)
                found.days = max(found.days, days)
            new = [student for student in students if student not in counted]
            counted.update(new)
            _compare_last_day(found, before, after, new, _wishes(unit, before, kept, students))
            progress(done, len(groups))
    found.students = len(counted)
    return found


def _instead(school: School, policy: Policy | None, model: MasteryModel | None) -> School:
    policy, model = policy or school.policy, model or school.model
    versions = school.versions.model_copy(
        update={"policy": policy.version, "model": version_of(model)}
    )
    return replace(school, policy=policy, model=model, versions=versions)


def _groups(unit: Unit) -> Iterator[tuple[bool, Sequence[str]]]:
    """Yield each class, then the students who are in none, some at a time."""
    left = set(evidence.students_with_evidence(unit))
    for each in people.get_classes(unit):
        members = people.members(unit, each.id)
        left.difference_update(members)
        if members:
            yield True, members
    for part in people.chunks(sorted(left)):
        yield False, part


def _days(logs: Mapping[str, StudentLog], start: date | None, now: datetime) -> list[datetime]:
    """Return the moments to look at: the end of each day since `start` with evidence, and now."""
    if start is None:
        return [now]
    days = {
        piece.observed_at.date()
        for log in logs.values()
        for piece in log.evidence
        if piece.observed_at is not None and start <= piece.observed_at.date() < now.date()
    }
    return [*(datetime.combine(day, time.max, UTC) for day in sorted(days)), now]


def _replayed(
    school: School, other: School, logs: Mapping[str, StudentLog], days: Sequence[datetime]
) -> Iterator[tuple[datetime, Look, Look]]:
    """Yield both looks at each moment; only who has new evidence since is folded again."""
    mine: dict[str, Standing] = {}
    theirs: dict[str, Standing] = {}
    shown: dict[str, tuple[str, ...]] = {}
    for day in days:
        then = {student: log.as_of(day) for student, log in logs.items()}
        for student, log in then.items():
            ids = tuple(piece.id for piece in log.evidence)
            if shown.get(student) != ids:
                shown[student] = ids
                mine[student] = standing(school.model, log.evidence)
                same = other.model is school.model
                theirs[student] = mine[student] if same else standing(other.model, log.evidence)
        yield day, look_from(school, then, mine, day), look_from(other, then, theirs, day)


def _compare_alerts(found: WhatIf, day: datetime, before: Look, after: Look, kept: Support) -> None:
    mine, theirs = _alerts(before, day, kept), _alerts(after, day, kept)
    found.alerts_gained += [alert for alert in theirs if alert not in mine]
    found.alerts_lost += [alert for alert in mine if alert not in theirs]


def _alerts(look: Look, day: datetime, kept: Support) -> list[Alert]:
    proposed = proposals(look, kept)
    return [Alert(day.date(), each.student, each.cause, each.target) for each in proposed]


def _compare_last_day(
    found: WhatIf, before: Look, after: Look, students: Sequence[str], wishes: Mapping[str, Wishes]
) -> None:
    for change in status_changes(before.board, after.board, students):
        found.statuses[change.before, change.after] += change.count
    found.mastered_gained += mastered_on(after.board, before.board, students)
    found.mastered_lost += mastered_on(before.board, after.board, students)
    found.choices += [
        s for s in students if _slate(before, s, wishes[s]) != _slate(after, s, wishes[s])
    ]


def _wishes(unit: Unit, look: Look, kept: Support, students: Sequence[str]) -> dict[str, Wishes]:
    """Return what counts as wished for on every screen."""
    said = list(as_decisions(decisions.of_students(unit, students)))
    return {
        person.id: filled_in(
            look,
            person,
            kept.plan.get(person.id),
            [each for each in said if each.student == person.id],
            Wishes(),
        )
        for person in people.get_students(unit, students)
    }


def _slate(look: Look, student: str, wishes: Wishes) -> list[str]:
    cited = evidence_by_target(look.logs[student].evidence)
    return [choice.option.id for choice in choices(look.board, student, wishes, cited)]
