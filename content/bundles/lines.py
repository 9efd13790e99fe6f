"""A curriculum as lines of JSON: a file for each of its parts, a line for each value, by keys and never by ids."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from content.bundles.archive import BundleError, encode
from content.curricula.blueprint import Asset, Concept, ContentByte, Curriculum, Licence, StoredFile, Unit

type Shape = Mapping[str, Callable[[object], bool]]  # what each field of a line must be


def write_lines(curriculum: Curriculum) -> dict[str, bytes]:
    """Return the lines of each part by the part's name; assets are described, not held."""
    parts: Mapping[str, Iterable[NamedTuple]] = curriculum._asdict()
    return {part: b"".join(encode(_describe(value)) + b"\n" for value in values) for part, values in parts.items()}


def read_lines(parts: Mapping[str, bytes]) -> Curriculum:
    """Make the curriculum again, or raise `BundleError` with the line that is not one."""
    lines = {part: _read_part(part, parts[part], shape) for part, shape in SHAPES.items()}
    return Curriculum(
        licences=tuple(Licence(**line) for line in lines["licences"]),
        assets=tuple(_make_asset(**line) for line in lines["assets"]),
        units=tuple(Unit(**line) for line in lines["units"]),
        concepts=tuple(Concept(**line | {"prerequisites": tuple(line["prerequisites"])}) for line in lines["concepts"]),
        bytes=tuple(ContentByte(**line | {"assets": tuple(line["assets"])}) for line in lines["bytes"]),
    )


def _describe(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of a curriculum's named tuples
    fields: dict[str, Any] = value._asdict()
    if isinstance(value, Asset):
        file: StoredFile = fields.pop("data")
        return fields | file._asdict()
    return fields


def _read_part(part: str, data: bytes, shape: Shape) -> Iterator[dict[str, Any]]:
    # Not `splitlines`, which also splits at characters that a verse may hold.
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        fields = json.loads(line)
        if not isinstance(fields, dict) or fields.keys() != shape.keys():
            raise BundleError(f"{part}, line {number}: has not the fields {', '.join(shape)}")
        if wrong := [name for name, is_right in shape.items() if not is_right(fields[name])]:
            raise BundleError(f"{part}, line {number}: {wrong[0]} is {fields[wrong[0]]!r}")
        yield fields


def _make_asset(*, sha256: str, size: int, **fields: str) -> Asset:
    return Asset(**fields, data=StoredFile(sha256, size))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def is_keys(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(key, str) for key in value)


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


SHAPES: Mapping[str, Shape] = {
    "licences": dict.fromkeys(Licence._fields, _is_text),
    "assets": dict.fromkeys(("key", "media_type", "licence"), _is_text) | {"sha256": _is_sha256, "size": _is_count},
    "units": {"key": _is_text, "title": _is_texts},
    "concepts": dict.fromkeys(Concept._fields, _is_text) | {"title": _is_texts, "prerequisites": is_keys},
    "bytes": {
        "key": _is_text,
        "concept": _is_text,
        "kind": _is_text,
        "payload": _is_object,
        "difficulty": _is_number,
        "expected_ms": _is_count,
        "guess": _is_number,
        "assets": is_keys,
    },
}
