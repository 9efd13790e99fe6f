"""What an export says about itself, and how a row is written in it."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: Raised with every change that older code could not read.
FORMAT = 1
MANIFEST = "manifest.json"
REGISTRY = "registry.toml"
TABLES, FILES = "tables/", "files/"


class ExportError(Exception):
    """An export cannot be written, or is not one, or is not whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    columns: tuple[str, ...]
    rows: int
    sha256: str  # of the table's lines
    counter: int | None  # as the database counts ids, so that one that was given is not given again


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    app: str
    engine: str  # Django's name of the database: values are written as it has them
    made_at: str  # RFC 3339
    migrations: dict[str, list[str]]  # names of those applied, by room
    registry: FileEntry
    tables: dict[str, TableEntry]  # by logical name
    files: dict[str, FileEntry]  # by path below the app's folder

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def members(self) -> dict[str, FileEntry | TableEntry]:
        """Everything the archive holds beside the manifest, by its name there."""
        tables = {f"{TABLES}{name}.jsonl": table for name, table in self.tables.items()}
        files = {f"{FILES}{name}": file for name, file in self.files.items()}
        return {REGISTRY: self.registry, **tables, **files}


def encode_manifest(manifest: Manifest) -> bytes:
    return json.dumps({"format": FORMAT} | asdict(manifest), ensure_ascii=False, indent=1).encode()


def decode_manifest(text: bytes) -> Manifest:
    """Read a manifest; raise `ExportError` for one of another version, or of something else."""
    try:
        fields = json.loads(text)
        version = fields.pop("format")
        if version != FORMAT:
            raise ExportError(
                f"the export is of format {version!r}, and this code reads {FORMAT}; restore it with newer code"
            )
        fields["registry"] = FileEntry(**fields["registry"])
        fields["tables"] = {
            name: TableEntry(**(table | {"columns": tuple(table["columns"])}))
            for name, table in fields["tables"].items()
        }
        fields["files"] = {name: FileEntry(**file) for name, file in fields["files"].items()}
        return Manifest(**fields)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ExportError("its manifest cannot be read: this is no export of an app") from error


def encode_row(row: Sequence[Any]) -> bytes:
    """Write a row as a line of JSON: bytes in base64, decimals and instants as text; floats come back as they were."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_encode).encode() + b"\n"


def decode_row(line: bytes) -> list[Any]:
    return [b64decode(value["base64"]) if isinstance(value, dict) else value for value in json.loads(line)]


def _encode(value: Any) -> Any:  # noqa: ANN401 - whatever the driver returns
    return {"base64": b64encode(value).decode()} if isinstance(value, bytes) else str(value)
