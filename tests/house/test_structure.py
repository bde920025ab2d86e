"""House rules on the source: which way imports go, what pure means, how long things are."""

import ast
import statistics
import sys

import pytest

from tests.house.source import PACKAGES, functions, imported, modules, name, tree

# What each package may import of the house. Nothing imports experiments or tests.
MAY_IMPORT = {
    "graphs": {"graphs"},
    "models": {"models", "graphs"},
    "engine": {"engine", "models", "graphs"},
    "service": {"service", "engine", "models", "graphs"},
    "experiments": {"experiments", "service", "engine", "models", "graphs"},
}

# Each outside library and the few modules (or packages, with a final dot) that import it.
DOORS = {
    "alembic": ("service.store.migrate", "service.migrations."),
    "distributed": ("service.cluster",),
    "fastapi": ("service.",),
    "jinja2": ("service.pages.rendering",),
    "matplotlib": ("experiments.figures", "experiments.simulation.pictures"),
    "mlflow": ("experiments.tracking",),
    "networkx": (
        "graphs.prerequisites",
        "graphs.linting",
        "experiments.edge_audit",
        "experiments.recommending.plain",
    ),
    "llvmlite": ("models.lanes",),
    "numba": ("models.compiled", "models.lanes"),
    "numpy": (
        "models.",
        "engine.",
        "experiments.",
        "service.spool",
        "service.usecases.agreeing",
        "service.usecases.standing",
    ),
    "pandas": (
        "models.log",
        "models.log_files",
        "models.pybkt",
        "models.batch.chains",
        "experiments.fit_benchmark",
        "experiments.pybkt_timing",
        "experiments.pybkt_roster",
    ),
    "pyBKT": ("models.pybkt", "experiments.pybkt_timing", "experiments.pybkt_roster"),
    "pydantic": (
        "service.contract.",
        "service.evidence_rows",
        "service.settings",
        "service.cells",
        "service.importing",
        "service.curriculum_document",
        "service.guards",
    ),
    "pydantic_core": ("service.contract.base",),
    "pydantic_settings": ("service.settings",),
    "rich": (
        "service.cli.",
        "experiments.commands.alerting",
        "experiments.commands.auditing",
        "experiments.commands.evaluating",
        "experiments.commands.benching",
        "experiments.commands.simulating",
    ),
    "scipy": (
        "models.agreement",
        "models.audit.findings",
        "models.audit.missing",
        "models.audit.support",
        "engine.layout",
        "engine.spans",
        "engine.groups.pairs",
        "engine.groups.solver.master",
        "engine.groups.solver.choosing",
        "models.full.fit",
        "models.full.certifying",
        "models.starts",
        "models.starts_fit",
        "experiments.features",
        "experiments.logistic",
    ),
    "sklearn": (
        "experiments.edge_audit",
        "models.audit.learning",
        "experiments.logistic",
        "experiments.grouping.usual",
        "models.agreement",
        "models.wheel_spinning_fit",
    ),
    "sqlalchemy": ("service.store.", "service.migrations."),
    "starlette": ("service.",),
    "threadpoolctl": ("models.full.fit",),
    "typer": ("service.cli.", "experiments.commands."),
    "uvicorn": ("service.serving",),
}


CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    house = {*PACKAGES, "tests"}
    for path in modules(package):
        reached = {module.split(".")[0] for module in imported(path)} & house
        assert reached <= MAY_IMPORT[package], name(path)


def test_each_outside_library_has_few_doors() -> None:
    inside = {*PACKAGES, *sys.stdlib_module_names}
    for path in modules():
        for module in imported(path):
            library = module.split(".")[0]
            if library in inside:
                continue
            doors = DOORS.get(library, ())
            here = name(path)
            assert any(
                here == door or (door.endswith(".") and (here + ".").startswith(door))
                for door in doors
            ), f"{here} imports {library}"


def test_no_door_is_listed_in_vain() -> None:
    used = {module.split(".")[0] for path in modules() for module in imported(path)}
    assert set(DOORS) <= used


@pytest.mark.parametrize("package", ["graphs", "models", "engine"])
def test_the_core_is_pure(package: str) -> None:
    """No clock, no environment, no network, no global random state."""
    for path in modules(package):
        assert not imported(path) & {"time", "os", "random", "socket", "subprocess", "logging"}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute):
                call = ast.unparse(node)
                assert call not in CLOCKS, f"{name(path)}: {call}"
                drawn = call.startswith("np.random.") and call != "np.random.Generator"
                assert not drawn, f"{name(path)}: {call}"


def test_nothing_is_printed() -> None:
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "print", name(path)


def test_only_one_clock_ticks() -> None:
    clocks = [
        name(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "datetime.now"
    ]
    assert clocks == ["service.app"]


def test_no_sql_is_written_outside_the_store() -> None:
    for path in modules("service"):
        if not name(path).startswith(("service.store", "service.migrations")):
            assert "sqlalchemy" not in {m.split(".")[0] for m in imported(path)}, name(path)


def test_functions_fit_a_glance() -> None:
    lengths = []
    for path in modules():
        if "migrations" in path.parts:  # a schema is a list, however long
            continue
        for function in functions(path):
            length = (function.end_lineno or 0) - function.lineno + 1
            lengths.append(length)
            assert length <= 75, f"{name(path)}.{function.name} has {length} lines"
    assert statistics.median(lengths) <= 12


def test_files_stay_small() -> None:
    for path in modules():
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{name(path)} has {lines} lines"


def test_every_package_says_what_lives_there_and_hands_out_names_that_exist() -> None:
    for package in PACKAGES:
        module = __import__(package)
        assert (module.__doc__ or "").strip()
        for public in getattr(module, "__all__", []):
            assert hasattr(module, public)
