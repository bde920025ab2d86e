"""Standings under the model in force: from the cache where they are, else folded from the log.

The cache is never wrong: whoever appends to a log refreshes what is cached of its student in
the same transaction, or drops it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from models import BKTModel, Evidence, Standing, StudentLog, Trail, extended, standing
from models.batch.standing import plain_standings
from service.principal import Principal
from service.school import School, load_school
from service.store import Store, Unit, evidence, people, states
from service.store.states import CachedState

MANY = 10
"""Students from which folding all at once pays."""
Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


def standings_of(
    unit: Unit,
    school: School,
    students: Sequence[str],
    logs: Mapping[str, StudentLog] | None = None,
) -> dict[str, Standing]:
    """Return the standings of some students, in the order given.

    `logs` spares reading those logs again, where a standing must be folded.
    """
    cached = states.of_students(unit, school.versions.model, students)
    missing = [student for student in students if student not in cached]
    folded = evidence.logs_of(unit, missing) if logs is None else logs
    return {
        student: _unpacked(school, cached[student])
        if student in cached
        else standing(school.model, folded[student].evidence)
        for student in students
    }


def packed(found: Standing) -> CachedState:
    """Return a standing as it is cached: equal standings, equal bytes."""
    return CachedState(found.state.to_bytes(), found.trail.to_bytes(), found.tail)


def refresh(
    unit: Unit, school: School, students: Sequence[str], progress: Progress = lambda _, __: None
) -> None:
    """Fold the whole log of some students again and cache the standings."""
    done = 0
    for part in people.chunks(students):
        found = {student: packed(each) for student, each in folded(unit, school, part).items()}
        states.put(unit, school.versions.model, found)
        done += len(part)
        progress(done, len(students))


def refresh_missing(
    store: Store,
    principal: Principal,
    students: Sequence[str],
    progress: Progress = lambda _, __: None,
) -> None:
    """Fold and cache those of some students who are not cached under the model in force.

    Some students at a time, so that others can write in between.
    """
    done = 0
    for part in people.chunks(students):
        with store.write(principal.district) as unit:
            school = load_school(unit)
            refresh(
                unit, school, sorted(set(part) - states.known(unit, school.versions.model, part))
            )
        done += len(part)
        progress(done, len(students))


def folded(unit: Unit, school: School, students: Sequence[str]) -> dict[str, Standing]:
    """Fold the whole log of some students: plain logs all at once, the others one by one."""
    odd: Collection[str] = students
    found: dict[str, Standing] = {}
    if isinstance(school.model, BKTModel) and len(students) >= MANY:
        pieces, odd = evidence.plain_pieces(unit, students)
        found = plain_standings(school.model, pieces)
        odd = set(students) - set(found)
    logs = evidence.logs_of(unit, odd)
    found.update((s, standing(school.model, log.evidence)) for s, log in logs.items())
    return found


def advance(unit: Unit, school: School, fresh: Mapping[str, Sequence[Evidence]]) -> None:
    """Bring the cache up to date with evidence that was just appended.

    Where it comes after all that was there, it is observed; else the log is folded again.
    """
    cached = states.of_students(unit, school.versions.model, fresh)
    moved = {s: extended(school.model, _unpacked(school, c), fresh[s]) for s, c in cached.items()}
    done = {student: packed(found) for student, found in moved.items() if found is not None}
    states.put(unit, school.versions.model, done)
    refresh(unit, school, sorted(set(fresh) - set(done)))


def _unpacked(school: School, cached: CachedState) -> Standing:
    state = school.model.unpack(cached.packed)
    return Standing(state, Trail.from_bytes(cached.trail), cached.tail)
