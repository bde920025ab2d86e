"""What `footpath lint` tells of a graph held against evidence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from graphs import InvalidInput
from graphs.tables import Table
from service.cli.output import progress

if TYPE_CHECKING:
    from rich.console import Console

    from models import ResponseLog
    from models.audit import Finding

QUESTIONS = ("reversed", "contradicted", "unsupported")
"""Verdicts that ask the author something, in the order in which they are told."""
COVERED = 1.96
"""Standard errors on either side of a 95 % interval."""


def drawn_edges(table: Table) -> list[tuple[str, str]]:
    """Return the prerequisite edges of a table, each once, whatever else is wrong with them."""
    rows = (row for row in table.rows if row["relation"] in {"", "prerequisite"})
    pairs = ((row["prereq"], row["target"]) for row in rows)
    return list(dict.fromkeys(pair for pair in pairs if all(pair) and pair[0] != pair[1]))


def asked_of(edges: Sequence[tuple[str, str]], log: "ResponseLog") -> dict[str, Any]:
    """Hold edges against a log; raises `InvalidInput` when they have no target in common."""
    from models.audit import audit, missing_question, question

    if not {end for pair in edges for end in pair} & set(log.targets):
        raise InvalidInput(
            f"no target of the edges occurs in the evidence, which knows {_some(log.targets)}"
        )
    with progress("Holding edges against the evidence") as advance:
        found = audit(edges, log, advance)
    told = [_plain(each, question(each)) for each in found.findings]
    missing = [_plain(each, missing_question(each)) for each in found.missing]
    verdicts = Counter[str](each.verdict for each in found.findings)
    return {
        "students": len(set(log.student.tolist())),
        "responses": len(log),
        "edges": told,
        "missing": missing,
        "verdicts": dict(verdicts),
        "questions": sum(verdicts[name] for name in QUESTIONS) + len(missing),
    }


def _plain(found: "Finding", words: str) -> dict[str, Any]:
    plain = asdict(found) | {"question": words}
    if found.direction is not None:
        half = COVERED * found.direction.error
        low, high = found.direction.score - half, found.direction.score + half
        plain["direction"] |= {"low": low, "high": high}
    return plain


def show_questions(console: "Console", asked: dict[str, Any]) -> None:
    """Print the questions, the surest first, and how many edges got which verdict."""
    for verdict in QUESTIONS:
        edges = [each for each in asked["edges"] if each["verdict"] == verdict]
        for each in sorted(edges, key=lambda e: -e["direction"]["score"]):
            console.print(f"{verdict:<12}  {each['question']}")
    for each in asked["missing"]:
        console.print(f"{'missing':<12}  {each['question']}")
    counts = asked["verdicts"]
    few = counts.get("too_little", 0)
    console.print(
        f"{len(asked['edges'])} edges held against {asked['responses']} responses of "
        f"{asked['students']} students: {counts.get('fits', 0)} fit, "
        f"{counts.get('unclear', 0)} unclear, {few} with too little evidence; "
        f"{asked['questions']} question{'' if asked['questions'] == 1 else 's'}"
    )


def _some(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:3])) + (", …" if len(names) > 3 else "")
