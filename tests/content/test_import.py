"""A curriculum becomes rows: again and again, all or nothing, and never at an editor's cost."""

from dataclasses import astuple
from typing import Any

import pytest

from content.curricula.blueprint import Asset, Concept, Curriculum, CurriculumError, Licence, content_byte
from content.models import Asset as AssetRow
from content.models import Concept as ConceptRow
from content.models import ContentByte, Prerequisite, Unit
from content.models import Licence as LicenceRow
from content.services.curricula import import_curriculum
from content.services.upserts import Changes
from tenants import current
from tenants.registry.app import App
from tests.curricula import small_curriculum

MODELS = (LicenceRow, AssetRow, Unit, ConceptRow, Prerequisite, ContentByte, ContentByte.assets.through)


def bring(curriculum: Curriculum, name: str = "test") -> Changes:
    return import_curriculum(name=name, curriculum=curriculum, progress=lambda *_: None)


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return all content of the current app, row by row."""
    managers: dict[str, Any] = {model.__name__: model._default_manager for model in MODELS}
    return {name: list(manager.order_by("pk").values()) for name, manager in managers.items()}


def with_concept(curriculum: Curriculum, position: int, **changes: Any) -> Curriculum:
    concepts = list(curriculum.concepts)
    concepts[position] = concepts[position]._replace(**changes)
    return curriculum._replace(concepts=tuple(concepts))


def with_sound(curriculum: Curriculum, data: bytes = b"a sound") -> Curriculum:
    """Give the first concept's first byte an asset."""
    sound = Asset("sounds/zero", "audio/ogg", data, "own")
    first = content_byte("number/0", "meet", {"text": "0", "audio": sound.key})
    return curriculum._replace(assets=(sound,), bytes=(first, *curriculum.bytes[1:]))


def without_last_concept(curriculum: Curriculum) -> Curriculum:
    last = curriculum.concepts[-1].key
    kept = tuple(byte for byte in curriculum.bytes if byte.concept != last)
    return curriculum._replace(concepts=curriculum.concepts[:-1], bytes=kept)


def own_concept() -> ConceptRow:
    """Add a concept with a byte, as an editor does."""
    unit, licence = Unit.objects.get(key="numbers/low"), LicenceRow.objects.get()
    concept = ConceptRow.objects.create(
        key="number/mine", unit=unit, licence=licence, kind="number", title={"ar": "لي"}, position=99
    )
    payload = {"text": "mine"}
    ContentByte.objects.create(
        key="number/mine#meet", concept=concept, kind="meet", payload=payload, expected_ms=1, guess=0, position=99
    )
    return concept


def test_everything_is_created_the_first_time(in_amal: App, db: None) -> None:
    changes = bring(with_sound(small_curriculum()))

    assert {name: len(found) for name, found in rows().items()} == {
        "Licence": 1,
        "Asset": 1,
        "Unit": 2,
        "Concept": 6,
        "Prerequisite": 5,
        "ContentByte": 18,
        "ContentByte_assets": 1,
    }
    assert astuple(changes) == (28, 0, 0, 0)


def test_the_second_time_nothing_changes(in_amal: App, db: None) -> None:
    bring(with_sound(small_curriculum()))
    before = rows()

    changes = bring(with_sound(small_curriculum()))

    assert rows() == before
    assert astuple(changes) == (0, 0, 28, 0)


def test_a_changed_title_updates_one_row(in_amal: App, db: None) -> None:
    bring(small_curriculum())
    before = rows()

    changes = bring(with_concept(small_curriculum(), 2, title={"ar": "اثنان", "en": "Two"}))

    differing = [old["key"] for old, new in zip(before["Concept"], rows()["Concept"], strict=True) if old != new]
    assert differing == ["number/2"]
    assert (changes.created, changes.updated, changes.retired) == (0, 1, 0)
    assert {name: found for name, found in rows().items() if name != "Concept"} == {
        name: found for name, found in before.items() if name != "Concept"
    }


def test_a_changed_title_is_found_by_its_new_words(in_amal: App, db: None) -> None:
    bring(small_curriculum())

    bring(with_concept(small_curriculum(), 2, title={"ar": "أُمٌّ"}))

    assert ConceptRow.objects.get(key="number/2").search_text.split()[0] == "ام"


def test_what_is_dropped_is_retired_and_not_deleted(in_amal: App, db: None) -> None:
    bring(small_curriculum())

    changes = bring(without_last_concept(small_curriculum()))

    assert changes.retired == 4
    assert not ConceptRow.objects.get(key="number/5").is_live
    assert set(ContentByte.objects.filter(is_live=False).values_list("concept__key", flat=True)) == {"number/5"}
    assert ContentByte.objects.count() == 18


def test_what_comes_back_is_live_again_under_its_old_id(in_amal: App, db: None) -> None:
    bring(small_curriculum())
    before = rows()

    bring(without_last_concept(small_curriculum()))
    bring(small_curriculum())

    assert rows() == before


def test_what_was_retired_is_not_retired_again(in_amal: App, db: None) -> None:
    bring(small_curriculum())
    bring(without_last_concept(small_curriculum()))

    assert bring(without_last_concept(small_curriculum())).retired == 0


def test_editors_own_rows_stay_live(in_amal: App, db: None) -> None:
    bring(small_curriculum())
    mine = own_concept()

    changes = bring(without_last_concept(small_curriculum()))

    assert changes.retired == 4
    assert ConceptRow.objects.get(pk=mine.pk).is_live
    assert ContentByte.objects.get(concept=mine).is_live


def test_another_curriculum_of_the_app_stays_live(in_amal: App, db: None) -> None:
    bring(small_curriculum(), name="first")
    second = Curriculum(
        (Licence("own", "Alphazed", "", "", ""),),
        (),
        small_curriculum().units,
        (Concept("word/a", "numbers/low", "word", {"ar": "أ"}, "أ", (), "own"),),
        (content_byte("word/a", "meet", {"text": "أ"}),),
    )

    assert bring(second, name="second").retired == 0
    assert ConceptRow.objects.filter(is_live=True).count() == 7


def test_prerequisites_are_as_the_curriculum_has_them_and_editors_edges_stay(in_amal: App, db: None) -> None:
    bring(small_curriculum())
    mine = own_concept()
    Prerequisite.objects.create(concept=mine, needs=ConceptRow.objects.get(key="number/0"))

    bring(with_concept(small_curriculum(), 5, prerequisites=("number/0", "number/1")))

    needs = Prerequisite.objects.filter(concept__key="number/5").values_list("needs__key", flat=True)
    assert sorted(needs) == ["number/0", "number/1"]
    assert Prerequisite.objects.filter(concept=mine).count() == 1


def test_a_changed_file_changes_the_assets_name(in_amal: App, db: None) -> None:
    bring(with_sound(small_curriculum(), b"first"))
    first = AssetRow.objects.values().get()

    bring(with_sound(small_curriculum(), b"the second"))

    second = AssetRow.objects.values().get()
    assert first["id"] == second["id"]
    assert first["sha256"] != second["sha256"]
    assert second["size"] == 10


@pytest.mark.parametrize("step", ["_set_prerequisites", "_byte_rows", "_set_assets"])
def test_an_import_that_breaks_off_leaves_nothing(
    in_amal: App, db: None, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    bring(small_curriculum(4))
    before = rows()
    monkeypatch.setattr(f"content.services.curricula.{step}", fail)

    with pytest.raises(ZeroDivisionError):
        bring(with_sound(with_concept(small_curriculum(), 0, title={"ar": "صفر"})))

    assert rows() == before


@pytest.mark.parametrize(
    "wrong",
    [
        lambda curriculum: with_concept(curriculum, 0, prerequisites=("number/5",)),
        lambda curriculum: with_concept(curriculum, 0, unit="numbers/none"),
        lambda curriculum: with_concept(curriculum, 0, licence="theirs"),
        lambda curriculum: with_concept(curriculum, 0, title={"fr": "Zéro"}),
        lambda curriculum: with_concept(curriculum, 0, key="number/1"),
        lambda curriculum: curriculum._replace(bytes=(curriculum.bytes[0]._replace(kind="none"),)),
    ],
    ids=["a circle", "an unknown unit", "an unknown licence", "a foreign language", "a key twice", "an unknown kind"],
)
def test_a_curriculum_that_does_not_hold_together_leaves_nothing(in_amal: App, db: None, wrong: Any) -> None:
    with pytest.raises(CurriculumError):
        bring(wrong(small_curriculum()))

    assert not any(rows().values())


def test_one_apps_import_is_nothing_to_another(db: None) -> None:
    with current.use("amal"):
        bring(small_curriculum())
    with current.use("thurayya"):
        assert not any(rows().values())
