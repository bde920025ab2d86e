"""CASE packages (1EdTech Competencies and Academic Standards Exchange 1.0 and 1.1).

`reading` takes a package as it comes and brings it into strict form, `mapping` makes a
curriculum of it, `writing` makes a package of a curriculum; `shapes` says what strict form
is, and `record` keeps what a curriculum has no place for. Nothing is lost on the way: what
strict form has no place for stands under `extensions.footpath`.
"""
