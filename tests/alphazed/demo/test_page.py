"""The page: two columns, readable in a file and on a narrow terminal, Arabic verbatim."""

from io import StringIO

from rich.console import Console

from alphazed.demo.page import WIDTH_OF_A_FILE, Page
from alphazed.demo.scenes import Line
from alphazed.demo.screens import LEFT_TO_RIGHT

SIDES = ("Amal · Salma", "Thurayya · Yusuf")
AYAH = "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ"
LEFT = [Line("new", "🐇 · 🍋"), Line("played", "✓ ✗ 1 of 2 right")]
RIGHT = [Line("new", AYAH, "shown")]


def told(*, width: int = 80, terminal: bool = False) -> str:
    file = StringIO()
    console = Console(file=file, width=width, force_terminal=terminal, legacy_windows=False)
    Page(console, SIDES).tell("Day 1", LEFT, RIGHT)
    return file.getvalue()


def test_both_sides_stand_on_one_line() -> None:
    [line] = [line for line in told().splitlines() if "🐇" in line]

    assert AYAH in line
    assert line.index("🐇 · 🍋") < line.index(AYAH)


def test_in_a_file_it_is_of_one_width_and_without_colours() -> None:
    text = told()

    assert max(len(line) for line in text.splitlines() if line.startswith("╭")) == WIDTH_OF_A_FILE
    assert "\x1b" not in text


def test_on_a_terminal_it_has_colours() -> None:
    assert "\x1b[" in told(width=110, terminal=True)


def test_where_there_is_little_room_one_side_stands_below_the_other() -> None:
    lines = told(width=80, terminal=True).splitlines()

    assert not any("🐇" in line and AYAH in line for line in lines)
    assert sum("Day 1" in line for line in lines) == 2


def test_text_of_one_side_cannot_change_places_with_the_other() -> None:
    """Where lines are ordered by direction, Arabic on both sides of a border would be one run of text."""
    [line] = [line for line in told().splitlines() if AYAH in line]

    assert line.count("│") == 3
    assert line.count(f"{LEFT_TO_RIGHT}│{LEFT_TO_RIGHT}") == 3
