"""Exercises on a number, a numeral and a sum; the words are num2words'."""

from collections.abc import Iterator

from num2words import num2words

from content.curricula.blueprint import ContentByte, content_byte, in_languages
from content.curricula.choices import choose
from content.curricula.numerals import written

HIGHEST = 20
HIGHEST_TOTAL = 10
NEAR = 3
"""Wrong numbers lie so near to the right one."""

OBJECTS = ("🍎", "🎈", "🐟", "🌼", "🚗", "🦋", "🍓", "🐥", "🐞", "🍪")
"""What is counted: pictures without a language of their own."""


def number_words(number: int, languages: tuple[str, ...]) -> dict[str, str]:
    """Spell a number out in each language."""
    return in_languages(languages, **{language: num2words(number, lang=language) for language in ("ar", "en")})


def on_number(number: int, languages: tuple[str, ...]) -> Iterator[ContentByte]:
    """Yield counting, naming and comparing."""
    key, words = f"number/{number}", number_words(number, languages)
    picture = OBJECTS[number % len(OBJECTS)]
    near = _near(number, HIGHEST)
    difficulty = round(0.15 * number - 1.5, 2)
    meeting = {"text": str(number), "title": words, "picture": picture, "count": number, "audio": None}
    yield content_byte(key, "meet", meeting, difficulty=difficulty)
    counting_ms = 5_000 + 1_000 * number
    for variant, other in (("first", picture), ("second", OBJECTS[(number + 3) % len(OBJECTS)])):
        choices, answer = choose(f"{key}:{variant}", number, near)
        payload = {"picture": other, "count": number, "choices": choices, "answer": answer}
        yield content_byte(
            key, "count_objects", payload, difficulty=difficulty, variant=variant, expected_ms=counting_ms
        )
    names, answer = choose(f"{key}:name", words, [number_words(other, languages) for other in near])
    yield content_byte(
        key, "choose_name", {"text": str(number), "choices": names, "answer": answer}, difficulty=difficulty + 0.3
    )
    if number:
        pair, answer = choose(f"{key}:larger", number, [number - 1], 2)
        yield content_byte(key, "choose_larger", {"choices": pair, "answer": answer}, difficulty=difficulty)


def on_numeral(system: str, number: int, languages: tuple[str, ...]) -> Iterator[ContentByte]:
    """Yield reading a numeral; an Arabic-Indic one is matched with the western one too."""
    key, text = f"numeral/{system}/{number}", written(number, system)
    words = number_words(number, languages)
    near = [written(other, system) for other in _near(number, HIGHEST)]
    difficulty = 0.1 * number - 1.0
    yield content_byte(key, "meet", {"text": text, "title": words, "audio": None}, difficulty=difficulty)
    choices, answer = choose(f"{key}:numeral", text, near)
    payload = {"title": words, "choices": choices, "answer": answer}
    yield content_byte(key, "choose_numeral", payload, difficulty=difficulty)
    if system == "arab":
        choices, answer = choose(f"{key}:match", text, near)
        payload = {"text": str(number), "choices": choices, "answer": answer}
        yield content_byte(key, "match_numeral", payload, difficulty=difficulty + 0.2)


def on_sum(left: int, right: int) -> Iterator[ContentByte]:
    """Yield the sum with pictures to count, and bare."""
    total, key = left + right, f"sum/{left}/{right}"
    difficulty = 0.25 * (total - 5) + 0.1 * min(left, right)
    shown = {"picture": OBJECTS[total % len(OBJECTS)]}
    for variant, picture, harder in (("pictured", shown, -0.3), ("bare", {}, 0.3)):
        choices, answer = choose(f"{key}:{variant}", total, [n for n in _near(total, HIGHEST_TOTAL + NEAR) if n])
        payload = {**picture, "addends": [left, right], "choices": choices, "answer": answer}
        yield content_byte(key, "add_numbers", payload, difficulty=difficulty + harder, variant=variant)


def _near(number: int, highest: int) -> list[int]:
    return [other for other in range(max(0, number - NEAR), min(highest, number + NEAR) + 1) if other != number]
