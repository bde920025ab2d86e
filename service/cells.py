"""Evidence from the cells of a file, checked by the same rules as what comes over the API."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from graphs import Curriculum, Fault, InvalidInput
from models import Evidence
from service.contract import EvidenceIn
from service.usecases.recording import evidence_from


def evidence_of(fields: Mapping[str, object], curriculum: Curriculum, now: datetime) -> Evidence:
    """Return the evidence that fields of `EvidenceIn` make; text is read as what it spells.

    Raises `InvalidInput` whose faults name those fields.
    """
    try:
        sent = EvidenceIn.model_validate(fields, strict=False)
    except ValidationError as error:
        raise InvalidInput(
            Fault(each["msg"], field=".".join(map(str, each["loc"]))) for each in error.errors()
        ) from None
    return evidence_from(curriculum, sent, now)
