"""The route on agreement between raters."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import AgreementOut
from service.usecases import agreeing

router = APIRouter(tags=["agreement"])


@router.get("/agreement")
def get_agreement(ask: Ask) -> AgreementOut:
    """Return how well raters of the same work agree, and how severe each is."""
    return agreeing.rater_agreement(ask.store, ask.principal)
