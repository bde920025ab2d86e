"""Needs beyond a single target: how a student works, what waits, where the way leads."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

import numpy as np

from engine.board import MASTERED, Board
from engine.class_facts import ClassFacts
from engine.pathway_reasons import dated, weeks
from engine.pathways import WEEK, pathway
from engine.proposals import Need
from engine.reasons import Code, Reason
from graphs.goals import is_goal
from models import Evidence

SCHOOL_DAYS = 5
"""Days of school without evidence, as the class lived them, below which nobody is inactive."""
FEWEST_GAPS = 5
"""Gaps between a student's days from which they have a rhythm of their own."""
RHYTHM = 90
"""Percentile of a student's own gaps that an absence must pass."""
RAPID_ANSWERS, TIMED = 3, 10
"""Rapid wrong answers among the latest timed ones that make a habit."""
FRESH_DAYS = 14
"""Days after which a habit is no news."""
AHEAD = 10
"""Latest pieces that must all be good, on mastered targets, before going ahead is proposed: two
days of work that taught nothing new."""
SLIPS = 2
"""Of these, so many may be less good when it was proposed the day before."""
GOOD = 0.75
"""Score of such a piece: three points of four."""


def habits(facts: ClassFacts, row: int) -> Iterator[Need]:
    """Yield the needs of one student that concern no single target alone."""
    yield from _inactive(facts, row)
    yield from _rushing(facts, row)
    yield from _awaiting_marking(facts, row)
    yield from _goal_at_risk(facts, row)
    yield from _ready_to_go_ahead(facts, row)
    yield from _stuck_by_design(facts, row)


def _inactive(facts: ClassFacts, row: int) -> Iterator[Need]:
    """More days than is usual of the student, and at least five on which others were seen."""
    student, rule = facts.board.students[row], facts.board.policy
    mine = facts.active_days[student]
    if not mine:
        return
    days = (facts.now.date() - mine[-1]).days
    others = [day for day in facts.class_days if day > mine[-1]]
    alone = sum(map(bool, facts.active_days.values())) == 1
    gaps = np.diff([day.toordinal() for day in mine])
    usual = float(np.percentile(gaps, RHYTHM)) if len(gaps) >= FEWEST_GAPS else 0.0
    school_went_on = alone or len(others) >= SCHOOL_DAYS
    if days >= rule.inactive_days and days > usual and school_went_on:
        last = next(e for e in reversed(facts.mine[student]) if e.observed_at is not None)
        undated = any(e.observed_at is None for e in facts.mine[student])
        reason = Reason("inactive", (), (last.id,), float(days), dated(undated))
        need = min(1.0, days / (2 * max(rule.inactive_days, usual)))
        yield Need(student, "inactive", None, None, need, "conference", reason, (last.id,))


def _rushing(facts: ClassFacts, row: int) -> Iterator[Need]:
    student = facts.board.students[row]
    timed = [e for e in facts.mine[student] if e.duration is not None and e.task is not None]
    rapid = [e for e in timed[-TIMED:] if facts.is_rapid(e)]
    if len(rapid) < RAPID_ANSWERS:
        return
    last = rapid[-1].observed_at
    if last is not None and facts.now - last <= timedelta(days=FRESH_DAYS):
        cited = tuple(e.id for e in rapid)
        need = len(rapid) / len(timed[-TIMED:])
        reason = Reason("rushing", (), cited, float(len(rapid)))
        yield Need(student, "rushing", None, None, need, "conference", reason, cited)


def _awaiting_marking(facts: ClassFacts, row: int) -> Iterator[Need]:
    student, rule = facts.board.students[row], facts.board.policy
    position = facts.board.curriculum.graph.position
    for work in sorted(facts.background.waiting, key=lambda w: (w.since, w.id)):
        days = (facts.now - work.since).days
        targets = tuple(t for t in work.targets if t in position)
        if work.student == student and days >= rule.marking_days and targets:
            need = min(1.0, days / (2 * rule.marking_days))
            reason = Reason("awaiting_marking", targets, (), float(days))
            yield Need(
                student, "awaiting_marking", targets[0], targets[0], need, "marking", reason,
                (work.id,),
            )  # fmt: skip


def _goal_at_risk(facts: ClassFacts, row: int) -> Iterator[Need]:
    """Yield a goal whose day is too near at the student's own rhythm, as the pathway says."""
    board, student = facts.board, facts.board.students[row]
    plan = facts.background.plan(student)
    if plan.goal is None or plan.by is None or not is_goal(board.curriculum.framework, plan.goal):
        return
    pieces = facts.mine[student]
    way = pathway(board, row, plan.goal, pieces, facts.now, plan.by, formats=plan.formats)
    if not way.at_risk:
        return
    left = max((plan.by - facts.now.date()).days, 0)
    cited = tuple(e.id for e in pieces[-3:])
    takes = "more weeks than can be told" if way.weeks is None else weeks(way.weeks)
    words = f"{takes}, and {left} days are left"
    steps = float(len(way.checkpoints))
    reason = Reason("goal_at_risk", (plan.goal,), cited, steps, words)
    need = 1.0 if way.weeks is None else min(1.0, 1 - left / (WEEK * way.weeks.expected))
    rests_on = (f"goal:{plan.goal}:{plan.by.isoformat()}", *cited)
    last = way.checkpoints[-1].target
    yield Need(student, "goal_at_risk", last, last, need, "conference", reason, rests_on)


def _ready_to_go_ahead(facts: ClassFacts, row: int) -> Iterator[Need]:
    """Good work only, all on what is mastered, while the class is still at it.

    What was on the list of the day before stays there in spite of a slip or two.
    """
    board, graph, student = facts.board, facts.board.curriculum.graph, facts.board.students[row]
    latest = facts.mine[student][-AHEAD:]
    met = set(board.mastered(row))
    current = [t for t in facts.current if t in graph.position]
    shown = [t for e in latest for t in e.targets if t in graph.position]
    listed = facts.listed_targets(student, "ready_to_go_ahead")
    good = sum(_is_good(board, row, e) for e in latest)
    behind = not current or not met.issuperset(current)  # or nobody can say what the class is at
    if good < AHEAD - (SLIPS if listed else 0) or behind:
        return
    beyond = {after for t in (*current, *shown) for after in graph.descendants(t)}
    open_now = [t for t in board.targets
                if t in beyond - met and board.ready[row, graph.position[t]]]  # fmt: skip
    if open_now:
        kept = [t for t in open_now if t in listed]
        following = max(kept or open_now, key=lambda t: len(graph.descendants(t)))
        cited = tuple(e.id for e in latest)
        need = 0.5 + 0.5 * min(_on_mastered(facts, row) / (3 * AHEAD), 1.0)
        reason = Reason("go_ahead", (following,), cited)
        rests_on = (*cited, f"next:{following}")  # more of the same is nothing new
        yield Need(
            student, "ready_to_go_ahead", following, following, need, "enrichment", reason,
            rests_on,
        )  # fmt: skip


def _is_good(board: Board, row: int, piece: Evidence) -> bool:
    """Whether a piece is good work on what is mastered: nothing new was learned by it."""
    position = board.curriculum.graph.position
    known = [position[t] for t in piece.targets if t in position]
    mastered = bool((board.status[row, known] == MASTERED).all())
    return (piece.score or 0.0) >= GOOD and mastered and bool(known)


def _on_mastered(facts: ClassFacts, row: int) -> int:
    """How many latest pieces in a row are good, on targets that are mastered: over-practice."""
    latest = reversed(facts.mine[facts.board.students[row]])
    return sum(1 for _ in takewhile(lambda e: _is_good(facts.board, row, e), latest))


def _stuck_by_design(facts: ClassFacts, row: int) -> Iterator[Need]:
    """Yield a ready target on which no task fits the formats that were agreed on."""
    board, student = facts.board, facts.board.students[row]
    formats = facts.background.plan(student).formats
    if not formats:
        return
    fitting = {t for o in board.layout.options if o.format in formats for t in o.targets}
    open_now = [t for t in board.targets
                if board.ready[row, board.curriculum.graph.position[t]]]  # fmt: skip
    closed = [t for t in open_now if t not in fitting]
    begun = [t for t in closed if t in facts.on_target[student]]
    if begun or (closed and len(closed) == len(open_now)):
        kept = [t for t in closed if facts.was_listed(student, "stuck_by_design", t)]
        target = (kept or begun or closed)[0]
        cited = tuple(e.id for e in facts.on_target[student].get(target, [])[-3:])
        words = ", ".join(format_.replace("_", " ") for format_ in formats)
        reason = Reason("no_format", (target,), cited, words=words)
        rests_on = (*cited, f"formats:{'~'.join(formats)}")
        need = len(closed) / len(open_now)
        yield Need(student, "stuck_by_design", target, target, need, "new_task", reason, rests_on)


def last_look(facts: ClassFacts, student: str) -> date | None:
    """Return the day on which a person last looked at a student's path.

    That is the last answer to a proposal or the last talk in which something was agreed, else
    the first day of the student's own evidence, from when there was a path to look at, or where
    that has no date the day from which it was known, else that of the class; `None` before there is
    any. What was held out was seen by nobody.
    """
    past = [a for a in facts.background.past if a.said != "held_out"]
    answered = [a.at.date() for a in past if a.student == student]
    talked = facts.background.plan(student).on
    agreed = [] if talked is None else [talked]
    known = facts.background.known
    own = facts.active_days[student] or [day for s, day in known.items() if s == student]
    first = own or facts.class_days or sorted(known.values())
    return max([*answered, *agreed, *first[:1]], default=None)


def look_in(facts: ClassFacts, student: str) -> Need:
    """Return the proposal to look at a student whom nobody has looked at for long."""
    seen = last_look(facts, student) or facts.now.date()
    cited = tuple(e.id for e in facts.mine[student][-1:])
    days = (facts.now.date() - seen).days
    code: Code = "look_in" if days else "no_need"
    reason = Reason(code if facts.mine[student] else "no_evidence", (), cited, float(days))
    rests_on = (f"look:{seen.isoformat()}",)
    return Need(student, "look_in", None, None, 0.0, "conference", reason, rests_on)
