"""Answers on their way to the server: now, late, twice, in any order."""

from datetime import UTC, datetime
from typing import NamedTuple

from alphazed.demo.days import to_rfc3339
from alphazed.demo.phone import Json
from alphazed.demo.player import Given, Player


class Receipt(NamedTuple):
    """What the server said to a batch; `rejected` are codes by client id."""

    accepted: int
    duplicates: int
    rejected: dict[str, str]
    streak: int
    memory_version: int


def send_batch(player: Player, learner_id: int, answers: list[Json]) -> Receipt:
    """Send answers for a learner; every one of them must come back as accepted, duplicate or refused."""
    body = {"sent_at": to_rfc3339(datetime.now(UTC)), "answers": answers}
    reply = player.phone.send("POST", "/user/{user_id}/answers", body, user_id=learner_id).json
    rejected = {each["client_id"]: each["code"] for each in reply["rejected"]}
    receipt = Receipt(reply["accepted"], reply["duplicates"], rejected, reply["streak"], reply["memory_version"])
    total = receipt.accepted + receipt.duplicates + len(rejected)
    player.promises.hold(total == len(answers), "every answer is accepted, a duplicate or refused")
    return receipt


def send(player: Player, answers: list[Json]) -> Receipt:
    """Send answers of the child itself, which count in the figures."""
    receipt = send_batch(player, player.learner_id, answers)
    tally = player.tally
    tally.sent += len(answers)
    tally.accepted += receipt.accepted
    tally.duplicates += receipt.duplicates
    tally.refused += len(receipt.rejected)
    step = int(receipt.accepted > 0)
    player.promises.hold(
        receipt.memory_version == player.memory_version + step, "a batch with something new is one step of memory"
    )
    player.memory_version = receipt.memory_version
    return receipt


def send_kept(player: Player, *strange: Json, shuffled: bool = False) -> Receipt:
    """Send what lies on the phone, with some strange answers if wanted; exactly the phone's own are accepted."""
    answers = [each.sent for each in player.kept]
    if shuffled:
        player.random.shuffle(answers)
    receipt = send(player, [*answers, *strange])
    player.promises.hold(receipt.accepted == len(answers), "what is sent for the first time is accepted")
    player.kept.clear()
    return receipt


def send_again(player: Player, given: list[Given]) -> Receipt:
    """Send answers that the server has already: nothing may change."""
    receipt = send(player, [each.sent for each in given])
    player.promises.hold(receipt.accepted == 0, "an answer that is sent twice counts once")
    player.promises.hold(receipt.duplicates == len(given), "an answer that is sent twice is called a duplicate")
    return receipt
