"""The words: one-word Arabic nouns with an emoji for a picture, named by CLDR through the package emoji.

CLDR's Arabic is unvowelled; an editor adds tashkeel. The phone draws the emoji: no image is shipped.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple
from unicodedata import normalize

import emoji

from content.arabic_search import normalise
from content.curricula.arabic_headwords import HEADWORDS, LOOKALIKES
from content.curricula.arabic_letters import Letter
from content.curricula.arabic_topics import TOPICS, Topic
from content.curricula.blueprint import Concept, ContentByte, CurriculumError, Unit, content_byte, in_languages
from content.curricula.choices import choose, sample, scramble
from content.payloads import Payload

BUILT_LETTERS = range(2, 8)
"""A word of so many letters is built on one screen of a phone."""

STARTING_WORDS = 3
FAMILIAR_WORDS = 80
"""The first words in teaching order: animals, fruit, the body and the home, whose pictures have one name."""

CONFUSABLE = {frozenset(pair) for group in LOOKALIKES for pair in combinations(group.split(), 2)}


class Word(NamedTuple):
    """A noun, its picture and the topic it is taught in."""

    picture: str
    text: str
    english: str
    topic: str

    @property
    def key(self) -> str:
        """The stable key of its concept: CLDR's English name."""
        return "word/" + re.sub(r"[^a-z0-9]+", "-", self.english.casefold())

    @property
    def first_letter(self) -> str:
        """The letter it begins with; the hamza that an alef carries is not taught apart."""
        return normalize("NFD", self.text[0])[0]


def list_words() -> list[Word]:
    """List the words in teaching order.

    Raises:
        CurriculumError: the package emoji does not name a picture as the table of headwords expects.

    """
    emoji.config.load_language("ar")
    return [_word(picture, topic) for topic in TOPICS for picture in topic.pictures.split()]


def _word(picture: str, topic: Topic) -> Word:
    names = emoji.EMOJI_DATA.get(picture, {"ar": "", "en": ""})
    arabic, english = (names[language].strip(":").replace("_", " ") for language in ("ar", "en"))
    noun, english_noun = HEADWORDS.get(picture, (arabic, english))
    if not noun or noun not in arabic or english_noun not in english:
        raise CurriculumError(f"the picture {picture} is not named {noun!r}: pip install emoji==2.16.0")
    return Word(picture, noun, english_noun, topic.key)


def unit_of(topic: Topic, languages: tuple[str, ...]) -> Unit:
    """Make the unit of a topic."""
    return Unit(_unit_key(topic.key), in_languages(languages, **topic.title))


def concept_of(word: Word, letters: Sequence[Letter], languages: tuple[str, ...]) -> Concept:
    """Make the concept of a word, resting on the letter it begins with."""
    return Concept(
        key=word.key,
        unit=_unit_key(word.topic),
        kind="word",
        title=in_languages(languages, ar=word.text, en=word.english),
        text=word.text,
        prerequisites=tuple(letter.key for letter in letters if letter.text == word.first_letter),
        licence="cldr",
    )


def exercises(
    word: Word, words: Sequence[Word], letters: Sequence[Letter], languages: tuple[str, ...]
) -> Iterator[ContentByte]:
    """Yield the exercises on a word; wrong choices are of its topic and do not look like it."""
    shown = {"text": word.text, "picture": word.picture}
    others = [other for other in words if other.topic == word.topic and not _look_alike(word, other)]
    difficulty = 0.2 * (len(word.text) - 4)
    names = in_languages(languages, ar=word.text, en=word.english)
    yield content_byte(word.key, "meet", {**shown, "title": names, "audio": None}, difficulty=difficulty - 0.5)

    choices, answer = choose(f"{word.key}:picture", word.picture, [other.picture for other in others])
    picturing = {"text": word.text, "choices": choices, "answer": answer}
    yield content_byte(word.key, "choose_picture", picturing, difficulty=difficulty - 0.2)

    choices, answer = choose(f"{word.key}:word", word.text, [other.text for other in others])
    reading = {"picture": word.picture, "choices": choices, "answer": answer}
    yield content_byte(word.key, "choose_word", reading, difficulty=difficulty)
    yield from _spelling_exercises(word, letters)


def _spelling_exercises(word: Word, letters: Sequence[Letter]) -> Iterator[ContentByte]:
    shown = {"text": word.text, "picture": word.picture}
    yield _letter_choice(word, "first_letter", shown, 0, letters)
    [hidden] = sample(f"{word.key}:gap", range(1, len(word.text)), 1)
    yield _letter_choice(word, "missing_letter", {**shown, "hidden": [hidden]}, hidden, letters)
    if len(word.text) in BUILT_LETTERS:
        pieces, order = scramble(f"{word.key}:build", list(word.text))
        yield content_byte(
            word.key,
            "build_word",
            {**shown, "pieces": pieces, "order": order},
            difficulty=0.4 * (len(pieces) - 3),
            expected_ms=4_000 + 2_500 * len(pieces),
        )


def _letter_choice(word: Word, kind: str, shown: Payload, place: int, letters: Sequence[Letter]) -> ContentByte:
    """Ask for one letter of the word, among letters that do not stand in it in any shape."""
    others = [letter.text for letter in letters if letter.text not in normalise(word.text)]
    choices, answer = choose(f"{word.key}:{kind}", word.text[place], others)
    difficulty = 0.1 * (len(word.text) - 4) + (0.4 if kind == "missing_letter" else -0.4)
    return content_byte(word.key, kind, {**shown, "choices": choices, "answer": answer}, difficulty=difficulty)


def starts_with(letter: Letter, words: Sequence[Word]) -> Iterator[ContentByte]:
    """Ask which of four pictures begins with the letter, for the first words that do."""
    beginning = [word for word in words if word.first_letter == letter.text]
    for right in beginning[:STARTING_WORDS]:
        others = [
            word.picture
            for word in words[:FAMILIAR_WORDS]
            if word.first_letter != letter.text and not _look_alike(word, right)
        ]
        choices, answer = choose(f"{letter.key}:{right.key}", right.picture, others)
        payload = {"text": letter.text, "choices": choices, "answer": answer}
        variant = right.key.removeprefix("word/")
        yield content_byte(letter.key, "starts_with", payload, difficulty=0.5, variant=variant)


def _look_alike(word: Word, other: Word) -> bool:
    return word == other or frozenset((word.picture, other.picture)) in CONFUSABLE


def _unit_key(topic: str) -> str:
    return f"topic/{topic}"
