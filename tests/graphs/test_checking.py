"""Faults between the files of a curriculum are named by file, line and column."""

from pathlib import Path

import pytest

from graphs import InvalidInput, read_curriculum

FILES = {
    "targets": "id,text,competency\na,A,n\nb,B,n\n",
    "competencies": "id,text,parent\nn,Numbers,\n",
    "prerequisites": "prereq,target\na,b\n",
    "tasks": "id,title,targets\nt,T,a~b\n",
}


def written(folder: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_files_that_fit_together_are_read(tmp_path: Path) -> None:
    curriculum = read_curriculum(written(tmp_path))
    assert curriculum.graph.prerequisites("b") == ("a",)
    assert curriculum.framework.task("t").targets == ("a", "b")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("targets", "id,text,competency\na,A,n\na,B,n\nb,B,n\n", "targets.csv:3: id: the id 'a'"),
        ("targets", "id,text,competency\na,A,x\nb,B,n\n", "targets.csv:2: competency: there is no"),
        ("competencies", "id,text,parent\nn,N,x\n", "competencies.csv:2: parent: there is no"),
        ("competencies", "id,text,parent\nn,N,m\nm,M,n\n", "competencies.csv:3: parent: compete"),
        ("prerequisites", "prereq,target\na,b\nc,b\n", "prerequisites.csv:3: prereq: there is no"),
        ("prerequisites", "prereq,target\na,c\n", "prerequisites.csv:2: target: there is no"),
        ("tasks", "id,title,targets\nt,T,a\nu,U,a~c\n", "tasks.csv:3: targets: there is no"),
        ("tasks", "id,title,targets\nt,T,a\nt,U,b\n", "tasks.csv:3: id: the id 't' stands on"),
    ],
)
def test_what_does_not_fit_is_named_where_it_stands(
    tmp_path: Path, name: str, text: str, place: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_curriculum(written(tmp_path, **{name: text}))
    assert place in str(refused.value)


def test_without_a_file_competencies_are_those_that_targets_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,competency\na,numbers\nb,numbers\nc,\n")
    framework = read_curriculum(tmp_path / "t.csv").framework
    assert [c.id for c in framework.competencies] == ["numbers"]
