"""The stateless route: history in, mastery and choices out."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import PredictIn, Prediction
from service.usecases import recommending

router = APIRouter(tags=["predict"])


@router.post("/predict")
def post_predict(ask: Ask, request: PredictIn) -> Prediction:
    """Estimate mastery and recommend from the history in the request; nothing is stored."""
    return recommending.predict(ask.store, ask.principal, request, ask.clock())
