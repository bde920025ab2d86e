"""Replay: rebuild every state from the evidence and say whether the live ones agree."""

from dataclasses import dataclass

from service.principal import Principal
from service.school import load_school
from service.standings import Progress, folded, packed
from service.store import Store, evidence, people, states
from service.store import events as acts


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found: `different` lists students whose cached state was not its fold."""

    events: int
    students: int
    cached: int
    different: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every cached state equals its rebuilt state, byte for byte."""
        return not self.different


def replay(store: Store, principal: Principal, progress: Progress = lambda _, __: None) -> Replay:
    """Fold the whole log again and compare with the cache; nothing is changed."""
    different: list[str] = []
    cached_count = done = 0
    with store.read(principal.district) as unit:
        school = load_school(unit)
        events = evidence.how_many(unit) + acts.how_many(unit)
        students = evidence.students_with_evidence(unit)
        ids = sorted({*students, *states.students_with_state(unit)})
        for part in people.chunks(ids):
            cached = states.of_students(unit, school.versions.model, part)
            rebuilt = folded(unit, school, sorted(cached))
            different += [s for s, kept in cached.items() if kept != packed(rebuilt[s])]
            cached_count += len(cached)
            done += len(part)
            progress(done, len(ids))
    return Replay(events, len(students), cached_count, tuple(different))
