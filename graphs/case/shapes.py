"""The strict form of each part of a CASE package, and how a lenient one is fitted to it.

Fitting loses nothing: a value that strict form has no place for is handed back under its
path, to be kept aside. Only spelling is made uniform: a time without a zone is UTC (as CASE
says), one text where a list belongs is a list of one, `null` is absence, UUIDs are lower case.
What comes out obeys both the 1.0 and the 1.1 schema of 1EdTech.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

Json = dict[str, Any]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+")


class Unfit(Exception):
    """A value that its field has no place for."""


Fit = Callable[[Any], Any]


@dataclass(frozen=True)
class Shape:
    """The fields an object may have: a fit for its value, a shape, or a list of a shape.

    `fill` names for a missing field the field to copy, where that says nothing new.
    """

    fields: Mapping[str, "Fit | Shape | list[Shape]"]
    required: tuple[str, ...]
    fill: Mapping[str, str] = field(default_factory=dict)
    from_text: Callable[[str], Json] | None = None


def fit(raw: Any, shape: Shape) -> tuple[Json, Json]:
    """Return an object in strict form, and by path what it has no place for.

    Raises `Unfit` when it is no object or lacks a required field.
    """
    if isinstance(raw, str) and shape.from_text:
        raw = shape.from_text(raw)
    if not isinstance(raw, dict):
        raise Unfit
    strict: Json = {}
    aside: Json = {}
    for key, value in raw.items():
        if value is not None:
            _fit_field(key, value, shape, strict, aside)
    for key, other in shape.fill.items():
        if key not in strict and other in strict:
            strict[key] = strict[other]
    if any(key not in strict for key in shape.required):
        raise Unfit
    return strict, aside


def _fit_field(key: str, value: Any, shape: Shape, strict: Json, aside: Json) -> None:
    rule = shape.fields.get(key)
    try:
        if isinstance(rule, Shape):
            strict[key], odd = fit(value, rule)
            aside.update({f"{key}/{path}": each for path, each in odd.items()})
        elif isinstance(rule, list):
            strict[key], odd = _fit_list(value, rule[0])
            aside.update({f"{key}/{path}": each for path, each in odd.items()})
        elif rule is None:
            aside[key] = value
        else:
            strict[key] = rule(value)
    except Unfit:
        aside[key] = value


def _fit_list(value: Any, shape: Shape) -> tuple[list[Json], Json]:
    if not isinstance(value, list):
        raise Unfit
    kept: list[Json] = []
    aside: Json = {}
    for i, each in enumerate(value):
        try:
            strict, odd = fit(each, shape)
        except Unfit:
            aside[str(i)] = each
        else:
            kept.append(strict)
            aside.update({f"{i}/{path}": other for path, other in odd.items()})
    return kept, aside


def text(value: Any) -> str:
    """Fit a text; a number is written out."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Unfit


def texts(value: Any) -> list[str]:
    """Fit a list of texts; one text is a list of one."""
    return [text(each) for each in value] if isinstance(value, list) else [text(value)]


def uuid(value: Any) -> str:
    """Fit a UUID; it is written in lower case."""
    if isinstance(value, str) and UUID.fullmatch(value):
        return value.lower()
    raise Unfit


def uri(value: Any) -> str:
    """Fit a URI with its scheme."""
    if isinstance(value, str) and URI.fullmatch(value):
        return value
    raise Unfit


def moment(value: Any) -> str:
    """Fit a time; it is written in UTC with a `Z`, and without a zone it is read as UTC."""
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise Unfit from None
    return found.replace(tzinfo=None).isoformat() + "Z"


def day(value: Any) -> str:
    """Fit a date."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Unfit from None


def whole(value: Any) -> int:
    """Fit a whole number, also one written as a text."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unfit


def number(value: Any) -> int | float:
    """Fit a number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    raise Unfit


def version(value: Any) -> str:
    """Fit the version of CASE; only 1.1 is ever named in a package."""
    if value == "1.1":
        return "1.1"
    raise Unfit


def anything(value: Any) -> Json:
    """Fit the free object of `extensions`."""
    if isinstance(value, dict) and isinstance(value.get("footpath", {}), dict):
        return value
    raise Unfit


def _link_of(words: str) -> Json:
    found = list(UUID.finditer(words))
    return {"identifier": found[-1].group() if found else words, "uri": words}


_LINK_PARTS = ("title", "identifier", "uri")
LINK = Shape(
    {"title": text, "identifier": uuid, "uri": uri},
    _LINK_PARTS,
    {"title": "identifier"},
    _link_of,
)
NODE = Shape(
    {"title": text, "identifier": text, "uri": uri},
    _LINK_PARTS,
    {"title": "identifier"},
    _link_of,
)
_NAMED: dict[str, "Fit | Shape | list[Shape]"] = {
    "identifier": uuid,
    "uri": uri,
    "lastChangeDateTime": moment,
}
DOCUMENT = Shape(
    {
        **_NAMED,
        "frameworkType": text,
        "caseVersion": version,
        "creator": text,
        "title": text,
        "officialSourceURL": uri,
        "publisher": text,
        "description": text,
        "subject": texts,
        "subjectURI": [LINK],
        "language": text,
        "version": text,
        "adoptionStatus": text,
        "statusStartDate": day,
        "statusEndDate": day,
        "licenseURI": LINK,
        "notes": text,
        "extensions": anything,
    },
    ("identifier", "uri", "creator", "title", "lastChangeDateTime"),
)
ITEM = Shape(
    {
        **_NAMED,
        "fullStatement": text,
        "alternativeLabel": text,
        "CFItemType": text,
        "humanCodingScheme": text,
        "listEnumeration": text,
        "abbreviatedStatement": text,
        "conceptKeywords": texts,
        "conceptKeywordsURI": LINK,
        "notes": text,
        "subject": texts,
        "subjectURI": [LINK],
        "language": text,
        "educationLevel": texts,
        "CFItemTypeURI": LINK,
        "licenseURI": LINK,
        "statusStartDate": day,
        "statusEndDate": day,
        "extensions": anything,
    },
    ("identifier", "uri", "fullStatement", "lastChangeDateTime"),
)
ASSOCIATION = Shape(
    {
        **_NAMED,
        "associationType": text,
        "sequenceNumber": whole,
        "originNodeURI": NODE,
        "destinationNodeURI": NODE,
        "CFAssociationGroupingURI": LINK,
        "notes": text,
        "extensions": anything,
    },
    (
        "identifier",
        "uri",
        "associationType",
        "originNodeURI",
        "destinationNodeURI",
        "lastChangeDateTime",
    ),
)
_DEFINED = {**_NAMED, "title": text, "description": text}
_CODED = ("identifier", "uri", "title", "hierarchyCode", "lastChangeDateTime")
DEFINITIONS = Shape(
    {
        "CFConcepts": [Shape({**_DEFINED, "keywords": text, "hierarchyCode": text}, _CODED)],
        "CFSubjects": [Shape({**_DEFINED, "hierarchyCode": text}, _CODED)],
        "CFLicenses": [
            Shape(
                {**_DEFINED, "licenseText": text},
                ("identifier", "uri", "title", "licenseText", "lastChangeDateTime"),
            )
        ],
        "CFItemTypes": [
            Shape(
                {**_DEFINED, "hierarchyCode": text, "typeCode": text},
                (*_CODED, "description"),
                {"description": "title"},  # 1.1 asks for one
            )
        ],
        "CFAssociationGroupings": [
            Shape(_DEFINED, ("identifier", "uri", "title", "lastChangeDateTime"))
        ],
    },
    (),
)
_UNTITLED = ("identifier", "uri", "lastChangeDateTime")
_LEVEL = Shape(
    {
        **_NAMED,
        "description": text,
        "quality": text,
        "score": number,
        "feedback": text,
        "position": whole,
        "rubricCriterionId": uuid,
    },
    _UNTITLED,
)
_CRITERION = Shape(
    {
        **_NAMED,
        "category": text,
        "description": text,
        "CFItemURI": LINK,
        "weight": number,
        "position": whole,
        "rubricId": uuid,
        "CFRubricCriterionLevels": [_LEVEL],
    },
    _UNTITLED,
)
RUBRICS = Shape(
    {
        "CFRubrics": [
            Shape({**_DEFINED, "CFRubricCriteria": [_CRITERION]}, _UNTITLED),
        ]
    },
    (),
)
TYPES = frozenset(
    {
        "isChildOf",
        "isPeerOf",
        "isPartOf",
        "exactMatchOf",
        "precedes",
        "isRelatedTo",
        "replacedBy",
        "exemplar",
        "hasSkillLevel",
    }
)
"""Association types of CASE 1.0; 1.1 adds `isTranslationOf` and everything from `ext:` on."""


def legal_type(name: str, case_version: str) -> bool:
    """Say whether packages of this version may hold associations of this type."""
    of_1_1 = name == "isTranslationOf" or bool(re.fullmatch(r"ext:[a-zA-Z0-9.\-_]+", name))
    return name in TYPES or (case_version == "1.1" and of_1_1)
