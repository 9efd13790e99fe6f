"""What editors do to the curriculum, and what they are kept from."""

import json
from typing import Any

import pytest

from content.models import Asset, Concept, ContentByte, Licence, Prerequisite, Publication, Release
from content.services.releases import build_release
from content.tasks import BUILD_RELEASE
from jobs.models import Job
from tenants import current
from tenants.registry.app import App
from tests.editors import Editor

CONCEPTS = "/boss/content/concept/"
BYTES = "/boss/content/contentbyte/"
RELEASES = "/boss/content/release/"
CHOICE = {"text": "قطة", "choices": ["🐈", "🐕"], "answer": 0}


@pytest.fixture
def editor(released: Release, amal: App) -> Editor:
    """Amal's editor, with a small curriculum published."""
    return Editor(amal)


def concept_form(concept: Concept, needs: tuple[Prerequisite, ...] = (), **changes: Any) -> dict[str, Any]:
    """Fill in a concept's form as the page has it; `needs` are its prerequisites, saved or not."""
    form = {
        "unit": concept.unit_id,
        "kind": concept.kind,
        "title_ar": concept.title["ar"],
        "title_en": concept.title["en"],
        "text": concept.text,
        "position": concept.position,
        "licence": concept.licence_id,
        "is_live": "on",
        "edges_in-TOTAL_FORMS": len(needs),
        "edges_in-INITIAL_FORMS": sum(bool(edge.pk) for edge in needs),
        "bytes-TOTAL_FORMS": 0,
        "bytes-INITIAL_FORMS": 0,
    }
    for number, edge in enumerate(needs):
        form |= {f"edges_in-{number}-id": edge.pk or "", f"edges_in-{number}-concept": concept.pk}
        form |= {f"edges_in-{number}-needs": edge.needs_id}
    return form | changes


def byte_form(byte: ContentByte, **changes: Any) -> dict[str, Any]:
    names = ("kind", "difficulty", "expected_ms", "guess", "position")
    form = {name: getattr(byte, name) for name in names} | {"concept": byte.concept_id, "is_live": "on"}
    return form | {"payload": json.dumps(byte.payload)} | changes


def get_concept(key: str) -> Concept:
    with current.use("amal"):
        return Concept.objects.get(key=key)


def get_byte(key: str) -> ContentByte:
    with current.use("amal"):
        return ContentByte.objects.get(key=key)


@pytest.mark.parametrize("typed", ["كتب", "كَتَبَ", "كُتب", "number/3"])
def test_a_search_finds_arabic_however_it_is_typed(typed: str, editor: Editor) -> None:
    concept = get_concept("number/3")
    editor.post(f"{CONCEPTS}{concept.pk}/change/", concept_form(concept, text="كَتَبَ"))

    for path in (CONCEPTS, BYTES):
        page = editor.read(path, q=typed)

        assert "number/3" in page
        assert "number/2" not in page


def test_saving_a_concept_keeps_it_to_be_found(editor: Editor, amal: App) -> None:
    """By its new title, no longer by the old one, and still by what the importer has added."""
    concept = get_concept("number/0")
    with current.use(amal):
        Concept.objects.filter(pk=concept.pk).update(search_text="رقم 0 number 0 0 العالمين")

    editor.post(f"{CONCEPTS}{concept.pk}/change/", concept_form(concept, title_en="Nought", title_ar="صِفر"))

    assert get_concept("number/0").search_text == "صفر nought 0 العالمين"
    assert get_concept("number/0").title == {"ar": "صِفر", "en": "Nought"}


def test_a_language_may_be_missing_but_not_all(editor: Editor) -> None:
    concept = get_concept("number/0")
    path = f"{CONCEPTS}{concept.pk}/change/"

    editor.post(path, concept_form(concept, title_en=" "))
    refused = editor.post(path, concept_form(concept, title_en="", title_ar=""))

    assert get_concept("number/0").title == {"ar": "رقم 0"}
    assert refused.status_code == 200
    assert "title" in refused.context["adminform"].form.errors


def test_a_circle_of_prerequisites_is_refused(editor: Editor) -> None:
    first, last = get_concept("number/0"), get_concept("number/5")
    edge = Prerequisite(concept=first, needs=last)

    page = editor.post(f"{CONCEPTS}{first.pk}/change/", concept_form(first, (edge,)))

    assert "would need this concept itself" in page.content.decode()


def test_a_prerequisite_that_makes_no_circle_is_taken(editor: Editor, amal: App) -> None:
    first, last = get_concept("number/0"), get_concept("number/5")
    with current.use(amal):
        edges = (*Prerequisite.objects.filter(concept=last), Prerequisite(concept=last, needs=first))

    editor.post(f"{CONCEPTS}{last.pk}/change/", concept_form(last, edges))

    with current.use(amal):
        assert Prerequisite.objects.filter(concept=last, needs=first).exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"answer": 2}, "$.answer: points past the last choice"),
        ({"choices": ["🐈"]}, "$.choices"),
        ({"text": ""}, "$.text"),
    ],
)
def test_a_payload_that_no_phone_can_play_is_refused_with_its_field(
    changes: dict[str, Any], problem: str, editor: Editor
) -> None:
    byte = get_byte("number/0#choose_picture")

    page = editor.post(f"{BYTES}{byte.pk}/change/", byte_form(byte, payload=json.dumps(CHOICE | changes)))

    assert page.context["adminform"].form.errors["payload"][0].startswith(problem)
    assert get_byte("number/0#choose_picture").payload == byte.payload


def test_a_byte_takes_its_assets_from_its_payload(editor: Editor, amal: App) -> None:
    byte = get_byte("number/0#meet")
    path = f"{BYTES}{byte.pk}/change/"
    form = byte_form(byte, payload=json.dumps({"text": "قطة", "audio": "sound/cat"}))
    refused = editor.post(path, form)
    with current.use(amal):
        Asset.objects.create(key="sound/cat", sha256="0" * 64, size=1, licence=Licence.objects.get())

    editor.post(path, form)

    assert refused.context["adminform"].form.errors["payload"] == ["there is no asset sound/cat"]
    with current.use(amal):
        assert byte.assets.get().key == "sound/cat"


def test_an_editor_adds_a_byte(editor: Editor) -> None:
    byte = get_byte("number/0#choose_picture")

    editor.post(f"{BYTES}add/", byte_form(byte, key="number/0#choose_picture/cat", payload=json.dumps(CHOICE)))

    assert get_byte("number/0#choose_picture/cat").payload == CHOICE
    assert get_byte("number/0#choose_picture/cat").curriculum == ""


def test_a_key_stays_as_it_is(editor: Editor) -> None:
    byte = get_byte("number/0#choose_picture")

    editor.post(f"{BYTES}{byte.pk}/change/", byte_form(byte, key="other"))

    assert get_byte("number/0#choose_picture").pk == byte.pk


@pytest.mark.parametrize("path", [CONCEPTS, BYTES])
def test_what_answers_may_point_at_is_retired_and_never_deleted(path: str, editor: Editor, amal: App) -> None:
    row = get_concept("number/0") if path == CONCEPTS else get_byte("number/0#meet")

    deleted = editor.post(f"{path}{row.pk}/delete/", {"post": "yes"})
    editor.post(path, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    editor.post(path, {"action": "retire", "_selected_action": row.pk})

    assert deleted.status_code == 403
    with current.use(amal):
        row.refresh_from_db()
        assert row.is_live is False


def test_a_release_is_built_by_the_worker_once_somebody_has_said_yes(editor: Editor, amal: App) -> None:
    path = f"{RELEASES}build/"

    asked = editor.get(path)
    with current.use(amal):
        jobs_before = Job.objects.count()
    done = editor.post(path, {"_form_submitted": "on"})

    assert asked.status_code == 200
    assert jobs_before == 0
    assert done["HX-Redirect"] == RELEASES
    assert "The worker will build the release" in editor.read(RELEASES)
    with current.use(amal):
        assert [(job.task, job.arguments) for job in Job.objects.all()] == [(BUILD_RELEASE, {"publish": True})]


def test_an_editor_goes_back_to_an_earlier_release(editor: Editor, amal: App) -> None:
    with current.use(amal):
        Concept.objects.filter(key="number/5").update(is_live=False)
        second = build_release()
        Publication.objects.update(release=second)
        first = Release.objects.get(number=1)

    editor.post(f"{RELEASES}{first.pk}/publish/", {"_form_submitted": "on"})

    with current.use(amal):
        assert Publication.objects.get().release == first


@pytest.mark.parametrize("action", ["build/", "1/publish/"])
def test_who_may_only_look_publishes_nothing(action: str, released: Release, amal: App) -> None:
    editor = Editor(amal, is_superuser=False)

    answer = editor.post(f"{RELEASES}{action}", {"_form_submitted": "on"})

    assert answer.status_code == 403
    with current.use(amal):
        assert Job.objects.count() == 0
