"""Simulated students whose truth is known, none of whom obeys Footpath's own model.

A world is a small class with the five verbs of `World`. The recommender is fitted on the log of
*other* students who followed a fixed course, and judged by what these students truly know.
"""

from experiments.worlds.domain import Domain, layered_domain
from experiments.worlds.gradual import GradualWorld
from experiments.worlds.world import Answer, World, fixed_course

__all__ = ["Answer", "Domain", "GradualWorld", "World", "fixed_course", "layered_domain"]
