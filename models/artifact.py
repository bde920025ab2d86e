"""A fitted model as one versioned JSON document: readable, diffable, never pickled."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from graphs import Fault, InvalidInput
from graphs.curriculum import content_version
from graphs.files import read_json
from models.model import BKTModel, MasteryModel

FORMAT = "footpath.model/1"


def _read_full(document: Mapping[str, Any]) -> MasteryModel:
    # Compiled code is loaded only where such a model is in force: commands start sooner.
    from models.full.model import FullModel  # noqa: PLC0415

    return FullModel.from_document(document)


KINDS: Mapping[str, Callable[[Mapping[str, Any]], MasteryModel]] = {
    BKTModel.name: BKTModel.from_document,
    "full": _read_full,
}


def model_document(model: MasteryModel) -> dict[str, Any]:
    """Return the document of a model, with its format, kind and content version."""
    content = {"format": FORMAT, "model": model.name, **model.to_document()}
    return {**content, "version": content_version(content)}


def model_from_document(document: Mapping[str, Any]) -> MasteryModel:
    """Read a model document.

    Raises `InvalidInput` when the format or kind is unknown, a part is missing or out of
    range, or the content does not match its version.
    """
    if document.get("format") != FORMAT:
        raise InvalidInput([Fault(f"must be {FORMAT!r}", field="format")])
    read = KINDS.get(document.get("model", ""))
    if read is None:
        raise InvalidInput([Fault(f"must be one of {', '.join(KINDS)}", field="model")])
    content = {key: value for key, value in document.items() if key != "version"}
    if document.get("version") != content_version(content):
        raise InvalidInput([Fault("does not match the content", field="version")])
    try:
        return read(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"not a model document: {type(error).__name__} {error}") from error


def write_model(model: MasteryModel, path: Path) -> None:
    """Write a model to a JSON file, whole or not at all."""
    text = json.dumps(model_document(model), indent=1, ensure_ascii=False) + "\n"
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def read_model(path: Path) -> MasteryModel:
    """Read a model file; raises `InvalidInput` naming the file."""
    return model_from_document(read_json(path))
