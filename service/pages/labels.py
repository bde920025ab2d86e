"""What the fields of a form are called on its page, and what is wrong with one in plain words.

A program is told the technical names; who fills in a form has only ever seen its labels.
"""

import re
from collections.abc import Mapping

from service.pages.words import spoken

BY_ITSELF = "What the page sends by itself (load it again)"
"""Stands for every field that nobody can see or change on a page."""
# By the last part of the address a form is sent to, then by the field.
LABELS: Mapping[str, Mapping[str, str]] = {
    "override": {"status": "You judge", "reason": "Why", "author": "Who"},
    "withdrawal": {"evidence": "Which", "reason": "Why", "author": "Who"},
    "undo": {},
    "answers": {"said": "Accept, not now or wrong", "reason": "Wrong because"},
    "decisions": {"said": "Your answer", "words": "What you would like to do"},
    "plan": {
        "goal": "Goal",
        "by": "by",
        "formats": "Formats that fit",
        "reflection": "What went well, what was hard, what next?",
    },
    "groups": {
        "do": "Solve again or accept",
        "place": "Place of a student",
        "locks": "Place of a student",
        "groups": "Place of a student",
        "absent": "Place of a student",
        "purpose": "For",
        "purposes": "For",
        "least": "At least … in a group",
        "most": "At most … in a group",
        "groups_max": "At most … groups",
        "adults": "… adults to lead",
        "everyone": "nobody left out",
        "apart": "Keep apart",
        "apart_one": "Keep apart",
        "apart_other": "Keep apart",
        "together": "Keep together",
        "together_one": "Keep together",
        "together_other": "Keep together",
    },
}
ASKED = {"as_of": "As of", "goal": "Goal"}
"""Fields of an address, where a page has a form for them."""
PLAIN: Mapping[str, str] = {
    "Field required": "is missing",
    "String should have at least 1 character": "must not be empty",
}
AT_MOST = re.compile(r"(?:String|List) should have at most (\d+) (characters|items)\b.*")
BOUND = re.compile(r"Input should be (greater|less) than or equal to (\S+)")
ONE_OF = re.compile(r"Input should be '.*")
NUMBER = re.compile(r"Input should be a valid (integer|number)\b.*")
DAY = re.compile(r"Input should be a valid date\b.*")


def label(path: str, field: str, changing: bool) -> str:
    """Return what a field is called on the page whose form was sent to a path.

    Of a field like `locks.0.students` the first part says which it is. What was asked in an
    address (not `changing`) keeps the name it was asked by where no form asks for it.
    """
    name = field.partition(".")[0]
    if not changing:
        return ASKED.get(name, spoken(name))
    return LABELS.get(path.rpartition("/")[2], {}).get(name, BY_ITSELF)


def plain(message: str) -> str:
    """Say a rule in the words of a page."""
    if ONE_OF.fullmatch(message):
        return "is none of those to choose from"
    if NUMBER.match(message):
        return "must be a whole number"
    if DAY.match(message):
        return "must be a day, such as 2026-03-02"
    bound = BOUND.fullmatch(message)
    if bound:
        return f"must be at {'least' if bound[1] == 'greater' else 'most'} {bound[2]}"
    most = AT_MOST.fullmatch(message)
    return f"may have at most {most[1]} {most[2]}" if most else PLAIN.get(message, message)
