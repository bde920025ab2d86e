from typing import get_args

import pytest

from engine import Reason, for_family, for_student, for_teacher
from engine.reasons import Code
from graphs import Framework, LearningTarget, UnknownId
from tests.cast import small_framework
from tests.engine.offer_sentences import OFFERS

SENTENCES: list[tuple[Reason, str, str]] = [
    (
        Reason("implied", ("count", "add"), ("e1",)),
        "Nobody has seen “Count”, but “Add”, which builds on it, is mastered.",
        "You have shown “Add”, and that takes “Count”.",
    ),
    (
        Reason("ready", ("count", "add")),
        "Ready: “Count” and “Add” met.",
        "You have what you need for this: “Count” and “Add”.",
    ),
    (
        Reason("no_prerequisites", ("count",)),
        "“Count” needs nothing before it.",
        "You can start this right away; nothing comes before it.",
    ),
    (
        Reason("unseen", ("count",)),
        "No evidence on “Count” yet: an answer shows where it stands.",
        "We have not seen you do this yet. Show us what you can.",
    ),
    (
        Reason("faded", ("count",), ("e1",), 0.42),
        "“Count” was shown, but later evidence puts it at 42 %.",
        "You showed this before. Check that it is still there.",
    ),
    (
        Reason("due", ("count",), ("e1",), 9.0),
        "“Count” was last shown 9 days ago: due for review, so that it lasts.",
        "You showed this 9 days ago. Show it again, so that it stays.",
    ),
    (
        Reason("encompassed", ("add", "count"), ("e1",)),
        "Work on “Add” also practises “Count”, due for review.",
        "It also keeps “Count” fresh.",
    ),
    (
        Reason("placing", ("count",), (), 2.345, "the 38 targets nobody has seen"),
        "An answer on “Count” would settle about 2.3 of the 38 targets nobody has seen.",
        "Show us what you can here. It helps to find where you start.",
    ),
    (
        Reason("likely_shown", ("count",), ("e1",), 0.8),
        "“Count” is likely shown already (80 %), by what is known of other targets: a quick check.",
        "You may know this already. Show what you know.",
    ),
    (
        Reason("comes_next", ("count",)),
        "Of what is ready, “Count” comes first in the curriculum’s order.",
        "It comes next in your course.",
    ),
    (
        Reason("opens", ("subtract", "multiply")),
        "Mastering it makes “Subtract” and “Multiply” ready.",
        "It opens “Subtract” and “Multiply”.",
    ),
    (
        Reason("toward_goal", ("divide",), number=3.0),
        "A step toward the goal “Divide”; 3 steps left.",
        "It is a step toward your goal “Divide”.",
    ),
    (
        Reason("success_band", ("add",), ("e1",), 0.7),
        "About a 70 % chance of success: neither dull nor hopeless.",
        "It should stretch you a little, and you have a good chance.",
    ),
    (
        Reason("ahead", ("add", "count"), ("e1",)),
        "“Add” is new, and what it needs is mastered: “Count”.",
        "“Add” is new. You have shown all it needs: “Count”.",
    ),
    (
        Reason("gap", ("count", "add"), ("e1",), 0.74),
        "Stuck on “Add”, and “Count” under it stands at 74 %.",
        "“Add” is hard right now. Going back to “Count” will help.",
    ),
    (
        Reason("interest", words="music, sports"),
        "Matches an interest: music, sports.",
        "Because you like music, sports.",
    ),
    (
        Reason("shared_gap", ("add",), ("e1",), 4.0),
        "4 students are ready for “Add” and have not shown it.",
        "You and others are ready to work on “Add” together.",
    ),
    (
        Reason("missing_prerequisite", ("divide", "multiply"), ("e1",)),
        "Struggles with “Divide”, and “Multiply” is not shown.",
        "For “Divide”, looking at “Multiply” first will help.",
    ),
    (
        Reason("missing_prerequisite", ("divide", "add", "multiply"), ("e1",)),
        "Struggles with “Divide”, and “Add” and “Multiply” are not shown.",
        "For “Divide”, looking at “Add” and “Multiply” first will help.",
    ),
    (
        Reason("stuck", ("add",), ("e1",), 12.0),
        "12 opportunities on “Add” without mastery or three in a row.",
        "You have kept trying “Add”; another way in may help.",
    ),
    (
        Reason("leaned_on", ("count", "add"), ("e1",), 0.5),
        "“Count” was shown but is now at 50 %, and “Add” leans on it.",
        "A quick look back at “Count” will make “Add” easier.",
    ),
    (
        Reason("leaned_on", ("add", "subtract", "multiply"), ("e1",), 0.5),
        "“Add” was shown but is now at 50 %, and “Subtract” and “Multiply” lean on it.",
        "A quick look back at “Add” will make “Subtract” and “Multiply” easier.",
    ),
    (
        Reason("inactive", (), ("e1",), 12.0),
        "No evidence for 12 days.",
        "We have not seen your work for a while.",
    ),
    (
        Reason("spinning_ahead", ("add",), ("e1",), 0.7),
        "70 % likely to go on with “Add” without three right in a row.",
        "You have kept trying “Add”; another way in may help.",
    ),
    (
        Reason("unseen_prerequisite", ("divide", "multiply"), ("e1",)),
        "Struggles with “Divide”, and nobody has seen “Multiply” yet.",
        "For “Divide”, show us first what you can do on “Multiply”.",
    ),
    (
        Reason("needs_row", ("add",), (), 0.76, words="7"),
        "Usual tasks on “Add” succeed in 76 % of cases even so, less than mastery asks:"
        " 7 right in a row are needed as well.",
        "These tasks are hard for everyone: show 7 right in a row.",
    ),
    (
        Reason("rushing", (), ("e1", "e2", "e3"), 3.0),
        "3 answers were wrong in under a tenth of the usual time.",
        "Some of your answers came very fast. Take the time you need.",
    ),
    (
        Reason("raters_apart", ("add",), ("e1", "e2"), words="67% of the scale"),
        "Two raters of the same work on “Add” are 67% of the scale apart.",
        "Your teachers will look at your work on “Add” once more.",
    ),
    (
        Reason("kinds_apart", ("add",), ("e1",), words="quiz item and exit ticket"),
        "On “Add” quiz item and exit ticket do not agree.",
        "You showed “Add” in one way and not yet in another.",
    ),
    (
        Reason("awaiting_marking", ("add",), (), 5.0),
        "Work on “Add” has waited 5 days for its mark.",
        "Your work on “Add” is waiting for your teacher.",
    ),
    (
        Reason("goal_at_risk", ("divide",), ("e1",), 3.0, "4 weeks, and 10 days are left"),
        "3 steps to the goal “Divide” will take about 4 weeks, and 10 days are left.",
        "Let us look together at the way to your goal “Divide”.",
    ),
    (
        Reason("go_ahead", ("divide",), ("e1",)),
        "Has shown all the class works on; “Divide” is ready.",
        "You have shown all this. “Divide” is open for you.",
    ),
    (
        Reason("settled", ("add",), ("e1",), 0.31),
        "More of the same would hardly move “Add”, now at 31 %: time for help.",
        "You have kept trying “Add”; another way in may help.",
    ),
    (
        Reason("no_format", ("add",), (), words="digital"),
        "No task on “Add” fits: digital.",
        "We are looking for a task on “Add” that fits you.",
    ),
    (
        Reason("look_in", (), ("e1",), 21.0),
        "Nobody has looked at this student’s path for 21 days.",
        "It is time for a talk about how it is going.",
    ),
    (
        Reason("no_evidence", number=21.0),
        "There is no evidence of this student’s work yet.",
        "We have not seen any of your work yet. Let us talk about how to begin.",
    ),
    (
        Reason("no_need", (), ("e1",)),
        "No need stands out today.",
        "Nothing is pressing. Tell us what you would like to talk about.",
    ),
    (
        Reason("chain", ("divide", "multiply", "add"), ("e1",)),
        "Step by step down: “Divide” ← “Multiply” ← “Add”.",
        "Step by step: “Add” → “Multiply” → “Divide”.",
    ),
    (
        Reason("practice_outweighs", ("add",), ("e1",), 0.98, "-0.42"),
        "What was shown spoke against it (-0.42), but working on it teaches, and that counts for"
        " more here (+0.98).",
        "It was not all right yet, but working on it taught you something.",
    ),
    (
        Reason("forgetting_outweighs", ("add",), ("e1",), -0.5, "+0.30"),
        "What was shown spoke for it (+0.30), but more may have been forgotten (-0.50).",
        "You showed it again after a while; once more makes it sure.",
    ),
    (
        Reason("goal_reached", ("divide",), ("e1",)),
        "The goal “Divide” is reached.",
        "You have reached your goal “Divide”.",
    ),
    (
        Reason("goal_left", ("numbers",), (), 2.0, "3 to 7 pieces of work, 30 to 90 min"),
        "2 steps left to “Numbers”: about 3 to 7 pieces of work, 30 to 90 min.",
        "2 steps left to your goal “Numbers”: about 3 to 7 pieces of work, 30 to 90 min.",
    ),
    (
        Reason("toward_asked", ("divide",), number=3.0),
        "A step toward “Divide”; 3 steps left.",
        "It is a step toward “Divide”.",
    ),
    (
        Reason("due_undated", ("divide",)),
        "“Divide” was shown, but nobody wrote down when: a look says whether it lasts.",
        "You showed this, and we do not know when. Show it again, so that it stays.",
    ),
    (
        Reason("way_reached", ("divide",), ("e1",)),
        "Nothing is left on the way to “Divide”.",
        "Nothing is left on the way to “Divide”: you are there.",
    ),
    (
        Reason("way_left", ("numbers",), (), 2.0, "3 to 7 pieces of work, 30 to 90 min"),
        "2 steps left to “Numbers”: about 3 to 7 pieces of work, 30 to 90 min.",
        "2 steps left to “Numbers”: about 3 to 7 pieces of work, 30 to 90 min.",
    ),
    (
        Reason("goal_long", ("add",)),
        "“Add” may take more than it makes sense to foretell: look for another way in.",
        "“Add” may need another way in: ask for help early.",
    ),
    (
        Reason("own_rhythm", (), (), 14.0, "2 to 4 weeks"),
        "At the rhythm of the last 14 days it takes 2 to 4 weeks.",
        "If you go on as in the last 14 days, it takes 2 to 4 weeks.",
    ),
    (
        Reason("no_rhythm"),
        "No rhythm yet: there is too little dated evidence to say how many weeks.",
        "We have seen too little of your work yet to say how many weeks it takes.",
    ),
    (
        Reason("at_rest", number=28.0),
        "Nothing was seen for 28 days, so the weeks it takes cannot be told.",
        "We have not seen work for 28 days. Once you go on we can say how long it takes.",
    ),
    (
        Reason("at_rest", number=9.0, words=" with a date"),
        "Nothing with a date was seen for 9 days, so the weeks it takes cannot be told.",
        "We have not seen work with a date for 9 days. Once you go on we can say how long it"
        " takes.",
    ),
    (
        Reason("goal_in_time", number=0.7, words="1 May 2026"),
        "70 % chance to be there by 1 May 2026 at this rhythm.",
        "The chance to be there by 1 May 2026, going on like this, is 70 %.",
    ),
    (
        Reason("pace_ahead", ("add",), (), 60.0, "20 minutes left"),
        "Ahead of the agreed plan: 20 minutes left.",
        "You are ahead of your own plan: 20 minutes left.",
    ),
    (
        Reason("pace_on", ("add",), (), 60.0, "60 minutes left"),
        "On the agreed plan: 60 minutes left.",
        "You are on your own plan: 60 minutes left.",
    ),
    (
        Reason("pace_behind", ("add",), (), 60.0, "90 minutes left"),
        "Behind the agreed plan: 90 minutes left.",
        "You are behind your own plan: 90 minutes left. Talk about the steps, or the day.",
    ),
    (
        Reason("asked_easier", words="Share fairly"),
        "Should come easier than “Share fairly”, which was declined as too hard.",
        "You said “Share fairly” is too hard: this should come easier.",
    ),
    (
        Reason("asked_harder", words="Share fairly"),
        "Asks for more than “Share fairly”, which was declined as too easy.",
        "You said “Share fairly” is too easy: this asks for more.",
    ),
    (
        Reason("asked_other", words="Share fairly"),
        "Another way than “Share fairly”, which was declined as not their thing.",
        "You said “Share fairly” is not your thing: this is another way.",
    ),
    (
        Reason("would_show", ("add",), number=2.0),
        "2 right answers in a row would count “Add” as shown, and this would go.",
        "2 right answers in a row would show it, and this would make room for something new.",
    ),
    (
        Reason("would_do", ("add",), number=1.0),
        "1 right answer would be enough practice on “Add” for now, and this would go.",
        "1 right answer would be enough practice for now, and this would go.",
    ),
    (
        Reason("would_rest", ("add",), number=3.0),
        "After 3 right answers in a row on “Add” this rests, and something else comes first.",
        "After 3 right answers in a row it is time for something else.",
    ),
    (
        Reason("would_give_way", ("add",), number=1.0, words="Count shells"),
        "“Count shells” takes its place after 1 right answer on “Add”.",
        "After 1 right answer “Count shells” takes its place.",
    ),
    (
        Reason("would_go", ("add",), number=1.0),
        "After 1 right answer on “Add” this is no longer offered.",
        "After 1 right answer this leaves your list.",
    ),
    (
        Reason("would_go_back", ("add",), number=2.0, words="Count shells"),
        "After 2 wrong answers in a row on “Add” this gives way to “Count shells”.",
        "After 2 wrong answers in a row we would offer you “Count shells” instead.",
    ),
    (
        Reason("would_alternate", ("add",), number=1.0, words="Count shells"),
        "“Count shells” takes its place after 1 answer, right or wrong, on “Add”.",
        "After 1 answer, right or wrong, “Count shells” takes its place.",
    ),
    (
        Reason("would_stay", ("add",), number=5.0),
        "Not even 5 right answers in a row would take this off the list; it only rests after"
        " some on one day.",
        "This stays open for you, however it goes.",
    ),
    (
        Reason(
            "needs_pieces", ("add",), number=2.0, words=" (exit ticket, “proficient” or better)"
        ),
        "“Add” needs 2 more pieces of evidence (exit ticket, “proficient” or better).",
        "Show 2 more pieces of work (exit ticket, “proficient” or better), and we can say.",
    ),
    (
        Reason("needs_sessions", ("add",), number=1.0),
        "“Add” is to be seen 1 more time, on another day.",
        "Show it 1 more time, on another day.",
    ),
    (
        Reason("group_missing", ("count", "add"), ("e1",), 3),
        "3 students struggle with “Add” because “Count” is missing.",
        "Together you look at “Count” again, so that “Add” gets easier.",
    ),
    (
        Reason("group_coaching", ("count",), ("e1",), 1),
        "Coached by 1 student of the class who showed “Count”.",
        "Someone here has shown “Count” and explains it to the others.",
    ),
    (
        Reason("group_extension", ("add",), number=4),
        "4 students have mastered all that “Add” needs and can go ahead.",
        "You have what it takes to go ahead together: “Add”.",
    ),
    (
        Reason("group_interest", ("add",), number=3, words="music"),
        "3 students like music and are ready for “Add”.",
        "You all like music: use it to work on “Add”.",
    ),
    (
        Reason("group_goal", ("count", "add"), number=3),
        "A step toward the goal “Add” that 3 students share.",
        "You share a goal, “Add”, and “Count” is a step toward it.",
    ),
    (
        Reason("group_project", ("add",), number=4),
        "A mixed team of 4 students, as even as the class allows, on “Add”.",
        "A mixed team: everyone brings something else to “Add”.",
    ),
    (
        Reason("group_exit", ("add",), words="one short check"),
        "Each shows “Add” once, alone: one short check.",
        "At the end, show “Add” once on your own: one short check.",
    ),
    (
        Reason("member_gap", ("add",), ("e1",), 0.42, "3 pieces of evidence"),
        "Ready for “Add”, which stands at 42 % after 3 pieces of evidence.",
        "You are ready for “Add” and on your way to it.",
    ),
    (
        Reason("member_missing", ("count", "add"), ("e1",), 0.3),
        "Struggles with “Add”; “Count” under it stands at 30 %.",
        "“Count” will help you with “Add”.",
    ),
    (
        Reason("member_coach", ("add",), ("e1",)),
        "Has shown “Add” and explains it to the others.",
        "You have shown “Add”; explaining it makes it stick.",
    ),
    (
        Reason("member_ahead", ("add",), ("e1",)),
        "Has mastered all that “Add” needs.",
        "You have what you need for “Add”.",
    ),
    (
        Reason("member_interest", ("add",), words="music"),
        "Likes music and is ready for “Add”.",
        "Because you like music.",
    ),
    (
        Reason("member_goal", ("count", "add")),
        "Heads for “Add”; “Count” is ready and on the way.",
        "It is a step toward your goal “Add”.",
    ),
    (
        Reason("member_team", words="lower"),
        "Of the lower third by what was shown so far; every team is mixed.",
        "Every team is mixed on purpose.",
    ),
    (
        Reason("member_joins", ("add",)),
        "Joins so that nobody is left out; no gap in “Add” was seen: probe first.",
        "Join in, and show what you can on “Add”.",
    ),
    (
        Reason("member_placed", ("add",)),
        "Put here by the teacher.",
        "Your teacher wants you in this group.",
    ),
    (
        Reason("own_probe", ("add",)),
        "Too little evidence for a group; a probe on “Add” may lead to one.",
        "Show us what you can on “Add”.",
    ),
    (
        Reason("own_need", ("add",), ("e1",)),
        "Ready for “Add”, but in no group that the rules allow today.",
        "You can go on with “Add” at your own pace.",
    ),
    (
        Reason("own_open"),
        "Has shown everything that is ready.",
        "You have shown all that is open. Choose what to go on with.",
    ),
    (
        Reason("change_again", ("add",)),
        "Worked on “Add” last time, too.",
        "You go on with “Add”.",
    ),
    (
        Reason("change_from", ("add", "count")),
        "Worked on “Count” last time.",
        "Last time you worked on “Count”.",
    ),
    (
        Reason("change_new"),
        "Was in no group last time.",
        "This is a new group for you.",
    ),
    *OFFERS,
]


JARGON = (
    "%", "evidence", "master", "probe", "prerequisite", "target", "opportunit", "struggl", "low",
    "estimate",
)  # fmt: skip


@pytest.mark.parametrize(("reason", "teacher", "student"), SENTENCES)
def test_a_reason_says_one_sentence_to_each(reason: Reason, teacher: str, student: str) -> None:
    assert for_teacher(reason, small_framework()) == teacher
    assert for_student(reason, small_framework()) == student


@pytest.mark.parametrize("reason", [reason for reason, _, _ in SENTENCES])
def test_a_family_is_told_in_one_plain_sentence(reason: Reason) -> None:
    said = for_family(reason, small_framework())
    assert said.endswith(".")
    assert not any(word in said.replace(reason.words or "\n", "") for word in JARGON)


@pytest.mark.parametrize(
    ("reason", "family"),
    [
        (
            Reason("gap", ("count", "add"), ("e1",), 0.74),
            "“Add” is hard right now, and going back to “Count” will help.",
        ),
        (
            Reason("faded", ("count",), ("e1",), 0.42),
            "Your child showed this before; now we look whether it is still there.",
        ),
        (
            Reason("would_go_back", ("add",), number=2.0, words="Count shells"),
            "After 2 wrong answers in a row we would offer “Count shells” instead.",
        ),
        (
            Reason("inactive", (), ("e1",), 12.0),
            "We have not seen your child’s work for 12 days.",
        ),
    ],
)
def test_what_a_family_is_told(reason: Reason, family: str) -> None:
    assert for_family(reason, small_framework()) == family


def test_every_code_has_its_sentences_tested() -> None:
    assert {reason.code for reason, _, _ in SENTENCES} == set(get_args(Code))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("inactive", number=1.0), "No evidence for 1 day."),
        (Reason("toward_goal", ("add",), number=1.0), "1 step left"),
        (Reason("stuck", ("add",), number=1.0), "1 opportunity on"),
    ],
)
def test_one_of_a_kind_is_singular(reason: Reason, words: str) -> None:
    assert words in for_teacher(reason, small_framework())


@pytest.mark.parametrize(
    ("targets", "named"),
    [
        (("count",), "“Count”"),
        (("count", "add"), "“Count” and “Add”"),
        (("count", "add", "divide"), "“Count”, “Add” and “Divide”"),
        (("count", "add", "divide", "shapes"), "“Count”, “Add”, “Divide” and 1 more"),
        (
            ("count", "add", "divide", "shapes", "multiply"),
            "“Count”, “Add”, “Divide” and 2 more",
        ),
    ],
)
def test_at_most_three_targets_are_named(targets: tuple[str, ...], named: str) -> None:
    said = for_student(Reason("opens", targets), small_framework())
    assert said == f"It opens {named}."


def test_braces_in_a_target_are_only_text() -> None:
    framework = Framework("f", "F", (LearningTarget("a", "Sets {1, 2} and {share}"),))
    assert for_student(Reason("opens", ("a",)), framework) == "It opens “Sets {1, 2} and {share}”."


def test_a_target_that_is_gone_is_an_unknown_id() -> None:
    with pytest.raises(UnknownId):
        for_teacher(Reason("opens", ("gone",)), small_framework())
