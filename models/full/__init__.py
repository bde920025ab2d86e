"""The full model: BKT with item difficulty, student ability, forgetting and recent form.

Every parameter keeps a meaning a teacher can read. Ability is marginalised exactly on a few
nodes; the belief about a target is a ladder of levels, of which plain BKT is the two-level
case. The numbers per response and target: `kernels`; the formulas: `parameters`.
"""

from models.full.config import FullConfig
from models.full.fit import FitResult, fit
from models.full.log import Responses, separate_second_tries
from models.full.model import FullModel
from models.full.parameters import FullParameters
from models.full.predict import predict_log

__all__ = [
    "FitResult",
    "FullConfig",
    "FullModel",
    "FullParameters",
    "Responses",
    "fit",
    "predict_log",
    "separate_second_tries",
]
