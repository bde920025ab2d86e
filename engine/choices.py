"""Choices: two to four good next steps for a student, each with its reasons.

Candidates are the options whose every target has its prerequisites met and of which at
least one target is neither mastered nor implied by later mastery, or lies under something
the student is stuck on. The score of an option is the sum of

    (w_gain·gain + w_opens·opens + w_goal·goal + w_information·information
     + w_review·review + w_gap·gap + w_order·order + w_encompassed·encompassed
     + w_placement·placement) / minutes × success band

and of (w_interest·interest + w_asked·asked) / minutes, and these terms are its explanation.
The slate is then picked one by one, the first from what rests least at the front
(`engine.pacing`), each time preferring what differs from the options picked in
target, format, interest and purpose; where there is both, one choice at least goes back (to
what was shown, or to a gap) and one goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.board import Board, Mask
from engine.layout import Option
from engine.lists import Ints
from engine.reasons import Reason
from engine.scoring import Wishes
from engine.slates import PURPOSES, Slates, slate_of, slates, success_band
from engine.why import About, opened_by


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in a student's set of next tasks.

    `purpose` is *learn* (go on), *probe* (nobody has seen this target yet), *ahead* (new, and
    all that it needs is mastered), *review* (shown before, to be checked again) or *gap* (back
    to what something the student is stuck on builds on). `minutes` are the student's own, extra
    time included. `terms` add up to `score`; `opens` are the targets that mastering this makes
    ready.
    """

    option: Option
    purpose: str
    minutes: float
    score: float
    p_right: float
    terms: Mapping[str, float]
    opens: tuple[str, ...]
    reasons: tuple[Reason, ...]


def choices(
    board: Board, student: str, wishes: Wishes, evidence: Mapping[str, Sequence[str]]
) -> tuple[Choice, ...]:
    """Return up to `wishes.number` choices for a student, best first.

    `evidence` gives the ids in force for each target, latest last; reasons cite them. The
    same board and wishes give the same slate. Empty when nothing is ready that fits.
    Raises `UnknownId` for an unknown student or goal.
    """
    about = About(board, board.row(student), wishes, evidence)
    slate = slate_of(board, about.row, wishes, about.terms, about.pace)
    picked = slate.option[0].tolist()
    return tuple(_choice(about, o, slate, place) for place, o in enumerate(picked) if o >= 0)


def first_choices(board: Board, wishes: Wishes) -> tuple[Ints, Mask]:
    """Return the first choice of every student of a board as (option, whether there is any).

    The option is an index into the layout's options: the one that `choices` puts first.
    """
    option = slates(board, replace(wishes, number=1)).option
    if not option.shape[1]:
        return np.zeros(len(option), dtype=np.int64), np.zeros(len(option), dtype=np.bool_)
    return np.maximum(option[:, 0], 0), option[:, 0] >= 0


def _choice(about: About, o: int, slate: Slates, place: int) -> Choice:
    board, option = about.board, about.board.layout.options[o]
    purpose, p_right = PURPOSES[slate.purpose[0, place]], float(slate.p_right[0, place])
    score, minutes = float(slate.score[0, place]), option.minutes * about.wishes.extra_time
    opens = opened_by(board, about.row, option)
    return Choice(
        option=option,
        purpose=purpose,
        minutes=minutes,
        score=score,
        p_right=p_right,
        terms=_terms(about, option, p_right, minutes),
        opens=opens,
        reasons=about.reasons(option, purpose, p_right, opens),
    )


def _terms(about: About, option: Option, p_right: float, minutes: float) -> dict[str, float]:
    """Return the terms of an option that say something; they add up to its score."""
    rule, columns = about.board.policy, about.columns(option.targets)
    band = success_band(p_right, rule.band_low, rule.band_high, rule.band_slope, rule.band_floor)
    found = {
        name: sum(value.item(0, column) for column in columns) * band / minutes
        for name, value in about.terms.items()
    }
    if set(option.interests) & set(about.wishes.interests):
        found["interest"] = rule.w_interest / minutes
    if option.id in about.wishes.heard.suits:
        found["asked"] = rule.w_asked / minutes
    return {name: value for name, value in found.items() if value != 0}
