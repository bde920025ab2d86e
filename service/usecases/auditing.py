"""What a graph is checked and held against: the curriculum in force, the evidence of a file."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

from graphs import Framework, InvalidInput, LearningTarget, stream_table
from graphs.files import edges_csv, targets_csv
from graphs.framework import usable_id
from graphs.tables import Table, parse_table, split_list
from models import ResponseLog, read_log
from models.evidence import Evidence
from models.log import log_from_evidence
from models.log_files import REQUIRED
from service.evidence_rows import COLUMNS, EvidenceReader
from service.principal import Principal
from service.school import load_school
from service.spool import Spool
from service.store import Store
from service.store.evidence import evidence_of
from service.usecases.importing import check_rows, clash

ONLY_EVIDENCE = {"missed", "supersedes", "work"}
"""Columns that say whether a row counts at all, which a response log knows nothing of."""
OWN_TIME = ZoneInfo("UTC")
"""How a time without a zone is read: only what came first matters here."""


def tables_in_store(store: Store, principal: Principal) -> tuple[Table, Table]:
    """Return the prerequisites and targets in force. Raises `NothingYet`."""
    with store.read(principal.district) as unit:
        curriculum = load_school(unit).curriculum
    edges = parse_table(edges_csv(curriculum.edges), "prerequisites in force")
    return edges, parse_table(targets_csv(curriculum.framework.targets), "targets in force")


def log_in_file(path: Path, framework: Framework | None = None) -> ResponseLog:
    """Return what students did by a response log, or by a file as `import evidence` reads it.

    Evidence is read in a framework (tasks, kinds, scales); without one, in that of the targets
    that the file names itself, with the usual kinds and scales. Nothing is stored. Raises
    `InvalidInput` naming file, line and column.
    """
    with stream_table(path) as table:
        columns = set(table.columns)
    if columns.issuperset(REQUIRED) and not columns & ONLY_EVIDENCE:
        return read_log(path)
    known = framework or _named_in(path)
    weights = {kind.id: kind.weight for kind in known.kinds}
    log = log_from_evidence(_pieces(path, known), weights, known.scales)
    if not len(log):
        raise InvalidInput(f"{path.name} holds no evidence that counts")
    return log


def _named_in(path: Path) -> Framework:
    """Return a framework of the targets that a file of evidence names."""
    named: dict[str, None] = {}
    with stream_table(path, ("student",)) as table:
        columns = [column for column in table.columns if COLUMNS.get(column) == "targets"]
        for chunk in table.chunks:
            cells = {cell for column in columns for cell in chunk.cells[column]}
            named |= dict.fromkeys(id_ for cell in sorted(cells) for id_ in split_list(cell))
    # What cannot be an id is left out here, and then refused on its line.
    targets = tuple(LearningTarget(id_, id_) for id_ in named if usable_id(id_))
    return Framework("named", path.name, targets)


def _pieces(path: Path, framework: Framework) -> Iterator[Evidence]:
    """Yield the evidence of a file, a row that stands there twice once."""
    reader = EvidenceReader(framework, zone=OWN_TIME)
    with TemporaryFile() as file:
        spool = Spool(file)
        with stream_table(path, ("student",)) as table:
            check_rows(table, reader, spool)
        repeated, clashing = spool.repeats()
        rows = [row for lines, part in spool.parts() for row in zip(lines, part, strict=True)]
        kept = [
            evidence_of(row) for (_, row), again in zip(rows, repeated, strict=True) if not again
        ]
        faults = [
            clash(evidence_of(row).id, path.name, line)
            for (line, row), other in zip(rows, clashing, strict=True)
            if other
        ]
    if faults:
        raise InvalidInput(faults)
    yield from kept
