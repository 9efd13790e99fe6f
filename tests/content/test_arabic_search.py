import pytest

from content.arabic_search import normalise


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("كَتَبَ", "كتب"),
        ("كتـــاب", "كتاب"),
        ("ٱلرَّحْمَـٰنِ", "الرحمن"),
        ("بِّسْمِ ٱللَّهِ", "بسم الله"),
        ("أحمد إبراهيم آمن", "احمد ابراهيم امن"),
        ("مدرسة", "مدرسه"),
        ("مستشفى", "مستشفي"),
        ("مسؤول رئيس", "مسوول رييس"),
        ("نِسَآءً ۚ وَٱتَّقُوا۟", "نساء واتقوا"),
        ("ﺑﺎﺏ", "باب"),
        ("الآية ٢٥٥", "الايه 255"),
        ("Al-Fātiḥah", "al-fatihah"),
        ("Āl-\N{LEFT SINGLE QUOTATION MARK}Imrān", "al-imran"),
        ("  two   words ", "two words"),
    ],
)
def test_it_finds_what_is_written_by_what_is_typed(written: str, typed: str) -> None:
    assert normalise(written) == normalise(typed) == typed


def test_it_keeps_different_words_apart() -> None:
    assert len({normalise(word) for word in ("قطة", "بطة", "كتب", "كتاب")}) == 4


def test_what_is_normalised_stays_as_it_is() -> None:
    once = normalise("ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَـٰلَمِينَ")

    assert normalise(once) == once
