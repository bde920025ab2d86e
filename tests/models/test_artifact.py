import json
from pathlib import Path
from typing import Any

import pytest

from graphs import InvalidInput
from models import BKTModel, BKTParameters, model_document, read_model, write_model
from models.artifact import model_from_document
from models.model import MasteryModel


def some_model() -> MasteryModel:
    return BKTModel({"ratio~1": BKTParameters(0.123456789012345, 0.1, 0.2, 0.3)})


def test_a_model_file_reads_back_to_the_last_bit(tmp_path: Path) -> None:
    write_model(some_model(), tmp_path / "model.json")
    assert read_model(tmp_path / "model.json") == some_model()
    assert [p.name for p in tmp_path.iterdir()] == ["model.json"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"format": "footpath.model/99"}, "format"),
        ({"model": "oracle"}, "model"),
        ({"version": "0" * 16}, "version"),
        ({"reliability": {"quiz_item": 0.5}}, "version"),
    ],
)
def test_a_document_that_was_tampered_with_is_refused(change: dict[str, Any], names: str) -> None:
    with pytest.raises(InvalidInput, match=names):
        model_from_document({**model_document(some_model()), **change})


def test_parameters_out_of_range_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not a probability"):
        BKTModel.from_document(
            {**model_document(some_model()), "fallback": {**_fallback(), "guess": 2}}
        )


@pytest.mark.parametrize("text", ["", "[]", "{", '"model"', "\udce9"])
def test_a_file_that_holds_no_model_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidInput, match=r"model\.json"):
        read_model(path)


def test_the_version_names_the_content_not_the_layout() -> None:
    document = model_document(some_model())
    turned = dict(reversed(json.loads(json.dumps(document)).items()))
    assert model_document(model_from_document(turned))["version"] == document["version"]


def _fallback() -> dict[str, float]:
    fallback: dict[str, float] = model_document(some_model())["fallback"]
    return fallback
