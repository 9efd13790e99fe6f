"""What a phone learns when it starts: the app, its switches and the season."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from content.hot.config import show
from content.models import Release, SeasonOffset
from tenants import current
from tenants.registry.app import App
from tenants.services import django_services
from tests.phones import Phone
from thin.http import Request

RAMADAN_1448 = {"name": "ramadan", "starts": "2027-02-08", "ends": "2027-03-08"}
A_DAY_LATER = {"name": "ramadan", "starts": "2027-02-09", "ends": "2027-03-09"}


def season_on(day: str, country: str = "") -> Any:
    now_ms = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
    query = {"country": country} if country else {}
    response = show(Request("GET", "/app/config", {}, query, {}, b"", "an-id", now_ms), django_services())
    return json.loads(response.body)["season"]


def test_an_app_says_what_it_is(phone: Phone, released: Release, amal: App) -> None:
    config = phone.get("/app/config").json()

    assert config.pop("season", "missing") != "missing"
    assert config == {
        "app": "amal",
        "title": {"ar": "أمل", "en": "Amal"},
        "languages": ["ar", "en"],
        "min_version": "1.0.0",
        "features": ["creature_building", "noorani_qaida"],
        "release": released.number,
    }


def test_before_the_first_release_there_is_none(phone: Phone) -> None:
    assert phone.get("/app/config").json()["release"] is None


def test_one_apps_release_is_not_anothers(phone: Phone, thurayyas_phone: Phone, released: Release) -> None:
    assert thurayyas_phone.get("/app/config").json()["release"] is None
    assert thurayyas_phone.get("/app/config").json()["app"] == "thurayya"


def test_no_token_is_asked_for(phone: Phone) -> None:
    phone.access = "rubbish"

    assert phone.get("/app/config").status_code == 200


@pytest.mark.parametrize(
    ("day", "season"),
    [
        ("2027-02-07T23:59:59", None),
        ("2027-02-08", RAMADAN_1448),
        ("2027-02-10", RAMADAN_1448),
        ("2027-03-08T23:59:59", RAMADAN_1448),
        ("2027-03-09", None),
        ("2026-08-01", None),
    ],
)
def test_ramadan_begins_and_ends(in_amal: App, db: None, day: str, season: Any) -> None:
    assert season_on(day) == season


@pytest.mark.parametrize(
    ("day", "season"),
    [("2027-02-08", None), ("2027-02-09", A_DAY_LATER), ("2027-03-09", A_DAY_LATER), ("2027-03-10", None)],
)
@pytest.mark.parametrize("country", ["PK", "pk"])
def test_a_country_that_sights_the_moon_later_begins_and_ends_later(
    in_amal: App, db: None, day: str, season: Any, country: str
) -> None:
    SeasonOffset.objects.create(country="PK", days=1)

    assert season_on(day, country) == season


def test_a_country_that_sights_the_moon_earlier_begins_earlier(in_amal: App, db: None) -> None:
    SeasonOffset.objects.create(country="LY", days=-1)

    assert season_on("2027-02-07", "LY") == {"name": "ramadan", "starts": "2027-02-07", "ends": "2027-03-07"}


@pytest.mark.parametrize("country", ["SA", "", "XX", "PAKISTAN", "%", "'", "🌙"])
def test_any_other_country_follows_the_calendar(in_amal: App, db: None, country: str) -> None:
    SeasonOffset.objects.create(country="PK", days=1)

    assert season_on("2027-02-10", country) == RAMADAN_1448


def test_another_apps_offset_is_not_this_ones(phone: Phone, thurayya: App, in_amal: App) -> None:
    with current.use(thurayya):
        SeasonOffset.objects.create(country="PK", days=1)

    assert season_on("2027-02-08", "PK") == RAMADAN_1448


@pytest.mark.parametrize("query", ["?country=%00", "?country=%ff", "?country=", "?country=SA&country=PK", "?x=1"])
def test_a_strange_query_is_answered(phone: Phone, query: str) -> None:
    assert phone.get("/app/config" + query).status_code == 200


def test_what_has_not_changed_is_not_sent_again(phone: Phone) -> None:
    first = phone.get("/app/config")

    again = phone.get("/app/config", if_none_match=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Host" in first["Vary"]


def test_a_new_release_changes_the_etag(phone: Phone, request: pytest.FixtureRequest) -> None:
    before = phone.get("/app/config")
    request.getfixturevalue("released")

    assert phone.get("/app/config", if_none_match=before["ETag"]).status_code == 200
