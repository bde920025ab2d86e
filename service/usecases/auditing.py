"""The curriculum in force as tables, to be checked and held against its evidence."""

from graphs.files import edges_csv, targets_csv
from graphs.tables import Table, parse_table
from service.principal import Principal
from service.school import load_school
from service.store import Store


def tables_in_store(store: Store, principal: Principal) -> tuple[Table, Table]:
    """Return the prerequisites and targets in force. Raises `NothingYet`."""
    with store.read(principal.district) as unit:
        curriculum = load_school(unit).curriculum
    edges = parse_table(edges_csv(curriculum.edges), "prerequisites in force")
    return edges, parse_table(targets_csv(curriculum.framework.targets), "targets in force")
