"""What a student knows.

Here live evidence and its one reading order, Bayesian knowledge tracing (parameters, the
two steps, batched filter and fit), a student's state, the model artifact, response logs,
and the adapter to pyBKT. Nothing here knows a class, a task or a policy.
"""

from models.artifact import model_document, model_from_document, read_model, write_model
from models.bkt import BKTParameters
from models.evidence import Evidence, in_force, in_order
from models.log import ResponseLog, read_log
from models.model import BKTModel, MasteryModel
from models.state import Estimate, EstimateTable, Step, StudentState

__all__ = [
    "BKTModel",
    "BKTParameters",
    "Estimate",
    "EstimateTable",
    "Evidence",
    "MasteryModel",
    "ResponseLog",
    "Step",
    "StudentState",
    "in_force",
    "in_order",
    "model_document",
    "model_from_document",
    "read_log",
    "read_model",
    "write_model",
]
