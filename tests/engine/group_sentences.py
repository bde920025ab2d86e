"""What is said of a group and of its members: reason, teacher, student."""

from engine import Reason

GROUPS: list[tuple[Reason, str, str]] = [
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
]
