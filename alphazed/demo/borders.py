"""What is kept apart: two apps, two families, and a sign-in that was copied."""

from http import HTTPStatus

from alphazed.demo.beginning import start, switch_on
from alphazed.demo.phone import Json, Phone, Reply
from alphazed.demo.player import Player
from alphazed.demo.scenes import Line, Scene, counted

#: The two children get the same id if so many more starts in one app can bring that about.
MOST_STARTS = 100
NOBODY = 2**53
PROBLEM_FIELDS = {"type", "title", "status", "code", "detail", "errors", "request_id"}


def meet_at_one_id(left: Player, right: Player) -> None:
    """Start phones in the app that has fewer users until both children have the same id.

    After a fresh `make run` they have it at once; otherwise the guardians who are left over stay unused.
    """
    for _ in range(MOST_STARTS):
        behind, ahead = sorted((left, right), key=lambda player: player.learner_id)
        missing = ahead.learner_id - behind.learner_id
        if missing == 0:
            return
        if missing == 1:
            added = behind.phone.send("POST", "/user/learners", {"name": ""}, expect=HTTPStatus.CREATED).json
            behind.learner_id = added["id"]
        else:
            switch_on(behind)


def cross_the_border(left: Player, right: Player) -> Scene:
    """Look at one user id in both apps, then take one app's token to the other."""
    both = left.learner_id == right.learner_id
    user_id = left.learner_id
    ours, theirs = (_read_progress(player) for player in (left, right))
    if both:
        left.promises.hold(ours != theirs, "the same user id in two apps is two children")
    stranger = Phone(right.phone.app, left.phone.port, left.phone.latencies)
    stranger.access = left.phone.access
    refused = stranger.get("/user/{user_id}/today", user_id=user_id, expect=HTTPStatus.UNAUTHORIZED)
    _check_problem(left, refused)
    return [
        Line("one id" if both else "two ids", _tell_who(left, ours)),
        Line("", _tell_who(right, theirs)),
        Line("one token", f"{left.name}'s guardian asks {right.phone.app.hosts[0]} for user {user_id}:"),
        Line("", f"✓ 401 {refused.problem['code']}, “{refused.problem['detail']}” ({refused.headers['content-type']})"),
    ]


def _tell_who(player: Player, progress: list[Json]) -> str:
    first = player.library.keys[progress[0]["concept"]].name
    host = player.phone.app.hosts[0]
    return f"user {player.learner_id} at {host} is {player.name}: {counted(len(progress), 'concept')}, from {first}"


def ask_for_a_strangers_child(player: Player) -> Scene:
    """Ask for another family's child of the same app, and for one that does not exist: the same answer."""
    neighbour = Phone(player.phone.app, player.phone.port, player.phone.latencies)
    childs_id = start(neighbour, player.person, "the neighbour's phone")["user_id"]
    refusals = [
        player.phone.get("/user/{user_id}/progress", user_id=user_id, expect=HTTPStatus.NOT_FOUND)
        for user_id in (childs_id, NOBODY)
    ]
    for refusal in refusals:
        _check_problem(player, refusal)
    somebodys, nobodys = (refusal.problem | {"request_id": ""} for refusal in refusals)
    player.promises.hold(somebodys == nobodys, "somebody else's child and nobody's are the same 404")
    return [
        Line("neighbour", f"child {childs_id} has another guardian"),
        Line("", f"{player.name}'s guardian asks: ✓ 404 {somebodys['code']}"),
        Line("nobody", "a child that is not there: ✓ the same 404"),
    ]


def lose_a_reply(player: Player) -> Scene:
    """Exchange refresh tokens as a phone does whose reply was lost, then as a thief would."""
    phone, hold = player.phone, player.promises.hold
    parent = phone.refresh
    lost = _refresh(phone, parent)
    again = _refresh(phone, parent)
    hold(lost["refresh"] != again["refresh"], "each exchange gives another token")
    phone.take_tokens(again)
    phone.get("/user/{user_id}/today", user_id=player.learner_id)
    latest = _refresh(phone, again["refresh"])
    for copied in (parent, latest["refresh"]):
        refused = phone.send("POST", "/app/token/refresh", {"refresh": copied}, expect=HTTPStatus.UNAUTHORIZED)
        _check_problem(player, refused)
    return [
        Line("lost", "the new refresh token never arrives"),
        Line("", "the old one is presented again: ✓ another"),
        Line("copied", "later somebody presents the old one again"),
        Line("", f"✓ 401 {refused.problem['code']}, and all are revoked"),
    ]


def _read_progress(player: Player) -> list[Json]:
    progress: list[Json] = player.phone.get("/user/{user_id}/progress", user_id=player.learner_id).json
    return progress


def _refresh(phone: Phone, token: str) -> Json:
    pair: Json = phone.send("POST", "/app/token/refresh", {"refresh": token}).json
    return pair


def _check_problem(player: Player, refusal: Reply) -> None:
    problem, hold = refusal.problem, player.promises.hold
    hold(set(problem) >= PROBLEM_FIELDS, "an error is a problem document (RFC 9457)")
    hold(problem["status"] == refusal.status, "a problem document tells the status")
    hold(problem["request_id"] == refusal.headers["x-request-id"], "a problem document tells the request's id")
