"""Refresh tokens: one chain per sign-in, whoever else holds a copy of it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

import accounts.services.tokens
from accounts.models import RefreshFamily, RefreshToken, User
from accounts.services.tokens import RefreshRefused, refresh_tokens
from tenants import current
from tenants.registry.app import App
from tests.phones import Phone, problem_of

NOW = datetime.now(UTC)


def refresh(phone: Phone, token: str) -> Any:
    return phone.post("/app/token/refresh", {"refresh": token})


def successor(phone: Phone, token: str) -> str:
    answer = refresh(phone, token)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["refresh"])


def is_refused(phone: Phone, token: str) -> bool:
    answer = refresh(phone, token)
    assert answer.status_code in {200, 401}
    return bool(answer.status_code == 401)


@pytest.fixture
def first(phone: Phone) -> str:
    """The refresh token that the phone started with."""
    return str(phone.start["refresh"])


def test_a_token_is_exchanged_for_its_successor(phone: Phone, first: str) -> None:
    pair = refresh(phone, first).json()
    phone.access = pair["access"]

    assert pair["refresh"] != first
    assert pair["expires_in"] == 900
    assert phone.get("/user/learners").status_code == 200


def test_a_chain_goes_on_and_on(phone: Phone, first: str) -> None:
    token = first
    for _ in range(5):
        token = successor(phone, token)

    assert not is_refused(phone, token)


def test_a_lost_reply_is_made_good(phone: Phone, first: str) -> None:
    lost = successor(phone, first)

    found = successor(phone, first)

    assert found != lost
    assert not is_refused(phone, found)


def test_a_reply_can_be_lost_more_than_once(phone: Phone, first: str) -> None:
    for _ in range(3):
        last = successor(phone, first)

    assert not is_refused(phone, successor(phone, last))


def test_a_token_whose_successor_was_used_ends_the_sign_in(phone: Phone, first: str) -> None:
    second = successor(phone, first)
    third = successor(phone, second)

    replayed = refresh(phone, first)

    assert problem_of(replayed)["code"] == "refresh_refused"
    assert is_refused(phone, third)
    assert is_refused(phone, second)


def test_a_token_from_far_back_ends_the_sign_in(phone: Phone, first: str) -> None:
    token = first
    for _ in range(4):
        token = successor(phone, token)

    assert is_refused(phone, first)
    assert is_refused(phone, token)


def test_a_sibling_of_a_used_token_ends_the_sign_in(phone: Phone, first: str) -> None:
    """Two parties hold a successor of the same token: one of them is not the phone."""
    mine, thiefs = successor(phone, first), successor(phone, first)
    next_of_mine = successor(phone, mine)

    assert is_refused(phone, thiefs)
    assert is_refused(phone, next_of_mine)


def test_a_replay_ends_this_sign_in_only(phone: Phone, first: str, second_phone: Phone) -> None:
    successor(phone, successor(phone, first))

    assert is_refused(phone, first)
    assert not is_refused(second_phone, second_phone.start["refresh"])


def test_a_token_slides_for_180_days(phone: Phone, first: str, in_amal: App) -> None:
    soon, late = NOW + timedelta(days=179), NOW + timedelta(days=358)

    second = refresh_tokens(refresh=first, now=soon).refresh
    third = refresh_tokens(refresh=second, now=late).refresh

    with pytest.raises(RefreshRefused):
        refresh_tokens(refresh=third, now=late + timedelta(days=180))


def test_an_expired_token_is_refused_without_ending_the_sign_in(phone: Phone, first: str, in_amal: App) -> None:
    RefreshToken.objects.update(expires_at=NOW)

    assert is_refused(phone, first)
    assert RefreshFamily.objects.get().revoked_at is None


def test_a_revoked_sign_in_is_refused(phone: Phone, first: str, in_amal: App) -> None:
    RefreshFamily.objects.update(revoked_at=NOW)

    assert is_refused(phone, first)
    assert RefreshToken.objects.count() == 1


def test_a_deactivated_guardian_gets_no_tokens(phone: Phone, first: str, in_amal: App) -> None:
    User.objects.filter(pk=phone.guardian).update(is_active=False)

    assert is_refused(phone, first)


def test_another_apps_token_is_refused(phone: Phone, thurayyas_phone: Phone) -> None:
    assert is_refused(thurayyas_phone, phone.start["refresh"])
    assert not is_refused(phone, phone.start["refresh"])


def test_every_refusal_looks_the_same_but_for_the_request(phone: Phone, first: str, in_amal: App) -> None:
    unknown = refresh(phone, "no-such-token")
    successor(phone, successor(phone, first))
    replayed, revoked = refresh(phone, first), refresh(phone, first)

    problems = [problem_of(answer) | {"request_id": ""} for answer in (unknown, replayed, revoked)]
    assert problems[0] == problems[1] == problems[2]
    assert {answer["WWW-Authenticate"] for answer in (unknown, replayed, revoked)} == {"Bearer"}


@pytest.mark.parametrize("token", ["", None, "x" * 201, ["a"], {}, "a\u0000b", "\ud800"])
def test_what_cannot_be_a_token_is_pointed_at(phone: Phone, token: Any) -> None:
    problem = problem_of(refresh(phone, token))

    assert problem["status"] == 400
    assert {error["pointer"] for error in problem["errors"]} == {"#/refresh"}


def test_an_access_token_is_no_refresh_token(phone: Phone) -> None:
    assert is_refused(phone, "x" * 200)
    assert refresh(phone, phone.access).status_code in {400, 401}


def test_only_the_hash_of_a_token_is_stored(phone: Phone, first: str, in_amal: App) -> None:
    token = RefreshToken.objects.get()

    assert first not in {str(value) for value in vars(token).values()}


def race(token: str, parties: int = 2) -> list[str | None]:
    """Present one token in several threads at once; return the successors, None for a refusal."""
    barrier = Barrier(parties)

    @current.use("amal")
    def present(_: int) -> str | None:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=10)
            return refresh_tokens(refresh=token, now=datetime.now(UTC)).refresh
        except RefreshRefused:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(parties) as pool:
        return list(pool.map(present, range(parties)))


@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_present_a_token_at_once_only_one_can_go_on(transactional_db: None, amal: App, _round: int) -> None:
    phone = Phone(amal, Client())

    held = [token for token in race(phone.start["refresh"]) if token]
    went_on = [token for token in held if not is_refused(phone, token)]

    assert held
    assert len(went_on) == 1


def test_two_siblings_presented_at_once_end_in_one_chain_at_most(
    transactional_db: None, amal: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_slowly(token: RefreshToken) -> bool:
        replayed = was_replayed(token)
        time.sleep(0.1)  # as long as the other needs to look too, if nothing makes it wait
        return replayed

    was_replayed = accounts.services.tokens._was_replayed
    monkeypatch.setattr("accounts.services.tokens._was_replayed", look_slowly)
    phone = Phone(amal, Client())
    siblings = [successor(phone, phone.start["refresh"]) for _ in range(2)]
    barrier = Barrier(2)

    @current.use("amal")
    def present(token: str) -> bool:
        try:
            barrier.wait(timeout=10)
            refresh_tokens(refresh=token, now=datetime.now(UTC))
        except RefreshRefused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(present, siblings))

    assert outcomes == [False, True]
    with current.use(amal):
        assert RefreshFamily.objects.get().revoked_at is not None
