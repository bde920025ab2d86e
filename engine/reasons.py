"""Typed reasons, and the one sentence each says to a teacher and to a student.

A reason is data: which rule spoke, about which targets, resting on which evidence. API and
pages render the same reason; nobody writes a sentence of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from graphs import Framework

Code = Literal[
    "ready", "no_prerequisites", "unseen", "faded", "opens", "toward_goal", "success_band",
    "interest", "shared_gap", "missing_prerequisite", "stuck", "leaned_on", "inactive",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is proposed.

    `targets` are the learning targets it speaks of (the subject first), `evidence` the ids
    it rests on, `number` the count, days or probability it mentions, `words` a free word
    such as an interest.
    """

    code: Code
    targets: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    number: float = 0.0
    words: str = ""


def for_teacher(reason: Reason, framework: Framework) -> str:
    """Say a reason to a teacher, in one sentence."""
    return _TEACHER[reason.code](reason, _names(reason, framework, student=False))


def for_student(reason: Reason, framework: Framework) -> str:
    """Say a reason to a student, in one kind and plain sentence."""
    return _STUDENT[reason.code](reason, _names(reason, framework, student=True))


Names = tuple[str, ...]
Sentence = Callable[[Reason, Names], str]


def _names(reason: Reason, framework: Framework, *, student: bool) -> Names:
    # A student reads the short wording too: "I can …" sentences do not fit into a sentence.
    del student
    return tuple(f"“{framework.target(t).text}”" for t in reason.targets)


def _list(names: Names, most: int = 3) -> str:
    shown = names[:most]
    more = len(names) - len(shown)
    if more:
        return ", ".join(shown) + f" and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _times(count: float, thing: str) -> str:
    return f"{count:.0f} {thing}" if count != 1 else f"1 {thing.removesuffix('s')}"


_TEACHER: Mapping[Code, Sentence] = {
    "ready": lambda r, n: f"Ready: {_list(n)} met.",
    "no_prerequisites": lambda _, n: f"{n[0]} needs nothing before it.",
    "unseen": lambda _, n: f"No evidence on {n[0]} yet; an answer tells us most.",
    "faded": lambda r, n: f"{n[0]} was shown, but later evidence puts it at {r.number:.0%}.",
    "opens": lambda _, n: f"Mastering it makes {_list(n)} ready.",
    "toward_goal": lambda r, n: f"A step toward the goal {n[0]}; {_times(r.number, 'steps')} left.",
    "success_band": lambda r, _: f"About a {r.number:.0%} chance of success: neither dull nor hopeless.",
    "interest": lambda r, _: f"Matches an interest: {r.words}.",
    "shared_gap": lambda r, n: f"{_times(r.number, 'students')} are ready for {n[0]} and have not shown it.",
    "missing_prerequisite": lambda r, n: f"Struggles with {n[0]}, and {_list(n[1:])} is not shown.",
    "stuck": lambda r, n: f"{_times(r.number, 'opportunities')} on {n[0]} without mastery or three in a row.",
    "leaned_on": lambda r, n: f"{n[0]} was shown but is now at {r.number:.0%}, and {_list(n[1:])} leans on it.",
    "inactive": lambda r, _: f"No evidence for {_times(r.number, 'days')}.",
}  # fmt: skip

_STUDENT: Mapping[Code, Sentence] = {
    "ready": lambda r, n: f"You have what you need for this: {_list(n)}.",
    "no_prerequisites": lambda r, n: "You can start this right away; nothing comes before it.",
    "unseen": lambda r, n: "We have not seen you do this yet. Show us what you can.",
    "faded": lambda r, n: "You showed this before. Check that it is still there.",
    "opens": lambda r, n: f"It opens {_list(n)}.",
    "toward_goal": lambda r, n: f"It is a step toward your goal {n[0]}.",
    "success_band": lambda r, _: "It should stretch you a little, and you have a good chance.",
    "interest": lambda r, _: f"Because you like {r.words}.",
    "shared_gap": lambda r, n: f"You and others are ready to work on {n[0]} together.",
    "missing_prerequisite": lambda r, n: f"For {n[0]}, looking at {_list(n[1:])} first will help.",
    "stuck": lambda r, n: f"You have kept trying {n[0]}; another way in may help.",
    "leaned_on": lambda r, n: f"A quick look back at {n[0]} will make {_list(n[1:])} easier.",
    "inactive": lambda r, _: "We have not seen your work for a while.",
}
