"""Time pyBKT's `Roster.update_state` and print it as JSON: `python pybkt_roster.py`.

Stands alone, in a process of its own, because by default pyBKT forks a pool at each call, and
because its roster writes into the shared model while it predicts.
"""

import json
import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")  # pyBKT's own, on import and on pandas' future

from pyBKT.models import Model, Roster  # noqa: E402

UPDATES = {True: 15, False: 300}
"""Updates timed with and without its pools: a call with them takes a tenth of a second."""


def main() -> None:
    """Print the median microseconds of an update, by default and with `parallel` off."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(30), 10),
            "skill_name": "k",
            "correct": rng.integers(0, 2, 300),
            "order_id": np.arange(300),
        }
    )
    found = {name: _median(frame, rng, on) for name, on in (("default", True), ("serial", False))}
    sys.stdout.write(json.dumps(found) + "\n")


def _median(frame: pd.DataFrame, rng: np.random.Generator, parallel: bool) -> float:
    model = Model(seed=1, num_fits=1, parallel=parallel)
    model.fit(data=frame.copy())
    roster = Roster(students=["s"], skills="k", model=model)
    taken = []
    for _ in range(UPDATES[parallel]):
        answer = int(rng.integers(2))
        begin = time.perf_counter_ns()
        roster.update_state("k", "s", answer)
        taken.append(time.perf_counter_ns() - begin)
    return statistics.median(taken) / 1000


if __name__ == "__main__":
    main()
