"""Policies against each other in simulated schools (`footpath simulate`).

Every policy meets the same simulated students, knows only what they answer, and is fitted on the
fixed course of *other* students. Costs are compared at equal true mastery.
"""
