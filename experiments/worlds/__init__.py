"""Simulated students whose truth is known, none of whom obeys Footpath's own model.

A world is a small class with the two verbs of `World` (docs/worlds-and-policies.md). The
recommender is fitted on the log of *other* students who followed a fixed course, and judged by
what these students truly know.
"""

from experiments.worlds.activation import ActivationWorld
from experiments.worlds.additive import AdditiveWorld
from experiments.worlds.domain import Domain, layered_domain
from experiments.worlds.encompassing import EncompassingWorld
from experiments.worlds.gradual import ForgetfulWorld, GradualWorld
from experiments.worlds.rushing import RushingWorld
from experiments.worlds.sudden import SuddenWorld
from experiments.worlds.world import Answer, OpenWorld, World, fixed_course

__all__ = [
    "ActivationWorld",
    "AdditiveWorld",
    "Answer",
    "Domain",
    "EncompassingWorld",
    "ForgetfulWorld",
    "GradualWorld",
    "OpenWorld",
    "RushingWorld",
    "SuddenWorld",
    "World",
    "fixed_course",
    "layered_domain",
]
