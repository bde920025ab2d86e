"""What is said of a student who may need support: reason, teacher, student."""

from engine import Reason

SUPPORT: list[tuple[Reason, str, str]] = [
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
]
