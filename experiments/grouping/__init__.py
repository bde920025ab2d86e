"""How good groups are: `footpath bench groups`.

Instances are classes with rules and a history (`instances`), simulated ones (`classes`) and real
ones; the usual ways to group (`usual`) are judged by the same problem, once and over ten rounds
(`rounds`); the heuristic by itself on maximally diverse grouping (`diverse`), pairs by trying
every matching (`matchings`).
"""
