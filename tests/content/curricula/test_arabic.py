import re
from collections import defaultdict
from unicodedata import normalize
from xml.etree.ElementTree import fromstring

import emoji
import pytest

from content.arabic_search import normalise
from content.curricula.arabic_headwords import HEADWORDS, LOOKALIKES
from content.curricula.arabic_letters import list_letters
from content.curricula.arabic_words import Word, list_words
from content.curricula.blueprint import ContentByte, Curriculum
from content.kinds import KINDS

UNWANTED = re.compile(
    r"pig|:boar|bacon|beer|wine|sake|cocktail|bottle_with|dagger|sword|knife|gun|pistol|bomb|bow_and|cigarette|mosque"
    r"|kaaba|church|synagogue|temple|shrine|cross|menorah|hamsa|nazar|flag|skin_tone|mage|vampire|zombie|skull|coffin"
    r"|slot_machine|middle_finger|bikini|:kiss|Santa|Christmas"
)


@pytest.fixture(scope="session")
def words() -> list[Word]:
    return list_words()


def of_kind(curriculum: Curriculum, *kinds: str) -> list[ContentByte]:
    return [byte for byte in curriculum.bytes if byte.kind in kinds]


def test_it_has_28_letters_and_some_370_words(arabic: Curriculum) -> None:
    assert sum(concept.kind == "letter" for concept in arabic.concepts) == 28
    assert sum(concept.kind == "word" for concept in arabic.concepts) == 374


def test_six_letters_join_only_to_the_one_before() -> None:
    one_sided = [letter.text for letter in list_letters() if set(letter.forms) == {"isolated", "final"}]

    assert "".join(one_sided) == "ادذرزو"


def test_letters_are_taught_with_joiners_and_not_with_presentation_forms() -> None:
    for letter in list_letters():
        for form in letter.forms.values():
            assert form.replace("\N{ZERO WIDTH JOINER}", "") == letter.text == normalize("NFKC", letter.text)


def test_every_letter_has_a_card_that_shows_it(arabic: Curriculum) -> None:
    letters = {letter.key: letter for letter in list_letters()}

    for asset in arabic.assets:
        assert isinstance(asset.data, bytes)
        drawing = "".join(fromstring(asset.data).itertext())  # noqa: S314 -- our own drawing
        letter = letters.pop(asset.key.removesuffix("/card"))
        assert letter.arabic_name in drawing
        assert all(form in drawing for form in letter.forms.values())
    assert letters == {}


def test_no_two_words_share_a_label_or_a_picture(words: list[Word]) -> None:
    assert len({normalise(word.text) for word in words}) == len(words)
    assert len({word.picture for word in words}) == len(words)
    assert len({word.key for word in words}) == len(words)


def test_words_are_one_unvowelled_arabic_word(words: list[Word]) -> None:
    strange = [word.text for word in words if not re.fullmatch("[ء-غف-ي]+", word.text)]

    assert strange == []


def test_nothing_unwanted_is_among_the_pictures(words: list[Word]) -> None:
    names = [emoji.EMOJI_DATA[word.picture]["en"] for word in words]

    assert [name for name in names if UNWANTED.search(name)] == []


def test_every_letter_begins_a_word(words: list[Word]) -> None:
    assert {word.first_letter for word in words} == {letter.text for letter in list_letters()}


def test_a_word_rests_on_its_first_letter(arabic: Curriculum) -> None:
    letters = {concept.key: concept.text for concept in arabic.concepts if concept.kind == "letter"}

    for concept in arabic.concepts:
        if concept.kind == "word":
            [prerequisite] = concept.prerequisites
            assert letters[prerequisite] == normalize("NFD", concept.text)[0]


def test_a_letter_rests_on_the_one_before_it_in_its_family(arabic: Curriculum) -> None:
    prerequisites = {concept.key: concept.prerequisites for concept in arabic.concepts}

    assert prerequisites["letter/beh"] == ()
    assert prerequisites["letter/teh"] == ("letter/beh",)
    assert prerequisites["letter/theh"] == ("letter/teh",)


def test_the_tables_name_only_pictures_that_are_taught(words: list[Word]) -> None:
    pictures = {word.picture for word in words}

    assert set(HEADWORDS) <= pictures
    assert {picture for group in LOOKALIKES for picture in group.split()} <= pictures


def test_every_concept_has_four_kinds_of_graded_exercise(arabic: Curriculum) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for byte in arabic.bytes:
        if KINDS[byte.kind].graded:
            kinds[byte.concept].add(byte.kind)

    assert min(len(names) for names in kinds.values()) >= 4


def test_wrong_pictures_and_words_are_of_the_same_topic(arabic: Curriculum, words: list[Word]) -> None:
    topics = {label: word.topic for word in words for label in (word.picture, word.text)}

    for byte in of_kind(arabic, "choose_picture", "choose_word"):
        assert len({topics[choice] for choice in byte.payload["choices"]}) == 1


def test_pictures_that_look_alike_are_never_offered_together(arabic: Curriculum) -> None:
    pairs = [set(group.split()) for group in LOOKALIKES]

    for byte in of_kind(arabic, "choose_picture", "starts_with"):
        right = byte.payload["choices"][byte.payload["answer"]]
        others = set(byte.payload["choices"]) - {right}
        assert not any(right in group and group & others for group in pairs)


def test_only_the_right_picture_begins_with_the_letter(arabic: Curriculum, words: list[Word]) -> None:
    first_letters = {word.picture: word.first_letter for word in words}

    for byte in of_kind(arabic, "starts_with"):
        beginning = [first_letters[choice] == byte.payload["text"] for choice in byte.payload["choices"]]
        assert beginning.index(True) == byte.payload["answer"]
        assert sum(beginning) == 1


def test_the_missing_letter_completes_the_word_and_no_other_choice_stands_in_it(arabic: Curriculum) -> None:
    for byte in of_kind(arabic, "missing_letter", "first_letter"):
        [place] = byte.payload.get("hidden", [0])
        text, right = byte.payload["text"], byte.payload["choices"][byte.payload["answer"]]
        assert text[place] == right
        assert not (set(byte.payload["choices"]) - {right}) & set(normalise(text))


def test_building_gives_the_word(arabic: Curriculum) -> None:
    for byte in of_kind(arabic, "build_word"):
        built = "".join(byte.payload["pieces"][index] for index in byte.payload["order"])
        assert built == byte.payload["text"] != "".join(byte.payload["pieces"])
