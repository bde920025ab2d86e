"""What is said of a goal and of the way there: reason, teacher, student."""

from engine import Reason

GOALS: list[tuple[Reason, str, str]] = [
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
]
