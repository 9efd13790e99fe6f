"""Packs, pictures and sounds: named by what is in them, kept for ever, harmless when opened."""

import gzip
import json
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.storage import default_storage

from content.files import Folder, store
from content.models import Asset, Licence, Release
from tenants import current
from tests.phones import Phone, problem_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def first_pack(phone: Phone) -> Any:
    return phone.get("/app/content/manifest").json()["packs"][0]


@pytest.fixture
def picture(phone: Phone) -> str:
    """The path of a picture that an editor of amal has uploaded."""
    with current.use("amal"):
        licence = Licence.objects.create(key="uploads", name="Alphazed")
        digest = store(Folder.ASSETS, SVG)
        Asset.objects.create(
            key="pictures/x", sha256=digest, media_type="image/svg+xml", size=len(SVG), licence=licence
        )
    return f"/app/assets/{digest}"


def test_a_pack_is_the_bytes_that_its_name_says(phone: Phone, released: Release) -> None:
    pack = first_pack(phone)

    response = phone.get(pack["url"])
    data = body_of(response)

    assert sha256(data).hexdigest() == pack["sha256"]
    assert response["Content-Type"] == "application/json"
    assert json.loads(data)["key"] == pack["key"] == "numbers/low"


def test_a_pack_holds_all_that_its_unit_needs(phone: Phone, released: Release) -> None:
    pack = json.loads(body_of(phone.get(first_pack(phone)["url"])))

    assert set(pack) == {"key", "title", "concepts", "bytes", "assets"}
    assert [concept["key"] for concept in pack["concepts"]] == ["number/0", "number/1", "number/2"]
    assert {byte["concept_id"] for byte in pack["bytes"]} == {concept["id"] for concept in pack["concepts"]}


def test_a_pack_is_sent_packed_to_whoever_takes_it(phone: Phone, released: Release) -> None:
    pack = first_pack(phone)

    packed = phone.get(pack["url"], accept_encoding="gzip")
    data = body_of(packed)

    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(data) < pack["bytes"]
    assert sha256(gzip.decompress(data)).hexdigest() == pack["sha256"]


def test_a_pack_is_sent_plain_to_whoever_does_not(phone: Phone, released: Release) -> None:
    plain = phone.get(first_pack(phone)["url"])

    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]
    assert json.loads(body_of(plain))["key"] == "numbers/low"


def test_an_asset_is_sent_with_its_type(phone: Phone, picture: str) -> None:
    response = phone.get(picture)

    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert body_of(response) == SVG


def test_a_file_may_be_kept_for_ever(phone: Phone, released: Release, picture: str) -> None:
    for path in (picture, first_pack(phone)["url"]):
        response = phone.get(path)

        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["ETag"] == f'"{path.rsplit("/", 1)[1]}"'
        body_of(response)


def test_a_file_runs_nothing_when_it_is_opened_as_a_page(phone: Phone, released: Release, picture: str) -> None:
    for path in (picture, first_pack(phone)["url"]):
        response = phone.get(path)

        policy = [part.strip() for part in response["Content-Security-Policy"].split(";")]
        assert {"sandbox", "default-src 'none'"} <= set(policy)
        assert "script-src" not in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        body_of(response)


def test_files_need_no_token(phone: Phone, released: Release, picture: str) -> None:
    paths = (picture, first_pack(phone)["url"])
    phone.access = "rubbish"

    for path in paths:
        response = phone.get(path)
        assert response.status_code == 200
        body_of(response)


def test_another_apps_pack_is_missing(phone: Phone, thurayyas_phone: Phone, released_in_thurayya: Release) -> None:
    path = first_pack(thurayyas_phone)["url"]

    own, foreign, missing = thurayyas_phone.get(path), phone.get(path), phone.get("/app/content/packs/" + "0" * 64)

    assert sha256(body_of(own)).hexdigest() in path
    assert foreign.status_code == missing.status_code == 404
    assert problem_of(foreign) | {"request_id": ""} == problem_of(missing) | {"request_id": ""}


def test_another_apps_asset_is_missing(thurayyas_phone: Phone, picture: str) -> None:
    assert thurayyas_phone.get(picture).status_code == 404


def test_an_asset_is_no_pack_and_a_pack_no_asset(phone: Phone, released: Release, picture: str) -> None:
    pack = first_pack(phone)["sha256"]

    assert phone.get(picture.replace("/assets/", "/content/packs/")).status_code == 404
    assert phone.get(f"/app/assets/{pack}").status_code == 404


def test_a_file_that_no_row_names_is_no_asset(phone: Phone, picture: str) -> None:
    with current.use("amal"):
        digest = store(Folder.ASSETS, b"nobody's")

    assert phone.get(f"/app/assets/{digest}").status_code == 404


def test_an_asset_whose_file_is_gone_is_missing(phone: Phone, picture: str) -> None:
    digest = picture.rsplit("/", 1)[1]
    with current.use("amal"):
        default_storage.delete(f"assets/{digest[:2]}/{digest}")

    assert problem_of(phone.get(picture))["status"] == 404


@pytest.mark.parametrize(
    "name", ["0" * 63, "0" * 65, "G" * 64, "A" * 64, "../" * 21 + "x", "..%2f..%2fsecret_key", "%00" * 64, ""]
)
@pytest.mark.parametrize("folder", ["content/packs", "assets"])
def test_a_name_that_is_no_hash_is_missing(phone: Phone, folder: str, name: str) -> None:
    assert phone.get(f"/app/{folder}/{name}").status_code == 404
