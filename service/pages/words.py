"""How values are written on a page: one wording for each status, one rounding everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from engine import Status
from engine.decisions import Why
from engine.groups import Purpose
from graphs import Framework
from graphs.goals import goal_text, is_goal
from service.contract import ContributionOut, EvidenceOut


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status in words: a letter for grids (never colour alone), for adults, for students."""

    letter: str
    teacher: str
    student: str


STATUS_WORDS: Mapping[Status, StatusWords] = {
    "not_started": StatusWords("·", "Not started", "Not started"),
    "not_enough_evidence": StatusWords("?", "Not enough evidence", "Not enough seen yet"),
    "developing": StatusWords("D", "Developing", "Working on it"),
    "near": StatusWords("N", "Near mastery", "Almost there"),
    "mastered": StatusWords("M", "Mastered", "Shown"),
    "check_again": StatusWords("C", "Check again", "Check again"),
}
CAUSE_WORDS = {
    "missing_prerequisite": "Missing prerequisite",
    "wheel_spinning": "Wheel-spinning",
    "fading": "Fading",
    "inactive": "Inactive",
    "rushing": "Rushing",
    "contradictory": "Contradictory evidence",
    "awaiting_marking": "Awaiting marking",
    "goal_at_risk": "Goal at risk",
    "ready_to_go_ahead": "Ready to go ahead",
    "stuck_by_design": "No task fits",
    "look_in": "Time for a talk",
}
TIER_WORDS = {
    1: "Everyday teaching (tier 1)",
    2: "Targeted support for a few weeks (tier 2)",
    3: "For the team to decide (tier 3)",
}
"""What a tier of a multi-tiered system of support is."""
SAID_WORDS = {"accept": "Accepted", "not_now": "Not now", "wrong": "Wrong"}
ALONE_WORDS = {
    "no_shared_need": "has needs that too few others share today",
    "too_little_evidence": "too little evidence: give a short probe first",
    "nothing_open": "has shown everything that is ready",
}
JUDGEMENTS: Mapping[Status, str] = {
    "mastered": "Has it",
    "near": "Almost",
    "developing": "Not yet",
}
"""What the buttons of an override say."""
ACT_WORDS = {
    "replace": "corrected",
    "withdraw": "withdrew",
    "override": "judged",
    "undo": "undid",
}
NOT_COUNTED_WORDS = {"missed": "missed, which is not wrong", "revised": "replaced by a revision"}
GROUP_WORDS: Mapping[Purpose, str] = {
    "reteach": "Teach again",
    "missing_prerequisite": "Missing prerequisite",
    "peer_coaching": "Coaching each other",
    "extension": "Go ahead",
    "shared_interest": "Shared interest",
    "shared_goal": "Shared goal",
    "project": "Project team",
}
PURPOSE_WORDS = {
    "learn": "Learn",
    "probe": "Show what you can",
    "review": "Keep it fresh",
    "gap": "Back to",
    "ahead": "Go ahead",
}
PLACE_WORDS = {"shown": "Likely shown", "unclear": "Unclear", "not_yet": "Likely not yet"}


WHY_WORDS: Mapping[Why, str] = {
    "too_hard": "too hard",
    "too_easy": "too easy",
    "not_my_thing": "not my thing",
    "not_now": "not now",
}
"""What the buttons for declining say."""


def segment(text: str) -> str:
    """Write an id as one segment of a path."""
    return quote(text, safe="")


def spoken(text: str) -> str:
    """Write an id of two words as words."""
    return text.replace("_", " ")


def goal_words(goal: str, framework: Framework, student: bool = False) -> str:
    """Write a learning target or competency in its own words; one that is gone by its id."""
    known = is_goal(framework, goal)
    return goal_text(framework, goal, student=student).rstrip(".") if known else goal


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the story of an estimate: one piece of evidence, or several on other targets."""

    evidence: str
    ratings: tuple[str, ...]
    waiting_effect: float
    evidence_effect: float
    practice_effect: float
    after: float
    elsewhere: int = 0
    says: str = ""


def told(steps: Sequence[ContributionOut]) -> list[Told]:
    """Tell the steps of an estimate; runs of evidence on other targets become one line each."""
    lines: list[Told] = []
    for direct, run in groupby(steps, key=lambda step: step.direct):
        together = list(run)
        if direct:
            lines += [
                Told(
                    s.evidence,
                    tuple(s.ratings),
                    s.waiting_effect,
                    s.evidence_effect,
                    s.practice_effect,
                    s.after,
                    says=s.says.teacher if s.says else "",
                )
                for s in together
            ]
        else:
            effect = sum(s.waiting_effect + s.evidence_effect + s.practice_effect for s in together)
            lines.append(Told("", (), 0.0, effect, 0.0, together[-1].after, len(together)))
    return lines


def evidence_words(piece: EvidenceOut, framework: Framework) -> str:
    """Say how a piece of evidence went: its level, its score, or that it was missed."""
    if piece.missed:
        return "missed (not counted as wrong)"
    if piece.level is not None:
        names = [n for s in framework.scales if s.id == piece.scale for n in s.levels]
        named = f" of {len(names)}: {names[piece.level - 1]}" if piece.level <= len(names) else ""
        return f"level {piece.level}{named}"
    if piece.score is None:
        return ""
    return {0.0: "not yet", 1.0: "right"}.get(piece.score, f"{piece.score:.0%} of the points")
