"""A lesson: asked for, looked through, played."""

from collections import Counter
from typing import NamedTuple

from alphazed.demo import screens
from alphazed.demo.days import StoryDay
from alphazed.demo.phone import Json
from alphazed.demo.player import Given, Player
from alphazed.demo.scenes import MARKS, Line, Scene, counted

SIZE = 12
SLOTS = ("new", "review", "challenge")
#: Reasons that tell of a concept which something learned before has opened.
OPENED = ("its prerequisite is known", "prerequisites are known")


class Lesson(NamedTuple):
    """A session as the server made it; items are `{byte_id, slot, p, reason, …}`."""

    session_id: int
    items: list[Json]


def ask_for_lesson(player: Player, **asked: object) -> Lesson:
    """Ask for a lesson, or with a `session_id` for the rest of one, and hold it against the packs."""
    body = {"user_id": player.learner_id, **asked}
    session = player.phone.send("POST", "/content_duo/generate", body).json
    hold, shelf = player.promises.hold, player.library.exercises
    hold(session["release"] == player.release, "a lesson is made of the release that the phone has")
    hold(bool(session["items"]), "a lesson is never empty")
    for item in session["items"]:
        hold(item["byte_id"] in shelf, "all of a lesson is in the packs")
        hold(item["payload"] == shelf[item["byte_id"]].payload, "an exercise is the same in lesson and pack")
        hold(item["slot"] in SLOTS and bool(item["reason"]), "an item says what it is for, and why")
    return Lesson(session["session_id"], session["items"])


def start_lesson(player: Player, day: StoryDay) -> Lesson:
    """Ask for the day's lesson; its seed makes the demo the same each time."""
    player.tally.lessons += 1
    return ask_for_lesson(player, size=SIZE, seed=f"{player.name}, day {day.number}")


def play(player: Player, day: StoryDay, session_id: int, items: list[Json]) -> list[Given]:
    """Let the child answer some items; what is new counts as opened where something learned before has opened it."""
    player.tally.opened += sum(item["slot"] == "new" and item["reason"].endswith(OPENED) for item in items)
    return [player.give(item["byte_id"], day, session_id) for item in items]


def describe_lesson(items: list[Json]) -> Line:
    slots = Counter(item["slot"] for item in items)
    return Line("lesson", f"{counted(len(items), 'item')}: " + ", ".join(f"{slots[s]} {s}" for s in SLOTS if slots[s]))


def show_some(player: Player, items: list[Json], given: list[Given], seen: set[str]) -> Scene:
    """Show one item of each slot as the child sees it, rather of a kind that was not shown before."""
    scene: Scene = []
    for slot in SLOTS:
        here = [(item, each) for item, each in zip(items, given, strict=True) if item["slot"] == slot]
        if here:
            item, each = min(here, key=lambda pair: (pair[1].exercise.kind in seen, pair[1].exercise.kind == "meet"))
            seen.add(each.exercise.kind)
            scene.extend(_show(player, item, each))
    return scene


def _show(player: Player, item: Json, given: Given) -> Scene:
    exercise = given.exercise
    lines = [
        Line(item["slot"], screens.task(exercise)),
        Line("", screens.question(exercise), "shown"),
        Line("", screens.choices(exercise), "shown"),
        Line("", f"{player.name}: {screens.response(exercise, given.attempt)}"),
        Line("", f"why: {item['reason']}", "quiet"),
    ]
    return [line for line in lines if line.text]


def describe_answers(given: list[Given]) -> Line:
    marks = " ".join(MARKS[each.attempt.outcome] for each in given)
    right, graded = count_right(given)
    return Line("played", f"{marks}  {right} of {graded} right")


def count_right(given: list[Given]) -> tuple[int, int]:
    """Return how many answers were right, of how many that could be."""
    outcomes = Counter(each.attempt.outcome for each in given)
    return outcomes["correct"], len(given) - outcomes["exposed"]
