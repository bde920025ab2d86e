"""A JSON document and where in its text each part stands, for faults with a line."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from graphs.errors import Fault, InvalidInput

Key = str | int
_decode = json.JSONDecoder().raw_decode
_blank = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True)
class JsonSource:
    """One JSON object; `name` and `text` are there when it was read from a file."""

    document: dict[str, Any]
    name: str | None = None
    text: str | None = field(default=None, repr=False)

    def fault(self, path: Sequence[Key], message: str) -> Fault:
        """Name a fault in the part that `path` leads to, or would lead to."""
        line = None if self.text is None else self._places.line(path)
        return Fault(message, self.name, line, ".".join(map(str, path)) or None)

    @cached_property
    def _places(self) -> "_Places":
        return _Places(self.text or "")


def read_json_source(path: Path) -> JsonSource:
    """Read a JSON file that holds one object. Raises `InvalidInput` naming file and line.

    A field that stands twice in one object is refused: one of the two would be lost.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise InvalidInput([Fault(f"not JSON: {error.msg}", str(path), error.lineno)]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput([Fault(f"cannot be read: {error}", str(path))]) from error
    except _Repeated as error:
        line = _Places(text).line_of_repeated(str(error))
        message = "this field stands twice in one object"
        raise InvalidInput([Fault(message, str(path), line, str(error))]) from None
    except (ValueError, RecursionError) as error:
        raise InvalidInput([Fault(f"not JSON that can be kept: {error}", str(path))]) from error
    if not isinstance(document, dict):
        raise InvalidInput([Fault("must hold one JSON object", str(path))])
    return JsonSource(document, path.name, text)


class _Repeated(Exception):
    """A field that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Repeated(key)
        found[key] = value
    return found


class _Places:
    """Finds the line of a path in JSON text that is known to be well formed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, list[tuple[Key, int]]] = {}

    def line(self, path: Sequence[Key]) -> int:
        """Return the line on which the deepest part of `path` that exists begins."""
        at = self._skip(0)
        for key in path:
            inside = dict(self._children(at))
            if key not in inside:
                break
            at = inside[key]
        return self._line(at)

    def line_of_repeated(self, field: str) -> int | None:
        """Return the line on which some object holds a field a second time."""
        waiting = [self._skip(0)]
        while waiting:
            children = self._children(waiting.pop())
            at = [place for key, place in children if key == field]
            if len(at) > 1:
                return self._line(at[1])
            waiting += [place for _, place in children]
        return None

    def _line(self, at: int) -> int:
        return self._text.count("\n", 0, at) + 1

    def _skip(self, at: int) -> int:
        blank = _blank.match(self._text, at)
        return blank.end() if blank else at

    def _children(self, at: int) -> list[tuple[Key, int]]:
        """Return each key or index of the object or array at a place, with where it begins."""
        if at not in self._known:
            opener = self._text[at]
            self._known[at] = self._walk(at, opener == "{") if opener in "{[" else []
        return self._known[at]

    def _walk(self, at: int, keyed: bool) -> list[tuple[Key, int]]:
        found: list[tuple[Key, int]] = []
        at = self._skip(at + 1)
        while self._text[at] not in "}]":
            key: Key = len(found)
            if keyed:
                key, end = _decode(self._text, at)
                at = self._skip(self._skip(end) + 1)
            found.append((key, at))
            _, end = _decode(self._text, at)
            at = self._skip(end)
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return found
