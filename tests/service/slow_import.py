"""An import that says when it has begun to write, so that a test can kill it then."""

import sys
import time
from pathlib import Path

from service import open_store
from service.importing import read_evidence
from service.principal import LOCAL
from service.usecases import curricula, recording
from tests.cast import NOW


def main(file: str, database: str) -> None:
    """Import evidence, pausing inside the transaction after each part."""
    store = open_store(f"sqlite:///{database}")
    read = read_evidence(Path(file), curricula.curriculum_in_force(store, LOCAL))

    def said(_done: int, _total: int) -> None:
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        time.sleep(0.5)

    recording.record_evidence(store, LOCAL, read.pieces, NOW, said)
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
