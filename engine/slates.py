"""The slate: two to four options for each student, picked one by one, in compiled code.

The score of an option is what its targets are worth together times the success band, plus
a shared interest and what was asked for, all by the minute. Each pick lowers what is like it
in target, format, interest or purpose. Ties go by a seed made from the ids of student and
option: a class is spread over equal tasks, and the order in which anything is listed never
matters.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.board import Board, Floats
from engine.layout import OptionArrays, Seeds
from engine.lists import Ints
from engine.pacing import Pace
from engine.scoring import (
    AHEAD,
    BLOCKED,
    FADED,
    FRONT,
    IS_GAP,
    OPEN,
    SEEN,
    Asked,
    Stands,
    Wishes,
    asked,
    paced,
    stands,
    terms,
)
from models.compiled import compiled

PURPOSES = ("learn", "probe", "review", "gap", "ahead")
LEARN, PROBE, REVIEW, GAP, GO_AHEAD = range(len(PURPOSES))
# What is left of a candidate's score when it shares this with an option already picked.
# A second way into the same target is still a choice, but a weak one; formats and
# interests matter less.
SAME_TARGET, SAME_FORMAT, SAME_KIND, SAME_INTEREST = 0.3, 0.7, 0.8, 0.85
SAME_PURPOSE = 0.5
"""Nor should all options be probes, or all reviews: a choice between three is none of what
to do, only of how."""
LEAST = 1e-9
"""Score of an allowed option whose terms say nothing: it is still better than no choice."""
MIXING = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(31)
"""Increment, multiplier and shift of splitmix64 (Steele, Lea & Flood 2014)."""
BLOCK = 256
"""Students worked on at once: their arrays stay in the cache of a core."""
AWAKE, LATER, DECLINED = 0, 1_000, 1_000_000
"""How much an option rests: not at all; as much as its targets, fewer than a thousand pieces a
day; more, where none of them is at the front; and most where it was declined."""
FEW = 2
"""Options from which there is a choice: where fewer are awake, what rests today fills up, and
fewer still are explained (`engine.offers`)."""
ANY, BACK, ON = range(3)
"""Which options are looked at: every one, what goes back (review, gap), what goes on."""


class Slates(NamedTuple):
    """The choices of R students, at most N each, best first: arrays [R, N].

    `option` int64, an index into the layout's options, −1 where there is no more; `score` and
    `p_right` float64; `purpose` int64, an index into `PURPOSES`.
    """

    option: Ints
    score: Floats
    p_right: Floats
    purpose: Ints


class Options(NamedTuple):
    """The O options for one student while a slate is picked: arrays [O] as in `Slates`.

    `left` float64 is what is left of the score beside what was picked, 0 where an option may
    not be offered; `rests` int64 how much it should rest, from `AWAKE` to `DECLINED`.
    """

    score: Floats
    p_right: Floats
    left: Floats
    purpose: Ints
    rests: Ints


class Band(NamedTuple):
    """The success band of a policy, and the weights of a shared interest and of what was asked."""

    low: float
    high: float
    slope: float
    floor: float
    interest: float
    asked: float


def slates(board: Board, wishes: Wishes | Sequence[Wishes]) -> Slates:
    """Return the choices of every student of a board, as `choices` gives them one by one.

    `wishes` are one for all, or one for each student in the board's order. Raises `UnknownId`
    for an unknown goal.
    """
    size = len(board.students)
    each = [wishes] * size if isinstance(wishes, Wishes) else wishes
    found = _empty(board, each)
    for start in range(0, size, BLOCK):
        here = slice(start, start + BLOCK)
        rows, mine = np.arange(size)[here], each[here]
        option, score, p_right, purpose = found
        part = Slates(option[here], score[here], p_right[here], purpose[here])
        at = paced(board, rows, mine)
        _pick(board, rows, mine, terms(board, rows, at), at, part)
    return found


def slate_of(
    board: Board, row: int, wishes: Wishes, valued: Mapping[str, Floats], at: Pace
) -> Slates:
    """Return the choices for one row of a board, given its `terms` and where it is `paced`."""
    found = _empty(board, [wishes])
    _pick(board, np.array([row]), [wishes], valued, at, found)
    return found


def _empty(board: Board, wishes: Sequence[Wishes]) -> Slates:
    wished = max((wish.number or board.policy.choices for wish in wishes), default=0)
    shape = (len(wishes), min(wished, len(board.layout.options)))
    option, purpose = np.full(shape, -1, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    return Slates(option, np.zeros(shape), np.zeros(shape), purpose)


def _pick(
    board: Board, rows: Ints, wishes: Sequence[Wishes], valued: Mapping[str, Floats], at: Pace,
    found: Slates,
) -> None:  # fmt: skip
    rule = board.policy
    band = Band(
        rule.band_low, rule.band_high, rule.band_slope, rule.band_floor,
        rule.w_interest, rule.w_asked,
    )  # fmt: skip
    stand, ask = stands(board, rows, valued, at), asked(board, rows, wishes)
    _fill(board.layout.arrays, stand, ask, band, found)


def success_band(p_right: float, low: float, high: float, slope: float, floor: float) -> float:
    """Return what the success band leaves of a score, `floor` to 1."""
    outside = max(low - p_right, p_right - high, 0.0)
    return min(max(1 - outside / slope, floor), 1.0)


_within = compiled(success_band)


@compiled
def _fill(layout: OptionArrays, stand: Stands, ask: Asked, band: Band, found: Slates) -> None:
    """Fill the slates, row by row."""
    size = len(layout.minutes)
    whole = np.zeros(size, dtype=np.int64)
    here = Options(np.zeros(size), np.zeros(size), np.zeros(size), whole, whole.copy())
    for row in range(found.option.shape[0]):
        _score(layout, stand, ask, band, row, here)
        number = min(ask.number[ask.wish[row]], found.option.shape[1])
        back, least = 0, _least_at_rest(here)
        for place in range(number):
            only = ANY
            if place == number - 1 and place > 0 and back in (0, place):
                only = BACK if back == 0 else ON
            best = _best(here, only, least, place > 0, ask.seed[row], layout.seed)
            if best < 0:
                best = _best(here, ANY, least, place > 0, ask.seed[row], layout.seed)
            if best < 0 and place < FEW:
                best = _best(here, ANY, DECLINED - 1, True, ask.seed[row], layout.seed)
            if best < 0:
                break
            found.option[row, place] = best
            found.score[row, place] = here.score[best]
            found.p_right[row, place] = here.p_right[best]
            found.purpose[row, place] = here.purpose[best]
            back += here.purpose[best] == REVIEW or here.purpose[best] == GAP
            if place < number - 1:
                _lower(layout, best, here)


@compiled
def _score(
    layout: OptionArrays, stand: Stands, ask: Asked, band: Band, row: int, here: Options
) -> None:
    """Score every option for one row, and say what rests."""
    start, item = layout.targets
    wish = ask.wish[row]
    for o in range(len(layout.minutes)):
        here.left[o] = 0.0
        first, end = start[o], start[o + 1]  # slices would cost more than what is summed
        some, every = np.uint8(0), np.uint8(255)
        for k in range(first, end):
            some |= stand.holds[row, item[k]]
            every &= stand.holds[row, item[k]]
        if some & BLOCKED or not some & OPEN or not ask.fits[wish, o]:
            continue
        value, right, tired = 0.0, 0.0, 0
        for k in range(first, end):
            t = item[k]
            value += stand.value[row, t]
            right += stand.p_right[row, t]
            tired = max(tired, stand.tired[row, t])
        right /= end - first
        within = _within(right, band.low, band.high, band.slope, band.floor)
        liked = band.interest if ask.liked[wish, o] else 0.0
        liked += band.asked if ask.suits[wish, o] else 0.0
        score = (value * within + liked) / (layout.minutes[o] * ask.time[wish])
        here.score[o], here.p_right[o], here.purpose[o] = score, right, _purpose(some, every)
        here.left[o] = max(score, LEAST)
        here.rests[o] = tired if some & FRONT else LATER + tired
        if ask.rests[wish, o]:
            here.rests[o] = DECLINED


@compiled
def _purpose(some: np.uint8, every: np.uint8) -> int:
    """Return what an option is for, by what holds of some and of every one of its targets."""
    if some & FADED:
        return REVIEW
    if some & IS_GAP:
        return GAP
    if some & SEEN:
        return LEARN
    return GO_AHEAD if every & AHEAD else PROBE


@compiled
def _least_at_rest(here: Options) -> int:
    """Return how much the options rest that rest least: `DECLINED` only when all were declined."""
    least = DECLINED
    for o in range(len(here.left)):
        if here.left[o] > 0:
            least = min(least, here.rests[o])
    return least


@compiled
def _best(here: Options, only: int, most: int, later: bool, student: np.uint64, seed: Seeds) -> int:
    """Return the option with most left, −1 if there is none of the kind that is asked for.

    It rests at most so much; `later` what is awake, though not at the front, will do as well.
    """
    best, left = -1, here.left
    for o in range(len(left)):
        if left[o] <= 0 or (best >= 0 and left[o] < left[best]):
            continue
        back = here.purpose[o] == REVIEW or here.purpose[o] == GAP
        rests = here.rests[o] > most and not (later and here.rests[o] == LATER)
        if rests or (only != ANY and back != (only == BACK)):
            continue
        tied = best >= 0 and left[o] == left[best]
        if not tied or _mixed(student, seed[o]) < _mixed(student, seed[best]):
            best = o
    return best


@compiled
def _mixed(student: np.uint64, option: np.uint64) -> np.uint64:
    """Mix two seeds into one number, as splitmix64 does."""
    increment, multiplier, shift = MIXING
    mixed = (student ^ option) + increment
    mixed = (mixed ^ (mixed >> shift)) * multiplier
    return mixed ^ (mixed >> shift)


@compiled
def _lower(layout: OptionArrays, picked: int, here: Options) -> None:
    """Lower what is left of every option like the one picked, and take that one out."""
    left, purpose = here.left, here.purpose
    left[picked] = 0.0
    for o in range(len(left)):
        if left[o] <= 0:
            continue
        if _meet(layout.targets.start, layout.targets.item, o, picked):
            left[o] *= SAME_TARGET
        if layout.format[o] >= 0 and layout.format[o] == layout.format[picked]:
            left[o] *= SAME_FORMAT
        if layout.kind[o] >= 0 and layout.kind[o] == layout.kind[picked]:
            left[o] *= SAME_KIND
        if _meet(layout.interests.start, layout.interests.item, o, picked):
            left[o] *= SAME_INTEREST
        if purpose[o] == purpose[picked]:
            left[o] *= SAME_PURPOSE


@compiled
def _meet(start: Ints, item: Ints, one: int, other: int) -> bool:
    """Whether two lists have a number in common."""
    for a in range(start[one], start[one + 1]):
        for b in range(start[other], start[other + 1]):
            if item[a] == item[b]:
                return True
    return False
