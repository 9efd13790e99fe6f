"""What is told: lines for a page to print, free of how it prints them."""

from typing import Literal, NamedTuple

type Tone = Literal["plain", "quiet", "shown"]

RIGHT, WRONG, SKIPPED, LOOKED = "✓", "✗", "»", "○"
MARKS = {"correct": RIGHT, "wrong": WRONG, "skipped": SKIPPED, "exposed": LOOKED}


class Line(NamedTuple):
    """One line: a label in the margin and a text, which may be wrapped."""

    label: str
    text: str
    tone: Tone = "plain"


type Scene = list[Line]


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun: `1 answer`, `12 answers`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
