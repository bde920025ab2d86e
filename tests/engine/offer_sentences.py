"""What is said about an offer as a whole and about placement: reason, teacher, student."""

from engine import Reason

OFFERS: list[tuple[Reason, str, str]] = [
    (
        Reason("offer_all_shown"),
        "Every learning target is shown: time for work beyond the map.",
        "You have shown everything on your map. Talk with your teacher about what you would like to"
        " do beyond it.",
    ),
    (
        Reason("offer_no_format", ("count", "add"), words="paper, oral"),
        "Ready, but no task comes in an allowed format (paper, oral): “Count” and “Add”."
        " Allow another format, or add a task.",
        "You are ready for “Count” and “Add”, but we have no task yet that fits how you work best"
        " (paper, oral). Ask your teacher: together you find one.",
    ),
    (
        Reason("offer_format", ("count",), words="paper"),
        "More is ready, but in no allowed format (paper): “Count”.",
        "You are ready for “Count” as well, but we have no task on it yet that fits how you work"
        " best (paper).",
    ),
    (
        Reason("offer_enough", ("count", "add")),
        "Practised enough for now: “Count” and “Add”. What is left to certify is better seen on"
        " another day.",
        "You have practised enough for now: “Count” and “Add”. Show it once more another day.",
    ),
    (
        Reason("offer_no_task", ("add",)),
        "Ready, but every task on it also needs what is not open yet: “Add”. Add a task on it"
        " alone.",
        "You are ready for “Add”, but its tasks need more first. Ask your teacher: together you"
        " find one.",
    ),
    (
        Reason("offer_next_due", ("add",), (), 3.0, "5 March"),
        "The next look back, on “Add”, is due on 5 March.",
        "From 5 March you can show “Add” again, so that it stays.",
    ),
    (
        Reason("offer_declined"),
        "Nothing else is open than what was set aside of late or rests, so it is offered all the"
        " same.",
        "Nothing else is open than what you set aside, so here it is again. Would you rather do"
        " something else? Tell your teacher.",
    ),
    (
        Reason("offer_rests", ("add",)),
        "Just worked on: “Add”. Nothing else is open; another day tells more.",
        "You have just worked on “Add”. You may go on, or come back another day.",
    ),
    (
        Reason("offer_aside"),
        "More is open, but was set aside of late.",
        "More is open that you set aside. You can put it back whenever you like.",
    ),
    (
        Reason("offer_tired", ("add",)),
        "Just worked on, and offered again because little else is open: “Add”.",
        "You have just worked on it; little else is open: “Add”.",
    ),
    (
        Reason("offer_first", ("add",)),
        "Just worked on, and still before what else is open: “Add”.",
        "You have just worked on it, and it still comes first: “Add”.",
    ),
    (
        Reason("offer_one"),
        "Nothing else is open right now.",
        "Nothing else is open right now.",
    ),
    (
        Reason("known_already", ("count", "add"), ("e1", "e2", "e3"), 3.0, "2 of 6"),
        "Seen already, from 3 pieces of evidence on 2 of 6 learning targets: “Count” and “Add”.",
        "We have seen your work already on “Count” and “Add”.",
    ),
    (
        Reason("known_judged", ("add",), words="mastered"),
        "Judged mastered by a teacher, which counts as an answer and is not asked: “Add”.",
        "Your teacher has judged “Add”.",
    ),
    (
        Reason("known_implied", ("add",)),
        "Met without being seen, because what builds on it is mastered, and not asked: “Add”.",
        "You have shown what builds on “Add”, so you need not go back to it.",
    ),
    (
        Reason("placed_next", ("add",), (), 1.26, "the 6 targets nobody has seen"),
        "Nothing tells more about the whole map than a probe on “Add”: it would settle about 1.3 of"
        " the 6 targets nobody has seen.",
        "Show us next what you can on “Add”. It helps us to find where you start.",
    ),
    (
        Reason("placed_next", ("add", "count"), (), 1.26, "the 6 targets nobody has seen"),
        "Nothing tells more about the whole map than a probe on “Add” or “Count”: each would settle"
        " about 1.3 of the 6 targets nobody has seen.",
        "Show us next what you can on “Add”. It helps us to find where you start.",
    ),
    (
        Reason("placed_enough", (), ("e1",), 12.0, "10"),
        "Placement asks up to 10 probes, and 12 pieces of evidence are there: the student’s own"
        " work now says where to go on.",
        "We have seen enough of your work to know where you go on.",
    ),
    (
        Reason("placed_enough_judged", (), ("e1",), 1.0, "10"),
        "Placement asks up to 10 probes, and with what a teacher judged as much is known: that now"
        " says where to go on.",
        "Your teacher knows enough of your work to say where you go on.",
    ),
    (
        Reason("placed_clear", (), (), 0.1, "the 4 targets nobody has seen"),
        "For the whole map nothing more is worth asking: no probe would settle even 0.1 of the 4"
        " targets nobody has seen.",
        "We know where you can start.",
    ),
    (
        Reason("placed_all_seen"),
        "Every learning target was seen or judged, or counts as met: nothing is left to place.",
        "We have seen your work on everything.",
    ),
    (
        Reason("placed_would_ask", ("add",), (), 0.4, "the 6 targets nobody has seen"),
        "Were one more asked, nothing would tell more about the whole map than “Add”: it would"
        " settle about 0.4 of the 6 targets nobody has seen.",
        "You need not show more before you start.",
    ),
    (
        Reason("placed_gap", ("add", "count"), ("e1",)),
        "Nobody has seen “Add” and “Count” yet, and that may be what is missing where this student"
        " struggles: a short probe tells a gap from a slip.",
        "Show us what you can on “Add” or “Count”: it may make easier what is hard right now.",
    ),
    (
        Reason("offer_same", ("add",)),
        "All of these work on “Add”.",
        "All of these work on “Add”.",
    ),
    (
        Reason("offer_more", ("count", "add")),
        "Also open, but less pressing: “Count” and “Add”.",
        "You could also work on “Count” and “Add”. Ask your teacher if you would rather.",
    ),
    (
        Reason("offer_others_rest", ("count",)),
        "Worked on today, and resting for now: “Count”.",
        "You have worked on this today, so it rests for now: “Count”.",
    ),
    (
        Reason("offer_waits", ("count", "add", "subtract")),
        "Waiting for “Count”: “Add” and “Subtract”.",
        "Showing “Count” opens the way to “Add” and “Subtract”.",
    ),
    (
        Reason("unheard_easier", number=0.0, words="Count shells"),
        "Nothing that is open now would come clearly easier than “Count shells”, declined as too"
        " hard.",
        "Nothing that is open now would be clearly easier than “Count shells”. Ask your teacher for"
        " help with it.",
    ),
    (
        Reason("unheard_harder", number=1.0, words="Count shells"),
        "Only one of these would ask for clearly more than “Count shells”, declined as too easy.",
        "Only one of these would be clearly harder than “Count shells”. Tell your teacher if you"
        " want more.",
    ),
    (
        Reason("unheard_other", number=2.0, words="Count shells"),
        "Only 2 of these would be another way than “Count shells”, declined as not their thing.",
        "Only 2 of these would be clearly different from “Count shells”. Tell your teacher what you"
        " would like.",
    ),
    (
        Reason("unheard_all"),
        "Nothing that is open now answers all that was said of late when declining.",
        "Nothing that is open now fits all that you told us. Tell your teacher what you would"
        " like.",
    ),
    (
        Reason("left_blocked", ("add", "count")),
        "No choice is on “Add”: it needs “Count” first.",
        "For “Add” you need “Count” first.",
    ),
    (
        Reason("left_turn", ("add",)),
        "No choice is on “Add”: it is due for review, and new work comes in between.",
        "You will look at “Add” again soon; new work comes in between.",
    ),
    (
        Reason("left_shown", ("add",)),
        "No choice is on “Add”: it counts as shown.",
        "You have shown “Add”.",
    ),
    (
        Reason("left_enough", ("add",)),
        "No choice is on “Add”: it was practised enough for now.",
        "You have practised “Add” enough for now.",
    ),
    (
        Reason("left_implied", ("add",)),
        "No choice is on “Add”: what builds on it is shown.",
        "You have shown what builds on “Add”.",
    ),
    (
        Reason("left_alone", ("add",)),
        "No choice is on “Add”: it was let go for now.",
        "You can leave “Add” for now.",
    ),
    (
        Reason("left_behind", ("add",), words="Count shells"),
        "No choice is on “Add”, though it is open: the others come first, by the curriculum’s"
        " order or by what they promise for their minutes. One on it is “Count shells”.",
        "“Add” is open for you as well: “Count shells”.",
    ),
    (
        Reason("left_rests", ("add",)),
        "No choice is on “Add”: it was worked on today and rests for now.",
        "You have worked on “Add” today, so it rests for now.",
    ),
    (
        Reason("left_aside", ("add",)),
        "No choice is on “Add”: what there is was set aside of late.",
        "You set aside what there is on “Add”.",
    ),
    (
        Reason("left_format", ("add",), words="oral"),
        "No choice is on “Add”: no task on it comes in an allowed format (oral).",
        "We have no task on “Add” yet that fits how you work best (oral).",
    ),
    (
        Reason("left_no_task", ("add",)),
        "No choice is on “Add”: every task on it also needs what is not open yet.",
        "The tasks on “Add” need more first.",
    ),
]
