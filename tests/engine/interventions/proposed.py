"""What the tests of interventions share."""

from dataclasses import replace

from engine import (
    Board,
    Intervention,
    interventions,
)
from models import Evidence
from tests.cast import NOW, answers
from tests.engine.boards import RandomSchool, Seen

SHOWN = Seen(0.97, 4)
LOW = Seen(0.2, 4)


def proposed(school: RandomSchool) -> tuple[Intervention, ...]:
    return interventions(school.board, school.log, NOW)


def one_student(board: Board, evidence: list[Evidence]) -> tuple[Intervention, ...]:
    return interventions(board, {board.students[0]: evidence}, NOW)


def scored(piece: Evidence, score: float) -> Evidence:
    return replace(piece, score=score)


def contradicting(student: str) -> list[Evidence]:
    tasks = answers(student, "shapes", "11111", start=20)
    tickets = answers(student, "shapes", "00000", start=25)
    return [
        *(replace(e, kind="performance_task") for e in tasks),
        *(replace(e, kind="exit_ticket") for e in tickets),
    ]
