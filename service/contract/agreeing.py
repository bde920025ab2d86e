"""Agreement between raters."""

from service.contract.base import Answer


class KappaOut(Answer):
    """Agreement on works rated twice: quadratically weighted kappa with its 95 % interval.

    `exact` and `adjacent` are the shares of pairs that are equal, and at most one level apart.
    """

    works: int
    exact: float
    adjacent: float
    kappa: float | None
    low: float | None
    high: float | None


class RaterPairOut(KappaOut):
    """Agreement of two raters."""

    raters: tuple[str, str]


class SeverityOut(Answer):
    """How many levels lower a rater rates the same work than all raters do (negative: higher)."""

    rater: str
    works: int
    severity: float
    low: float | None
    high: float | None


class ScaleAgreementOut(Answer):
    """Agreement on one scale."""

    scale: str
    levels: list[str]
    overall: KappaOut
    pairs: list[RaterPairOut]
    raters: list[SeverityOut]


class AgreementOut(Answer):
    """Agreement on every scale on which some work was rated by several."""

    scales: list[ScaleAgreementOut]
