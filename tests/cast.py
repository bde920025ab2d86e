"""The fixed cast: a small named school that every test may use.

Six targets: `count → add → multiply → divide`, `add → subtract`, and `shapes` on its own.
Three students of class `oak`: Ada is far along, Ben struggles, Cleo is new.
"""

from datetime import UTC, datetime, timedelta

from graphs import Competency, Curriculum, Edge, Framework, LearningTarget, Task
from models import Evidence

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TARGETS = ("count", "add", "subtract", "multiply", "divide", "shapes")
ADA, BEN, CLEO = "ada", "ben", "cleo"


def small_framework() -> Framework:
    """Six targets and eight tasks of several kinds and formats."""
    return Framework(
        id="small",
        title="Small school",
        competencies=(Competency("numbers", "Numbers"), Competency("space", "Space")),
        targets=tuple(
            LearningTarget(t, t.capitalize(), "space" if t == "shapes" else "numbers", "1")
            for t in TARGETS
        ),
        tasks=(
            Task("count-beans", "Count the beans", ("count",), "quiz_item", "hands_on"),
            Task("count-steps", "Count your steps", ("count",), "homework", "game", ("sports",)),
            Task("add-apples", "Add apples", ("add",), "quiz_item", "paper", ("nature",)),
            Task("add-coins", "Add coins", ("add",), "exit_ticket", "hands_on", ("money",), 5),
            Task("take-away", "Take away", ("subtract",), "quiz_item", "digital"),
            Task("arrays", "Build arrays", ("multiply",), "performance_task", "hands_on", (), 30),
            Task("share", "Share fairly", ("divide", "subtract"), "quiz_item", "paper"),
            Task("shape-hunt", "Shape hunt", ("shapes",), "portfolio_piece", "project", (), 40),
        ),
    )


def small_curriculum() -> Curriculum:
    """The framework with its prerequisites."""
    return Curriculum(
        small_framework(),
        (
            Edge("count", "add"),
            Edge("add", "subtract"),
            Edge("add", "multiply"),
            Edge("multiply", "divide"),
            Edge("add", "multiply", "encompasses"),
        ),
    )


def answers(student: str, target: str, scores: str, start: int = 0) -> list[Evidence]:
    """Evidence from a string such as `"1101"`, one answer a day from `NOW` − 30 days."""
    return [
        Evidence(
            id=f"{student}-{target}-{start + i}",
            student=student,
            targets=(target,),
            score=float(score),
            observed_at=NOW - timedelta(days=30 - start - i),
        )
        for i, score in enumerate(scores)
    ]


def class_evidence() -> list[Evidence]:
    """The class's evidence: Ada far along, Ben struggling, Cleo without any."""
    return [
        *answers(ADA, "count", "11111"),
        *answers(ADA, "add", "11111", start=5),
        *answers(ADA, "subtract", "1011", start=10),
        *answers(ADA, "multiply", "11", start=14),
        *answers(BEN, "count", "0101"),
        *answers(BEN, "add", "000", start=4),
    ]
