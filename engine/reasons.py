"""Typed reasons, and the one sentence each says to a teacher, to a student and to a family.

A reason is data: which rule spoke, about which targets, resting on which evidence. API and
pages render the same reason; nobody writes a sentence of their own.
"""

from dataclasses import dataclass

from engine.sentences import FAMILY, STUDENT, TEACHER, Code
from graphs import Framework
from graphs.goals import goal_text

__all__ = ["Code", "Reason", "for_family", "for_student", "for_teacher", "percent"]


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
    return _fill(TEACHER[reason.code], reason, framework)


def for_student(reason: Reason, framework: Framework) -> str:
    """Say a reason to a student, in one kind and plain sentence."""
    return _fill(STUDENT[reason.code], reason, framework)


def for_family(reason: Reason, framework: Framework) -> str:
    """Say a reason to a family, in one plain sentence without a number that needs explaining."""
    return _fill(FAMILY[reason.code], reason, framework)


MOST_NAMED = 3
"""Targets a sentence names before it says “and n more”."""


def percent(p: float) -> str:
    """Write a probability as whole percent, never as certainty: `< 1 %` to `> 99 %`."""
    if p < 0.01:
        return "< 1 %"
    if p > 0.99:
        return "> 99 %"
    return f"{p * 100:.0f} %"


def _fill(sentence: str, reason: Reason, framework: Framework) -> str:
    names = [f"“{goal_text(framework, target)}”" for target in reason.targets]
    return sentence.format(
        first=names[0] if names else "",
        rest=_list(names[1:]),
        all=_list(names),
        any=_list(names, "or"),
        each="it" if len(names) == 1 else "each",
        chain=" ← ".join(names),
        way=" → ".join(names[::-1]),
        share=percent(reason.number),
        days=_count(reason.number, "day", "days"),
        students=_count(reason.number, "student", "students"),
        steps=_count(reason.number, "step", "steps"),
        tries=_count(reason.number, "opportunity", "opportunities"),
        pieces=_count(reason.number, "more piece of evidence", "more pieces of evidence"),
        work=_count(reason.number, "more piece of work", "more pieces of work"),
        answers=_count(reason.number, "answer was", "answers were"),
        times=_count(reason.number, "more time", "more times"),
        rights=_count(reason.number, "right answer", "right answers in a row"),
        wrongs=_count(reason.number, "wrong answer", "wrong answers in a row"),
        either=_count(
            reason.number, "answer today, right or wrong,", "answers today, right or wrong,"
        ),
        effect=f"{reason.number:+.2f}",
        words=reason.words,
        evidence=_count(reason.number, "piece of evidence", "pieces of evidence"),
        settled=f"{reason.number:.1f}",
        are="is" if len(names) == 2 else "are",
        only=_only(round(reason.number)),
        lean="leans" if len(names) == 2 else "lean",
    )


def _list(names: list[str], word: str = "and") -> str:
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} {word} {more} more"
    return f" {word} ".join([*filter(None, [", ".join(shown[:-1])]), *shown[-1:]])


def _only(number: int) -> str:
    return {0: "Nothing that is open now", 1: "Only one of these"}.get(
        number, f"Only {number} of these"
    )


def _count(number: float, one: str, many: str) -> str:
    return f"{number:.0f} {one if round(number) == 1 else many}"
