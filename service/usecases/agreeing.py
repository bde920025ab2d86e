"""How well teachers who rated the same work agree."""

from dataclasses import asdict

import numpy as np

from service.contract import (
    AgreementOut,
    KappaOut,
    RaterPairOut,
    ScaleAgreementOut,
    SeverityOut,
)
from service.principal import Principal
from service.school import load_school
from service.store import Store, evidence

SEED = 0
"""Intervals are resampled: the same log gives the same report."""


def rater_agreement(store: Store, principal: Principal) -> AgreementOut:
    """Return agreement and severity of raters, by scale. Raises `NothingYet`."""
    from models.agreement import agreement  # noqa: PLC0415  # scikit-learn is slow to load

    with store.read(principal.district) as unit:
        framework = load_school(unit).curriculum.framework
        logs = evidence.logs_of(unit, evidence.students_with_rated_work(unit))
    levels = {scale.id: len(scale.levels) for scale in framework.scales}
    rng = np.random.default_rng(SEED)
    found = agreement((log.evidence for log in logs.values()), levels, rng)
    return AgreementOut(
        scales=[
            ScaleAgreementOut(
                scale=each.scale,
                levels=list(framework.scale(each.scale).levels),
                overall=KappaOut(**asdict(each.overall)),
                pairs=[
                    RaterPairOut(raters=raters, **asdict(kappa))
                    for raters, kappa in each.pairs.items()
                ],
                raters=[SeverityOut(**asdict(rater)) for rater in each.raters],
            )
            for each in found
        ]
    )
