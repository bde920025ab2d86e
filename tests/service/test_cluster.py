"""Fits over a real Dask cluster of two processes: the same parameters, bit for bit."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from graphs import InvalidInput
from models import ResponseLog, read_log, read_model
from models.fitting import Aim, fit_bkt
from service.cluster import connected, versions
from tests.service.command import footpath


@pytest.fixture(scope="module")
def data_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten targets of very different size, one of them alone on half of all rows."""
    rng = np.random.default_rng(8)
    path = tmp_path_factory.mktemp("cluster") / "log.csv"
    rows = ["student,item,skill,correct,order"]
    for row in range(1500):
        skill = 0 if row % 2 else int(rng.integers(10))
        rows.append(f"s{row % 60},i{row % 7},k{skill},{int(rng.random() < 0.6)},{row}")
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture(scope="module")
def log(data_file: Path) -> ResponseLog:
    return read_log(data_file)


@pytest.mark.parametrize("aim", ["mastery", "likelihood"])
@pytest.mark.parametrize("parts", [2, 3, 7, 100])
def test_the_parameters_do_not_depend_on_how_the_targets_are_cut(
    log: ResponseLog, aim: Aim, parts: int
) -> None:
    assert fit_bkt(log, aim=aim, parts=parts) == fit_bkt(log, aim=aim)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own."""
    script = (
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=':0') as c:\n"
        "        print(c.scheduler_address, flush=True)\n"
        "        input()\n"
    )
    words = [sys.executable, "-W", "ignore", "-c", script]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, env=os.environ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        with suppress(subprocess.TimeoutExpired, BrokenPipeError):
            process.communicate("\n", timeout=20)
        process.kill()


def test_a_fit_over_tcp_gives_exactly_the_parameters_of_the_ordinary_one(
    data_file: Path, scheduler: str, tmp_path: Path
) -> None:
    assert scheduler.startswith("tcp://")
    here = footpath("fit", data_file, "-o", tmp_path / "here.json", "--json")
    there = footpath("fit", data_file, "-o", tmp_path / "there.json", "--dask", scheduler, "--json")
    assert (here.code, there.code) == (0, 0), there.err
    assert here.answer["version"] == there.answer["version"]
    assert (tmp_path / "here.json").read_bytes() == (tmp_path / "there.json").read_bytes()
    assert len(read_model(tmp_path / "there.json").to_document()["parameters"]) == 10


def test_the_work_is_done_by_the_workers(log: ResponseLog, scheduler: str) -> None:
    with connected(scheduler) as cluster:
        assert cluster.parts == 8
        done_by = set(cluster.map(_process, range(8)))
    assert os.getpid() not in done_by
    assert 1 <= len(done_by) <= 2


def _process(_: int) -> int:
    return os.getpid()


def test_workers_of_another_version_are_refused(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.cluster.version", lambda _: "0.0")
    assert versions()["numpy"] == "0.0"
    with pytest.raises(InvalidInput, match="worker"), connected(scheduler):
        pass


def test_a_cluster_on_this_computer_can_be_asked_for(data_file: Path) -> None:
    here = footpath("fit", data_file, "--json")
    there = footpath("fit", data_file, "--dask", "local", "--json")
    assert there.code == 0, there.err
    assert there.answer["version"] == here.answer["version"]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_scheduler_that_does_not_answer_is_named(
    data_file: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.cluster.PATIENCE_S", 1)
    ran = footpath("fit", data_file, "--dask", address)
    assert ran.code == 2
    assert address in ran.err


def test_pybkt_is_not_spread(data_file: Path) -> None:
    ran = footpath("fit", data_file, "--dask", "local", "--fitter", "pybkt")
    assert ran.code == 2
    assert "no other --fitter" in ran.err
