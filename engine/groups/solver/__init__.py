"""Divide a class into groups, proven optimal: arrays in, arrays out.

`Problem` is what is asked, `solve` answers with a division, a bound and the gap between them;
`anneal` alone is the heuristic. Nothing here knows of students, targets or purposes.
"""

from engine.groups.solver.annealing import Division, anneal
from engine.groups.solver.problem import Column, Problem, faults, objective, plain_problem
from engine.groups.solver.solve import Effort, Solution, solve, warm_up

__all__ = [
    "Column",
    "Division",
    "Effort",
    "Problem",
    "Solution",
    "anneal",
    "faults",
    "objective",
    "plain_problem",
    "solve",
    "warm_up",
]
