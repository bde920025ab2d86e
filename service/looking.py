"""Look at some students at one moment: their logs, their standings, and the board of them.

Now is the usual moment. Any past one can be looked at as well, in two ways: as what had been
shown by then is known today, or as it was known then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from engine import Board, Status, make_board, with_proposals
from engine.board import Judgements
from models import Event, Evidence, Standing, StudentLog, extended, standing
from models.events import Clock
from service.school import School
from service.standings import standings_of
from service.store import Unit, events, evidence


@dataclass(frozen=True, slots=True)
class AsOf:
    """A past moment (aware), and the clock by which the log is read back to it."""

    moment: datetime
    clock: Clock = "observed"


@dataclass(frozen=True, slots=True)
class Look:
    """Some students at one moment, in the order that was asked for."""

    school: School
    now: datetime
    logs: Mapping[str, StudentLog]
    standings: Mapping[str, Standing]
    board: Board

    def imagined(self, student: str, more: Sequence[Evidence], at: datetime | None = None) -> Board:
        """Return the board of one student as it would be with more evidence, now or at a moment.

        It knows reviews and placement where this look does.
        """
        log, model = self.logs[student], self.school.model
        then = extended(model, self.standings[student], more)
        then = then or standing(model, [*log.evidence, *more])
        board = _board(self.school, {student: log}, {student: then}, at or self.now)
        if self.board.plan is None:
            return board
        return with_proposals(board, self.school.joint, [then.trail], [[*log.evidence, *more]])


def look_at(
    unit: Unit,
    school: School,
    students: Sequence[str],
    now: datetime,
    as_of: AsOf | None = None,
) -> Look:
    """Look at students now, or as of a past moment."""
    logs = evidence.logs_of(unit, students)
    if as_of is None:
        return look_from(school, logs, standings_of(unit, school, students, logs), now)
    past = {student: logs[student].as_of(as_of.moment, as_of.clock) for student in students}
    return look_at_logs(school, past, as_of.moment)


def look_at_logs(school: School, logs: Mapping[str, StudentLog], now: datetime) -> Look:
    """Look at students whose logs are at hand: nothing is read from a store."""
    found = {student: standing(school.model, log.evidence) for student, log in logs.items()}
    return look_from(school, logs, found, now)


def grid_of(unit: Unit, school: School, students: Sequence[str], now: datetime) -> Board:
    """Return the board of some students without reading their evidence, where it is cached."""
    acts = events.of_students(unit, students)
    logs = {student: StudentLog(events=tuple(acts.get(student, ()))) for student in students}
    return _board(school, logs, standings_of(unit, school, students), now)


def look_from(
    school: School,
    logs: Mapping[str, StudentLog],
    found: Mapping[str, Standing],
    now: datetime,
) -> Look:
    """Look at students whose logs and standings are at hand."""
    return Look(school, now, logs, found, _board(school, logs, found, now))


def proposing(look: Look) -> Look:
    """Look as well at what is due for review and where new students probably stand."""
    students = look.board.students
    board = with_proposals(
        look.board,
        look.school.joint,
        [look.standings[student].trail for student in students],
        [look.logs[student].evidence for student in students],
    )
    return replace(look, board=board)


def _board(
    school: School,
    logs: Mapping[str, StudentLog],
    found: Mapping[str, Standing],
    now: datetime,
) -> Board:
    judgements: Judgements = {
        student: {target: _status(event) for target, event in logs[student].overrides.items()}
        for student in found
    }
    states = {student: each.state for student, each in found.items()}
    trails = {student: each.trail for student, each in found.items()}
    return make_board(school.layout, school.policy, school.model, states, now, trails, judgements)


def _status(event: Event) -> Status:
    """Return the status of an override, which was checked when it was recorded."""
    return cast(Status, event.status)
