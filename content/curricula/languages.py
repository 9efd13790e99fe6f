"""A curriculum in fewer languages: texts that an app cannot show are left behind."""

from collections.abc import Mapping
from typing import Any

from content.curricula.blueprint import ContentByte, Curriculum, CurriculumError, Texts, in_languages
from content.kinds import KINDS
from content.payloads import TEXTS, Payload, Schema


def keep_languages(curriculum: Curriculum, languages: tuple[str, ...]) -> Curriculum:
    """Keep the texts in these languages, in titles and in payloads.

    Raises:
        CurriculumError: names the first key that has a text in none of them.

    """
    return curriculum._replace(
        units=tuple(unit._replace(title=_keep(unit.key, unit.title, languages)) for unit in curriculum.units),
        concepts=tuple(
            concept._replace(title=_keep(concept.key, concept.title, languages)) for concept in curriculum.concepts
        ),
        bytes=tuple(byte._replace(payload=_keep_in_payload(byte, languages)) for byte in curriculum.bytes),
    )


def _keep_in_payload(byte: ContentByte, languages: tuple[str, ...]) -> Payload:
    # A kind that nobody knows is not this function's to refuse: `Curriculum.validate` names it.
    schemas: Mapping[str, Schema] = KINDS[byte.kind].schema["properties"] if byte.kind in KINDS else {}
    return {
        field: _keep_in_value(byte.key, value, schemas.get(field, {}), languages)
        for field, value in byte.payload.items()
    }


def _keep_in_value(key: str, value: Any, schema: Schema, languages: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    if schema is TEXTS and isinstance(value, Mapping):
        return _keep(key, value, languages)
    if schema.get("items") is TEXTS and isinstance(value, list):
        return [_keep_in_value(key, item, TEXTS, languages) for item in value]
    return value


def _keep(key: str, texts: Texts, languages: tuple[str, ...]) -> Texts:
    try:
        return in_languages(languages, **texts)
    except CurriculumError as error:
        raise CurriculumError(f"{key}: {error}") from None
