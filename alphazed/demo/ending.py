"""What a week of lessons has come to, and the same week told in another way."""

from collections import Counter, defaultdict
from datetime import date
from http import HTTPStatus

from alphazed.demo.batches import send_batch
from alphazed.demo.days import DAYS
from alphazed.demo.lessons import count_right
from alphazed.demo.phone import Json
from alphazed.demo.player import Given, Player
from alphazed.demo.scenes import Line, Scene, counted

BANDS = ("beginner", "intermediate", "advanced", "mastered")
EXTREMES = 3


def look_back(player: Player) -> Scene:
    """Show the progress, after checking it against what the phone has sent."""
    progress: list[Json] = player.phone.get("/user/{user_id}/progress", user_id=player.learner_id).json
    today = player.phone.get("/user/{user_id}/today", user_id=player.learner_id).json
    _check_progress(player, progress)
    player.promises.hold(today["streak"] == DAYS, "seven days with a lesson are a streak of seven, late answers or not")
    bands = Counter(each["band"] for each in progress)
    weakest_first = sorted(progress, key=lambda each: (each["strength"], each["due"], each["concept"]))
    longest_held_first = sorted(progress, key=lambda each: (each["due"], each["strength"]), reverse=True)
    return [
        Line("streak", f"{counted(today['streak'], 'day')} in a row"),
        Line("goal", f"{today['goal']['done']} of {today['goal']['target']} answers today"),
        Line("ahead", f"{today['due']} due, {today['new']} new within reach"),
        *(Line("" if place else "bands", f"{band:<12} {_bar(bands[band])}") for place, band in enumerate(BANDS)),
        *_list_concepts(player, "strongest", longest_held_first[:EXTREMES]),
        *_list_concepts(player, "weakest", weakest_first[:EXTREMES]),
    ]


def _check_progress(player: Player, progress: list[Json]) -> None:
    """Hold the progress against the phone's own count of right answers by concept."""
    hold = player.promises.hold
    by_concept: dict[str, list[Given]] = defaultdict(list)
    for given in player.given:
        if given.attempt.outcome != "exposed":
            by_concept[player.library.concepts[given.exercise.concept_id].key].append(given)
    hold({each["concept"] for each in progress} == set(by_concept), "progress tells of each concept that was practised")
    for each in progress:
        right, graded = count_right(by_concept[each["concept"]])
        hold(each["accuracy"] == round(right / graded, 4), "accuracy is the share of right answers")
        hold(0 < each["strength"] <= 1 and each["band"] in BANDS, "strength is a chance, a band is one of four")


def _list_concepts(player: Player, label: str, entries: list[Json]) -> Scene:
    keys = player.library.keys
    scene: Scene = []
    for place, each in enumerate(entries):
        due = date.fromisoformat(each["due"])
        facts = f"{each['strength']:4.0%}, due {due.day:2} {due:%b}  {keys[each['concept']].name}"
        scene.append(Line("" if place else label, facts))
    return scene


def _bar(number: int) -> str:
    return f"{'█' * number} {number}".strip()


def tell_again(player: Player) -> Scene:
    """Give a twin the same answers at once and backwards: memory depends on what was answered, not on how it came."""
    named = {"name": f"{player.name}'s twin"}
    twin = player.phone.send("POST", "/user/learners", named, expect=HTTPStatus.CREATED).json["id"]
    answers = [each.sent for each in reversed(player.given)]
    receipt = send_batch(player, twin, answers)
    hold, phone = player.promises.hold, player.phone
    hold(receipt.accepted == len(answers), "the same answers are new for another child")
    ours, theirs = (phone.get("/user/{user_id}/progress", user_id=user_id) for user_id in (player.learner_id, twin))
    hold(ours.body == theirs.body, "the same answers leave the same memory, in whatever order they came")
    return [
        Line("the twin", f"child {twin} sends all {len(answers)} answers in one batch"),
        Line("", "✓ the same progress, byte for byte"),
    ]
