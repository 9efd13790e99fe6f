"""Texts that break whoever puts texts together, and where in a request they can be put."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.isolation.asking import Outcome, Request, Rows

TOKENS = "{app}users%s"
#: To be stored and given back letter for letter, or refused.
TEXTS = (
    TOKENS,
    "{app}{{app}};%s%(app)s{}",
    "'; DROP TABLE amal_users; --",
    "a\"b`c'd\\",
    "%_\\%[^a]*",
    "a\u2028b\u202ec\u0301\u200d🌱كَتَبَ",
    "<b>&amp;</b>${app}{0.__class__}",
)
#: Never to be stored: a NUL, halves of a character.
NO_TEXTS = ("a\0b", "\ud800", "\udfff{app}")


def put_everywhere(document: Any, text: str) -> Iterator[tuple[str, Any]]:
    """Yield a JSON document once for each text in it, with that one replaced, and once with a member of that name."""
    if isinstance(document, str):
        yield "", text
    elif isinstance(document, dict):
        for name, value in document.items():
            yield from (
                (f"{name}{place}", document | {name: changed}) for place, changed in put_everywhere(value, text)
            )
        yield "a new member", document | {text: text}
    elif isinstance(document, list):
        for number, value in enumerate(document):
            for place, changed in put_everywhere(value, text):
                yield f"[{number}]{place}", [*document[:number], changed, *document[number + 1 :]]


def find_faults(request: Request, outcome: Outcome, before: Mapping[str, Rows], text: str, app: str) -> Iterator[str]:
    """Complain when a text crashed something, or came out as what the token in it stands for."""
    if outcome.answer.status >= 500:
        yield f"{request} with {text!r}: crashed"
    rewritten = text.replace("{app}", f"{app}_")
    seen = [outcome.answer.body.decode(errors="replace"), *map(str, list_new(before, outcome))]
    if rewritten != text and any(rewritten in each for each in seen):
        yield f"{request} with {text!r}: came out as {rewritten!r}"


def list_new(before: Mapping[str, Rows], outcome: Outcome) -> list[Any]:
    """Return the values in all rows that were not there before."""
    after = outcome.rows or {}
    rows = [row for app in after for table in after[app] for row in after[app][table] - before[app].get(table, set())]
    return [value for row in rows for value in row]


def is_kept(before: Mapping[str, Rows], outcome: Outcome, text: str) -> bool:
    """Tell whether a text was stored letter for letter, in a column of its own or in one that holds JSON."""
    spelt = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return any(isinstance(value, str) and any(each in value for each in spelt) for value in list_new(before, outcome))
