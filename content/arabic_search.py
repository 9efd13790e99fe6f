"""The search column: Arabic as people type it, so that كتب finds كَتَبَ. Never the text itself, which stays verbatim."""

from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category, normalize

DROPPED = frozenset(("Cf", "Lm", "Me", "Mn", "Pf", "Pi", "Sk", "So"))
"""Unicode categories that nobody types: vowel signs and Quranic marks (Mn), tatweel and small letters (Lm), rub el hizb
and sajdah signs (So), joiners (Cf), and the apostrophes of transliterations (Pi, Pf, Lm)."""

UNIFIED = str.maketrans(
    {
        "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
        "\N{ARABIC LETTER ALEF MAKSURA}": "\N{ARABIC LETTER YEH}",
        "\N{ARABIC LETTER FARSI YEH}": "\N{ARABIC LETTER YEH}",
        "\N{ARABIC LETTER KEHEH}": "\N{ARABIC LETTER KAF}",
        "\N{ARABIC LETTER TEH MARBUTA}": "\N{ARABIC LETTER HEH}",
    }
)
"""Letters that are typed for one another; those with a hamza or a madda fall apart under NFKD already."""


@lru_cache(maxsize=32_768)
def normalise(text: str) -> str:
    """Fold text to what is compared in a search: bare letters, western digits, lower case, single spaces.

    The dagger alif is dropped, as in الرحمٰن; words that modern spelling writes with an alif (ٱلْعَـٰلَمِينَ, العالمين)
    are found only where the modern spelling is indexed too.
    """
    bare = (_fold(character) for character in normalize("NFKD", text) if category(character) not in DROPPED)
    return " ".join("".join(bare).translate(UNIFIED).casefold().split())


def added_words(indexed: str, texts: Iterable[str]) -> list[str]:
    """Return what a search column finds a concept by besides these texts, such as the modern spelling of an ayah."""
    known = set(normalise(" ".join(texts)).split())
    return [word for word in indexed.split() if word not in known]


def _fold(character: str) -> str:
    return str(int(character)) if character.isdecimal() else character
