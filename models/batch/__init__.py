"""Plain BKT over whole logs: packed chains, the compiled fit, the plain forward recursion."""

from models.batch.chains import Chains, pack_chains, pack_frame
from models.batch.fit import FitResult, fit_chains
from models.batch.forward import log_likelihood

__all__ = ["Chains", "FitResult", "fit_chains", "log_likelihood", "pack_chains", "pack_frame"]
