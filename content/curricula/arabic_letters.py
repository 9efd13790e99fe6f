"""The 28 letters: their shapes by place in a word, in the order of the alphabet, which is an order of shape families.

Which shapes a letter has is read from Unicode's presentation forms; what is taught and shown is the letter itself,
joined by ZERO WIDTH JOINERs, because presentation forms are for old typesetting only (Unicode 16, section 9.2).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from unicodedata import lookup

from content.curricula.blueprint import Asset, Concept, ContentByte, Unit, content_byte, in_languages
from content.curricula.choices import choose

JOINER = "\N{ZERO WIDTH JOINER}"
SHAPES = {
    "isolated": "{letter}",
    "initial": f"{{letter}}{JOINER}",
    "medial": f"{JOINER}{{letter}}{JOINER}",
    "final": f"{JOINER}{{letter}}",
}
"""Where a letter stands in a word, and the joiners that give it the shape of that place."""

FAMILIES = (
    *("ALEF", "BEH TEH THEH", "JEEM HAH KHAH", "DAL THAL", "REH ZAIN", "SEEN SHEEN", "SAD DAD", "TAH ZAH", "AIN GHAIN"),
    *("FEH QAF", "KAF LAM", "MEEM NOON", "HEH WAW YEH"),
)
"""By Unicode's names. The first ten groups differ by dots only; the last three just go together."""

ARABIC_NAMES = (
    *("ألف", "باء", "تاء", "ثاء", "جيم", "حاء", "خاء", "دال", "ذال", "راء", "زاي", "سين", "شين", "صاد", "ضاد"),
    *("طاء", "ظاء", "عين", "غين", "فاء", "قاف", "كاف", "لام", "ميم", "نون", "هاء", "واو", "ياء"),
)

CARD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" direction="rtl" \
font-family="Noto Naskh Arabic, Amiri, Geeza Pro, serif" text-anchor="middle">
<title>{name}</title>
<rect width="400" height="400" rx="32" fill="#fff8e7"/>
<text x="200" y="210" font-size="180" fill="#1f4e5f">{letter}</text>
<text x="200" y="300" font-size="44" fill="#c8553d">{name}</text>
<text x="200" y="365" font-size="44" fill="#588157" xml:space="preserve">{forms}</text>
</svg>
"""


class Letter(NamedTuple):
    """A letter with its distinct shapes by place; six letters join only to the one before and have two shapes."""

    text: str
    name: str
    arabic_name: str
    family: str
    forms: dict[str, str]

    @property
    def key(self) -> str:
        """The stable key of its concept."""
        return f"letter/{self.name.lower()}"


def list_letters() -> list[Letter]:
    """List the 28 letters in the order of the alphabet."""
    named = ((name, family) for family in FAMILIES for name in family.split())
    return [
        Letter(
            text=lookup(f"ARABIC LETTER {name}"),
            name=name.capitalize(),
            arabic_name=arabic_name,
            family=family,
            forms=_forms(name),
        )
        for (name, family), arabic_name in zip(named, ARABIC_NAMES, strict=True)
    ]


def _forms(name: str) -> dict[str, str]:
    letter = lookup(f"ARABIC LETTER {name}")
    return {place: shape.format(letter=letter) for place, shape in SHAPES.items() if _has_form(name, place)}


def _has_form(name: str, place: str) -> bool:
    try:
        lookup(f"ARABIC LETTER {name} {place.upper()} FORM")
    except KeyError:
        return False
    return True


def unit_of(letter: Letter, languages: tuple[str, ...], letters: list[Letter]) -> Unit:
    """Make the unit of a letter's family."""
    family = [other for other in letters if other.family == letter.family]
    return Unit(
        key=unit_key(letter),
        title=in_languages(
            languages,
            ar=" ".join(member.text for member in family),
            en=", ".join(member.name for member in family),
        ),
    )


def unit_key(letter: Letter) -> str:
    """Return the key of the unit of a letter's family: its first letter's."""
    return f"letters/{letter.family.split()[0].lower()}"


def concepts(letters: list[Letter], languages: tuple[str, ...]) -> Iterator[Concept]:
    """Yield a concept for each letter, resting on the letter before it in its family."""
    for previous, letter in pairwise([None, *letters]):
        if letter:
            yield Concept(
                key=letter.key,
                unit=unit_key(letter),
                kind="letter",
                title=title(letter, languages),
                text=letter.text,
                prerequisites=(previous.key,) if previous and previous.family == letter.family else (),
                licence="own",
            )


def title(letter: Letter, languages: tuple[str, ...]) -> dict[str, str]:
    """Return the letter's name."""
    return in_languages(languages, ar=letter.arabic_name, en=letter.name)


def card(letter: Letter) -> Asset:
    """Draw the letter with its name and its shapes."""
    drawing = CARD.format(
        letter=letter.text, name=letter.arabic_name, forms=" \N{NO-BREAK SPACE} ".join(letter.forms.values())
    )
    return Asset(f"{letter.key}/card", "image/svg+xml", drawing.encode(), "own")


def exercises(letter: Letter, letters: list[Letter], languages: tuple[str, ...]) -> Iterator[ContentByte]:
    """Yield the exercises on a letter that need no words."""
    names = title(letter, languages)
    others = _near(letter, letters)
    difficulty = -1.0 + 0.3 * sum(other.family == letter.family for other in others)
    meeting = {"text": letter.text, "title": names, "forms": letter.forms, "card": f"{letter.key}/card", "audio": None}
    yield content_byte(letter.key, "meet", meeting, difficulty=difficulty)
    choices, answer = choose(f"{letter.key}:letter", letter.text, [other.text for other in others])
    finding = {"title": names, "choices": choices, "answer": answer}
    yield content_byte(letter.key, "choose_letter", finding, difficulty=difficulty)
    called, answer = choose(f"{letter.key}:name", names, [title(other, languages) for other in others])
    naming = {"text": letter.text, "choices": called, "answer": answer}
    yield content_byte(letter.key, "choose_name", naming, difficulty=difficulty + 0.3)
    yield from _form_exercises(letter)


def _form_exercises(letter: Letter) -> Iterator[ContentByte]:
    for position, form in letter.forms.items():
        if position != "isolated":
            others = [other for other in letter.forms.values() if other != form]
            choices, answer = choose(f"{letter.key}:{position}", form, others)
            payload = {"text": letter.text, "position": position, "choices": choices, "answer": answer}
            yield content_byte(letter.key, "letter_form", payload, difficulty=0.4, variant=position)


def _near(letter: Letter, letters: list[Letter]) -> list[Letter]:
    """List the letters to tell it from: its family, and the four that stand nearest in the alphabet."""
    place = letters.index(letter)
    return [
        other
        for distance, other in enumerate(letters, start=-place)
        if other != letter and (other.family == letter.family or abs(distance) <= 2)  # noqa: PLR2004 -- two each side
    ]
