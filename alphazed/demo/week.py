"""Seven days of lessons, each with something that goes on between phones and servers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from alphazed.demo.batches import Receipt, send_again, send_kept
from alphazed.demo.days import StoryDay, to_rfc3339
from alphazed.demo.lessons import (
    Lesson,
    ask_for_lesson,
    describe_answers,
    describe_lesson,
    play,
    show_some,
    start_lesson,
)
from alphazed.demo.player import Given, Player
from alphazed.demo.scenes import Line, Scene, counted

type Kinds = set[str]  # of exercises that were shown on the page already
type DayPlay = Callable[[Player, StoryDay, Kinds], Scene]


def play_first_day(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    return [*_learn(player, day, seen)[0], _describe_sent(send_kept(player))]


def play_day_sent_twice(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    """Send the day's batch a second time, as a phone does whose first reply was lost."""
    scene, given = _learn(player, day, seen)
    scene.append(_describe_sent(send_kept(player)))
    before = player.phone.get("/user/{user_id}/progress", user_id=player.learner_id)
    again = send_again(player, given)
    # Raises if the answer is anything but 304: the progress would be another one.
    player.phone.get(
        "/user/{user_id}/progress",
        expect=HTTPStatus.NOT_MODIFIED,
        headers={"If-None-Match": before.headers["etag"]},
        user_id=player.learner_id,
    )
    text = f"{again.accepted} accepted, {counted(again.duplicates, 'duplicate')}"
    return [
        *scene,
        Line("again", text),
        Line("", f"memory version still {again.memory_version}; progress: 304"),
    ]


def play_day_offline(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    """Play a lesson that was fetched at breakfast, with no network to send the answers by."""
    scene, _ = _learn(player, day, seen)
    return [*scene, Line("kept", f"no network, {counted(len(player.kept), 'answer')} wait on the phone")]


def play_day_late(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    """Send today's answers while yesterday's still lie on the phone, and those after them."""
    yesterdays, player.kept = player.kept, []
    scene, _ = _learn(player, day, seen)
    scene.append(_describe_sent(send_kept(player)))
    player.kept = yesterdays
    late = send_kept(player)
    return [*scene, Line("late", f"yesterday's {late.accepted} accepted, memory version {late.memory_version}")]


def play_day_shuffled(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    scene, _ = _learn(player, day, seen)
    return [
        *scene,
        _describe_sent(send_kept(player, shuffled=True)),
        Line("", "shuffled, which makes no difference"),
    ]


def play_day_of_nonsense(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    """Send two answers that cannot be: they are refused alone, and cost the child nothing."""
    scene, given = _learn(player, day, seen)
    sent = given[0].sent
    in_two_days = to_rfc3339(datetime.now(UTC) + timedelta(days=2))
    future = sent | {"client_id": "from-another-time", "answered_at": in_two_days}
    unknown = sent | {"client_id": "from-another-world", "byte_id": player.library.no_exercise}
    receipt = send_kept(player, future, unknown)
    expected = {future["client_id"]: "from_the_future", unknown["client_id"]: "unknown_byte"}
    player.promises.hold(receipt.rejected == expected, "an answer that cannot be is refused, with its reason")
    return [
        *scene,
        _describe_sent(receipt),
        Line("refused", f"{expected[future['client_id']]}: given in two days' time"),
        Line("", f"{expected[unknown['client_id']]}: there is no such exercise"),
    ]


def play_day_in_halves(player: Player, day: StoryDay, seen: Kinds) -> Scene:
    """Play half a lesson, then ask for the rest: it is made anew from what the first half has shown."""
    today, lesson = _describe_today(player), start_lesson(player, day)
    middle = len(lesson.items) // 2
    first, planned = lesson.items[:middle], lesson.items[middle:]
    given = play(player, day, lesson.session_id, first)
    receipt = send_kept(player)
    rest = ask_for_lesson(player, session_id=lesson.session_id)
    _check_rest(player, lesson, given, rest)
    more = play(player, day, rest.session_id, rest.items)
    kept = {item["byte_id"] for item in planned} & {item["byte_id"] for item in rest.items}
    anew = f"{counted(len(rest.items), 'item')} left, {len(rest.items) - len(kept)} other than planned"
    return [
        today,
        describe_lesson(lesson.items),
        *show_some(player, first, given, seen),
        describe_answers(given),
        _describe_sent(receipt),
        Line("the rest", anew),
        describe_answers(more),
        _describe_sent(send_kept(player)),
    ]


#: The days of the week, in order: what each is called, and how it is played.
DAYS: tuple[tuple[str, DayPlay], ...] = (
    ("the first lesson", play_first_day),
    ("the same answers, sent twice", play_day_sent_twice),
    ("no network", play_day_offline),
    ("yesterday's answers arrive after today's", play_day_late),
    ("answers in the wrong order", play_day_shuffled),
    ("answers that cannot be", play_day_of_nonsense),
    ("half a lesson, and the rest made anew", play_day_in_halves),
)


def _learn(player: Player, day: StoryDay, seen: Kinds) -> tuple[Scene, list[Given]]:
    """Look at the day, take a lesson and play it; the answers stay on the phone."""
    today, lesson = _describe_today(player), start_lesson(player, day)
    given = play(player, day, lesson.session_id, lesson.items)
    shown = show_some(player, lesson.items, given, seen)
    return [today, describe_lesson(lesson.items), *shown, describe_answers(given)], given


def _check_rest(player: Player, lesson: Lesson, given: list[Given], rest: Lesson) -> None:
    hold = player.promises.hold
    done = {each.exercise.id for each in given}
    hold(rest.session_id == lesson.session_id, "the rest of a lesson belongs to the same session")
    hold(not done & {item["byte_id"] for item in rest.items}, "the rest of a lesson repeats nothing that was answered")


def _describe_today(player: Player) -> Line:
    today = player.phone.get("/user/{user_id}/today", user_id=player.learner_id).json
    return Line("today", f"{today['due']} due, {today['new']} new within reach")


def _describe_sent(receipt: Receipt) -> Line:
    return Line(
        "sent", f"{receipt.accepted} accepted, memory version {receipt.memory_version}, streak {receipt.streak}"
    )
