import pytest

from content.curricula.blueprint import ContentByte, Curriculum, CurriculumError
from content.curricula.catalogue import load


def of_kind(curriculum: Curriculum, kind: str) -> list[ContentByte]:
    return [byte for byte in curriculum.bytes if byte.kind == kind]


def right_choice(byte: ContentByte) -> object:
    return byte.payload["choices"][byte.payload["answer"]]


def test_numbers_are_spelled_out_in_both_languages(numbers: Curriculum) -> None:
    seven = next(concept for concept in numbers.concepts if concept.key == "number/7")

    assert seven.title == {"ar": "سبعة", "en": "seven"}


def test_what_is_counted_is_the_answer(numbers: Curriculum) -> None:
    assert all(right_choice(byte) == byte.payload["count"] for byte in of_kind(numbers, "count_objects"))


def test_every_sum_to_ten_is_right(numbers: Curriculum) -> None:
    sums = of_kind(numbers, "add_numbers")

    assert {sum(byte.payload["addends"]) for byte in sums} == set(range(2, 11))
    assert all(right_choice(byte) == sum(byte.payload["addends"]) for byte in sums)


def test_a_sum_rests_on_its_total_and_the_next_smaller_sum(numbers: Curriculum) -> None:
    prerequisites = {concept.key: concept.prerequisites for concept in numbers.concepts}

    assert prerequisites["sum/1/1"] == ("number/2",)
    assert prerequisites["sum/4/3"] == ("number/7", "sum/4/2")
    assert prerequisites["sum/2/6"] == ("number/8", "sum/1/6")


def test_a_number_past_ten_rests_on_ten_and_its_units(numbers: Curriculum) -> None:
    prerequisites = {concept.key: concept.prerequisites for concept in numbers.concepts}

    assert prerequisites["number/13"] == ("number/10", "number/3")
    assert prerequisites["number/1"] == ()


def test_an_arabic_indic_numeral_is_matched_with_the_western_one(numbers: Curriculum) -> None:
    matching = {byte.payload["text"]: right_choice(byte) for byte in of_kind(numbers, "match_numeral")}

    assert matching["14"] == "١٤"


def test_an_app_without_arabic_has_no_arabic_indic_numerals() -> None:
    curriculum = load("numbers", ("en",))

    assert not any("arab" in unit.key for unit in curriculum.units)
    assert not of_kind(curriculum, "match_numeral")


def test_an_app_in_another_language_is_told_what_there_is() -> None:
    with pytest.raises(CurriculumError, match="not in fr"):
        load("numbers", ("fr",))
