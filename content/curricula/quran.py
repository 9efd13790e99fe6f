"""The whole Quran for memorising: 114 surahs, each ayah resting on the one before it.

The order is the one in which children learn by heart: al-Fatihah, then from an-Nas (114) back through juz amma to
al-Baqarah. Ibn Abidin's Radd al-Muhtar, on prayer, allows the reversed order of surahs in teaching children, whom the
short surahs suit (as cited by Jamia Nizamia, ziaislamic.com fatwa 1014). Within a surah the order is the mushaf's.
"""

from itertools import groupby
from operator import attrgetter

from content.curricula.blueprint import Concept, Curriculum, Licence, Unit, in_languages
from content.curricula.numerals import written
from content.curricula.quran_bytes import AyahBytes
from content.curricula.quran_source import Ayah, Quran, Surah, read_quran


def load(languages: tuple[str, ...]) -> Curriculum:
    """Produce the curriculum.

    Raises:
        CurriculumError: the installed text is not the right one, or no language of the app has titles.
        ModuleNotFoundError: a data package is not installed.

    """
    quran = read_quran()
    surahs = _in_memorisation_order(quran)
    ayat = {number: list(verses) for number, verses in groupby(quran.ayat, attrgetter("surah"))}
    taught = [
        (surah, previous, ayah)
        for surah in surahs
        for previous, ayah in zip([None, *ayat[surah.number]], ayat[surah.number], strict=False)
    ]
    exercises = AyahBytes(quran.ayat)
    return Curriculum(
        licences=_licences(quran),
        assets=(),
        units=tuple(Unit(_unit_key(surah), _title(surah, languages)) for surah in surahs),
        concepts=tuple(_concept(surah, previous, ayah, languages) for surah, previous, ayah in taught),
        bytes=tuple(byte for _, previous, ayah in taught for byte in exercises.on(ayah, previous)),
    )


def _in_memorisation_order(quran: Quran) -> list[Surah]:
    opening, *others = quran.surahs
    return [opening, *reversed(others)]


def _unit_key(surah: Surah) -> str:
    return f"surah/{surah.number}"


def _title(surah: Surah, languages: tuple[str, ...]) -> dict[str, str]:
    return in_languages(languages, ar=surah.arabic_name, en=surah.english_name)


def _concept(surah: Surah, previous: Ayah | None, ayah: Ayah, languages: tuple[str, ...]) -> Concept:
    return Concept(
        key=ayah.key,
        unit=_unit_key(surah),
        kind="ayah",
        title=in_languages(
            languages,
            ar=f"{surah.arabic_name} {written(ayah.number, 'arab')}",
            en=f"{surah.english_name} {ayah.number}",
        ),
        text=ayah.text,
        prerequisites=(previous.key,) if previous else (),
        licence="tanzil",
        search=ayah.modern_spelling,
    )


def _licences(quran: Quran) -> tuple[Licence, ...]:
    return (
        Licence(
            key="tanzil",
            name="CC BY 3.0",
            url="https://creativecommons.org/licenses/by/3.0/",
            notice=quran.notice,
            source="Tanzil Quran Text (Uthmani, Version 1.1), https://tanzil.net",
        ),
        Licence(
            key="quran-text",
            name="CC BY 4.0",
            url="https://creativecommons.org/licenses/by/4.0/",
            notice="Pages, juz, surah names and modern spelling: quran-text by quran.ws, after the King Fahd Glorious "
            "Quran Printing Complex",
            source="quran-text 0.1.0, https://quran.ws",
        ),
    )
