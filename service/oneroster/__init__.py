"""OneRoster 1.1 and 1.2 CSV bundles: a zip file or a folder of CSV files with a manifest.

`files` reads a bundle, `shapes` says which fields each file has and what may stand in them,
`checking` names what is wrong by file, line and field, `meaning` makes students, classes and
evidence of it.
"""
