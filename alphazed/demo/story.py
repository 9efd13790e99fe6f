"""A child's week, twice: Salma learns Arabic with Amal while Yusuf memorises the Quran with Thurayya."""

from datetime import datetime
from random import Random

from rich.console import Console

from alphazed.demo import beginning, borders, ending, week
from alphazed.demo.child import Child
from alphazed.demo.days import StoryDay, lay_out_week
from alphazed.demo.figures import print_figures
from alphazed.demo.latencies import Latencies
from alphazed.demo.page import Page
from alphazed.demo.phone import ADDRESS, Phone
from alphazed.demo.player import Person, Player
from alphazed.demo.promises import Promises
from alphazed.demo.scenes import LOOKED, RIGHT, SKIPPED, WRONG, Line
from tenants.registry.catalogue import get_app

SALMA = Person("amal", "Salma", 6, "Riyadh", "SA", "ar-SA", "Asia/Riyadh", talent=0.8)
YUSUF = Person("thurayya", "Yusuf", 9, "Toronto", "CA", "en-CA", "America/Toronto", talent=1.3)

PREFACE = """\
Two children, two apps, one server at {address}. All of it goes over HTTP, as a phone would send it, and what
the server promises is checked on the way.

The week is laid in the past, its last day is today: answers carry the time of their day, and the server takes
them up to 45 days late. Its own clock cannot be moved, so each lesson is made as of today, and the streak stays
at 0 until the story reaches yesterday.
"""
LEGEND = f"{RIGHT} right   {WRONG} wrong   {SKIPPED} skipped   {LOOKED} only looked at"


def tell_week(console: Console, *, port: int, now: datetime) -> tuple[Player, Player]:
    """Play the week against the server and print it; return what both sides have come to.

    Raises:
        DemoFailed: There is no server, it answered unexpectedly, or it broke a promise.
    """
    left, right = _introduce(SALMA, port), _introduce(YUSUF, port)
    page = Page(console, (_head(left), _head(right)))
    _begin(page, left, right, now)
    _play_days(page, left, right, now)
    page.tell("A week later", ending.look_back(left), ending.look_back(right))
    page.tell("The same week, told backwards", ending.tell_again(left), ending.tell_again(right))
    page.tell_one("Two apps, one server", borders.cross_the_border(left, right))
    page.tell("Two families, one app", *(borders.ask_for_a_strangers_child(player) for player in (left, right)))
    page.tell("A reply is lost, a token is copied", borders.lose_a_reply(left), borders.lose_a_reply(right))
    print_figures(page, (left, right))
    return left, right


def _introduce(person: Person, port: int) -> Player:
    """Return a child with a phone that is still switched off."""
    return Player(
        person=person,
        phone=Phone(get_app(person.app), port, Latencies()),
        promises=Promises(person.app),
        child=Child(person.name, talent=person.talent),
        random=Random(person.name),  # noqa: S311 - reproducible is the point
    )


def _begin(page: Page, left: Player, right: Player, now: datetime) -> None:
    for player in (left, right):
        beginning.switch_on(player)
    borders.meet_at_one_id(left, right)
    page.write("A child's week", "bold")
    page.write()
    for paragraph in PREFACE.format(address=f"{ADDRESS}:{left.phone.port}").split("\n\n"):
        page.write(" ".join(paragraph.split()))
        page.write()
    page.write(LEGEND)
    page.tell("A phone is switched on", *(beginning.introduce(player, now.year) for player in (left, right)))
    page.tell("It takes along all there is", beginning.download(left), beginning.download(right))


def _play_days(page: Page, left: Player, right: Player, now: datetime) -> None:
    weeks = (lay_out_week(now, player.person.zone) for player in (left, right))
    seen: tuple[set[str], set[str]] = set(), set()
    for (title, play_day), *days in zip(week.DAYS, *weeks, strict=True):
        scenes = (
            [_tell_date(day), *play_day(player, day, kinds)]
            for player, day, kinds in zip((left, right), days, seen, strict=True)
        )
        page.tell(f"Day {days[0].number}: {title}", *scenes)


def _tell_date(day: StoryDay) -> Line:
    # Until four in the morning it is still the day before.
    night = ", past midnight" if day.begins.date() > day.date else ""
    return Line(f"{day.date:%A}", f"{day.date.day} {day.date:%B}, {day.begins:%H:%M}{night}")


def _head(player: Player) -> str:
    app = player.phone.app
    return f"{app.theme.emoji} {app.title['en']} · {player.name} in {player.person.city}"
