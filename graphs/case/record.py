"""What a CASE package said that a curriculum has no place for, kept beside the curriculum."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphs.case.shapes import ASSOCIATION, DOCUMENT, ITEM, Json, Shape, Unfit, fit
from graphs.errors import Fault, InvalidInput

OWN = "footpath"
"""Our key in the free object `extensions` of a CASE document, item or association."""
FOUND = "found"
"""Under our key: what was found in a package where strict form has no place for it."""


@dataclass(frozen=True)
class CaseRecord:
    """The rest of a CASE package, so that writing it again loses nothing.

    `document` has the fields of its CFDocument, `competencies` and `targets` those of each
    CFItem by our id, as far as they do not follow from the curriculum itself.
    `associations` stand for what the curriculum says (a parent, a prerequisite) and are
    written as long as it still says so; `others` are all the rest. `definitions` and
    `rubrics` are CFDefinitions and CFRubrics.
    """

    document: Json = field(default_factory=dict)
    competencies: Mapping[str, Json] = field(default_factory=dict)
    targets: Mapping[str, Json] = field(default_factory=dict)
    associations: tuple[Json, ...] = ()
    others: tuple[Json, ...] = ()
    definitions: Json = field(default_factory=dict)
    rubrics: tuple[Json, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values; `record_from_document` reads them back equal."""
        return {
            "document": dict(self.document),
            "competencies": dict(self.competencies),
            "targets": dict(self.targets),
            "associations": list(self.associations),
            "others": list(self.others),
            "definitions": dict(self.definitions),
            "rubrics": list(self.rubrics),
        }


def record_from_document(document: Mapping[str, Any]) -> CaseRecord:
    """Read what `CaseRecord.to_document` wrote. Raises `InvalidInput`."""
    refuse_unkeepable(document)
    faults = []
    read: dict[str, Any] = {}
    for part, default in CaseRecord().to_document().items():
        value = document.get(part, default)
        if type(value) is not type(default):
            faults.append(Fault("is not of the right kind", field=f"case.{part}"))
        read[part] = tuple(value) if isinstance(default, list) else value
    faults += [Fault("is no such field", field=f"case.{part}") for part in document.keys() - read]
    faults = faults or list(_part_faults(read))
    if faults:
        raise InvalidInput(faults)
    return CaseRecord(**read)


def refuse_unkeepable(document: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` for values that JSON or a database cannot hold: NaN, half characters."""
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"holds what cannot be kept: {error}") from error


def _part_faults(read: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _needed_faults(read["document"], DOCUMENT, "case.document")
    for part in ("competencies", "targets"):
        for key, value in read[part].items():
            yield from _needed_faults(value, ITEM, f"case.{part}.{key}")
    for part in ("associations", "others"):
        for i, each in enumerate(read[part]):
            try:
                fit(each, ASSOCIATION)
            except Unfit:
                yield Fault("is no CASE association", field=f"case.{part}.{i}")


def _needed_faults(kept: Any, shape: Shape, field: str) -> Iterator[Fault]:
    """Yield what would keep a document or an item from being written."""
    try:
        _, aside = fit(kept, replace(shape, required=()))
    except Unfit:
        yield Fault("must be an object", field=field)
        return
    for name in shape.required:
        if name in aside or kept.get(name, "") is None:
            yield Fault("is not what CASE has here", field=f"{field}.{name}")


NAMESPACE = uuid.UUID("6f1f3c52-6f0e-5d0b-9d6e-0f1b5c0a7e11")
"""Names that are no UUID get one under this namespace: equal names, equal UUIDs."""


def derived(*names: str) -> str:
    """Return the UUID that stands for some names."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(names)))


def urn(identifier: str) -> str:
    """Return the URI of something that has nothing but a UUID."""
    return f"urn:uuid:{identifier}"


def own(element: Mapping[str, Any]) -> Json:
    """Return what we have written into the extensions of an element."""
    extensions = element.get("extensions")
    ours = extensions.get(OWN) if isinstance(extensions, dict) else None
    return ours if isinstance(ours, dict) else {}


def found(element: Mapping[str, Any]) -> Json:
    """Return what was found in an element and has no place in strict form, by path."""
    kept = own(element).get(FOUND)
    return kept if isinstance(kept, dict) else {}


def with_found(element: Json, aside: Mapping[str, Any]) -> Json:
    """Return an element that keeps, in its extensions, what strict form has no place for."""
    if not aside:
        return element
    kept = dict(found(element))
    for path, value in aside.items():
        free = path
        while free in kept and kept[free] != value:
            free += "+"
        kept[free] = value
    extensions = {**element.get("extensions", {}), OWN: {**own(element), FOUND: kept}}
    return {**element, "extensions": extensions}


def type_of(association: Mapping[str, Any]) -> str:
    """Return the type of an association, also one that strict form does not allow."""
    odd = found(association).get("associationType")
    return odd if isinstance(odd, str) else str(association["associationType"])


def beyond(whole: Mapping[str, Any], known: Mapping[str, Any]) -> Json:
    """Return what `whole` says beyond `known`, object by object; `joined` puts it back."""
    rest: Json = {}
    for key, value in whole.items():
        if key not in known:
            rest[key] = value
        elif isinstance(value, dict) and isinstance(known[key], dict):
            inside = beyond(value, known[key])
            if inside:
                rest[key] = inside
        elif value != known[key]:
            rest[key] = value
    return rest


def joined(known: Mapping[str, Any], rest: Mapping[str, Any]) -> Json:
    """Return `known` with everything that `rest` says; `rest` wins."""
    whole = dict(known)
    for key, value in rest.items():
        both = isinstance(value, dict) and isinstance(whole.get(key), dict)
        whole[key] = joined(whole[key], value) if both else value
    return whole
