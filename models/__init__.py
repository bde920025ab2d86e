"""What a student knows.

Here live evidence and its one reading order, Bayesian knowledge tracing (parameters, the
two steps, batched filter and fit), a student's state, the model artifact, response logs,
and the adapter to pyBKT. Nothing here knows a class, a task or a policy.
"""

from models.artifact import model_document, model_from_document, read_model, write_model
from models.bkt import BKTParameters
from models.events import Event, StudentLog
from models.evidence import Evidence, in_force, in_order, performances
from models.log import ResponseLog
from models.log_files import read_log
from models.model import BKTModel, MasteryModel
from models.state import Estimate, EstimateTable, Step, StudentState
from models.stopping import is_settled
from models.trail import Standing, Trail, extended, standing

__all__ = [
    "BKTModel",
    "BKTParameters",
    "Estimate",
    "EstimateTable",
    "Event",
    "Evidence",
    "MasteryModel",
    "ResponseLog",
    "Standing",
    "Step",
    "StudentLog",
    "StudentState",
    "Trail",
    "extended",
    "in_force",
    "in_order",
    "is_settled",
    "model_document",
    "model_from_document",
    "performances",
    "read_log",
    "read_model",
    "standing",
    "write_model",
]
