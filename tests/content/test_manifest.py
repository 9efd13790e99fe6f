"""What a phone downloads, and what it may throw away."""

from typing import Any

import pytest

from content.models import Concept, Publication, Release
from content.services.releases import build_release, publish_release
from tenants import current
from tests.phones import Phone, problem_of


def manifest(phone: Phone, have: str = "") -> Any:
    return phone.get("/app/content/manifest" + (f"?have={have}" if have else "")).json()


@pytest.fixture
def second_release(released: Release) -> Release:
    """A second release, published, in which the second unit has changed and the first has not."""
    with current.use("amal"):
        Concept.objects.filter(key="number/5").update(title={"ar": "خمسة"})
        release = build_release()
        publish_release(number=release.number)
    return release


def test_a_manifest_lists_the_packs_in_order(phone: Phone, released: Release) -> None:
    document = manifest(phone)

    with current.use("amal"):
        packs = list(released.packs.order_by("position"))
    assert document["release"] == 1
    assert document["packs"] == [
        {"key": pack.key, "sha256": pack.sha256, "bytes": pack.size, "url": f"/app/content/packs/{pack.sha256}"}
        for pack in packs
    ]
    assert document["total_bytes"] == sum(pack.size for pack in packs)


def test_every_pack_can_be_fetched_where_the_manifest_says(phone: Phone, released: Release) -> None:
    for pack in manifest(phone)["packs"]:
        data = b"".join(phone.get(pack["url"]).streaming_content)

        assert len(data) == pack["bytes"]


def test_a_phone_that_has_nothing_adds_everything(phone: Phone, released: Release) -> None:
    document = manifest(phone)

    assert document["delta"] == {"add": sorted(pack["sha256"] for pack in document["packs"]), "remove": []}


def test_a_phone_that_has_the_release_adds_nothing(phone: Phone, released: Release) -> None:
    assert manifest(phone, "1")["delta"] == {"add": [], "remove": []}


def test_a_phone_that_has_an_older_release_changes_what_has_changed(
    phone: Phone, released: Release, second_release: Release
) -> None:
    document = manifest(phone, "1")

    with current.use("amal"):
        old, new = (release.packs.get(key="numbers/high").sha256 for release in (released, second_release))
    assert document["release"] == 2
    assert document["delta"] == {"add": [new], "remove": [old]}
    assert old != new


def test_after_a_rollback_a_phone_goes_back(phone: Phone, released: Release, second_release: Release) -> None:
    forward = manifest(phone, "1")["delta"]
    with current.use("amal"):
        publish_release(number=1)

    back = manifest(phone, "2")

    assert back["release"] == 1
    assert back["delta"] == {"add": forward["remove"], "remove": forward["add"]}


@pytest.mark.parametrize("have", ["0", "2", "999999999", "000"])
def test_a_release_that_is_unknown_counts_as_nothing(phone: Phone, released: Release, have: str) -> None:
    document = manifest(phone, have)

    assert document["delta"]["add"] == sorted(pack["sha256"] for pack in document["packs"])
    assert document["delta"]["remove"] == []


@pytest.mark.parametrize(
    "have", ["-1", "abc", "1.0", "1e3", "%20", "9" * 10, "9" * 5000, "%D9%A3", "%C2%B2", "%00", "0x1"]
)
def test_what_is_no_number_of_a_release_is_pointed_at(phone: Phone, released: Release, have: str) -> None:
    refused = phone.get(f"/app/content/manifest?have={have}")

    problem = problem_of(refused)
    assert (problem["status"], problem["code"]) == (400, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["#/have"]


def test_before_the_first_release_there_is_no_manifest(phone: Phone) -> None:
    refused = phone.get("/app/content/manifest")

    assert (refused.status_code, problem_of(refused)["code"]) == (404, "nothing_published")


def test_a_release_that_is_built_and_not_published_is_not_shown(phone: Phone, second_release: Release) -> None:
    with current.use("amal"):
        publish_release(number=1)

    assert manifest(phone)["release"] == 1


def test_one_apps_release_is_nothing_to_another(phone: Phone, thurayyas_phone: Phone, released: Release) -> None:
    assert thurayyas_phone.get("/app/content/manifest").status_code == 404


def test_the_same_number_is_another_release_in_another_app(
    phone: Phone, thurayyas_phone: Phone, released: Release, released_in_thurayya: Release
) -> None:
    mine, theirs = manifest(phone, "1"), manifest(thurayyas_phone, "1")

    assert mine["release"] == theirs["release"] == 1
    assert {pack["sha256"] for pack in mine["packs"]}.isdisjoint(pack["sha256"] for pack in theirs["packs"])


def test_what_has_not_changed_is_not_sent_again(phone: Phone, released: Release) -> None:
    etag = phone.get("/app/content/manifest")["ETag"]

    again = phone.get("/app/content/manifest", if_none_match=f'"other", W/{etag}')

    assert (again.status_code, again.content) == (304, b"")


def test_moving_the_pointer_changes_the_etag(phone: Phone, released: Release, second_release: Release) -> None:
    etag = phone.get("/app/content/manifest")["ETag"]
    with current.use("amal"):
        Publication.objects.update(release=released)

    assert phone.get("/app/content/manifest", if_none_match=etag).status_code == 200
