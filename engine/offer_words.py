"""What is said about an offer as a whole, and about placement: the sentences for each reason.

The placeholders are those of `engine.sentences`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.sentences import Code

OfferCode = Literal[
    "offer_all_shown", "offer_no_format", "offer_format", "offer_enough", "offer_no_task",
    "offer_next_due", "offer_declined", "offer_rests", "offer_aside",
    "offer_tired", "offer_first", "offer_one",
    "offer_same", "offer_more", "offer_others_rest", "offer_waits",
    "unheard_easier", "unheard_harder", "unheard_other", "unheard_all",
    "left_blocked", "left_turn", "left_shown", "left_enough", "left_implied", "left_alone",
    "left_behind", "left_rests", "left_aside", "left_format", "left_no_task",
    "known_already", "known_judged", "known_implied", "placed_next", "placed_enough",
    "placed_enough_judged",
    "placed_clear", "placed_all_seen", "placed_would_ask", "placed_gap",
]  # fmt: skip

TEACHER: "Mapping[Code, str]" = {
    "offer_all_shown": "Every learning target is shown: time for work beyond the map.",
    "offer_no_format": "Ready, but no task comes in an allowed format ({words}): {all}."
    " Allow another format, or add a task.",
    "offer_format": "More is ready, but in no allowed format ({words}): {all}.",
    "offer_enough": "Practised enough for now: {all}. What is left to certify is better seen on"
    " another day.",
    "offer_no_task": "Ready, but every task on it also needs what is not open yet: {all}. Add a"
    " task on it alone.",
    "offer_next_due": "The next look back, on {first}, is due on {words}.",
    "offer_declined": "Nothing else is open than what was set aside of late or rests, so it is"
    " offered all the same.",
    "offer_rests": "Just worked on: {all}. Nothing else is open; another day tells more.",
    "offer_aside": "More is open, but was set aside of late.",
    "offer_tired": "Just worked on, and offered again because little else is open: {all}.",
    "offer_first": "Just worked on, and still before what else is open: {all}.",
    "offer_one": "Nothing else is open right now.",
    "offer_same": "All of these work on {first}.",
    "offer_more": "Also open, but less pressing: {all}.",
    "offer_others_rest": "Worked on today, and resting for now: {all}.",
    "offer_waits": "Waiting for {first}: {rest}.",
    "unheard_easier": "{only} would come clearly easier than “{words}”, declined as too hard.",
    "unheard_harder": "{only} would ask for clearly more than “{words}”, declined as too easy.",
    "unheard_other": "{only} would be another way than “{words}”, declined as not their thing.",
    "unheard_all": "Nothing that is open now answers all that was said of late when declining.",
    "left_blocked": "No choice is on {first}: it needs {rest} first.",
    "left_turn": "No choice is on {first}: it is due for review, and new work comes in between.",
    "left_shown": "No choice is on {first}: it counts as shown.",
    "left_enough": "No choice is on {first}: it was practised enough for now.",
    "left_implied": "No choice is on {first}: what builds on it is shown.",
    "left_alone": "No choice is on {first}: it was let go for now.",
    "left_behind": "No choice is on {first}, though it is open: the others come first, by the"
    " curriculum’s order or by what they promise for their minutes. One on it is “{words}”.",
    "left_rests": "No choice is on {first}: it was worked on today and rests for now.",
    "left_aside": "No choice is on {first}: what there is was set aside of late.",
    "left_format": "No choice is on {first}: no task on it comes in an allowed format ({words}).",
    "left_no_task": "No choice is on {first}: every task on it also needs what is not open yet.",
    "known_already": "Seen already, from {evidence} on {words} learning targets: {all}.",
    "known_judged": "Judged {words} by a teacher, which counts as an answer and is not asked:"
    " {all}.",
    "known_implied": "Met without being seen, because what builds on it is mastered, and not asked:"
    " {all}.",
    "placed_next": "Nothing tells more about the whole map than a probe on {any}: {each} would"
    " settle about {settled} of {words}.",
    "placed_enough": "Placement asks up to {words} probes, and {evidence} are there: the student’s"
    " own work now says where to go on.",
    "placed_enough_judged": "Placement asks up to {words} probes, and with what a teacher judged as"
    " much is known: that now says where to go on.",
    "placed_clear": "For the whole map nothing more is worth asking: no probe would settle even"
    " {settled} of {words}.",
    "placed_all_seen": "Every learning target was seen or judged, or counts as met: nothing is left"
    " to place.",
    "placed_would_ask": "Were one more asked, nothing would tell more about the whole map than"
    " {any}: {each} would settle about {settled} of {words}.",
    "placed_gap": "Nobody has seen {all} yet, and that may be what is missing where this student"
    " struggles: a short probe tells a gap from a slip.",
}
STUDENT: "Mapping[Code, str]" = {
    "offer_all_shown": "You have shown everything on your map. Talk with your teacher about what"
    " you would like to do beyond it.",
    "offer_no_format": "You are ready for {all}, but we have no task yet that fits how you work"
    " best ({words}). Ask your teacher: together you find one.",
    "offer_format": "You are ready for {all} as well, but we have no task on it yet that fits how"
    " you work best ({words}).",
    "offer_enough": "You have practised enough for now: {all}. Show it once more another day.",
    "offer_no_task": "You are ready for {all}, but its tasks need more first. Ask your teacher:"
    " together you find one.",
    "offer_next_due": "From {words} you can show {first} again, so that it stays.",
    "offer_declined": "Nothing else is open than what you set aside, so here it is again. Would you"
    " rather do something else? Tell your teacher.",
    "offer_rests": "You have just worked on {all}. You may go on, or come back another day.",
    "offer_aside": "More is open that you set aside. You can put it back whenever you like.",
    "offer_tired": "You have just worked on it; little else is open: {all}.",
    "offer_first": "You have just worked on it, and it still comes first: {all}.",
    "offer_one": "Nothing else is open right now.",
    "offer_same": "All of these work on {first}.",
    "offer_more": "You could also work on {all}. Ask your teacher if you would rather.",
    "offer_others_rest": "You have worked on this today, so it rests for now: {all}.",
    "offer_waits": "Showing {first} opens the way to {rest}.",
    "unheard_easier": "{only} would be clearly easier than “{words}”. Ask your teacher for help"
    " with it.",
    "unheard_harder": "{only} would be clearly harder than “{words}”. Tell your teacher if you want"
    " more.",
    "unheard_other": "{only} would be clearly different from “{words}”. Tell your teacher what you"
    " would like.",
    "unheard_all": "Nothing that is open now fits all that you told us. Tell your teacher what you"
    " would like.",
    "left_blocked": "For {first} you need {rest} first.",
    "left_turn": "You will look at {first} again soon; new work comes in between.",
    "left_shown": "You have shown {first}.",
    "left_enough": "You have practised {first} enough for now.",
    "left_implied": "You have shown what builds on {first}.",
    "left_alone": "You can leave {first} for now.",
    "left_behind": "{first} is open for you as well: “{words}”.",
    "left_rests": "You have worked on {first} today, so it rests for now.",
    "left_aside": "You set aside what there is on {first}.",
    "left_format": "We have no task on {first} yet that fits how you work best ({words}).",
    "left_no_task": "The tasks on {first} need more first.",
    "known_already": "We have seen your work already on {all}.",
    "known_judged": "Your teacher has judged {all}.",
    "known_implied": "You have shown what builds on {all}, so you need not go back to it.",
    "placed_next": "Show us next what you can on {first}. It helps us to find where you start.",
    "placed_enough": "We have seen enough of your work to know where you go on.",
    "placed_enough_judged": "Your teacher knows enough of your work to say where you go on.",
    "placed_clear": "We know where you can start.",
    "placed_all_seen": "We have seen your work on everything.",
    "placed_would_ask": "You need not show more before you start.",
    "placed_gap": "Show us what you can on {any}: it may make easier what is hard right now.",
}
FAMILY: "Mapping[Code, str]" = {
    "offer_all_shown": "Your child has shown everything on the map and can go beyond it.",
    "offer_no_format": "Your child is ready for {all}, and we are looking for a task that fits.",
    "offer_format": "Your child is also ready for {all}; we are looking for a task that fits.",
    "offer_enough": "Your child has practised {all} enough for now and shows it another day.",
    "offer_no_task": "Your child is ready for {all}, and we are looking for a task.",
    "offer_next_due": "From {words} your child shows {first} again, so that it stays.",
    "offer_declined": "Nothing else is open than what your child set aside: it is on offer again.",
    "offer_rests": "Your child has just worked on {all}.",
    "offer_aside": "More is open, which your child set aside for now.",
    "offer_tired": "Your child has just worked on it; little else is open: {all}.",
    "offer_first": "Your child has just worked on it, and it still comes first: {all}.",
    "offer_one": "Nothing else is open right now.",
    "offer_same": "All of these work on {first}.",
    "offer_more": "Your child could also work on {all}.",
    "offer_others_rest": "Your child has worked on this today, so it rests: {all}.",
    "offer_waits": "Showing {first} opens the way to {rest}.",
    "unheard_easier": "{only} would be clearly easier than “{words}”, which was too hard.",
    "unheard_harder": "{only} would be clearly harder than “{words}”, which was too easy.",
    "unheard_other": "{only} would be clearly different from “{words}”.",
    "unheard_all": "Nothing that is open now fits all that your child told us.",
    "left_blocked": "For {first} your child needs {rest} first.",
    "left_turn": "Your child will look at {first} again soon.",
    "left_shown": "Your child has shown {first}.",
    "left_enough": "Your child has practised {first} enough for now.",
    "left_implied": "Your child has shown what builds on {first}.",
    "left_alone": "Your child can leave {first} for now.",
    "left_behind": "{first} is open for your child as well.",
    "left_rests": "Your child has worked on {first} today, so it rests.",
    "left_aside": "Your child set aside what there is on {first}.",
    "left_format": "We are looking for a task on {first} that fits your child.",
    "left_no_task": "The tasks on {first} need more first.",
    "known_already": "We have seen work of your child already on {all}.",
    "known_judged": "A teacher has judged {all}.",
    "known_implied": "Your child has shown what builds on {all}.",
    "placed_next": "We would like to see next what your child can do on {first}.",
    "placed_enough": "We have seen enough of your child’s work to know where to go on.",
    "placed_enough_judged": "The teacher knows enough of your child’s work to say where to go on.",
    "placed_clear": "We know where your child can start.",
    "placed_all_seen": "We have seen your child’s work on everything.",
    "placed_would_ask": "Your child need not show more before starting.",
    "placed_gap": "We would like to see what your child can do on {any}.",
}
