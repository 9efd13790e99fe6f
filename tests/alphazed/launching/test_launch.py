"""An app from nothing, in one command: what it makes and says."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from alphazed.seeding import read_editor_password
from content.models import Concept, Release
from jobs.models import Job
from tenants import current, journal
from tenants.registry.catalogue import get_app
from tests.alphazed.launching.lunar import PLAIN, is_there, launch
from tests.clients import AppClient
from tests.phones import Phone


def test_it_is_served_at_once(empty: None) -> None:
    launch("--title", "ar=قمر", "--title", "en=Lunar", "--languages", "ar,en", "--curriculum", "numbers")

    config = Client().get("/app/config", headers={"host": "lunar.localhost"}).json()
    phone = Phone(get_app("lunar"), Client())
    lesson = phone.post("/content_duo/generate", {"user_id": phone.learner, "size": 5}).json()

    assert (config["title"], config["release"]) == ({"ar": "قمر", "en": "Lunar"}, 1)
    assert lesson["items"][0]["slot"] == "new"


def test_its_editor_signs_in_with_what_is_printed(empty: None) -> None:
    said = launch(*PLAIN, "--editor", "Editor@Lunar.example")

    password = said.split("editor@lunar.example / ")[1].split()[0]
    client = AppClient(get_app("lunar"))
    answer = client.post("/boss/login/", {"username": "editor@lunar.example", "password": password})
    assert answer.status_code == 302
    assert client.get("/boss/").status_code == 200


def test_without_an_address_its_editor_is_the_one_that_make_run_tells_of(empty: None) -> None:
    said = launch()

    password = read_editor_password(settings.ENV.data_dir)
    with current.use("lunar"):
        editor = User.objects.get(is_staff=True)
    assert f"editor@lunar.localhost / {password}" in said
    assert (editor.email, editor.check_password(password)) == ("editor@lunar.localhost", True)


def test_nothing_is_left_to_do(empty: None) -> None:
    launch()

    with current.use("lunar"):
        assert set(Job.objects.values_list("status", flat=True)) == {Job.Status.DONE}
        assert journal.list_unfinished() == []
    out = StringIO()
    call_command("migrate_apps", app="lunar", stdout=out)
    assert out.getvalue() == "lunar: up to date\n"


def test_its_file_holds_what_was_said_and_nothing_else(empty: None, registry: Path) -> None:
    launch(
        *("--title", "Lunar", "--title", "ar=قمر", "--languages", "en,ar", "--curriculum", "numbers"),
        *("--emoji", "🌙", "--primary", "#4338ca", "--host", "lunar.example", "--host", "Moon.example"),
    )

    assert (registry / "lunar.toml").read_text("utf-8") == (
        'title = { en = "Lunar", ar = "قمر" }\n'
        'languages = ["en", "ar"]\n'
        'curriculum = "numbers"\n'
        'hosts = ["lunar.example", "Moon.example"]\n'
        'theme = { primary = "#4338ca", emoji = "🌙" }\n'
    )
    assert get_app("lunar").hosts == ("lunar.example", "moon.example")


def test_a_member_of_a_family_has_what_it_does_not_say(empty: None, registry: Path) -> None:
    launch(*PLAIN, "--family", "qais", "--emoji", "🌙")

    lunar, qais = get_app("lunar"), get_app("qais")
    assert (lunar.features, lunar.curriculum, lunar.theme.primary) == (qais.features, "numbers", qais.theme.primary)
    assert lunar.theme.emoji == "🌙"
    assert lunar.hosts == ("lunar.localhost", "lunar.alphazed.app")


def test_it_reports_and_says_what_is_next(empty: None) -> None:
    said = launch()

    assert said.startswith("lunar: launched with ")
    assert " 108 concepts and 299 bytes released, in " in said.splitlines()[0]
    assert "git add tenants/registry/lunar.toml" in said
    assert "http://lunar.localhost:" in said
    assert ("grant_app lunar" in said) == (connection.vendor == "mysql")


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(transactional_db: None) -> None:
    said = launch(*PLAIN, "--dry-run")

    assert "migrations would be applied" in said
    assert 'title = { ar = "Lunar", en = "Lunar" }' in said
    assert not is_there()


def test_an_equals_sign_in_a_title_is_part_of_it(transactional_db: None) -> None:
    said = launch("--title", "1+1=2", "--languages", "en", "--dry-run")

    assert 'title = { en = "1+1=2" }' in said


def test_content_comes_from_a_bundle(empty: None, released: Release, tmp_path: Path) -> None:
    bundle = tmp_path / "numbers.zip"
    call_command("copy_content", "export", "amal", "--output", str(bundle), stdout=StringIO())

    launch(*PLAIN, "--bundle", str(bundle))

    with current.use("lunar"):
        assert Concept.objects.filter(curriculum="bundle:amal").count() == 6
        assert Release.objects.get().concepts == 6
