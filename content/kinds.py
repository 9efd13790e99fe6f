"""The catalogue of content-byte kinds: what each kind asks, and the shape of its payload.

A phone grades offline, so every graded payload carries its own solution: `choices` with the index of the right one in
`answer`, or `pieces` with `order`, the indexes of the pieces in the right sequence. Pieces may repeat (two equal
letters, two equal words): a phone compares what the child has built with the right sequence, never the indexes.
`hidden` are indexes into the text, the one asked for first: of words between spaces in `complete_verse` (which hides
the wrong choices too, lest they be read off the screen), of letters in `missing_letter`. The first `basmalah_words`
words of a verse are the basmalah before it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from content.payloads import (
    ASSET_KEY,
    FORMS,
    INDEX,
    INDEXES,
    PIECES,
    PLACE_IN_QURAN,
    POSITION,
    TEXT,
    TEXTS,
    Payload,
    PayloadError,
    Schema,
    choice_of,
    fields,
    find_problems,
)


class Kind(NamedTuple):
    """One kind of exercise; `guess` is the chance of a blind success, used where the payload does not tell it."""

    name: str
    title: Mapping[str, str]
    schema: Schema
    expected_ms: int
    guess: float = 0.25
    graded: bool = True
    produces: bool = False

    def check(self, payload: Payload) -> None:
        """Raise PayloadError, naming the field, unless the payload has this kind's shape."""
        for problem in find_problems(_validator(self.name), payload):
            raise PayloadError(problem)


def _catalogue(*kinds: Kind) -> Mapping[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS = _catalogue(
    Kind(
        "meet",
        {"en": "Look and listen", "ar": "انظر واستمع"},
        fields(
            {"text": TEXT},
            title=TEXTS,
            picture=TEXT,
            count=INDEX,
            forms=FORMS,
            card=ASSET_KEY,
            audio=ASSET_KEY,
            **PLACE_IN_QURAN,
        ),
        expected_ms=6_000,
        guess=0.0,
        graded=False,
    ),
    Kind(
        "choose_picture",
        {"en": "Choose the picture", "ar": "اختر الصورة"},
        fields({"text": TEXT, **choice_of()}),
        expected_ms=6_000,
    ),
    Kind(
        "choose_word",
        {"en": "Choose the word", "ar": "اختر الكلمة"},
        fields({"picture": TEXT, **choice_of()}),
        expected_ms=8_000,
    ),
    Kind(
        "choose_letter",
        {"en": "Choose the letter", "ar": "اختر الحرف"},
        fields({"title": TEXTS, **choice_of()}, audio=ASSET_KEY),
        expected_ms=6_000,
    ),
    Kind(
        "choose_name",
        {"en": "What is it called?", "ar": "ما اسمه؟"},
        fields({"text": TEXT, **choice_of(TEXTS)}),
        expected_ms=7_000,
    ),
    Kind(
        "letter_form",
        {"en": "Choose the letter's shape", "ar": "اختر شكل الحرف"},
        fields({"text": TEXT, "position": POSITION, **choice_of()}),
        expected_ms=8_000,
    ),
    Kind(
        "first_letter",
        {"en": "Which letter does the word begin with?", "ar": "بأي حرف تبدأ الكلمة؟"},
        fields({"text": TEXT, "picture": TEXT, **choice_of()}),
        expected_ms=7_000,
    ),
    Kind(
        "starts_with",
        {"en": "Which picture begins with the letter?", "ar": "أي صورة تبدأ بهذا الحرف؟"},
        fields({"text": TEXT, **choice_of()}),
        expected_ms=10_000,
    ),
    Kind(
        "missing_letter",
        {"en": "Find the missing letter", "ar": "اختر الحرف الناقص"},
        fields({"text": TEXT, "picture": TEXT, "hidden": INDEXES, **choice_of()}),
        expected_ms=9_000,
    ),
    Kind(
        "build_word",
        {"en": "Build the word", "ar": "ركب الكلمة"},
        fields({"text": TEXT, "picture": TEXT, "pieces": PIECES, "order": INDEXES}),
        expected_ms=15_000,
        guess=0.0,
        produces=True,
    ),
    Kind(
        "complete_verse",
        {"en": "Complete the verse", "ar": "أكمل الآية"},
        fields({"text": TEXT, "hidden": INDEXES, "basmalah_words": INDEX, **choice_of()}),
        expected_ms=12_000,
    ),
    Kind(
        "next_verse",
        {"en": "How does the next verse begin?", "ar": "كيف تبدأ الآية التالية؟"},
        fields({"text": TEXT, "basmalah_words": INDEX, **choice_of()}),
        expected_ms=15_000,
    ),
    Kind(
        "order_words",
        {"en": "Put the words in order", "ar": "رتب الكلمات"},
        fields({"pieces": PIECES, "order": INDEXES}, basmalah=TEXT),
        expected_ms=25_000,
        guess=0.0,
        produces=True,
    ),
    Kind(
        "count_objects",
        {"en": "How many are there?", "ar": "كم العدد؟"},
        fields({"picture": TEXT, "count": INDEX, **choice_of(INDEX)}),
        expected_ms=10_000,
    ),
    Kind(
        "choose_numeral",
        {"en": "Choose the numeral", "ar": "اختر الرقم"},
        fields({"title": TEXTS, **choice_of()}, audio=ASSET_KEY),
        expected_ms=6_000,
    ),
    Kind(
        "match_numeral",
        {"en": "Choose the same number", "ar": "اختر العدد نفسه"},
        fields({"text": TEXT, **choice_of()}),
        expected_ms=7_000,
    ),
    Kind(
        "choose_larger",
        {"en": "Which number is larger?", "ar": "أي العددين أكبر؟"},
        fields(choice_of(INDEX)),
        expected_ms=6_000,
        guess=0.5,
    ),
    Kind(
        "add_numbers",
        {"en": "Add the numbers", "ar": "اجمع العددين"},
        fields({"addends": {"type": "array", "items": INDEX, "minItems": 2}, **choice_of(INDEX)}, picture=TEXT),
        expected_ms=12_000,
    ),
)


@cache
def _validator(name: str) -> Any:  # noqa: ANN401 -- jsonschema ships no types
    from jsonschema import Draft202012Validator  # noqa: PLC0415 -- dear to import, and only importers and editors check

    return Draft202012Validator(KINDS[name].schema)
