"""Read a OneRoster bundle: its manifest, and the files that the manifest announces."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphs import Fault, InvalidInput
from graphs.tables import Row, Table, decoded, parse_table
from service.oneroster.shapes import FILES

MANIFEST = "manifest.csv"
VERSION = "oneroster.version"
VERSIONS = ("1.1", "1.2")
MODES = ("bulk", "delta", "absent")
MOST_BYTES = 2_000_000_000
"""Unpacked size of a bundle: a district of a million students; more is a broken archive."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Bundle:
    """The tables of a bundle by name (without `.csv`), and whether each is `bulk` or `delta`.

    `unread` are the files that are there and say nothing that Footpath keeps.
    """

    name: str
    version: str
    tables: Mapping[str, Table]
    modes: Mapping[str, str]
    unread: tuple[str, ...] = ()

    def rows(self, part: str) -> tuple[Row, ...]:
        """Return the rows of a file; none when it is absent."""
        return self.tables[part].rows if part in self.tables else ()


def open_bundle(path: Path, progress: Progress = lambda _, __: None) -> Bundle:
    """Read a bundle from a zip file or a folder.

    Raises `InvalidInput` naming file, line and column for what cannot be read, a manifest
    that is missing or does not announce OneRoster 1.1 or 1.2, an announced file that is not
    there, and a missing column.
    """
    files = _in_folder(path) if path.is_dir() else _in_zip(path)
    if MANIFEST not in files:
        raise InvalidInput([Fault(f"the bundle has no {MANIFEST}", path.name)])
    text = decoded(files[MANIFEST], MANIFEST)
    manifest = parse_table(text, MANIFEST, ("propertyName", "value"))
    faults = list(_manifest_faults(manifest, files))
    said = {row["propertyName"]: row["value"].lower() for row in manifest.rows}
    modes = {part: said.get(f"file.{part}", "bulk") for part in FILES if f"{part}.csv" in files}
    tables: dict[str, Table] = {}
    for done, (part, mode) in enumerate(modes.items(), 1):
        name = f"{part}.csv"
        try:
            if mode != "absent":
                text = decoded(files[name], name)
                tables[part] = parse_table(text, name, FILES[part].needed)
        except InvalidInput as error:
            faults += error.faults
        progress(done, len(modes))
    if faults:
        raise InvalidInput(faults)
    unread = sorted(files.keys() - {f"{part}.csv" for part in tables} - {MANIFEST})
    return Bundle(path.name, said[VERSION], tables, modes, tuple(unread))


def _manifest_faults(manifest: Table, files: Mapping[str, bytes]) -> Iterator[Fault]:
    versions = [row for row in manifest.rows if row["propertyName"] == VERSION]
    if not versions:
        yield Fault(f"there is no {VERSION}", MANIFEST, 1, "propertyName")
    for row in versions:
        if not row["value"].startswith(VERSIONS):
            message = f"{row['value']!r} is not a version of OneRoster that is read: 1.1 or 1.2"
            yield manifest.fault(row, "value", message)
    for row in manifest.rows:
        kind, _, part = row["propertyName"].partition(".")
        mode = row["value"].lower()
        if kind == "file" and mode not in MODES:
            message = f"{row['value']!r} is not one of {', '.join(MODES)}"
            yield manifest.fault(row, "value", message)
        elif kind == "file" and mode != "absent" and f"{part}.csv" not in files:
            yield manifest.fault(row, "propertyName", f"{part}.csv is announced and not there")


def _in_folder(path: Path) -> dict[str, bytes]:
    try:
        return {each.name: each.read_bytes() for each in sorted(path.glob("*.csv"))}
    except OSError as error:
        raise InvalidInput([Fault(f"cannot be read: {error.strerror}", path.name)]) from error


def _in_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [
                each
                for each in archive.infolist()
                if each.filename.endswith(".csv") and not each.filename.startswith("__MACOSX/")
            ]
            _refuse_odd_archive(path, inside)
            return {Path(each.filename).name: archive.read(each) for each in inside}
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        message = f"neither a folder nor a zip file that can be read: {error}"
        raise InvalidInput([Fault(message, path.name)]) from error


def _refuse_odd_archive(path: Path, inside: list[zipfile.ZipInfo]) -> None:
    if sum(each.file_size for each in inside) > MOST_BYTES:
        raise InvalidInput([Fault(f"unpacks to more than {MOST_BYTES} bytes", path.name)])
    names = [Path(each.filename).name for each in inside]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(Fault("stands twice in the archive", name) for name in twice)
