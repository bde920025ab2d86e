"""The adjoint of every step in `kernels`: derivatives handed back, last step first.

``bar_x`` is the derivative of the log-likelihood by x. Tables of gradients are added to.
"""

from models.compiled import embedded
from models.full.arrays import Floats
from models.lanes import Lanes, load, put, spread, total


@embedded
def back_reweigh(bar_rho: Floats, rho: Floats, given: Floats, r: int) -> Lanes:
    """Adjoint of the ability update and of log P; returns bar P_z, overwrites ``bar_rho``."""
    before, chance, bar = load(rho, (r,)), load(given, (r,)), load(bar_rho, ())
    mean = total(bar * load(rho, (r + 1,)))
    share = (bar + (1.0 - mean)) * (1.0 / total(before * chance))
    put(bar_rho, (), share * chance)
    return share * before


@embedded
def back_learn(
    bar_post: Floats,
    grad_learn: Floats,
    target: int,
    bar: Floats,
    post: Floats,
    u: Floats,
    i: int,
) -> Lanes:
    """Adjoint of the step up; sets ``bar_post`` (L, lanes), returns d/d row shift."""
    steps = u.shape[1]
    to_row = spread(0.0)
    here = load(bar, (i, 0))
    for level in range(steps):
        above = load(bar, (i, level + 1))
        rate = load(u, (i, level))
        gain = rate * (above - here)
        put(bar_post, (level,), here + gain)
        g = load(post, (i, level)) * gain * (1.0 - rate)
        put(grad_learn, (target, level), load(grad_learn, (target, level)) + g)
        to_row += g
        here = above
    put(bar_post, (steps,), here)
    return to_row


@embedded
def mean_bar(bar: Floats, post: Floats, i: int) -> Lanes:
    """sum_l bar_l post_l: what normalising takes from each derivative."""
    found = load(bar, (0,)) * load(post, (i, 0))
    for level in range(1, post.shape[1]):
        found += load(bar, (level,)) * load(post, (i, level))
    return found


@embedded
def back_condition(
    to_b: Floats,
    to_e: Floats,
    to_rest: Floats,
    c: int,
    bar: Floats,
    mean: Lanes,
    belief: Floats,
    e: Floats,
    own: Floats,
    all_own: Lanes,
    i: int,
    psi: float,
) -> None:
    """Adjoint of Bayes' rule; sets to_b, to_e (L, lanes) and to_rest (lanes) of slot c."""
    mine = load(own, (i,))
    rest = (all_own - mine) * psi
    scale = 1.0 / (mine + rest)
    whole = spread(0.0)
    for level in range(belief.shape[1]):
        q = (load(bar, (level,)) - mean) * scale
        by_e = q * load(belief, (i, level))
        put(to_b, (c, level), q * (load(e, (i, level)) + rest))
        put(to_e, (c, level), by_e)
        whole += by_e
    put(to_rest, (c,), whole * psi)


@embedded
def back_share(to_rest: Floats, bar_given: Lanes, targets: int) -> None:
    """From d/d others to d/d own: bar S_k = bar P / m + sum_{j != k} bar R_j, in place."""
    whole = bar_given * (1.0 / targets)
    for c in range(targets):
        whole += load(to_rest, (c,))
    for c in range(targets):
        put(to_rest, (c,), whole - load(to_rest, (c,)))


@embedded
def back_weigh(
    to_b: Floats, to_e: Floats, bar_own: Floats, c: int, belief: Floats, e: Floats, i: int
) -> None:
    """Adjoint of S_k: adds to the derivatives by belief and by log-likelihood of the answer.

    ``to_e`` becomes d/d log e: what every kind of answer goes on from.
    """
    bar = load(bar_own, (c,))
    for level in range(belief.shape[1]):
        like = load(e, (i, level))
        by_e = load(to_e, (c, level)) + bar * load(belief, (i, level))
        put(to_b, (c, level), load(to_b, (c, level)) + bar * like)
        put(to_e, (c, level), by_e * like)


@embedded
def back_score(
    grad_emit: Floats,
    target: int,
    to_log_e: Floats,
    c: int,
    p: Floats,
    i: int,
    score: float,
    weight: float,
) -> Lanes:
    """From d/d log e of a score to the emission table: w (x - p); returns d/d row shift."""
    to_row = spread(0.0)
    for level in range(p.shape[1]):
        g = load(to_log_e, (c, level)) * (score - load(p, (i, level))) * weight
        put(grad_emit, (target, level), load(grad_emit, (target, level)) + g)
        to_row += g
    return to_row


@embedded
def back_rubric(
    grad_emit: Floats,
    grad_grade: Floats,
    target: int,
    to_log_e: Floats,
    c: int,
    emit_odds: Floats,
    shift: float,
    grades: Floats,
    grade: int,
    weight: float,
) -> Lanes:
    """From d/d log e of a rubric level to emission and thresholds; returns d/d row shift.

    By the logit: w (1 - F_c - F_{c+1}). ``grad_grade`` gathers the sums of w bar, w bar
    (1 - F_c) and w bar (1 - F_{c+1}), all that the thresholds' derivatives need.
    """
    low, high = grades[grade, 0], grades[grade, 1]
    whole, below, within = spread(0.0), spread(0.0), spread(0.0)
    for level in range(emit_odds.shape[1]):
        odds = load(emit_odds, (target, level)) * shift
        bar = load(to_log_e, (c, level)) * weight
        under, inside = bar * low / (odds + low), bar / (1.0 + odds * high)
        g = under + inside - bar
        put(grad_emit, (target, level), load(grad_emit, (target, level)) + g)
        whole, below, within = whole + bar, below + under, within + inside
    grad_grade[grade, 0] += total(whole)
    grad_grade[grade, 1] += total(below)
    grad_grade[grade, 2] += total(within)
    return below + within - whole


@embedded
def back_forget(
    bar_after: Floats, prev: int, bar: Floats, c: int, after: Floats, keep: float
) -> float:
    """Adjoint of forgetting; sets bar_after[prev], returns d/d keep."""
    to_keep = spread(0.0)
    here = load(bar, (c, 0))
    put(bar_after, (prev, 0), here)
    for level in range(1, after.shape[1]):
        above = load(bar, (c, level))
        drop = above - here
        put(bar_after, (prev, level), here + drop * keep)
        to_keep += load(after, (prev, level)) * drop
        here = above
    return float(total(to_keep))


@embedded
def back_start(
    grad_start: Floats, bar: Floats, c: int, start_odds: Floats, target: int, shift: float
) -> Lanes:
    """Adjoint of the start; adds to its table, returns d/d row shift."""
    to_shift = spread(0.0)
    here = load(bar, (c, 0))
    for level in range(start_odds.shape[1]):
        above = load(bar, (c, level + 1))
        odds = load(start_odds, (target, level)) * shift
        lower = 1.0 / (1.0 + odds)
        g = (above - here) * odds * lower * lower
        put(grad_start, (target, level), load(grad_start, (target, level)) + g)
        to_shift += g
        here = above
    return to_shift
