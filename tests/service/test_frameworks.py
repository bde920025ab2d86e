"""CASE packages, second sources and tasks through the command line and the API."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from graphs import curriculum_from_document
from service import Store
from service.principal import LOCAL
from service.usecases import curricula
from tests.cast import small_curriculum
from tests.graphs.case.packages import association, small_package, uid
from tests.graphs.case.strict_schema import breaches
from tests.service.command import footpath, on
from tests.service.conftest import Dump


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The small CASE package as a file."""
    path = tmp_path / "package.json"
    path.write_text(json.dumps(small_package(), indent=1))
    return path


def test_a_case_package_comes_in_and_goes_out(package: Path, tmp_path: Path) -> None:
    store = on(tmp_path / "new.db")
    ran = footpath("import", "framework", package, *store, "--json")
    assert ran.code == 0, ran.err
    counts = ("title", "competencies", "targets", "prerequisites")
    assert [ran.answer[c] for c in counts] == ["Numbers and fractions", 3, 5, 6]
    assert ran.answer["unmapped"]["requires"] == 1
    assert ran.answer["kept_aside"]["CFItems.local"] == 8
    written = footpath("export", "framework", "--case", *store).answer
    assert breaches(written) == []
    out = tmp_path / "out.json"
    told = footpath("export", "framework", "--case", *store, "-o", out, "--json").answer
    assert (told["output"], told["items"]) == (str(out), 8)
    again = footpath("import", "framework", out, *on(tmp_path / "other.db"), "--json").answer
    assert again["version"] == ran.answer["version"] == told["version"]
    words = footpath("import", "framework", package, *store).out
    assert "associations kept as they are" in words
    assert "kept aside" in words


def test_our_own_document_comes_in_and_goes_out(database: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.json"
    assert "written to" in footpath("export", "framework", *on(database), "-o", out).out
    assert curriculum_from_document(json.loads(out.read_text())) == small_curriculum()
    new = on(tmp_path / "new.db")
    ran = footpath("import", "framework", out, *new, "--title", "Other", "--id", "o", "--json")
    assert (ran.answer["id"], ran.answer["title"], ran.answer["tasks"]) == ("o", "Other", 8)


def test_codes_tasks_and_a_second_source_come_in_together(package: Path, tmp_path: Path) -> None:
    tasks = tmp_path / "tasks.csv"
    tasks.write_text("id,title,targets\nt,Halves,f.1~N.1\n")
    edges = tmp_path / "edges.csv"
    edges.write_text("prereq,target\n1,F.1\nN.1,G.1\n")
    options = ("--ids", "code", "--tasks", tasks, "--prerequisites", edges)
    more = ("--prefix", "N.", "--leave-out", "--json")
    store = on(tmp_path / "new.db")
    ran = footpath("import", "framework", package, *options, *more, *store)
    assert ran.code == 0, ran.err
    merged = ran.answer["merged"]
    assert (merged["read"], merged["added"], merged["known"]) == (2, 1, 0)
    assert "edges.csv:3: target" in merged["left_out"][0]
    document = footpath("export", "framework", *store).answer
    assert document["tasks"][0]["targets"] == ["F.1", "N.1"]
    refused = footpath("import", "framework", package, *options, *on(tmp_path / "x.db"))
    assert refused.code == 2
    assert "edges.csv:3: target: there is no learning target" in refused.err
    assert not (tmp_path / "x.db").exists()


def test_a_package_of_prerequisites_goes_with_a_targets_file(package: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text("id,text,code\na,A,N.1\nb,B,N.2\nc,C,F.1\n")
    options = ("--prerequisites", package, "--leave-out", "--json")
    ran = footpath("import", "framework", targets, *options, *on(tmp_path / "new.db"))
    assert ran.answer["prerequisites"] == 2
    edges = tmp_path / "edges.csv"
    edges.write_text("prereq,target\n1,F.1\nN.9,c\n")
    second = ("--prerequisites", edges, "--leave-out", "--prefix", "N.", "--json")
    ran = footpath("import", "framework", targets, *second, *on(tmp_path / "new.db"))
    assert (ran.answer["prerequisites"], len(ran.answer["merged"]["left_out"])) == (1, 1)
    wrong = ("--competencies", targets)
    refused = footpath("import", "framework", package, *wrong, *on(tmp_path / "new.db"))
    assert refused.code == 2
    assert "goes with a targets file" in refused.err


def test_prerequisites_are_merged_into_the_framework_in_force(
    database: Path, store: Store, snapshot: Dump, tmp_path: Path
) -> None:
    edges = tmp_path / "edges.csv"
    edges.write_text("prereq,target\nCOUNT,shapes\ncount,add\n")
    before = snapshot()
    command = ("import", "prerequisites", edges, *on(database))
    dry = footpath(*command, "--dry-run", "--json").answer
    assert snapshot() == before
    assert footpath(*command, "--json").answer == {**dry, "dry_run": False}
    assert dry["merged"]["added"] == dry["merged"]["known"] == 1
    graph = curricula.curriculum_in_force(store, LOCAL).graph
    assert graph.prerequisites("shapes") == ("count",)
    edges.write_text("prereq,target\nshapes,count\n")
    before = snapshot()
    refused = footpath(*command)
    assert refused.code == 2
    assert "edges.csv:2: target: prerequisites run in a circle" in refused.err
    edges.write_text("prereq,target\n" + "".join(f"x{i},count\n" for i in range(30)))
    assert snapshot() == before
    words = footpath(*command, "--leave-out").out
    assert "left out  edges.csv:2: prereq" in words
    assert "… and 10 more" in words


def test_a_dry_run_of_a_framework_makes_no_store(package: Path, tmp_path: Path) -> None:
    ran = footpath("import", "framework", package, "--dry-run", *on(tmp_path / "new.db"))
    assert "dry run: nothing was stored" in ran.out
    assert not (tmp_path / "new.db").exists()
    empty = {**small_package(), "CFItems": [], "CFAssociations": []}
    package.write_text(json.dumps(empty))
    ran = footpath("import", "framework", package, "--dry-run", *on(tmp_path / "new.db"))
    assert ran.code == 2
    assert "needs at least one learning target" in ran.err


BROKEN: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda p: p["CFItems"][4].pop("fullStatement"), "CFItems.4.fullStatement"),
    (lambda p: p["CFItems"][4].update(identifier=uid("N")), "CFItems.4.identifier"),
    (lambda p: p["CFAssociations"][5].pop("destinationNodeURI"), "CFAssociations.5.destination"),
    (lambda p: p["CFAssociations"].append(association("precedes", "F.1", "N.1")), "in a circle"),
]


@pytest.mark.parametrize(("change", "place"), BROKEN)
def test_a_broken_package_is_refused_with_its_line_and_changes_nothing(
    database: Path,
    client: TestClient,
    snapshot: Dump,
    package: Path,
    change: Callable[[dict[str, Any]], Any],
    place: str,
) -> None:
    broken = small_package()
    change(broken)
    package.write_text(json.dumps(broken, indent=1))
    before = snapshot()
    ran = footpath("import", "framework", package, *on(database))
    assert ran.code == 2
    assert f"{package.name}:" in ran.err
    assert place in ran.err
    answer = client.put("/v1/framework/case", json=broken)
    assert answer.status_code == 422
    assert place in answer.text
    assert snapshot() == before


def test_the_api_takes_and_gives_case(client: TestClient) -> None:
    answer = client.put("/v1/framework/case", json=small_package())
    assert answer.status_code == 200
    assert answer.json()["curriculum"]["targets"] == 5
    assert answer.json()["unmapped"]["exactMatchOf"] == 1
    written = client.get("/v1/framework/case").json()
    assert breaches(written) == []
    document = client.get("/v1/framework").json()
    assert client.put("/v1/framework", json=document).json() == answer.json()["curriculum"]
    assert client.get("/v1/framework/case").json() == written
    by_code = client.put("/v1/framework/case?ids=code", json=small_package()).json()
    assert by_code["curriculum"]["version"] != answer.json()["curriculum"]["version"]
    target = client.get("/v1/targets/N.2").json()
    assert (target["prerequisites"], target["code"]) == (["N.1"], "N.2")
    named = {"system": "case", "id": uid("N.2"), "uri": "https://standards.example/uri/N.2"}
    assert target["external_ids"] == [named]
    assert client.put("/v1/framework/case?ids=uri", json=small_package()).status_code == 422
    assert client.put("/v1/framework/case", json=[1]).status_code == 422


RECORDS: list[dict[str, Any]] = [
    {"document": {"identifier": "no uuid"}},
    {"document": {"lastChangeDateTime": 5}},
    {"targets": {"add": {"uri": ["x"]}}},
    {"associations": [{"associationType": "precedes"}]},
    {"others": [5]},
    {"more": {}},
    {"rubrics": {}},
    {"rubrics": [{"identifier": "no uuid"}]},
    {"definitions": {"CFItemTypes": [{"title": "alone"}]}},
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_case_record_that_could_not_be_written_is_refused(
    client: TestClient, record: dict[str, Any]
) -> None:
    client.put("/v1/framework/case", json=small_package())
    document = client.get("/v1/framework").json()
    document["case"] |= record
    assert client.put("/v1/framework", json=document).status_code == 422
    assert client.get("/v1/framework/case").status_code == 200


def test_tasks_go_out_and_come_in_again(database: Path, snapshot: Dump, tmp_path: Path) -> None:
    out = tmp_path / "tasks.csv"
    assert footpath("export", "tasks", *on(database), "-o", out).code == 0
    ran = footpath("import", "tasks", out, *on(database), "--json", "--dry-run")
    assert (ran.answer["read"], ran.answer["tasks"], ran.answer["dry_run"]) == (8, 8, True)
    before = snapshot()
    assert footpath("import", "tasks", out, *on(database)).code == 0
    assert snapshot() == before  # the same curriculum has the same version


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("t,T,spelling,,\n", "tasks.csv:2: targets: the task 't' names the unknown learning"),
        ("t,T,add~add,,\n", "tasks.csv:2: targets: the task 't' names the learning target 'add' t"),
        ("t,T,add,,\nu,U,add,guess,\n", "tasks.csv:3: kind: the task 'u' has the unknown evidence"),
        ("t,T,add,,\nt,U,add,,\n", "tasks.csv:3: id: the id 't' stands on line 2 already"),
        ("t,T,add,,9999\n", "tasks.csv:2: minutes: the task 't' takes 9999.0 minutes"),
        ("t~1,T,add,,\n", "tasks.csv:2: id: the id 't~1' is not usable"),
    ],
)
def test_a_task_that_does_not_fit_is_named_by_line_and_column(
    database: Path, snapshot: Dump, tmp_path: Path, rows: str, place: str
) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text("id,title,targets,kind,minutes\n" + rows)
    before = snapshot()
    ran = footpath("import", "tasks", path, *on(database))
    assert ran.code == 2
    assert place in ran.err
    assert snapshot() == before


def test_a_file_that_cannot_be_written_is_named(database: Path, tmp_path: Path) -> None:
    ran = footpath("export", "tasks", *on(database), "-o", tmp_path / "no" / "where.csv")
    assert ran.code == 2
    assert "cannot be written" in ran.err
