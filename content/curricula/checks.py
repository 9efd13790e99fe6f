"""What can be wrong with a curriculum: each check yields sentences that begin with the key at fault."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from math import isfinite
from typing import TYPE_CHECKING, Protocol

from content.kinds import KINDS
from content.payloads import ASSET_FIELDS, PayloadError

if TYPE_CHECKING:
    from content.curricula.blueprint import Concept, ContentByte, Curriculum, Texts

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
VARIANT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Keyed(Protocol):
    """Anything with a stable key."""

    @property
    def key(self) -> str: ...


def find_problems(curriculum: "Curriculum", languages: frozenset[str]) -> Iterator[str]:
    """Yield what does not hold together in an app of these languages, structure first."""
    yield from _key_problems(curriculum)
    yield from _reference_problems(curriculum)
    yield from _cycles(curriculum.concepts)
    for unit in curriculum.units:
        yield from _text_problems(unit.key, unit.title, languages)
    for concept in curriculum.concepts:
        yield from _text_problems(concept.key, concept.title, languages)
    for byte in curriculum.bytes:
        yield from _byte_problems(byte, languages)


def _key_problems(curriculum: "Curriculum") -> Iterator[str]:
    named: dict[str, Sequence[Keyed]] = {
        "licences": curriculum.licences,
        "assets": curriculum.assets,
        "units": curriculum.units,
        "concepts": curriculum.concepts,
        "bytes": curriculum.bytes,
    }
    for noun, values in named.items():
        keys = [value.key for value in values]
        yield from (f"{noun}: the key {key} is used {times} times" for key, times in Counter(keys).items() if times > 1)
        if noun != "bytes":
            yield from (
                f"{noun}: the key {key!r} does not look like letter/alif" for key in keys if not KEY.fullmatch(key)
            )
    for byte in curriculum.bytes:
        stem, _, variant = byte.key.removeprefix(f"{byte.concept}#").partition("/")
        if stem != byte.kind or (variant and not VARIANT.fullmatch(variant)):
            yield f"bytes: the key {byte.key!r} is not {byte.concept}#{byte.kind}"


def _reference_problems(curriculum: "Curriculum") -> Iterator[str]:
    licences, assets = _keys(curriculum.licences), _keys(curriculum.assets)
    units, concepts = _keys(curriculum.units), _keys(curriculum.concepts)
    for asset in curriculum.assets:
        yield from _unknown(asset.key, "licence", [asset.licence], licences)
    for concept in curriculum.concepts:
        yield from _unknown(concept.key, "licence", [concept.licence], licences)
        yield from _unknown(concept.key, "unit", [concept.unit], units)
        yield from _unknown(concept.key, "prerequisite", concept.prerequisites, concepts)
    for byte in curriculum.bytes:
        yield from _unknown(byte.key, "concept", [byte.concept], concepts)
        yield from _unknown(byte.key, "asset", byte.assets, assets)


def _keys(values: Iterable[Keyed]) -> frozenset[str]:
    return frozenset(value.key for value in values)


def _unknown(key: str, noun: str, references: Iterable[str], known: Collection[str]) -> Iterator[str]:
    yield from (f"{key}: there is no {noun} {reference!r}" for reference in references if reference not in known)


def _cycles(concepts: Iterable["Concept"]) -> Iterator[str]:
    try:
        TopologicalSorter({concept.key: concept.prerequisites for concept in concepts}).prepare()
    except CycleError as error:
        yield "these concepts require one another: " + " → ".join(error.args[1])


def _text_problems(key: str, texts: "Texts", languages: frozenset[str]) -> Iterator[str]:
    if not texts:
        yield f"{key}: has no text"
    for language, text in texts.items():
        if language not in languages:
            yield f"{key}: has a text in {language!r}, which is not a language of this app"
        if not text.strip():
            yield f"{key}: its text in {language!r} is empty"


def _byte_problems(byte: "ContentByte", languages: frozenset[str]) -> Iterator[str]:
    if byte.kind not in KINDS:
        yield f"{byte.key}: there is no kind {byte.kind!r}"
        return
    if not (isfinite(byte.difficulty) and byte.expected_ms > 0 and 0 <= byte.guess < 1):
        yield f"{byte.key}: its difficulty, expected time or guess is out of range"
    if {payload_asset for field in ASSET_FIELDS if (payload_asset := byte.payload.get(field))} != set(byte.assets):
        yield f"{byte.key}: its assets are not the ones that its payload names"
    title = byte.payload.get("title")
    if isinstance(title, dict):
        yield from _text_problems(byte.key, title, languages)
    try:
        KINDS[byte.kind].check(byte.payload)
    except PayloadError as error:
        yield f"{byte.key}: {error}"
