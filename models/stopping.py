"""When more of the same tells nothing new: predictive stability."""

from models.state import Estimate


def is_settled(estimate: Estimate, within: float, surely: float) -> bool:
    """Say whether one more answer would hardly move P(mastered).

    True when, with at least the probability `surely`, the next answer moves it by less than
    `within`. Short of mastery that is the moment to switch to help: it holds for students
    whom practice no longer moves as well as for those who are through, so it never certifies.
    After Rollinson & Brunskill (2015) and Käser, Klingler & Gross (2016), who ask it of the
    predicted answer; here it is asked of P(mastered), which is what decides.
    """
    here = estimate.p_mastered
    outcomes = (
        (estimate.p_right, estimate.if_next_right),
        (1.0 - estimate.p_right, estimate.if_next_wrong),
    )
    return sum(chance for chance, there in outcomes if abs(there - here) < within) >= surely
