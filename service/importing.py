"""Rosters from CSV files, every fault named by file, line and column."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from graphs import Fault, InvalidInput, read_table
from graphs.tables import Row, Table, split_list
from service.contract import Roster, RosterClass, RosterStudent

B = TypeVar("B", bound=BaseModel)


def read_roster(path: Path) -> Roster:
    """Read a roster CSV: `class,student[,name,class_title,interests]`, a row a student."""
    table = read_table(path, ("class", "student"))
    faults: list[Fault] = []
    classes: dict[str, RosterClass] = {}
    for row in table.rows:
        try:
            _add_to_class(classes, table, row)
        except InvalidInput as error:
            faults += error.faults
    if faults or not classes:
        raise InvalidInput(faults or [Fault("holds no student", table.name)])
    return Roster(classes=list(classes.values()))


def _add_to_class(classes: dict[str, RosterClass], table: Table, row: Row) -> None:
    cells = {"id": row["student"], "name": row["name"], "interests": split_list(row["interests"])}
    student = _checked(RosterStudent, cells, table, row, {"id": "student"})
    fields = {"id": row["class"], "title": row["class_title"], "students": []}
    new = _checked(RosterClass, fields, table, row, {"id": "class", "title": "class_title"})
    members = classes.setdefault(new.id, new).students
    if any(other.id == student.id for other in members):
        raise InvalidInput([table.fault(row, "student", "stands twice in this class")])
    members.append(student)


def _checked(
    model: type[B],
    fields: Mapping[str, object],
    table: Table,
    row: Row,
    columns: Mapping[str, str],
) -> B:
    """Validate the cells of a row; text is read as the number or time that it spells."""
    try:
        return model.model_validate(fields, strict=False)
    except ValidationError as error:
        raise InvalidInput(
            table.fault(row, _column(str(each["loc"][0]), columns), each["msg"])
            for each in error.errors()
        ) from None


def _column(field: str, columns: Mapping[str, str]) -> str:
    """Return the column that a field was read from."""
    return columns.get(field) or field
