"""Exercises on an ayah. Every word shown is a word of the Quran in its own spelling: none is invented or altered.

Wrong choices are words of the same ayah, or of the same page where the ayah is too short: never the right word in
another vowelling, which a child could not be blamed for choosing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log2

from content.arabic_search import normalise
from content.curricula.blueprint import ContentByte, content_byte
from content.curricula.choices import choose, sample, scramble
from content.curricula.quran_source import Ayah

ORDERED_WORDS = range(4, 13)
"""An ayah of so many words is put in order on one screen of a phone."""

LONG_ENOUGH = 4
"""Of fewer words none can be hidden beside the asked one: the wrong choices come from the page."""

CHOICES = {range(1, 4): 3, range(4, 6): 2, range(6, 12): 3}
"""Choices by the number of words; longer ayat have four."""

SECOND_GAP_FROM = 8
OPENING_WORDS = 4
LONGEST_MS = 50_000
"""Answers slower than a minute are not rated, so no byte expects more."""


class AyahBytes:
    """Makes the exercises on each ayah, knowing its neighbours on the page and how often its text occurs."""

    def __init__(self, ayat: Sequence[Ayah]) -> None:
        self._pages: dict[int, list[Ayah]] = defaultdict(list)
        for ayah in ayat:
            self._pages[ayah.page].append(ayah)
        self._openings = {ayah.key: " ".join(ayah.pieces[:OPENING_WORDS]) for ayah in ayat}
        self._occurrences = Counter(normalise(ayah.own_text) for ayah in ayat)

    def on(self, ayah: Ayah, previous: Ayah | None) -> Iterator[ContentByte]:
        """Yield the exercises on an ayah; `previous` is the one before it in its surah."""
        yield _meet(ayah)
        yield self._complete(ayah, ayah.word_indexes[-1], "last")
        if len(ayah.word_indexes) >= SECOND_GAP_FROM:
            [asked] = sample(f"{ayah.key}:gap", ayah.word_indexes[1:-1], 1)
            yield self._complete(ayah, asked, "middle")
        if previous and self._occurrences[normalise(previous.own_text)] == 1:
            yield from self._next(ayah, previous)
        if len(ayah.word_indexes) in ORDERED_WORDS:
            yield _order(ayah)

    def _complete(self, ayah: Ayah, asked: int, variant: str) -> ContentByte:
        """Hide a word, and with it the words that stand as wrong choices, so that none is read off the screen.

        `hidden` begins with the word that is asked for.
        """
        key, count = f"{ayah.key}:{variant}", _choice_count(ayah)
        decoys = sample(key, _different(ayah, asked), count - 1) if len(ayah.word_indexes) >= LONG_ENOUGH else []
        others = [ayah.words[index] for index in decoys] or self._words_beside(ayah)
        choices, answer = choose(key, ayah.words[asked], others, count)
        return content_byte(
            ayah.key,
            "complete_verse",
            {
                "text": ayah.text,
                "basmalah_words": ayah.basmalah_words,
                "hidden": [asked, *decoys],
                "choices": choices,
                "answer": answer,
            },
            difficulty=_length_logit(ayah) + 0.3 * (len(choices) - 3) + (0.3 if variant == "middle" else 0.0),
            variant=variant,
            expected_ms=_reading_ms(ayah, 6_000, 400),
        )

    def _words_beside(self, ayah: Ayah) -> list[str]:
        """List the page's words that do not stand in the ayah, each once."""
        shown = {normalise(word) for word in ayah.words}
        others = {
            normalise(other.words[index]): other.words[index]
            for other in self._pages[ayah.page]
            for index in other.word_indexes
        }
        return [word for bare, word in others.items() if bare not in shown]

    def _next(self, ayah: Ayah, previous: Ayah) -> Iterator[ContentByte]:
        """Ask how the ayah begins, after the one before; not where that one occurs twice and could go on otherwise."""
        others: dict[str, str] = {}
        taken = [normalise(self._openings[ayah.key])]
        for other in self._pages[ayah.page]:
            opening = self._openings[other.key]
            bare = normalise(opening)
            if other != previous and not any(bare.startswith(one) or one.startswith(bare) for one in taken):
                others[bare] = opening
                taken.append(bare)
        if others:
            choices, answer = choose(f"{ayah.key}:next", self._openings[ayah.key], list(others.values()), 3)
            yield content_byte(
                ayah.key,
                "next_verse",
                {
                    "text": previous.text,
                    "basmalah_words": previous.basmalah_words,
                    "choices": choices,
                    "answer": answer,
                },
                difficulty=0.2 + 0.3 * (len(choices) - 3),
                expected_ms=_reading_ms(previous, 8_000, 300),
            )


def _meet(ayah: Ayah) -> ContentByte:
    return content_byte(
        ayah.key,
        "meet",
        {
            "text": ayah.text,
            "basmalah_words": ayah.basmalah_words,
            "surah": ayah.surah,
            "ayah": ayah.number,
            "page": ayah.page,
            "juz": ayah.juz,
            "audio": None,
        },
        difficulty=_length_logit(ayah),
        expected_ms=_reading_ms(ayah, 3_000, 700),
    )


def _order(ayah: Ayah) -> ContentByte:
    pieces, order = scramble(f"{ayah.key}:order", ayah.pieces)
    basmalah = {"basmalah": " ".join(ayah.words[: ayah.basmalah_words])} if ayah.basmalah_words else {}
    return content_byte(
        ayah.key,
        "order_words",
        {**basmalah, "pieces": pieces, "order": order},
        difficulty=0.5 + 0.2 * (len(pieces) - 6),
        expected_ms=min(LONGEST_MS, 5_000 + 2_500 * len(pieces)),
    )


def _choice_count(ayah: Ayah) -> int:
    return next((count for words, count in CHOICES.items() if len(ayah.word_indexes) in words), 4)


def _different(ayah: Ayah, asked: int) -> list[int]:
    """List where words stand that differ from the asked one and from one another in their letters, each once."""
    first_places = {normalise(ayah.words[index]): index for index in reversed(ayah.word_indexes)}
    return sorted(index for bare, index in first_places.items() if bare != normalise(ayah.words[asked]))


def _length_logit(ayah: Ayah) -> float:
    """Longer is harder: 0 at eight words, half a logit for each doubling."""
    return 0.5 * log2(len(ayah.word_indexes) / 8)


def _reading_ms(ayah: Ayah, base: int, each_word: int) -> int:
    return min(LONGEST_MS, base + each_word * len(ayah.word_indexes))
