"""Small CASE packages: one written by hand, and random ones as odd as those in the wild."""

import uuid
from typing import Any

from hypothesis import strategies as st

from tests.graphs.random_graphs import subsets

Json = dict[str, Any]
WEB = "https://standards.example/uri"


def uid(name: str) -> str:
    """A UUID for a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def link(name: str) -> Json:
    """A link to what `item` and `document` make of this name."""
    return {"title": name, "identifier": uid(name), "uri": f"{WEB}/{name}"}


def item(name: str, **more: Any) -> Json:
    """An item with its name as code."""
    return {
        "identifier": uid(name),
        "uri": f"{WEB}/{name}",
        "fullStatement": f"I can {name}",
        "humanCodingScheme": name,
        "lastChangeDateTime": "2024-05-01T12:00:00Z",
        **more,
    }


def association(kind: str, origin: str, destination: str, **more: Any) -> Json:
    """An association between two names."""
    return {
        "identifier": uid(f"{kind} {origin} {destination}"),
        "uri": f"{WEB}/{uid(f'{kind} {origin} {destination}')}",
        "associationType": kind,
        "originNodeURI": link(origin),
        "destinationNodeURI": link(destination),
        "lastChangeDateTime": "2024-05-01T12:00:00Z",
        **more,
    }


def small_package() -> Json:
    """Two clusters, five standards, three orderings, and what belongs to other packages.

    `N` holds `N.1 → N.2`, `F` holds `F.1`, `F.2` with the parts `F.2.a`, `F.2.b`;
    `N.2 → F.1`, and all of `N` comes before `F.2`.
    """
    family = {"N.1": "N", "N.2": "N", "F.1": "F", "F.2": "F", "F.2.a": "F.2", "F.2.b": "F.2"}
    names = ["N", "F", *family]
    return {
        "CFDocument": {
            "identifier": uid("doc"),
            "uri": f"{WEB}/doc",
            "creator": "District 9",
            "title": "Numbers and fractions",
            "lastChangeDateTime": "2024-05-01T12:00:00",
            "CFPackageURI": link("doc"),
            "subject": "Mathematics",
        },
        "CFItems": [item(name, educationLevel=["03", "04"], local={"id": 7}) for name in names],
        "CFAssociations": [
            association("isChildOf", "F", "doc", sequenceNumber="2"),
            association("isChildOf", "N", "doc", sequenceNumber="1"),
            *(association("isChildOf", child, parent) for child, parent in family.items()),
            association("isChildOf", "F.1", "N"),
            association("precedes", "N.1", "N.2"),
            association("precedes", "N.2", "F.1"),
            association("precedes", "N", "F.2"),
            association("precedes", "F.1", "elsewhere"),
            association("exactMatchOf", "N.1", "elsewhere", CFDocumentURI=link("doc")),
            association("isRelatedTo", "F.1", "F.2.a"),
            association("requires", "F.1", "F.2.b", weight=0.5),
        ],
        "CFDefinitions": {
            "CFItemTypes": [
                {
                    **{k: v for k, v in item("Standard").items() if "Stat" not in k},
                    "title": "Standard",
                    "hierarchyCode": "1",
                    "description": None,
                }
            ]
        },
    }


texts = st.text('ab é"\n,', max_size=6)
filled = texts.filter(lambda t: bool(t.strip()))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
times = st.sampled_from(
    ["2024-05-01T12:00:00Z", "2017-02-14T20:34:39", "2020-02-29T23:00:00.5+05:30", "2021-01-01"]
)
dates = st.sampled_from(["2024-02-29", "2024-02-29T10:00:00Z", "soon"])
links = st.sampled_from(["a", "b"]).map(link) | st.just(f"{WEB}/{uid('c')}") | values
OPTIONAL: Json = {
    "notes": texts | values,
    "language": texts,
    "CFItemType": texts,
    "educationLevel": st.lists(texts, max_size=3) | texts | values,
    "humanCodingScheme": st.sampled_from(["K.1", "K.2", ""]) | values,
    "conceptKeywords": st.lists(texts, max_size=2) | texts,
    "CFItemTypeURI": links,
    "subjectURI": st.lists(links, max_size=2),
    "licenseURI": links,
    "statusStartDate": dates,
    "CFDocumentURI": links,
    "educationalLevel": texts,
    "extensions": st.dictionaries(st.sampled_from(["vendor", "x"]), values) | values,
    "sequenceNumber": st.integers(0, 9) | st.integers(0, 9).map(str) | values,
}
TYPES = ["isRelatedTo", "exactMatchOf", "isTranslationOf", "ext:needs", "made up"]


@st.composite
def packages(draw: st.DrawFn) -> Json:
    """Draw a package that can be read, its ids, links, times and fields as odd as can be."""
    size = draw(st.integers(0, 6))
    names = [f"i{i}" for i in range(size)]
    spelled = {name: draw(st.sampled_from([uid(name), uid(name).upper(), name])) for name in names}
    family = {n: draw(st.sampled_from(["doc", None, *names[:i]])) for i, n in enumerate(names)}
    leaves = [n for n in names if n not in family.values()]
    pairs = [(a, b) for i, b in enumerate(leaves) for a in leaves[:i]]
    document = _odd(draw, {**item("doc"), "title": draw(texts | st.just("T")), "creator": "C"})
    document.update(title=draw(filled), caseVersion=draw(st.sampled_from(["1.1", "1.0", None])))
    drawn = [(k, a, b) for a, b in draw(subsets(pairs)) for k in ("precedes",)]
    drawn += [("isChildOf", child, parent) for child, parent in family.items() if parent]
    others = st.tuples(st.sampled_from(TYPES), *[st.sampled_from([*names, "doc", "far"])] * 2)
    drawn += draw(st.lists(others, max_size=4))
    package = {
        "CFDocument": document,
        "CFItems": [_odd(draw, item(n, identifier=spelled[n])) for n in names],
        "CFAssociations": [
            _odd(
                draw,
                {
                    **association(*each),
                    "identifier": uid(f"{i} {each}"),
                    **_ends(draw, each, spelled),
                },
            )
            for i, each in enumerate(draw(st.permutations(drawn)))
        ],
        **draw(st.dictionaries(st.sampled_from(["extensions", "more"]), values, max_size=1)),
    }
    if draw(st.booleans()):
        package["CFDefinitions"] = {
            part: [_odd(draw, {**item(part), "title": "T", "hierarchyCode": "1"})]
            for part in draw(st.sampled_from([[], ["CFItemTypes"], ["CFSubjects", "made up"]]))
        }
    if draw(st.booleans()):
        criterion = {**item("c"), "weight": draw(values), "CFRubricCriterionLevels": [item("l")]}
        package["CFRubrics"] = [_odd(draw, {**item("r"), "CFRubricCriteria": [criterion, 5]})]
    return package


def _odd(draw: st.DrawFn, element: Json) -> Json:
    """Add optional and unknown fields, spell the time another way, leave the URI out."""
    chosen = draw(st.sets(st.sampled_from(sorted(OPTIONAL)), max_size=4))
    more = {key: draw(OPTIONAL[key]) for key in sorted(chosen)}
    odd = {**element, **more, "lastChangeDateTime": draw(times)}
    odd.update(draw(st.dictionaries(st.sampled_from(["x_1", "local id"]), values, max_size=1)))
    if draw(st.integers(0, 4)) == 0 and "originNodeURI" in element:
        del odd["uri"]
    return odd


def _ends(draw: st.DrawFn, each: tuple[str, str, str], spelled: dict[str, str]) -> Json:
    ends = {}
    for key, name in zip(("originNodeURI", "destinationNodeURI"), each[1:], strict=True):
        full = {**link(name), "identifier": spelled.get(name, uid(name))}
        by_uri = {**full, "identifier": "unknown"}
        ends[key] = draw(st.sampled_from([full, by_uri, {**full, "targetType": "CASE"}]))
    return ends
