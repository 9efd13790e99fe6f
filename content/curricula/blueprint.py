"""What a curriculum is before it becomes rows: plain values that an importer upserts by key.

Keys are stable: the same curriculum read again gives the same keys, in every app. Order is meaning: units, and the
concepts within them, stand in the order in which they are taught.
"""

from collections.abc import Collection, Iterable, Mapping
from math import factorial
from typing import NamedTuple

from content.curricula.checks import find_problems
from content.kinds import KINDS
from content.payloads import ASSET_FIELDS, Payload

type Texts = Mapping[str, str]


class CurriculumError(ValueError):
    """A curriculum cannot be produced or does not hold together; the message names the package or the key."""


class Licence(NamedTuple):
    """Where material comes from; `notice` is verbatim, as its owner asks for it to be shown."""

    key: str
    name: str
    url: str
    notice: str
    source: str


class StoredFile(NamedTuple):
    """A file that the app keeps already, by its name and its size."""

    sha256: str
    size: int


class Asset(NamedTuple):
    """A file that content bytes show or play: what is in it, or which one it is."""

    key: str
    media_type: str
    data: bytes | StoredFile
    licence: str


class Unit(NamedTuple):
    """A step of the curriculum, which groups concepts."""

    key: str
    title: Texts


class Concept(NamedTuple):
    """Something that can be known; `text` is verbatim: the ayah, letter, word or numeral itself.

    `search` is what it is also found by besides its title and text, such as the modern spelling of an ayah.
    """

    key: str
    unit: str
    kind: str
    title: Texts
    text: str
    prerequisites: tuple[str, ...]
    licence: str
    search: str = ""


class ContentByte(NamedTuple):
    """One small exercise on one concept; `difficulty` is a logit (0 is middling), `guess` a chance in 0..1."""

    key: str
    concept: str
    kind: str
    payload: Payload
    difficulty: float
    expected_ms: int
    guess: float
    assets: tuple[str, ...] = ()


def content_byte(
    concept: str,
    kind: str,
    payload: Payload,
    *,
    difficulty: float = 0.0,
    variant: str = "",
    expected_ms: int = 0,
) -> ContentByte:
    """Make the byte whose key is `concept#kind`, or `concept#kind/variant` where a concept has several of a kind."""
    return ContentByte(
        key=f"{concept}#{kind}" + (f"/{variant}" if variant else ""),
        concept=concept,
        kind=kind,
        payload=payload,
        difficulty=round(difficulty, 2),
        expected_ms=expected_ms or KINDS[kind].expected_ms,
        guess=_blind_guess(kind, payload),
        assets=tuple(str(payload[field]) for field in ASSET_FIELDS if payload.get(field)),
    )


def in_languages(languages: Iterable[str], /, **texts: str) -> dict[str, str]:
    """Keep the texts of the app's languages, in the app's order.

    Raises:
        CurriculumError: none of the app's languages has a text.

    """
    kept = {language: texts[language] for language in languages if language in texts}
    if not kept:
        raise CurriculumError(f"there are texts in {', '.join(sorted(texts))} only, not in {', '.join(languages)}")
    return kept


class Curriculum(NamedTuple):
    """All that is taught, in teaching order."""

    licences: tuple[Licence, ...]
    assets: tuple[Asset, ...]
    units: tuple[Unit, ...]
    concepts: tuple[Concept, ...]
    bytes: tuple[ContentByte, ...]

    def validate(self, languages: Collection[str]) -> None:
        """Check that everything holds together in an app of these languages.

        Raises:
            CurriculumError: names the first key that does not.

        """
        for problem in find_problems(self, frozenset(languages)):
            raise CurriculumError(problem)


def _blind_guess(kind: str, payload: Payload) -> float:
    choices, pieces = payload.get("choices"), payload.get("pieces")
    if isinstance(choices, list):
        return round(1 / len(choices), 4)
    if isinstance(pieces, list):
        return round(1 / factorial(len(pieces)), 4)
    return KINDS[kind].guess
