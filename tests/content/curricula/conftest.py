import pytest

from content.curricula.blueprint import Concept, ContentByte, Curriculum, Licence, Unit, content_byte
from content.curricula.catalogue import load
from content.curricula.quran_source import Quran, read_quran

LANGUAGES = ("ar", "en")


@pytest.fixture(scope="session")
def quran() -> Curriculum:
    return load("quran", LANGUAGES)


@pytest.fixture(scope="session")
def quran_text() -> Quran:
    return read_quran()


@pytest.fixture(scope="session")
def arabic() -> Curriculum:
    return load("arabic", LANGUAGES)


@pytest.fixture(scope="session")
def numbers() -> Curriculum:
    return load("numbers", LANGUAGES)


@pytest.fixture
def small() -> Curriculum:
    """Two letters, the second resting on the first, with one exercise each."""
    return Curriculum(
        licences=(Licence("own", "Own work", "", "Made here.", "nowhere else"),),
        assets=(),
        units=(Unit("letters/alef", {"ar": "ألف وباء", "en": "Alef, Beh"}),),
        concepts=(_letter("letter/alef", ()), _letter("letter/beh", ("letter/alef",))),
        bytes=(_meet("letter/alef"), _meet("letter/beh")),
    )


def _letter(key: str, prerequisites: tuple[str, ...]) -> Concept:
    return Concept(key, "letters/alef", "letter", {"ar": "حرف", "en": "Letter"}, "حرف", prerequisites, "own")


def _meet(concept: str) -> ContentByte:
    return content_byte(concept, "meet", {"text": "حرف"})
