"""The shapes that payloads are put together from, as JSON Schema, and how a payload is checked against one.

What people read is `{language: text}` (`TEXTS`) or the content's own text, verbatim (`TEXT`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

type Payload = Mapping[str, Any]
"""JSON, which its kind's schema types."""

type Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": "^[a-z]{2,3}$"},
    "additionalProperties": TEXT,
}
ASSET_KEY: Schema = {"type": ["string", "null"], "minLength": 1}
INDEX: Schema = {"type": "integer", "minimum": 0}
INDEXES: Schema = {"type": "array", "items": INDEX, "minItems": 1, "uniqueItems": True}
PIECES: Schema = {"type": "array", "items": TEXT, "minItems": 2}
FORMS: Schema = {"type": "object", "minProperties": 1, "additionalProperties": TEXT}
POSITION: Schema = {"enum": ["isolated", "initial", "medial", "final"]}

PLACE_IN_QURAN: Schema = dict.fromkeys(("surah", "ayah", "page", "juz", "basmalah_words"), INDEX)

ASSET_FIELDS = ("audio", "card")
"""Payload fields that hold the key of an asset; an empty slot is None."""


class PayloadError(ValueError):
    """A payload does not have the shape of its kind."""


def choice_of(item: Schema = TEXT) -> dict[str, Schema]:
    """Describe two to four different choices and the index of the right one."""
    choices: Schema = {"type": "array", "items": item, "minItems": 2, "maxItems": 4, "uniqueItems": True}
    return {"choices": choices, "answer": INDEX}


def fields(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    """Describe an object of these fields and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def find_problems(validator: Any, payload: Payload) -> Iterator[str]:  # noqa: ANN401 -- jsonschema is untyped
    """Yield what is wrong with a payload, each with the JSON path of its field."""
    wrong_shape = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(payload)]
    yield from wrong_shape or _misplaced_indexes(payload)


def _misplaced_indexes(payload: Payload) -> Iterator[str]:
    """Check what JSON Schema cannot say: that indexes point into the lists beside them."""
    if "choices" in payload and payload["answer"] >= len(payload["choices"]):
        yield "$.answer: points past the last choice"
    if "pieces" in payload and sorted(payload["order"]) != list(range(len(payload["pieces"]))):
        yield "$.order: is not an order of the pieces"
