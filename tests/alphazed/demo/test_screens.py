"""Exercises in text, as the child sees them: never with the solution."""

from typing import Any

import pytest

from alphazed.demo import screens
from alphazed.demo.child import Attempt
from alphazed.demo.library import Exercise
from alphazed.demo.screens import LEFT_TO_RIGHT, RIGHT_TO_LEFT

VERSE = {
    "text": "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ",
    "basmalah_words": 0,
    "hidden": [3, 0],
    "choices": ["ٱلرَّحِيمِ", "بِسْمِ"],
    "answer": 0,
}


def exercise(kind: str, payload: dict[str, Any]) -> Exercise:
    return Exercise(id=1, concept_id=1, kind=kind, expected_ms=6000, guess=0.25, payload=payload)


def visible(text: str) -> str:
    return text.replace(LEFT_TO_RIGHT, "").replace(RIGHT_TO_LEFT, "")


@pytest.mark.parametrize(
    ("kind", "payload", "question", "choices"),
    [
        ("choose_picture", {"text": "أرنب", "choices": ["🐇", "🍋"], "answer": 0}, "أرنب", "🐇 · 🍋"),
        ("choose_word", {"picture": "🐇", "choices": ["أرنب", "جمل"], "answer": 0}, "🐇", "أرنب · جمل"),
        ("complete_verse", VERSE, "____ ٱللَّهِ ٱلرَّحْمَـٰنِ __?__", "ٱلرَّحِيمِ · بِسْمِ"),
        (
            "missing_letter",
            {"text": "جمل", "picture": "🐪", "hidden": [1], "choices": ["م", "ب"], "answer": 0},
            "🐪  ج_ل",
            "م · ب",
        ),
        (
            "build_word",
            {"text": "دلو", "picture": "🪣", "pieces": ["ل", "و", "د"], "order": [2, 0, 1]},
            "🪣",
            "ل · و · د",
        ),
        ("order_words", {"pieces": ["أَحَدٌ", "قُلْ"], "order": [1, 0]}, "", "أَحَدٌ · قُلْ"),
        (
            "choose_name",
            {"text": "ج", "choices": [{"ar": "جيم", "en": "Jeem"}, {"ar": "حاء", "en": "Hah"}], "answer": 0},
            "ج",
            "جيم · حاء",
        ),
        ("count_objects", {"picture": "🍎", "count": 3, "choices": [3, 4], "answer": 0}, "🍎🍎🍎", "3 · 4"),
        ("add_numbers", {"addends": [1, 2], "choices": [3, 4], "answer": 0}, "1 + 2", "3 · 4"),
        ("meet", {"text": "أرنب", "title": {"ar": "أرنب", "en": "rabbit"}, "picture": "🐇"}, "أرنب  🐇", ""),
    ],
)
def test_it_is_shown_as_the_child_sees_it(kind: str, payload: dict[str, Any], question: str, choices: str) -> None:
    shown = exercise(kind, payload)

    assert visible(screens.question(shown)) == question
    assert visible(screens.choices(shown)) == choices


def test_joined_letters_are_shown_joined_to_a_tatweel() -> None:
    """Terminals count no cell for a letter after a ZERO WIDTH JOINER, which would bend the border."""
    shown = exercise("letter_form", {"text": "ح", "position": "medial", "choices": ["\u200dح\u200d", "ح"], "answer": 0})

    assert visible(screens.choices(shown)) == "ـحـ · ح"
    assert visible(screens.question(shown)) == "ح  (medial)"


@pytest.mark.parametrize(
    ("attempt", "response"),
    [
        (Attempt("correct", 2900, 0, (0,)), "✓ ٱلرَّحِيمِ in 2.9 s"),
        (Attempt("wrong", 9100, 1, (1,)), "✗ بِسْمِ in 9.1 s, after a hint"),
        (Attempt("skipped", 3000, 0, ()), "» skips it"),
        (Attempt("exposed", 3800, 0, ()), "○ looks at it for 3.8 s"),
    ],
)
def test_what_the_child_did_is_told_with_its_mark(attempt: Attempt, response: str) -> None:
    assert visible(screens.response(exercise("complete_verse", VERSE), attempt)) == response


def test_letters_are_built_into_a_word_and_words_into_a_verse() -> None:
    assert screens.picked({"pieces": ["ل", "و", "د"]}, (2, 0, 1)) == "دلو"
    assert screens.picked({"pieces": ["أَحَدٌ", "قُلْ"]}, (1, 0)) == "قُلْ أَحَدٌ"
