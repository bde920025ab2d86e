"""Name what is wrong between the CSV files of a curriculum, by file, line and column.

A `Framework` refuses the same faults, but only a table still knows its lines.
"""

from collections.abc import Iterator, Mapping

from graphs.errors import Fault, cycle_path
from graphs.framework import circles_of_parents
from graphs.tables import Row, Table, split_list

# (table, column, the table whose ids its cells must name)
REFERENCES = (
    ("targets", "competency", "competencies"),
    ("competencies", "parent", "competencies"),
    ("tasks", "targets", "targets"),
    ("prerequisites", "prereq", "targets"),
    ("prerequisites", "target", "targets"),
    ("tasks", "kind", "kinds"),
    ("requirements", "target", "targets"),
    ("requirements", "competency", "competencies"),
    ("requirements", "kinds", "kinds"),
    ("requirements", "scale", "scales"),
)
NAMES = {
    "targets": "learning target",
    "competencies": "competency",
    "tasks": "task",
    "kinds": "evidence kind",
    "scales": "scale",
}


def faults_between(tables: Mapping[str, Table]) -> list[Fault]:
    """Return every repeated id, every dangling reference and every circle of competencies.

    A reference dangles when its table does not have the id; tables that are not there are
    not checked against.
    """
    lines = {part: _first_lines(table) for part, table in tables.items() if part in NAMES}
    return [*_repeats(tables, lines), *_dangling(tables, lines), *_circles(tables, lines)]


def _first_lines(table: Table) -> dict[str, Row]:
    lines: dict[str, Row] = {}
    for row in table.rows:
        lines.setdefault(row["id"], row)
    return lines


def _repeats(
    tables: Mapping[str, Table], lines: Mapping[str, Mapping[str, Row]]
) -> Iterator[Fault]:
    for part, first in lines.items():
        for row in tables[part].rows:
            before = first[row["id"]]
            if row["id"] and before is not row:
                message = f"the id {row['id']!r} stands on line {before.line} already"
                yield tables[part].fault(row, "id", message)


def _dangling(
    tables: Mapping[str, Table], lines: Mapping[str, Mapping[str, Row]]
) -> Iterator[Fault]:
    for part, column, home in REFERENCES:
        if part in tables and home in lines:
            for row in tables[part].rows:
                for named in split_list(row[column]):
                    if named not in lines[home]:
                        message = f"there is no {NAMES[home]} {named!r}"
                        yield tables[part].fault(row, column, message)


def _circles(
    tables: Mapping[str, Table], lines: Mapping[str, Mapping[str, Row]]
) -> Iterator[Fault]:
    rows = lines.get("competencies", {})
    for circle in circles_of_parents({c: row["parent"] or None for c, row in rows.items()}):
        message = f"competencies contain one another in a circle: {cycle_path(circle)}"
        yield tables["competencies"].fault(rows[circle[0]], "parent", message)
