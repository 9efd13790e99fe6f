from typing import Any

import pytest

from content.curricula.blueprint import Curriculum, CurriculumError, Unit, content_byte, in_languages

LANGUAGES = ("ar", "en")


def test_it_accepts_a_curriculum_that_holds_together(small: Curriculum) -> None:
    small.validate(LANGUAGES)


def test_it_refuses_a_key_used_twice(small: Curriculum) -> None:
    doubled = small._replace(units=small.units * 2)

    with pytest.raises(CurriculumError, match="letters/alef is used 2 times"):
        doubled.validate(LANGUAGES)


@pytest.mark.parametrize("key", ["Letters/Alef", "letters//alef", "letters/", "/alef", "letters/a b", "letters/ب"])
def test_it_refuses_a_key_that_would_not_travel(small: Curriculum, key: str) -> None:
    strange = small._replace(units=(*small.units, Unit(key, {"en": "Strange"})))

    with pytest.raises(CurriculumError, match="does not look like"):
        strange.validate(LANGUAGES)


@pytest.mark.parametrize(
    ("field", "value"), [("unit", "no/unit"), ("licence", "no"), ("prerequisites", ("no/concept",))]
)
def test_it_refuses_a_reference_to_nothing(small: Curriculum, field: str, value: Any) -> None:
    concept = small.concepts[0]._replace(**{field: value})

    with pytest.raises(CurriculumError, match="letter/alef: there is no"):
        small._replace(concepts=(concept, small.concepts[1])).validate(LANGUAGES)


def test_it_refuses_concepts_that_require_one_another(small: Curriculum) -> None:
    first = small.concepts[0]._replace(prerequisites=("letter/beh",))

    with pytest.raises(CurriculumError, match=r"require one another: .*letter/beh"):
        small._replace(concepts=(first, small.concepts[1])).validate(LANGUAGES)


@pytest.mark.parametrize("title", [{}, {"en": "  "}, {"fr": "Lettre"}])
def test_it_refuses_a_title_that_nobody_can_read(small: Curriculum, title: dict[str, str]) -> None:
    unit = small.units[0]._replace(title=title)

    with pytest.raises(CurriculumError, match="letters/alef: "):
        small._replace(units=(unit,)).validate(LANGUAGES)


def test_it_refuses_a_payload_of_another_shape(small: Curriculum) -> None:
    byte = small.bytes[0]._replace(payload={"picture": "🍎"})

    with pytest.raises(CurriculumError, match=r"letter/alef#meet: .*'text' is a required property"):
        small._replace(bytes=(byte,)).validate(LANGUAGES)


def test_it_refuses_a_kind_that_is_not_in_the_catalogue(small: Curriculum) -> None:
    byte = small.bytes[0]._replace(key="letter/alef#juggle", kind="juggle")

    with pytest.raises(CurriculumError, match="there is no kind 'juggle'"):
        small._replace(bytes=(byte,)).validate(LANGUAGES)


def test_it_refuses_a_byte_whose_key_is_not_its_concepts(small: Curriculum) -> None:
    byte = small.bytes[0]._replace(key="letter/beh#meet/again")

    with pytest.raises(CurriculumError, match="is not letter/alef#meet"):
        small._replace(bytes=(byte,)).validate(LANGUAGES)


def test_it_refuses_a_byte_that_does_not_declare_the_asset_it_plays(small: Curriculum) -> None:
    byte = small.bytes[0]._replace(payload={"text": "حرف", "audio": "letter/alef/sound"})

    with pytest.raises(CurriculumError, match="its assets are not the ones"):
        small._replace(bytes=(byte,)).validate(LANGUAGES)


def test_it_refuses_an_impossible_chance(small: Curriculum) -> None:
    byte = small.bytes[0]._replace(guess=1.0)

    with pytest.raises(CurriculumError, match="out of range"):
        small._replace(bytes=(byte,)).validate(LANGUAGES)


def test_a_byte_knows_the_chance_of_guessing_it() -> None:
    choice = content_byte("letter/alef", "choose_picture", {"text": "موز", "choices": ["🍎", "🍌"], "answer": 0})
    building = content_byte("letter/alef", "build_word", {"pieces": ["ب", "ت", "ب"], "order": [0, 1, 2]})

    assert choice.guess == 0.5
    assert building.guess == pytest.approx(1 / 6, abs=1e-4)


def test_titles_keep_to_the_languages_of_the_app() -> None:
    assert in_languages(("en", "fr"), ar="حرف", en="Letter") == {"en": "Letter"}


def test_an_app_in_a_language_without_titles_is_told_so() -> None:
    with pytest.raises(CurriculumError, match="ar, en only, not in fr"):
        in_languages(("fr",), ar="حرف", en="Letter")
