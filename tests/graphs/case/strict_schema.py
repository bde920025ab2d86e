"""The rules of CASE 1.1 for a package, written as a JSON schema of our own.

Fields, required ones and patterns follow the 1.1 REST/JSON binding; no other field may
stand anywhere except inside `extensions`. Definitions and rubrics take no `extensions`
here, because 1.0 forbids them.
"""

from typing import Any

from jsonschema import Draft7Validator, FormatChecker

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
UUID: Schema = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
}
URI: Schema = {"type": "string", "pattern": r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$"}
DATE: Schema = {"type": "string", "format": "date"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
FREE: Schema = {"type": "object"}
BASE: dict[str, Schema] = {"identifier": UUID, "uri": URI, "lastChangeDateTime": TIME}


def closed(fields: dict[str, Schema], *required: str) -> Schema:
    """An object with these fields and no other."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }


def many(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


LINK = closed({"title": TEXT, "identifier": UUID, "uri": URI}, "title", "identifier", "uri")
NODE = closed({"title": TEXT, "identifier": TEXT, "uri": URI}, "title", "identifier", "uri")
STATUS = {"statusStartDate": DATE, "statusEndDate": DATE, "licenseURI": LINK, "notes": TEXT}
SUBJECT = {"subject": TEXTS, "subjectURI": many(LINK), "language": TEXT}
DOCUMENT = closed(
    {
        **BASE,
        **STATUS,
        **SUBJECT,
        **dict.fromkeys(
            ("frameworkType", "creator", "title", "publisher", "description", "version"), TEXT
        ),
        "caseVersion": {"const": "1.1"},
        "adoptionStatus": TEXT,
        "officialSourceURL": URI,
        "extensions": FREE,
    },
    *BASE,
    "creator",
    "title",
)
ITEM = closed(
    {
        **BASE,
        **STATUS,
        **SUBJECT,
        **dict.fromkeys(("fullStatement", "alternativeLabel", "CFItemType"), TEXT),
        **dict.fromkeys(("humanCodingScheme", "listEnumeration", "abbreviatedStatement"), TEXT),
        "conceptKeywords": TEXTS,
        "conceptKeywordsURI": LINK,
        "educationLevel": TEXTS,
        "CFItemTypeURI": LINK,
        "extensions": FREE,
    },
    *BASE,
    "fullStatement",
)
ASSOCIATION = closed(
    {
        **BASE,
        "associationType": {
            "type": "string",
            "pattern": "^(isChildOf|isPeerOf|isPartOf|exactMatchOf|precedes|isRelatedTo|replacedBy"
            r"|exemplar|hasSkillLevel|isTranslationOf|ext:[a-zA-Z0-9.\-_]+)$",
        },
        "sequenceNumber": {"type": "integer"},
        "originNodeURI": NODE,
        "destinationNodeURI": NODE,
        "CFAssociationGroupingURI": LINK,
        "notes": TEXT,
        "extensions": FREE,
    },
    *BASE,
    "associationType",
    "originNodeURI",
    "destinationNodeURI",
)
DEFINED = {**BASE, "title": TEXT, "description": TEXT}
CODED = {**DEFINED, "hierarchyCode": TEXT}
NUMBERS = {"weight": {"type": "number"}, "score": {"type": "number"}}
LEVEL = closed(
    {
        **BASE,
        **dict.fromkeys(("description", "quality", "feedback"), TEXT),
        "score": NUMBERS["score"],
        "position": {"type": "integer"},
        "rubricCriterionId": UUID,
    },
    *BASE,
)
CRITERION = closed(
    {
        **BASE,
        "category": TEXT,
        "description": TEXT,
        "CFItemURI": LINK,
        "weight": NUMBERS["weight"],
        "position": {"type": "integer"},
        "rubricId": UUID,
        "CFRubricCriterionLevels": many(LEVEL),
    },
    *BASE,
)
PACKAGE = closed(
    {
        "CFDocument": DOCUMENT,
        "CFItems": many(ITEM),
        "CFAssociations": many(ASSOCIATION),
        "CFDefinitions": closed(
            {
                "CFConcepts": many(closed({**CODED, "keywords": TEXT}, *BASE, "title")),
                "CFSubjects": many(closed(CODED, *BASE, "title", "hierarchyCode")),
                "CFLicenses": many(
                    closed({**DEFINED, "licenseText": TEXT}, *BASE, "title", "licenseText")
                ),
                "CFItemTypes": many(
                    closed(
                        {**CODED, "typeCode": TEXT},
                        *BASE, "title", "description", "hierarchyCode",
                    )
                ),
                "CFAssociationGroupings": many(closed(DEFINED, *BASE, "title")),
            }
        ),
        "CFRubrics": many(closed({**DEFINED, "CFRubricCriteria": many(CRITERION)}, *BASE)),
    },
    "CFDocument",
)  # fmt: skip
_validator = Draft7Validator(PACKAGE, format_checker=FormatChecker())


def breaches(package: dict[str, Any]) -> list[str]:
    """Return what in a package breaks CASE 1.1, with where it stands."""
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in _validator.iter_errors(package)
    ]
