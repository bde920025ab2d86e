"""Flexible groups: short-lived, each with a purpose, a target, tasks and an end.

`propose_groups` proposes them for a class and a day: needs (`need`), rules (`rules`) and past
rounds (`past`) become arrays (`assemble`) that are divided to proven optimality (`solver`, or
`pairs` by matching), and are written out with reasons (`why`). Rules that cannot be kept are
named (`conflict`); what became of accepted groups is looked at afterwards (`effect`).
"""

from engine.groups.conflict import Clash
from engine.groups.divide import OutOfTime
from engine.groups.effect import Effect, effects
from engine.groups.need import Likings
from engine.groups.past import PastGroup, Round
from engine.groups.propose import Asked, propose_groups
from engine.groups.purposes import MIX, PURPOSES, Aim, Purpose
from engine.groups.result import Group, Grouping, Member, Own, Quality
from engine.groups.rules import Clause, Lock, Rules
from engine.groups.solver import Effort, warm_up

__all__ = [
    "MIX",
    "PURPOSES",
    "Aim",
    "Asked",
    "Clash",
    "Clause",
    "Effect",
    "Effort",
    "Group",
    "Grouping",
    "Likings",
    "Lock",
    "Member",
    "OutOfTime",
    "Own",
    "PastGroup",
    "Purpose",
    "Quality",
    "Round",
    "Rules",
    "effects",
    "propose_groups",
    "warm_up",
]
