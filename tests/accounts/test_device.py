"""A first start: a guardian, a child and tokens, for the asking of nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Device, Guardianship, RefreshFamily, User
from accounts.services.devices import start_device, utc_offset_min
from tenants import current
from tenants.registry.app import App
from tests.phones import Phone, problem_of

START = {"install_id": "a-phone", "platform": "android"}


def post(client: Client, body: Any, host: str = "amal.localhost") -> Any:
    return client.post("/app/device", body, "application/json", headers={"host": host})


def test_a_start_makes_a_guardian_a_child_a_device_and_a_sign_in(db: None, client: Client, in_amal: App) -> None:
    place = {"timezone": "Asia/Riyadh", "country": "SA", "locale": "ar-SA", "app_version": "2.1.0"}

    started = post(client, START | place)
    guardian, learner = (User.objects.get(pk=started.json()[name]) for name in ("guardian_id", "user_id"))

    assert started.status_code == 201
    assert (guardian.kind, learner.kind) == ("guardian", "learner")
    for user in (guardian, learner):
        assert (user.language, user.timezone, user.country, user.utc_offset_min) == ("ar", "Asia/Riyadh", "SA", 180)
        assert user.is_active
        assert not user.is_staff
        assert not user.has_usable_password()
    assert Guardianship.objects.filter(guardian=guardian, learner=learner).count() == 1
    assert Device.objects.get(guardian=guardian).locale == "ar-SA"
    assert RefreshFamily.objects.get(user=guardian).device == Device.objects.get(guardian=guardian)


def test_the_tokens_of_a_start_work_at_once(phone: Phone) -> None:
    learners = phone.get("/user/learners").json()
    renewed = phone.post("/app/token/refresh", {"refresh": phone.start["refresh"]})

    assert [learner["id"] for learner in learners] == [phone.learner]
    assert renewed.status_code == 200
    assert phone.start["expires_in"] == 900


def test_the_same_install_id_is_a_new_guardian_each_time(db: None, client: Client) -> None:
    """It proves nothing about who sends it: whoever knew it would get another family's child."""
    starts = [post(client, START).json() for _ in range(3)]

    assert len({start["guardian_id"] for start in starts}) == 3
    assert len({start["user_id"] for start in starts}) == 3
    assert len({start["refresh"] for start in starts}) == 3


def test_an_access_token_sent_along_does_not_join_the_guardian(phone: Phone) -> None:
    again = phone.post("/app/device", START).json()

    assert again["guardian_id"] != phone.guardian


def test_a_bad_access_token_does_not_keep_a_phone_from_starting(db: None, client: Client) -> None:
    headers = {"host": "amal.localhost", "authorization": "Bearer rubbish"}

    assert client.post("/app/device", START, "application/json", headers=headers).status_code == 201


def test_a_start_in_one_app_is_none_in_another(db: None, client: Client) -> None:
    post(client, START)

    with current.use("thurayya"):
        assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("timezone", "Asia/Riyad", "unknown_timezone"),
        ("timezone", "", "blank"),
        ("timezone", "../../etc/passwd", "unknown_timezone"),
        ("timezone", "/etc/localtime", "unknown_timezone"),
        ("timezone", "Asia", "unknown_timezone"),
        ("timezone", "+03:00", "unknown_timezone"),
        ("timezone", "Asia/Riyadh\u0000", None),
        ("timezone", "\ud800", None),
        ("timezone", "é" * 300, "unknown_timezone"),
        ("timezone", 3, "unknown_timezone"),
        ("timezone", None, "null"),
        ("country", "sa", "invalid"),
        ("country", "SAU", None),
        ("country", "S", "invalid"),
        ("country", "S1", "invalid"),
        ("country", "ÅÄ", "invalid"),
        ("country", ["SA"], "invalid"),
        ("platform", "symbian", "invalid_choice"),
        ("platform", "", "invalid_choice"),
        ("platform", "Android", "invalid_choice"),
        ("platform", ["web"], "invalid_choice"),
        ("install_id", "", "blank"),
        ("install_id", "x" * 65, "max_length"),
        ("install_id", "a\u0000b", None),
        ("install_id", {}, "invalid"),
        ("locale", "x" * 17, "max_length"),
        ("app_version", "1" * 21, "max_length"),
    ],
)
def test_a_wrong_field_is_pointed_at(db: None, client: Client, field: str, value: Any, code: str | None) -> None:
    refused = post(client, START | {field: value})

    problem = problem_of(refused)
    assert (refused.status_code, problem["code"]) == (400, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {f"#/{field}"}
    assert code is None or code in {error["code"] for error in problem["errors"]}


@pytest.mark.parametrize("field", ["install_id", "platform"])
def test_a_field_that_is_left_out_is_pointed_at(db: None, client: Client, field: str) -> None:
    refused = post(client, {name: value for name, value in START.items() if name != field})

    assert problem_of(refused)["errors"] == [
        {"pointer": f"#/{field}", "code": "required", "detail": "This field is required."}
    ]


@pytest.mark.parametrize("body", [[], '"text"', 5, None, [START]])
def test_a_body_that_is_no_object_is_refused(db: None, client: Client, body: Any) -> None:
    assert problem_of(post(client, body))["code"] == "invalid"


def test_a_refused_start_leaves_nobody_behind(db: None, client: Client, in_amal: App) -> None:
    post(client, START | {"timezone": "Mars/Olympus"})

    assert User.objects.count() == Device.objects.count() == 0


def test_a_start_that_breaks_off_leaves_nobody_behind(db: None, in_amal: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("accounts.services.devices.start_family", fail)

    with pytest.raises(ZeroDivisionError):
        start_device(**START, locale="", timezone="UTC", country="", app_version="", now=datetime.now(UTC))

    assert User.objects.count() == Guardianship.objects.count() == Device.objects.count() == 0


@pytest.mark.parametrize(
    ("locale", "language"), [("ar-SA", "ar"), ("ar_SA", "ar"), ("EN", "en"), ("zh-Hant-TW", "zh"), ("", "")]
)
def test_the_language_is_the_first_part_of_the_locale(
    db: None, client: Client, in_amal: App, locale: str, language: str
) -> None:
    body = START | ({"locale": locale} if locale else {})

    started = post(client, body).json()

    assert User.objects.get(pk=started["user_id"]).language == language


def test_a_locale_that_is_all_one_word_fits_the_column(db: None, client: Client, in_amal: App) -> None:
    """MySQL refuses what is too long for a column, where SQLite stores it."""
    started = post(client, START | {"locale": "abcdefghijklmnop"})

    longest = User._meta.get_field("language").max_length or 0
    assert started.status_code == 400 or len(User.objects.get(pk=started.json()["user_id"]).language) <= longest


@pytest.mark.parametrize(
    ("zone", "month", "minutes"),
    [
        ("UTC", 1, 0),
        ("Asia/Riyadh", 7, 180),
        ("Asia/Kolkata", 1, 330),
        ("America/New_York", 1, -300),
        ("America/New_York", 7, -240),
        ("Pacific/Kiritimati", 1, 840),
        ("Pacific/Marquesas", 1, -570),
    ],
)
def test_the_offset_is_the_one_of_that_day(zone: str, month: int, minutes: int) -> None:
    assert utc_offset_min(zone, datetime(2026, month, 15, tzinfo=UTC)) == minutes
