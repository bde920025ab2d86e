"""What to do next.

Here live the policy (every threshold and weight), the board (status and readiness of each
student on each target), and what is proposed from it: choices, groups and interventions,
each with typed reasons. Pure functions of values; the clock, ids and evidence come from
the caller.
"""

from engine.board import STATUSES, Board, Status, make_board
from engine.choices import Choice, choices, first_choices
from engine.interventions import interventions
from engine.layout import Layout, Option
from engine.placement import Place, Placement, place
from engine.policy import Policy, policy_from_document
from engine.proposals import Answered, Background, Cause, Intervention, Plan, Waiting
from engine.proposed import with_proposals
from engine.reasons import Reason, for_family, for_student, for_teacher, percent
from engine.requirements import Seen, missing
from engine.scoring import Wishes
from engine.slates import PURPOSES, Slates, slates
from engine.would import changes

__all__ = [
    "PURPOSES",
    "STATUSES",
    "Answered",
    "Background",
    "Board",
    "Cause",
    "Choice",
    "Intervention",
    "Layout",
    "Option",
    "Place",
    "Placement",
    "Plan",
    "Policy",
    "Reason",
    "Seen",
    "Slates",
    "Status",
    "Waiting",
    "Wishes",
    "changes",
    "choices",
    "first_choices",
    "for_family",
    "for_student",
    "for_teacher",
    "interventions",
    "make_board",
    "missing",
    "percent",
    "place",
    "policy_from_document",
    "slates",
    "with_proposals",
]
