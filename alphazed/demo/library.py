"""What a phone has downloaded: it could teach without a network."""

from typing import NamedTuple, Self

from alphazed.demo.phone import Json


class Concept(NamedTuple):
    """Something that can be known."""

    id: int
    key: str
    title: dict[str, str]

    @property
    def name(self) -> str:
        """The concept's titles, English first: a line that begins with Latin letters keeps its direction."""
        return " · ".join(self.title[language] for language in sorted(self.title, reverse=True))


class Exercise(NamedTuple):
    """A content byte, with its solution in the payload: a phone grades offline."""

    id: int
    concept_id: int
    kind: str
    expected_ms: int
    guess: float
    payload: Json

    @classmethod
    def read(cls, raw: Json) -> Self:
        return cls(*(raw[field] for field in cls._fields))


class Picture(NamedTuple):
    """A file that exercises show."""

    sha256: str
    size: int
    url: str


class Library:
    """The packs of one release."""

    def __init__(self) -> None:
        self.concepts: dict[int, Concept] = {}
        self.exercises: dict[int, Exercise] = {}
        self.pictures: dict[str, Picture] = {}

    def add(self, pack: Json) -> None:
        """Put a pack on the shelf."""
        for raw in pack["concepts"]:
            self.concepts[raw["id"]] = Concept(raw["id"], raw["key"], raw["title"])
        for raw in pack["bytes"]:
            self.exercises[raw["id"]] = Exercise.read(raw)
        for raw in pack["assets"]:
            self.pictures[raw["sha256"]] = Picture(raw["sha256"], raw["bytes"], raw["url"])

    @property
    def keys(self) -> dict[str, Concept]:
        """The concepts by key."""
        return {concept.key: concept for concept in self.concepts.values()}

    @property
    def no_exercise(self) -> int:
        """An id that no exercise has."""
        return max(self.exercises) + 1_000_000
