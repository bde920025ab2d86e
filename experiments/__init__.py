"""How good it is.

Stands on top of everything: evaluation without leaks, simulated schools, benchmarks, MLflow
records, and the sample school of `make demo`. Nothing imports this package; the command
line finds its commands through an entry point.
"""
