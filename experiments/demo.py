"""The sample school of `make demo`: written by us, simulated, fitted and ready to serve."""

import csv
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from experiments.school import TRULY_MASTERED, ClassPlan, Term, simulate_term
from graphs import Curriculum, read_curriculum
from models.full.training import fit_full
from service.contract import Roster, RosterClass, RosterStudent
from service.principal import LOCAL
from service.store import Store, open_store
from service.usecases import fitting
from service.usecases.curricula import put_curriculum
from service.usecases.placing import put_starts
from service.usecases.recording import record_evidence
from service.usecases.rosters import put_roster
from service.usecases.standing import class_mastery

SAMPLE = Path(__file__).parent / "sample"
SEED = 20
PLANS = (
    ClassPlan("6a", "Class 6A", 6, 25),
    ClassPlan("7b", "Class 7B", 7, 26),
    ClassPlan("8c", "Class 8C", 8, 24),
)
INTERESTS = (
    "sports", "art", "music", "nature", "money", "technology", "games", "cooking", "travel",
    "space",
)  # fmt: skip
NAMES = (
    "Ada", "Amir", "Ana", "Ben", "Bao", "Carla", "Chidi", "Dana", "Diego", "Elif", "Emil",
    "Farah", "Finn", "Gia", "Hana", "Hugo", "Ines", "Ivan", "Jada", "Jonas", "Kai", "Kofi",
    "Lea", "Leo", "Lin", "Luca", "Maya", "Mateo", "Mia", "Milan", "Nadia", "Nils", "Noor",
    "Omar", "Olga", "Pia", "Priya", "Quinn", "Rania", "Ravi", "Rosa", "Sami", "Sara", "Theo",
    "Tara", "Uma", "Vera", "Viktor", "Wren", "Yara", "Yusuf", "Zoe", "Aiko", "Bela", "Cleo",
    "Dilan", "Eva", "Felix", "Greta", "Henri", "Ida", "Jamal", "Kira", "Lars", "Mina", "Nora",
    "Otis", "Paul", "Rhea", "Sven", "Tom", "Ute", "Vito", "Willa", "Zara",
)  # fmt: skip

Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]


@dataclass(frozen=True)
class Demo:
    """A sample school that stands: its store, and how its estimates compare with the truth."""

    store_url: str
    evidence: int
    called_mastered: int
    truly_mastered: int


def build_demo(folder: Path, now: datetime, bar: Bar) -> Demo:
    """Build the sample school in a folder, anew; `bar` opens a progress bar by title."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("school.db*"):
        old.unlink()
    url = f"sqlite:///{folder / 'school.db'}"
    curriculum = read_curriculum(
        SAMPLE, framework_id="sample-mathematics", title="Mathematics, grades 5 to 8"
    )
    rng = np.random.default_rng(SEED)
    with bar("Simulating a term") as advance:
        term = simulate_term(curriculum, PLANS, now, rng)
        advance(1, 1)
    _write_truth(term, folder / "truth.csv")
    store = open_store(url)
    try:
        _fill(store, curriculum, term, now, bar)
        called, truly = _compare(store, term, now)
    finally:
        store.close()
    return Demo(url, len(term.evidence), called, truly)


def greeting() -> str:
    """Return what the terminal says below the address: where to look first."""
    lines = ["", "Sample accounts (no password: this computer only):"]
    for plan in PLANS:
        lines += [f"  teacher of {plan.title:<9} /classes/{plan.id}"]
    lines += [
        f"  student {NAMES[0]:<17} /students/{PLANS[0].id}-01/me",
        f"  student {NAMES[PLANS[0].size]:<17} /students/{PLANS[1].id}-01/me",
        "  LMS integrator            /api-reference",
        "",
    ]
    return "\n".join(lines) + "\n"


def _fill(store: Store, curriculum: Curriculum, term: Term, now: datetime, bar: Bar) -> None:
    put_curriculum(store, LOCAL, curriculum, now)
    put_roster(store, LOCAL, _roster(term))
    record_evidence(store, LOCAL, term.evidence, now)
    log = fitting.log_in_store(store, LOCAL)
    with bar("Fitting learning targets") as advance:
        model = fit_full(log, progress=advance)
    with bar("Refreshing states") as advance:
        fitting.put_in_force(store, LOCAL, model, now, advance)
    put_starts(store, LOCAL, log, now)


def _roster(term: Term) -> Roster:
    names = dict(zip((learner.id for learner in term.learners), NAMES, strict=True))
    likes = np.random.default_rng(SEED + 1)
    return Roster(
        classes=[
            RosterClass(
                id=plan.id,
                title=plan.title,
                students=[
                    RosterStudent(
                        id=learner.id,
                        name=names[learner.id],
                        interests=[str(i) for i in likes.choice(INTERESTS, 2, replace=False)],
                    )
                    for learner in term.learners
                    if learner.class_id == plan.id
                ],
            )
            for plan in PLANS
        ]
    )


def _compare(store: Store, term: Term, now: datetime) -> tuple[int, int]:
    """Return how many targets are called mastered, and how many of these truly are."""
    truth = term.truth()
    called = truly = 0
    for plan in PLANS:
        grid = class_mastery(store, LOCAL, plan.id, now)
        for student, row in zip(grid.students, grid.status, strict=True):
            for target, status in zip(grid.targets, row, strict=True):
                called += status == "mastered"
                truly += status == "mastered" and truth[student][target]
    return called, truly


def _write_truth(term: Term, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("student", "target", "strength", "mastered"))
        for learner in term.learners:
            for target, strength in learner.strength.items():
                mastered = int(strength >= TRULY_MASTERED)
                writer.writerow((learner.id, target, f"{strength:.3f}", mastered))
