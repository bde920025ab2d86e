"""Typed reasons, and the one sentence each says to a teacher, to a student and to a family.

A reason is data: which rule spoke, about which targets, resting on which evidence. API and
pages render the same reason; nobody writes a sentence of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine import offer_words
from engine.offer_words import OfferCode
from graphs import Framework
from graphs.goals import goal_text

Code = Literal[
    "ready", "implied", "no_prerequisites", "unseen", "faded", "opens", "toward_goal",
    "success_band", "ahead", "gap",
    "interest", "shared_gap", "missing_prerequisite", "stuck", "leaned_on", "inactive",
    "needs_pieces", "needs_sessions", "needs_row",
    "group_missing", "group_coaching", "group_extension", "group_interest", "group_goal",
    "group_project", "group_exit", "member_gap", "member_missing", "member_coach",
    "member_ahead", "member_interest", "member_goal", "member_team", "member_joins",
    "member_placed", "own_probe", "own_need", "own_open", "change_again", "change_from",
    "change_new",
    "spinning_ahead", "unseen_prerequisite", "rushing",
    "raters_apart", "kinds_apart", "awaiting_marking", "goal_at_risk", "go_ahead", "no_format",
    "look_in", "no_evidence", "no_need", "settled", "chain",
    "practice_outweighs", "forgetting_outweighs",
    "would_show", "would_do", "would_rest", "would_give_way", "would_go", "would_go_back",
    "would_alternate",
    "would_stay",
    "goal_reached", "goal_left", "goal_long", "own_rhythm", "no_rhythm", "at_rest", "goal_in_time",
    "pace_ahead", "pace_on", "pace_behind",
    "asked_easier", "asked_harder", "asked_other",
    "due", "encompassed", "placing", "likely_shown", "comes_next", OfferCode,
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
    return _fill(_TEACHER[reason.code], reason, framework)


def for_student(reason: Reason, framework: Framework) -> str:
    """Say a reason to a student, in one kind and plain sentence."""
    return _fill(_STUDENT[reason.code], reason, framework)


def for_family(reason: Reason, framework: Framework) -> str:
    """Say a reason to a family, in one plain sentence without a number that needs explaining."""
    return _fill(_FAMILY[reason.code], reason, framework)


# In the sentences below: {first} is the first target, {rest} the others, {all} every one, {chain}
# every one as a chain down, {way} the same in the order of learning;
# {share} the number as percent, {days}, {students}, {steps}, {tries}, {pieces}, {work}, {times},
# {answers}, {rights}, {wrongs}, {evidence} the number with its noun, {effect} with its sign,
# {settled} with one decimal; {words} the free word; {are} and {lean} the verb that fits {rest}.
_TEACHER: Mapping[Code, str] = {
    **offer_words.TEACHER,
    "ready": "Ready: {all} met.",
    "implied": "Nobody has seen {first}, but {rest}, which builds on it, is mastered.",
    "no_prerequisites": "{first} needs nothing before it.",
    "unseen": "No evidence on {first} yet: an answer shows where it stands.",
    "faded": "{first} was shown, but later evidence puts it at {share}.",
    "opens": "Mastering it makes {all} ready.",
    "toward_goal": "A step toward the goal {first}; {steps} left.",
    "success_band": "About a {share} chance of success: neither dull nor hopeless.",
    "ahead": "{first} is new, and what it needs is mastered: {rest}.",
    "gap": "Stuck on {rest}, and {first} under it stands at {share}.",
    "interest": "Matches an interest: {words}.",
    "shared_gap": "{students} are ready for {first} and have not shown it.",
    "missing_prerequisite": "Struggles with {first}, and {rest} {are} not shown.",
    "stuck": "{tries} on {first} without mastery or three in a row.",
    "leaned_on": "{first} was shown but is now at {share}, and {rest} {lean} on it.",
    "inactive": "No evidence for {days}.",
    "needs_pieces": "{first} needs {pieces}{words}.",
    "needs_sessions": "{first} is to be seen {times}, on another day{words}.",
    "needs_row": "Usual tasks on {first} succeed in {share} of cases even so, less than mastery"
    " asks: {words} right in a row are needed as well.",
    "group_missing": "{students} struggle with {rest} because {first} is missing.",
    "group_coaching": "Coached by {students} of the class who showed {first}.",
    "group_extension": "{students} have mastered all that {first} needs and can go ahead.",
    "group_interest": "{students} like {words} and are ready for {first}.",
    "group_goal": "A step toward the goal {rest} that {students} share.",
    "group_project": "A mixed team of {students}, as even as the class allows, on {first}.",
    "group_exit": "Each shows {first} once, alone: {words}.",
    "member_gap": "Ready for {first}, which stands at {share} after {words}.",
    "member_missing": "Struggles with {rest}; {first} under it stands at {share}.",
    "member_coach": "Has shown {first} and explains it to the others.",
    "member_ahead": "Has mastered all that {first} needs.",
    "member_interest": "Likes {words} and is ready for {first}.",
    "member_goal": "Heads for {rest}; {first} is ready and on the way.",
    "member_team": "Of the {words} third by what was shown so far; every team is mixed.",
    "member_joins": "Joins so that nobody is left out; no gap in {first} was seen: probe first.",
    "member_placed": "Put here by the teacher.",
    "own_probe": "Too little evidence for a group; a probe on {first} may lead to one.",
    "own_need": "Ready for {first}, but in no group that the rules allow today.",
    "own_open": "Has shown everything that is ready.",
    "change_again": "Worked on {first} last time, too.",
    "change_from": "Worked on {rest} last time.",
    "change_new": "Was in no group last time.",
    "spinning_ahead": "{share} likely to go on with {first} without three right in a row.",
    "unseen_prerequisite": "Struggles with {first}, and nobody has seen {rest} yet.",
    "rushing": "{answers} wrong in under a tenth of the usual time.",
    "raters_apart": "Two raters of the same work on {first} are {words} apart.",
    "kinds_apart": "On {first} {words} do not agree.",
    "awaiting_marking": "Work on {all} has waited {days} for its mark.",
    "goal_at_risk": "{steps} to the goal {first} will take about {words}.",
    "go_ahead": "Has shown all the class works on; {first} is ready.",
    "no_format": "No task on {first} fits: {words}.",
    "due": "{first} was last shown {days} ago: due for review, so that it lasts.",
    "encompassed": "Work on {first} also practises {rest}, due for review.",
    "placing": "An answer on {first} would settle about {settled} of {words}.",
    "likely_shown": "Likely shown already ({share}), by answers on other targets: a quick check.",
    "comes_next": "Of what is ready, {first} comes first in the curriculum’s order.",
    "look_in": "Nobody has looked at this student’s path for {days}.",
    "no_evidence": "There is no evidence of this student’s work yet.",
    "no_need": "No need stands out today.",
    "chain": "Step by step down: {chain}.",
    "practice_outweighs": "What was shown spoke against it ({words}), but working on it teaches,"
    " and that counts for more here ({effect}).",
    "forgetting_outweighs": "What was shown spoke for it ({words}), but more may have been"
    " forgotten ({effect}).",
    "settled": "More of the same would hardly move {first}, now at {share}: time for help.",
    "would_show": "{rights} would count {all} as shown, and this would go.",
    "would_do": "{rights} would be enough practice on {all} for now, and this would go.",
    "would_rest": "After {rights} on {all} this rests, and something else comes first.",
    "would_give_way": "“{words}” takes its place after {rights} on {first}.",
    "would_go": "After {rights} on {all} this is no longer offered.",
    "would_go_back": "After {wrongs} on {first} this gives way to “{words}”.",
    "would_alternate": "“{words}” takes its place after {either} on {first}.",
    "would_stay": "Not even {rights} today would take this off the list.",
    "goal_reached": "The goal {first} is reached.",
    "goal_left": "{steps} left to {first}: about {words}.",
    "goal_long": "{all} may take more than it makes sense to foretell: look for another way in.",
    "own_rhythm": "At the rhythm of the last {days} it takes {words}.",
    "no_rhythm": "No rhythm yet: there is too little dated evidence to say how many weeks.",
    "at_rest": "Nothing was seen for {days}, so the weeks it takes cannot be told.",
    "goal_in_time": "{share} chance to be there by {words} at this rhythm.",
    "pace_ahead": "Ahead of the agreed plan: {words}.",
    "pace_on": "On the agreed plan: {words}.",
    "pace_behind": "Behind the agreed plan: {words}.",
    "asked_easier": "Should come easier than “{words}”, which was declined as too hard.",
    "asked_harder": "Asks for more than “{words}”, which was declined as too easy.",
    "asked_other": "Another way than “{words}”, which was declined as not their thing.",
}
_STUDENT: Mapping[Code, str] = {
    **offer_words.STUDENT,
    "ready": "You have what you need for this: {all}.",
    "implied": "You have shown {rest}, and that takes {first}.",
    "no_prerequisites": "You can start this right away; nothing comes before it.",
    "unseen": "We have not seen you do this yet. Show us what you can.",
    "faded": "You showed this before. Check that it is still there.",
    "opens": "It opens {all}.",
    "toward_goal": "It is a step toward your goal {first}.",
    "success_band": "It should stretch you a little, and you have a good chance.",
    "ahead": "{first} is new. You have shown all it needs: {rest}.",
    "gap": "{rest} is hard right now. Going back to {first} will help.",
    "interest": "Because you like {words}.",
    "shared_gap": "You and others are ready to work on {first} together.",
    "missing_prerequisite": "For {first}, looking at {rest} first will help.",
    "stuck": "You have kept trying {first}; another way in may help.",
    "leaned_on": "A quick look back at {first} will make {rest} easier.",
    "inactive": "We have not seen your work for a while.",
    "needs_pieces": "Show {work}{words}, and we can say.",
    "needs_sessions": "Show it {times}, on another day{words}.",
    "needs_row": "These tasks are hard for everyone: show {words} right in a row.",
    "group_missing": "Together you look at {first} again, so that {rest} gets easier.",
    "group_coaching": "Someone here has shown {first} and explains it to the others.",
    "group_extension": "You have what it takes to go ahead together: {first}.",
    "group_interest": "You all like {words}: use it to work on {first}.",
    "group_goal": "You share a goal, {rest}, and {first} is a step toward it.",
    "group_project": "A mixed team: everyone brings something else to {first}.",
    "group_exit": "At the end, show {first} once on your own: {words}.",
    "member_gap": "You are ready for {first} and on your way to it.",
    "member_missing": "{first} will help you with {rest}.",
    "member_coach": "You have shown {first}; explaining it makes it stick.",
    "member_ahead": "You have what you need for {first}.",
    "member_interest": "Because you like {words}.",
    "member_goal": "It is a step toward your goal {rest}.",
    "member_team": "Every team is mixed on purpose.",
    "member_joins": "Join in, and show what you can on {first}.",
    "member_placed": "Your teacher wants you in this group.",
    "own_probe": "Show us what you can on {first}.",
    "own_need": "You can go on with {first} at your own pace.",
    "own_open": "You have shown all that is open. Choose what to go on with.",
    "change_again": "You go on with {first}.",
    "change_from": "Last time you worked on {rest}.",
    "change_new": "This is a new group for you.",
    "spinning_ahead": "You have kept trying {first}; another way in may help.",
    "unseen_prerequisite": "For {first}, show us first what you can do on {rest}.",
    "rushing": "Some of your answers came very fast. Take the time you need.",
    "raters_apart": "Your teachers will look at your work on {first} once more.",
    "kinds_apart": "You showed {first} in one way and not yet in another.",
    "awaiting_marking": "Your work on {all} is waiting for your teacher.",
    "goal_at_risk": "Let us look together at the way to your goal {first}.",
    "go_ahead": "You have shown all this. {first} is open for you.",
    "no_format": "We are looking for a task on {first} that fits you.",
    "due": "You showed this {days} ago. Show it again, so that it stays.",
    "encompassed": "It also keeps {rest} fresh.",
    "placing": "Show us what you can here. It helps to find where you start.",
    "likely_shown": "You may know this already. Show what you know.",
    "comes_next": "It comes next in your course.",
    "look_in": "It is time for a talk about how it is going.",
    "no_evidence": "We have not seen any of your work yet. Let us talk about how to begin.",
    "no_need": "Nothing is pressing. Tell us what you would like to talk about.",
    "chain": "Step by step: {way}.",
    "practice_outweighs": "It was not all right yet, but working on it taught you something.",
    "forgetting_outweighs": "You showed it again after a while; once more makes it sure.",
    "settled": "You have kept trying {first}; another way in may help.",
    "would_show": "{rights} would show it, and this would make room for something new.",
    "would_do": "{rights} would be enough practice for now, and this would go.",
    "would_rest": "After {rights} it is time for something else.",
    "would_give_way": "After {rights} “{words}” takes its place.",
    "would_go": "After {rights} this leaves your list.",
    "would_go_back": "After {wrongs} we would offer you “{words}” instead.",
    "would_alternate": "After {either} “{words}” takes its place.",
    "would_stay": "This stays open for you today, however it goes.",
    "goal_reached": "You have reached your goal {first}.",
    "goal_left": "{steps} left to your goal {first}: about {words}.",
    "goal_long": "{all} may need another way in: ask for help early.",
    "own_rhythm": "If you go on as in the last {days}, it takes {words}.",
    "no_rhythm": "We have seen too little of your work yet to say how many weeks it takes.",
    "at_rest": "We have not seen work for {days}. Once you go on we can say how long it takes.",
    "goal_in_time": "The chance to be there by {words}, going on like this, is {share}.",
    "pace_ahead": "You are ahead of your own plan: {words}.",
    "pace_on": "You are on your own plan: {words}.",
    "pace_behind": "You are behind your own plan: {words}. Talk about the steps, or the day.",
    "asked_easier": "You said “{words}” is too hard: this should come easier.",
    "asked_harder": "You said “{words}” is too easy: this asks for more.",
    "asked_other": "You said “{words}” is not your thing: this is another way.",
}
_FAMILY: Mapping[Code, str] = {
    **offer_words.FAMILY,
    "ready": "Your child has what this needs: {all}.",
    "implied": "Your child has shown {rest}, and that takes {first}.",
    "no_prerequisites": "This can be started right away; nothing comes before it.",
    "unseen": "We have not seen your child do this yet and would like to.",
    "faded": "Your child showed this before; now we look whether it is still there.",
    "opens": "It opens the way to {all}.",
    "toward_goal": "It is a step toward your child’s goal {first}.",
    "success_band": "It should stretch your child a little, with a good chance to do well.",
    "ahead": "{first} is new; your child has shown all it needs: {rest}.",
    "gap": "{rest} is hard right now, and going back to {first} will help.",
    "interest": "It fits what your child likes: {words}.",
    "shared_gap": "Your child and others are ready to work on {first} together.",
    "missing_prerequisite": "For {first}, looking at {rest} first will help your child.",
    "stuck": "Your child has kept trying {first}; we look for another way in.",
    "leaned_on": "A quick look back at {first} will make {rest} easier.",
    "inactive": "We have not seen your child’s work for {days}.",
    "needs_pieces": "We need to see {work} on {first}{words} before we can say.",
    "needs_sessions": "We would like to see {first} {times}, on another day{words}.",
    "needs_row": "Tasks on {first} are hard for everyone; we want to see {words} right in a row.",
    "group_missing": "The group looks at {first} again, so that {rest} gets easier.",
    "group_coaching": "Children who have shown {first} explain it to the others.",
    "group_extension": "The group is ready to go ahead with {first}.",
    "group_interest": "All in the group like {words} and use it to work on {first}.",
    "group_goal": "All in the group head for {rest}, and {first} is a step toward it.",
    "group_project": "A mixed team in which everyone brings something else to {first}.",
    "group_exit": "At the end each child shows {first} once alone: {words}.",
    "member_gap": "Your child is ready for {first} and on the way to it.",
    "member_missing": "{first} will help your child with {rest}.",
    "member_coach": "Your child has shown {first}, and explaining it makes it stick.",
    "member_ahead": "Your child has what is needed for {first}.",
    "member_interest": "Your child likes {words} and is ready for {first}.",
    "member_goal": "{first} is a step toward your child’s goal {rest}.",
    "member_team": "Every team is mixed on purpose.",
    "member_joins": "Your child joins in and shows what is there on {first}.",
    "member_placed": "The teacher wants your child in this group.",
    "own_probe": "We would like to see what your child can do on {first}.",
    "own_need": "Your child goes on with {first} at their own pace.",
    "own_open": "Your child has shown all that is open and chooses what to go on with.",
    "change_again": "Your child goes on with {first}.",
    "change_from": "Last time your child worked on {rest}.",
    "change_new": "This is a new group for your child.",
    "spinning_ahead": "Your child has kept trying {first}; we look for another way in.",
    "unseen_prerequisite": "For {first}, we first want to see {rest}.",
    "rushing": "Some answers came very fast; more time may help your child.",
    "raters_apart": "The teachers will look at your child’s work on {first} once more.",
    "kinds_apart": "Your child showed {first} in one way and not yet in another.",
    "awaiting_marking": "Your child’s work on {all} is waiting for the teacher.",
    "goal_at_risk": "The goal {first} may take longer than planned: {words}.",
    "go_ahead": "Your child has shown all the class works on, and {first} is open.",
    "no_format": "We are looking for a task on {first} that fits your child.",
    "due": "Your child showed this {days} ago. Shown again, it stays.",
    "encompassed": "It also keeps {rest} fresh.",
    "placing": "What your child can do here helps to find where to start.",
    "likely_shown": "Your child may know this already and can show it.",
    "comes_next": "It comes next in the course.",
    "look_in": "It is time for a talk about how it is going.",
    "no_evidence": "We have not seen any of your child’s work yet: time to talk about a start.",
    "no_need": "Nothing is pressing.",
    "chain": "Step by step: {way}.",
    "practice_outweighs": "Not all was right yet, but working on it taught your child something.",
    "forgetting_outweighs": "Your child showed it again after a while; once more makes it sure.",
    "settled": "Your child has kept trying {first}; we look for another way in.",
    "would_show": "{rights} would show that your child can do this.",
    "would_do": "{rights} would be enough practice for now.",
    "would_rest": "After {rights} it is time for something else.",
    "would_give_way": "After {rights} “{words}” takes its place.",
    "would_go": "After {rights} this leaves the list.",
    "would_go_back": "After {wrongs} we would offer “{words}” instead.",
    "would_alternate": "After {either} “{words}” takes its place.",
    "would_stay": "This stays open for your child today, however it goes.",
    "goal_reached": "Your child has reached the goal {first}.",
    "goal_left": "{steps} left to the goal {first}.",
    "goal_long": "{all} may need another way in; the teacher will look at it.",
    "own_rhythm": "Going on like this, your child will be there in {words}.",
    "no_rhythm": "There is too little work yet to say how many weeks it takes.",
    "at_rest": "There was no new work for {days}, so nobody can say how long it takes.",
    "goal_in_time": "The agreed day is {words}.",
    "pace_ahead": "Your child is ahead of their own plan.",
    "pace_on": "Your child is on their own plan.",
    "pace_behind": "Your child is behind their own plan: ask how you can help.",
    "asked_easier": "Your child found “{words}” too hard: this should come easier.",
    "asked_harder": "Your child found “{words}” too easy: this asks for more.",
    "asked_other": "“{words}” was not your child’s thing: this is another way.",
}
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
        either=_count(reason.number, "answer, right or wrong,", "answers, right or wrong,"),
        effect=f"{reason.number:+.2f}",
        words=reason.words,
        evidence=_count(reason.number, "piece of evidence", "pieces of evidence"),
        settled=f"{reason.number:.1f}",
        are="is" if len(names) == 2 else "are",
        lean="leans" if len(names) == 2 else "lean",
    )


def _list(names: list[str]) -> str:
    shown, more = names[:MOST_NAMED], len(names) - MOST_NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([*filter(None, [", ".join(shown[:-1])]), *shown[-1:]])


def _count(number: float, one: str, many: str) -> str:
    return f"{number:.0f} {one if round(number) == 1 else many}"
