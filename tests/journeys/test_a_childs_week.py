"""The week that `make demo` plays, against a server of this process."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer
from rich.console import Console

from accounts.models import User
from alphazed.demo.player import Player
from alphazed.demo.promises import BrokenPromise
from alphazed.demo.story import tell_week
from content.models import Release
from learning.hot import answers
from learning.hot.answers import Applied
from tenants import current

PORT_NOBODY_LISTENS_ON = 1


@pytest.fixture
def server(live_server: LiveServer, released: Release, released_in_thurayya: Release) -> LiveServer:
    return live_server


@pytest.fixture
def page() -> StringIO:
    return StringIO()


def tell(server: LiveServer, page: StringIO) -> tuple[Player, Player]:
    return tell_week(Console(file=page), port=server.thread.port, now=datetime.now(UTC))


def test_it_is_played_to_its_end_and_its_figures_add_up(server: LiveServer, page: StringIO) -> None:
    players = tell(server, page)

    for player in players:
        tally = player.tally
        assert tally.sent == tally.accepted + tally.duplicates + tally.refused
        assert tally.accepted == len(player.given)
        assert tally.duplicates == sum(given.day == 2 for given in player.given)
        assert tally.refused == 2
        assert tally.lessons == 7
        assert {given.day for given in player.given} == set(range(1, 8))
        assert player.memory_version == 8
        assert player.kept == []
    assert f"{len(players[0].given)}" in page.getvalue()


@pytest.mark.parametrize("more_in_thurayya", [0, 3, -4])
def test_both_children_have_one_id_and_are_two_children(
    server: LiveServer, page: StringIO, more_in_thurayya: int
) -> None:
    users = time.time_ns() // 1_000_000  # beyond whatever ids earlier tests have used up
    add_user("amal", users)
    add_user("thurayya", users + more_in_thurayya)

    amals, thurayyas = tell(server, page)

    assert amals.learner_id == thurayyas.learner_id
    assert f"user {amals.learner_id} at amal.localhost is Salma" in page.getvalue()
    assert f"user {amals.learner_id} at thurayya.localhost is Yusuf" in page.getvalue()


def test_it_is_the_same_week_each_time(server: LiveServer, page: StringIO) -> None:
    first, second = (
        [[(given.exercise.id, given.attempt) for given in player.given] for player in tell(server, page)]
        for _ in range(2)
    )

    assert first == second


def test_the_command_prints_two_columns_without_colours_into_a_file(server: LiveServer, page: StringIO) -> None:
    call(server.thread.port, stdout=page)

    text = page.getvalue()
    assert "Day 7: half a lesson, and the rest made anew" in text
    assert "Salma in Riyadh" in text
    assert "Yusuf in Toronto" in text
    assert "POST /user/{user_id}/answers" in text
    assert "\x1b" not in text


def test_it_fails_where_a_duplicate_changes_the_memory(
    server: LiveServer, page: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "apply", _counting_duplicates_as_steps(answers.apply))

    with pytest.raises(BrokenPromise, match="amal: the server broke a promise: a batch with something new is one step"):
        tell(server, page)


def test_it_fails_where_an_answer_is_lost(server: LiveServer, page: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "find_new", lambda *_: [])

    with pytest.raises(BrokenPromise, match="what is sent for the first time is accepted"):
        tell(server, page)


def test_an_unexpected_answer_ends_it_with_one_line(live_server: LiveServer, page: StringIO) -> None:
    """Nothing is released here, so there is no manifest."""
    errors = StringIO()

    with pytest.raises(SystemExit, match="1"):
        call(live_server.thread.port, stdout=page, stderr=errors)

    [line] = errors.getvalue().splitlines()
    assert line.startswith("amal: GET /app/content/manifest: 404 nothing_published, expected 200 (request id ")


def test_without_a_server_it_says_how_to_start_one(page: StringIO) -> None:
    errors = StringIO()

    with pytest.raises(SystemExit, match="1"):
        call(PORT_NOBODY_LISTENS_ON, stdout=page, stderr=errors)

    assert errors.getvalue() == "no server answers on 127.0.0.1:1; start it with: make run\n"
    assert page.getvalue() == ""


def add_user(app: str, number: int) -> None:
    """Add a user of this id, after which the app counts on."""
    with current.use(app):
        User.objects.create(pk=number, kind=User.Kind.GUARDIAN)


def call(port: int, **options: Any) -> None:
    with override_settings(ENV=replace(settings.ENV, port=port)):
        call_command("demo", **options)


def _counting_duplicates_as_steps(apply: Any) -> Any:
    def wrong(*args: Any, **options: Any) -> Applied:
        applied: Applied = apply(*args, **options)
        return applied._replace(memory_version=applied.memory_version + (applied.duplicates > 0))

    return wrong
