"""The page that the story is printed on: two columns, or one below the other where there is little room."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from alphazed.demo.scenes import LOOKED, RIGHT, SKIPPED, WRONG, Line, Scene
from alphazed.demo.screens import LEFT_TO_RIGHT

WIDEST = 120
WIDTH_OF_A_FILE = 112
NARROWEST_FOR_TWO = 92
LABEL_WIDTH = 9

STYLES = {"plain": "", "quiet": "dim", "shown": "bold"}
HEADINGS = {"new": "bold cyan", "review": "bold blue", "challenge": "bold magenta"}
MARKS = {RIGHT: "bold green", WRONG: "bold red", SKIPPED: "yellow", LOOKED: "cyan"}


class Page:
    """Prints on a console; `sides` are the headings of the two columns."""

    def __init__(self, console: Console, sides: tuple[str, str]) -> None:
        self._console = console
        self._sides = sides
        self._width = min(console.width, WIDEST) if console.is_terminal else WIDTH_OF_A_FILE
        console.width = self._width

    def tell(self, title: str, left: Scene, right: Scene) -> None:
        """Print what went on in both apps at once."""
        if self._width < NARROWEST_FOR_TWO:
            for side, scene in zip(self._sides, (left, right), strict=True):
                self.tell_one(f"{title} · {side}", scene)
            return
        table = self._table()
        for side in self._sides:
            table.add_column(side, ratio=1)
        table.add_row(_grid(left), _grid(right))
        self._print(title, table)

    def tell_one(self, title: str, scene: Scene) -> None:
        """Print what is about both apps, or only one of them."""
        table = self._table()
        table.show_header = False
        table.add_column(ratio=1)
        table.add_row(_grid(scene))
        self._print(title, table)

    def tabulate(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print figures, the first column being their names."""
        table = self._table()
        for place, head in enumerate(heads):
            table.add_column(head, justify="right" if place else "left", ratio=1 if place else 4)
        for row in rows:
            table.add_row(*row)
        self._print(title, table)

    def write(self, text: str = "", style: str = "") -> None:
        self._console.print(Text(text, style))

    def _table(self) -> Table:
        return Table(box=box.ROUNDED, width=self._width, border_style="dim")

    def _print(self, title: str, table: Table) -> None:
        self.write()
        self.write(title, "bold yellow")
        self._console.print(_Directed(table))


class _Directed:
    """A table in which text is ordered by direction within each cell, never across cells (Unicode annex 9)."""

    def __init__(self, table: RenderableType) -> None:
        self._table = table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        border = f"{LEFT_TO_RIGHT}│{LEFT_TO_RIGHT}"
        for segment in console.render(self._table, options):
            yield Segment(segment.text.replace("│", border), segment.style, segment.control)


def _grid(scene: Scene) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=LABEL_WIDTH)
    grid.add_column(ratio=1)
    for line in scene:
        grid.add_row(Text(line.label, HEADINGS.get(line.label, "dim")), _paint(line))
    return grid


def _paint(line: Line) -> Text:
    text = Text(line.text, STYLES[line.tone])
    for mark, style in MARKS.items():
        text.highlight_words([mark], style)
    return text
