"""What is said of a choice, and of what would change it: reason, teacher, student."""

from engine import Reason

CHOICES: list[tuple[Reason, str, str]] = [
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
        "A chance of success of about 70 %: neither dull nor hopeless.",
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
        Reason("would_keep", ("add",), number=1.0),
        "1 right answer would keep “Add” shown, and this would go until it is due again.",
        "1 right answer would show that it is still there.",
    ),
    (
        Reason("would_show_days", ("add",), number=4.0, words="2"),
        "4 right answers in a row, 2 a day, would count “Add” as shown, and this would go.",
        "4 right answers in a row, 2 a day, would show it, and this would make room for something"
        " new.",
    ),
    (
        Reason("would_do", ("add",), number=1.0),
        "1 right answer would be enough practice on “Add” for now, and this would go.",
        "1 right answer would be enough practice for now, and this would go.",
    ),
    (
        Reason("would_stay", ("add",), number=5.0, words="2"),
        "Not even 5 right answers in a row, 2 a day, would end the work on “Add”.",
        "This takes more than one sitting, so take your time.",
    ),
    (
        Reason("would_rest", ("add",), number=2.0),
        "After 2 answers today, right or wrong, this rests, and others have their turn.",
        "After 2 answers today, right or wrong, something else has its turn.",
    ),
    (
        Reason("would_give_way", ("add",), number=1.0, words="Count shells"),
        "After 1 right answer today “Count shells” takes its place.",
        "After 1 right answer today, “Count shells” takes its place.",
    ),
    (
        Reason("would_go", ("add",), number=1.0),
        "After 1 right answer this is no longer offered today.",
        "After 1 right answer it leaves your list for today.",
    ),
    (
        Reason("would_go_back", ("add",), number=2.0, words="Count shells"),
        "After 2 wrong answers in a row today “Count shells” takes its place.",
        "After 2 wrong answers in a row today we would offer you “Count shells” instead.",
    ),
    (
        Reason("would_alternate", ("add",), number=1.0, words="Count shells"),
        "After 1 answer today, right or wrong, “Count shells” takes its place.",
        "After 1 answer today, right or wrong, “Count shells” takes its place.",
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
]
