"""What a CASE package said that a curriculum has no place for, kept beside the curriculum."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphs.case.shapes import (
    ASSOCIATION,
    DEFINITIONS,
    DOCUMENT,
    ITEM,
    RUBRICS,
    Json,
    Shape,
    Unfit,
    fit,
)
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
    blank = CaseRecord().to_document()
    faults = [Fault("is no such field", field=f"case.{part}") for part in document.keys() - blank]
    faults += [
        Fault("is not of the right kind", field=f"case.{part}")
        for part, default in blank.items()
        if type(document.get(part, default)) is not type(default)
    ]
    if faults:
        raise InvalidInput(faults)
    reader = _RecordReader({**blank, **document}, faults)
    record = reader.record()
    if faults:
        raise InvalidInput(faults)
    return record


def refuse_unkeepable(document: Mapping[str, Any]) -> None:
    """Raise `InvalidInput` for values that JSON or a database cannot hold: NaN, half characters."""
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"holds what cannot be kept: {error}") from error


@dataclass(frozen=True, slots=True)
class _RecordReader:
    """Fits the parts of a record, which may come from anywhere, and gathers faults."""

    given: Mapping[str, Any]
    faults: list[Fault]

    def record(self) -> CaseRecord:
        return CaseRecord(
            self._kept(self.given["document"], DOCUMENT, "document"),
            self._items("competencies"),
            self._items("targets"),
            self._associations("associations"),
            self._associations("others"),
            self._whole(self.given["definitions"], DEFINITIONS, "definitions"),
            tuple(
                self._whole({"CFRubrics": self.given["rubrics"]}, RUBRICS, "rubrics")["CFRubrics"]
            ),
        )

    def _items(self, part: str) -> dict[str, Json]:
        items = self.given[part].items()
        return {key: self._kept(value, ITEM, f"{part}.{key}") for key, value in items}

    def _kept(self, kept: Any, shape: Shape, where: str) -> Json:
        """Return what is kept of a part; what must be right for it to be written has to be."""
        try:
            strict, aside = fit(kept, replace(shape, required=()))
        except Unfit:
            self._fault(where, "must be an object")
            return {}
        for name in shape.required:
            if name in aside or kept.get(name, "") is None:
                self._fault(f"{where}.{name}", "is not what CASE has here")
        return with_found(strict, aside)

    def _associations(self, part: str) -> tuple[Json, ...]:
        return tuple(
            self._whole(each, ASSOCIATION, f"{part}.{i}", aside=True)
            for i, each in enumerate(self.given[part])
        )

    def _whole(self, raw: Any, shape: Shape, where: str, *, aside: bool = False) -> Json:
        """Return a part in strict form; only some have room for what is kept `aside`."""
        try:
            strict, odd = fit(raw, shape)
        except Unfit:
            self._fault(where, "is not what CASE has here")
            return {"CFRubrics": []}
        if odd and not aside:
            self._fault(where, f"has no place in CASE: {', '.join(odd)}")
        return with_found(strict, odd) if aside else strict

    def _fault(self, where: str, message: str) -> None:
        self.faults.append(Fault(message, field=f"case.{where}"))


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
