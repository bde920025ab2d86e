"""Time pyBKT's own fit in whatever interpreter runs this file, and print it as JSON.

Stands alone (pandas and pyBKT only), because pyBKT's C++ build needs an environment of its
own: `python pybkt_timing.py LOG.csv SEED RESTARTS`, with columns student, skill, correct,
order. Skills must not hold characters that mean something in a regular expression.
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")  # pyBKT's own, on import and on pandas' future

from pyBKT.models import Model  # noqa: E402

COLUMNS = {
    "order_id": "order",
    "skill_name": "skill",
    "correct": "correct",
    "user_id": "student",
}


def main() -> None:
    """Fit once and print CPU seconds and parameters by skill."""
    path, seed, restarts = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    frame = pd.read_csv(path)
    model = Model(seed=seed, num_fits=restarts, parallel=False)
    start = time.process_time()
    model.fit(data=frame, defaults=COLUMNS)
    seconds = time.process_time() - start
    parameters = {
        skill: [
            float(fit["prior"]),
            *(float(np.ravel(fit[name])[0]) for name in ("learns", "guesses", "slips")),
            0.0,
        ]
        for skill, fit in model.fit_model.items()
    }
    sys.stdout.write(json.dumps({"cpu_s": seconds, "parameters": parameters}) + "\n")


if __name__ == "__main__":
    main()
