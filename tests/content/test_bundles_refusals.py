"""What an app cannot hold, and what is no bundle: one clear line, and nothing has changed."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from alphazed.settings.env import read_environment
from content.curricula.blueprint import CurriculumError
from content.services.bundles.exports import export_bundle
from content.services.bundles.imports import import_bundle
from tenants import current
from tenants.registry.app import App
from tests.bundles import Forgery, bring_in, copy_content, course, export, forge, read_content, read_rows


@pytest.fixture
def bundle(db: None, tmp_path: Path) -> Path:
    """Amal's course, in a file."""
    bring_in("amal", course())
    return export("amal", tmp_path / "numbers.zip")


def bring(app: App, bundle: Path) -> None:
    """Import into an app that need not be in the registry."""
    with current.use(app):
        import_bundle(path=bundle, replace=False, dry_run=False, progress=lambda *_: None, promise_release=lambda: None)


def change_first(part: str, **changes: Any) -> Forgery:
    """Give the forgery of a part's first line."""

    def change(_: dict[str, Any], members: dict[str, bytes]) -> None:
        first, rest = members[part].split(b"\n", 1)
        fields = {name: value for name, value in (json.loads(first) | changes).items() if value is not None}
        members[part] = json.dumps(fields).encode() + b"\n" + rest

    return change


def change_source(**changes: Any) -> Forgery:
    return lambda about, _: about["source"].update(changes)


def test_texts_in_languages_that_the_app_has_not_are_left_behind(bundle: Path, thurayya: App) -> None:
    bring(thurayya._replace(languages=("ar",)), bundle)

    content = read_content("thurayya")
    assert dict(content["units"])["numbers/low"] == {"ar": "أولى"}
    assert content["concepts"]["number/0"][2] == {"ar": "رقم 0"}
    assert content["bytes"]["number/0#meet"][2]["title"] == {"ar": "صفر"}
    assert content["bytes"]["number/0#choose_name"][2]["choices"] == [{"ar": "صفر"}, {"ar": "واحد"}]


def test_an_exporting_app_tells_in_its_own_languages_only(bundle: Path, amal: App, thurayya: App) -> None:
    with current.use(amal._replace(languages=("en",))):
        export_bundle(path=bundle.with_name("english.zip"), progress=lambda *_: None)

    bring(thurayya, bundle.with_name("english.zip"))

    assert dict(read_content("thurayya")["units"])["numbers/low"] == {"en": "Low"}


def test_a_text_in_none_of_the_apps_languages_is_named(bundle: Path, thurayya: App) -> None:
    with pytest.raises(CurriculumError, match=r"^numbers/low: there are texts in ar, en only, not in fr$"):
        bring(thurayya._replace(languages=("fr",)), bundle)

    assert not any(read_rows("thurayya").values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_first("bytes.jsonl", kind="hologram"), "the key 'number/0#meet' is not number/0#hologram"),
        (change_first("bytes.jsonl", kind="hologram", key="number/0#hologram"), "there is no kind 'hologram'"),
        (change_first("bytes.jsonl", payload={"text": 0}), r"number/0#meet: "),
        (change_first("bytes.jsonl", payload=[]), r"bytes, line 1: payload is \[\]"),
        (change_first("bytes.jsonl", assets=None), "bytes, line 1: has not the fields key, concept, kind"),
        (change_first("bytes.jsonl", id=7), "bytes, line 1: has not the fields"),
        (change_first("bytes.jsonl", guess=1.5), "number/0#meet: its difficulty, expected time or guess"),
        (change_first("concepts.jsonl", prerequisites=["number/5"]), "these concepts require one another"),
        (change_first("concepts.jsonl", unit="numbers/none"), "number/0: there is no unit 'numbers/none'"),
        (change_first("concepts.jsonl", title={"ar": 1}), "concepts, line 1: title is"),
        (change_first("units.jsonl", title={"fr": "Un"}), "numbers/low: there are texts in fr only, not in ar, en"),
        (change_first("licences.jsonl", key="../own"), "licences: the key '../own' does not look like"),
        (change_first("assets.jsonl", sha256="../../secret_key"), "assets, line 1: sha256 is"),
        (change_first("assets.jsonl", sha256="0" * 64), "does not hold together: files/"),
        (change_first("assets.jsonl", size=11), "is another file than its asset's"),
        (
            lambda _, members: members.update({"../evil": b""}),
            r"does not hold together: \.\./evil is missing, or nothing",
        ),
        (lambda _, members: members.pop("units.jsonl"), "holds no units.jsonl"),
        (lambda about, _: about["counts"].update(units=9), "does not hold as much as its manifest says"),
        (lambda about, _: about.pop("source"), "does not say where it comes from"),
        (change_source(app="bundle; DROP TABLE"), "which is no app's name"),
        (change_source(only_units="numbers/low"), "does not say where it comes from"),
    ],
)
def test_content_that_does_not_hold_together_is_refused_although_it_is_signed(
    bundle: Path, tmp_path: Path, change: Forgery, said: str
) -> None:
    forged = forge(bundle, tmp_path / "forged.zip", change)

    with pytest.raises(CommandError, match=said):
        copy_content("import", "thurayya", forged)

    assert not any(read_rows("thurayya").values())


def test_a_forged_bundle_is_believed_where_nothing_is_wrong_with_it(bundle: Path, tmp_path: Path) -> None:
    """Or the refusals above would prove nothing."""
    copy_content("import", "thurayya", forge(bundle, tmp_path / "forged.zip", lambda *_: None))

    assert read_content("thurayya") == read_content("amal")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "nobody", "numbers.zip"], "no app is called 'nobody'; there are amal"),
        (["export", "nobody", "--output", "more.zip"], "no app is called 'nobody'"),
        (["import", "thurayya", "none.zip"], "none.zip cannot be read: No such file or directory"),
        (["import", "thurayya", "."], "cannot be read: Is a directory"),
        (["export", "amal", "--output", "no/folder.zip"], "no/folder.zip cannot be written: No such file or directory"),
        (["export", "amal", "--output", "."], "is there already and holds something else"),
        (["export", "amal"], "the following arguments are required: --output"),
        (["export", "amal", "--output", "more.zip", "--units", " ,"], "--units names none; leave it out"),
        (["import", "thurayya"], "the following arguments are required: bundle"),
        (["exprt", "amal"], "invalid choice: 'exprt'"),
        ([], "the following arguments are required: export | import"),
    ],
)
def test_a_command_that_makes_no_sense_says_why(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(bundle.parent)

    with pytest.raises(CommandError) as refused:
        call_command("copy_content", *arguments)

    assert said in str(refused.value)
    assert [path.name for path in bundle.parent.iterdir()] == ["numbers.zip"]
    assert not any(read_rows("thurayya").values())


@pytest.mark.parametrize("error", [DatabaseError("Lock wait timeout exceeded"), OSError(28, "No space left on device")])
def test_what_the_machine_refuses_is_one_line(bundle: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(**_: Any) -> None:
        raise error

    monkeypatch.setattr("content.services.bundles.imports.write_curriculum", fail)

    with pytest.raises(CommandError, match=r"^thurayya: nothing was changed: .*(timeout|No space).*; run it again"):
        copy_content("import", "thurayya", bundle)


def test_a_key_of_its_own_is_derived_for_bundles(tmp_path: Path) -> None:
    first, again, other = (
        read_environment({"DATA_DIR": str(tmp_path), "SECRET_KEY": secret}).bundle_key for secret in "aab"
    )

    assert first == again
    assert first not in {other, "a"}
    assert len(first) == 64


def test_a_key_that_is_given_is_taken(tmp_path: Path) -> None:
    given = "shared by two installations, and long"

    assert read_environment({"DATA_DIR": str(tmp_path), "BUNDLE_KEY": given}).bundle_key == given


def test_a_key_that_could_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^BUNDLE_KEY is too short; it must have 32 characters or more$"):
        read_environment({"DATA_DIR": str(tmp_path), "BUNDLE_KEY": "s" * 31})
