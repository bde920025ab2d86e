"""Fit on a school's own evidence, and put the fitted model in force."""

from datetime import datetime

from graphs import InvalidInput
from models import MasteryModel, ResponseLog
from models.log import log_from_evidence
from models.wheel_spinning import WheelSpinning
from service.principal import Principal
from service.school import load_school
from service.standings import Progress, refresh_missing
from service.store import Store, documents, evidence
from service.usecases.curricula import put_model


def log_in_store(store: Store, principal: Principal) -> ResponseLog:
    """Return the evidence in force as a response log. Raises `InvalidInput` without any."""
    with store.read(principal.district) as unit:
        framework = load_school(unit).curriculum.framework
        weights = {kind.id: kind.weight for kind in framework.kinds}
        pieces = (piece for _, log in evidence.all_logs(unit) for piece in log.evidence)
        log = log_from_evidence(pieces, weights, framework.scales)
    if not len(log):
        raise InvalidInput("the store holds no evidence to fit on; import some first")
    return log


def put_in_force(
    store: Store,
    principal: Principal,
    model: MasteryModel,
    now: datetime,
    progress: Progress = lambda _, __: None,
) -> str:
    """Put a model in force and fold every student under it; return its version."""
    version = put_model(store, principal, model, now)
    with store.read(principal.district) as unit:
        students = evidence.students_with_evidence(unit)
    refresh_missing(store, principal, students, progress)
    return version


def put_alert_model(store: Store, principal: Principal, model: WheelSpinning, now: datetime) -> str:
    """Put a model of wheel-spinning in force and return its version."""
    document = model.to_document()
    version = str(document["version"])
    with store.write(principal.district) as unit:
        documents.put_document(unit, "alert_model", version, document, now)
    return version
