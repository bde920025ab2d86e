"""Replay: rebuild every state from the evidence and say whether the live ones agree."""

from dataclasses import dataclass

from service.principal import Principal
from service.school import load_school
from service.store import Store, evidence, people
from service.usecases.recording import Progress, refresh_states


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
    cached_count = events = done = 0
    with store.read(principal.district) as unit:
        school = load_school(unit)
        students = evidence.students_with_evidence(unit)
        ids = sorted({*students, *evidence.students_with_state(unit)})
        for part in people.chunks(ids):
            logs = evidence.of_students(unit, part)
            cached = evidence.get_states(unit, school.versions.model, part)
            rebuilt = {student: school.model.fold(log).to_bytes() for student, log in logs.items()}
            different += [s for s, packed in cached.items() if packed != rebuilt[s]]
            cached_count += len(cached)
            events += sum(map(len, logs.values()))
            done += len(part)
            progress(done, len(ids))
    return Replay(events, len(students), cached_count, tuple(different))


def refresh_all(store: Store, principal: Principal, progress: Progress = lambda _, __: None) -> int:
    """Fold every student anew under the model in force and cache the states."""
    with store.write(principal.district) as unit:
        ids = evidence.students_with_evidence(unit)
        refresh_states(unit, load_school(unit), ids, progress)
    return len(ids)
