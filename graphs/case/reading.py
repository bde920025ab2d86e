"""Read a CASE package as it comes, 1.0 or 1.1, and bring it into strict form.

Lenient where the meaning is plain (fields that belong elsewhere, other spellings of times
and ids, missing URIs, association types of one's own), strict where it is not: a part
without its id, its statement, its type or its ends is refused with line and field.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphs.case.record import derived, found, refuse_unkeepable, urn, with_found
from graphs.case.shapes import (
    ASSOCIATION,
    DEFINITIONS,
    DOCUMENT,
    ITEM,
    NODE,
    RUBRICS,
    UUID,
    Fit,
    Json,
    Shape,
    Unfit,
    fit,
    legal_type,
    moment,
    text,
    uri,
)
from graphs.errors import Fault, InvalidInput
from graphs.json_source import JsonSource, Key

PARTS = {"CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"}


@dataclass(frozen=True)
class CasePackage:
    """A CASE package in strict form; items and associations are in their order.

    `kept_aside` counts, by part and field, what strict form has no place for; it stands in
    the extensions of its part.
    """

    source: JsonSource
    document: Json
    items: tuple[Json, ...]
    associations: tuple[Json, ...]
    definitions: Json
    rubrics: tuple[Json, ...]
    kept_aside: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Json]:
        """The items by UUID, by the id they came with, and by URI."""
        named = {str(item["uri"]): item for item in self.items}
        named |= {str(found(item).get("identifier", "")): item for item in self.items}
        return named | {str(item["identifier"]): item for item in self.items}

    def item(self, node: Mapping[str, Any]) -> Json | None:
        """Return the item an end of an association leads to, if it is in this package."""
        name = str(node["identifier"])
        named = self.by_name
        return named.get(name.lower()) or named.get(name) or named.get(str(node["uri"]))

    def is_document(self, node: Mapping[str, Any]) -> bool:
        """Say whether an end of an association is the package's own document."""
        names = {self.document["identifier"], found(self.document).get("identifier")}
        return node["identifier"].lower() in names or node["uri"] == self.document["uri"]


def read_package(source: JsonSource) -> CasePackage:
    """Read a CASE package. Raises `InvalidInput` naming every fault by line and field."""
    reader = _Reader(source)
    raw = source.document
    refuse_unkeepable(raw)
    if not isinstance(raw.get("CFDocument"), dict):
        raise InvalidInput([source.fault(("CFDocument",), "a CASE package needs this object")])
    document = reader.document(raw["CFDocument"])
    items = tuple(reader.item(i, each) for i, each in enumerate(reader.list("CFItems")))
    associations = tuple(
        reader.association(i, each) for i, each in enumerate(reader.list("CFAssociations"))
    )
    reader.refuse_repeats("CFItems", items)
    reader.refuse_repeats("CFAssociations", associations)
    if reader.faults:
        raise InvalidInput(reader.faults)
    definitions = reader.rest("CFDefinitions", raw.get("CFDefinitions") or {}, DEFINITIONS)
    rubrics = reader.rest("", {"CFRubrics": raw.get("CFRubrics") or []}, RUBRICS)
    for key in raw.keys() - PARTS:
        reader.aside[key] = raw[key]
        reader.kept_aside[key] += 1
    return CasePackage(
        source,
        with_found(document, reader.aside),
        items,
        associations,
        definitions,
        tuple(rubrics.get("CFRubrics", ())),
        dict(reader.kept_aside),
    )


@dataclass
class _Reader:
    """Fits one part after the other and gathers faults and what is kept aside."""

    source: JsonSource
    faults: list[Fault] = field(default_factory=list)
    kept_aside: Counter[str] = field(default_factory=Counter)
    aside: Json = field(default_factory=dict)
    changed: str = ""
    version: str = ""
    name: str = ""

    def fault(self, path: tuple[Key, ...], message: str) -> None:
        self.faults.append(self.source.fault(path, message))

    def list(self, part: str) -> list[Any]:
        value = self.source.document.get(part)
        if value is None or isinstance(value, list):
            return value or []
        self.fault((part,), "must be a list")
        return []

    def document(self, raw: Json) -> Json:
        path = ("CFDocument",)
        self.name = self.need(raw, path, "identifier")
        self.need(raw, path, "title")
        self.changed = self.time(raw, path) or ""
        if not self.changed:
            self.fault((*path, "lastChangeDateTime"), "this field must not be missing")
        sure = self.named(raw, path, self.name)
        # CASE wants a creator; of a package without one nobody is known.
        sure["creator"] = _or(text, raw.get("creator"), "")
        done = self.fitted(raw, path, DOCUMENT, sure)
        self.version = str(done.get("caseVersion", ""))
        return done

    def item(self, i: int, raw: Any) -> Json:
        path = ("CFItems", i)
        if not isinstance(raw, dict):
            self.fault(path, "an item must be an object")
            return {}
        name = self.need(raw, path, "identifier")
        self.need(raw, path, "fullStatement")
        return self.fitted(raw, path, ITEM, self.named(raw, path, name))

    def association(self, i: int, raw: Any) -> Json:
        path = ("CFAssociations", i)
        if not isinstance(raw, dict):
            self.fault(path, "an association must be an object")
            return {}
        kind = self.need(raw, path, "associationType")
        ends = [self.end(raw, path, end) for end in ("originNodeURI", "destinationNodeURI")]
        name = (
            self.need(raw, path, "identifier")
            if raw.get("identifier") is not None
            else derived(self.name, kind, *ends)
        )
        done = self.fitted(raw, path, ASSOCIATION, self.named(raw, path, name))
        if done and not legal_type(kind, self.version):
            done = with_found(done, {"associationType": kind})
            done["associationType"] = "isRelatedTo"
            self.kept_aside["CFAssociations.associationType"] += 1
        return done

    def need(self, raw: Json, path: tuple[Key, ...], key: str) -> str:
        """Return a text that must be there and not be blank."""
        value = raw.get(key)
        try:
            words = text(value)
        except Unfit:
            missing = value is None
            self.fault(
                (*path, key), f"this field must {'not be missing' if missing else 'be text'}"
            )
            return ""
        if not words.strip():
            self.fault((*path, key), "this field must not be blank")
        return words

    def named(self, raw: Json, path: tuple[Key, ...], name: str) -> Json:
        """Return what every part has: UUID, URI and time, made where the source has none."""
        identifier = name.lower() if UUID.fullmatch(name) else derived(self.name, name)
        address = raw.get("uri")
        if address is not None and not isinstance(address, str):
            self.fault((*path, "uri"), "this field must be text")
        return {
            "identifier": identifier,
            "uri": _or(uri, address, urn(identifier)),
            "lastChangeDateTime": self.time(raw, path) or self.changed,
        }

    def time(self, raw: Json, path: tuple[Key, ...]) -> str | None:
        value = raw.get("lastChangeDateTime")
        try:
            return None if value is None else moment(value)
        except Unfit:
            self.fault((*path, "lastChangeDateTime"), f"{value!r} is not a time")
            return None

    def end(self, raw: Json, path: tuple[Key, ...], key: str) -> str:
        """Return the name of one end of an association."""
        value = raw.get(key)
        try:
            return str(fit(value, NODE)[0]["identifier"])
        except Unfit:
            needs = "not be missing" if value is None else "name a node by identifier and uri"
            self.fault((*path, key), f"this field must {needs}")
            return ""

    def fitted(self, raw: Json, path: tuple[Key, ...], shape: Shape, sure: Json) -> Json:
        """Return a part in strict form, with what has no place there kept inside it.

        `sure` has the fields that were read already; where the source said something else
        that is no other spelling, it is kept aside as well.
        """
        odd: Json = {
            key: raw[key]
            for key in ("identifier", "uri", "creator")
            if key in sure
            and raw.get(key) is not None
            and str(raw[key]).lower() != str(sure.get(key)).lower()
        }
        try:
            strict, aside = fit({**raw, **sure}, shape)
        except Unfit:
            if not self.faults:
                self.fault(path, "cannot be read")
            return {}  # a required field is missing, which is a fault by now
        aside |= odd
        self.kept_aside.update(f"{path[0]}.{_field(where)}" for where in aside)
        return with_found(strict, aside)

    def refuse_repeats(self, part: str, elements: tuple[Json, ...]) -> None:
        first: dict[str, int] = {}
        for i, each in enumerate(elements):
            name = each.get("identifier", "")
            if name and first.setdefault(name, i) != i:
                message = f"the identifier {name!r} stands in {part}.{first[name]} already"
                self.fault((part, i, "identifier"), message)

    def rest(self, prefix: str, raw: Any, shape: Shape) -> Json:
        """Return definitions or rubrics in strict form; what does not fit stands `aside`."""
        try:
            strict, aside = fit(raw, shape)
        except Unfit:
            strict, aside = {}, {"": raw}
        for where, value in aside.items():
            path = "/".join(filter(None, (prefix, where)))
            self.aside[path] = value
            self.kept_aside[_field(path)] += 1
        return {key: value for key, value in strict.items() if value}


def _or(rule: Fit, value: Any, default: str) -> str:
    try:
        return str(rule(value))
    except Unfit:
        return default


def _field(where: str) -> str:
    """Return a path without the numbers in it: all items count as one."""
    return ".".join(part for part in where.split("/") if not part.isdigit())
