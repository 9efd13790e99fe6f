"""Releases: frozen, made once, left whole; one pointer moves between them."""

from hashlib import sha256
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from content.curricula.blueprint import Asset as AssetBlueprint
from content.curricula.blueprint import Curriculum, content_byte
from content.files import Folder, is_stored, open_file, store
from content.models import Asset, Concept, ContentByte, Pack, Publication, Release, Unit
from content.release_index import ReleaseIndex, load
from content.services.curricula import import_curriculum
from content.services.releases import UnknownRelease, build_release, publish_release
from content.tasks import build_and_publish
from tenants import current
from tenants.registry.app import App
from tests.curricula import small_curriculum


@pytest.fixture
def imported(in_amal: App, db: None) -> Curriculum:
    """A curriculum whose first concept has a sound."""
    sound = AssetBlueprint("sounds/zero", "audio/ogg", b"zero, spoken", "own")
    plain = small_curriculum()
    first = content_byte("number/0", "meet", {"text": "0", "audio": sound.key})
    curriculum = plain._replace(assets=(sound,), bytes=(first, *plain.bytes[1:]))
    import_curriculum(name="test", curriculum=curriculum, progress=lambda *_: None)
    return curriculum


def pack_of(release: Release, key: str = "numbers/low") -> bytes:
    with open_file(Folder.PACKS, release.packs.get(key=key).sha256) as file:
        return file.read()


def index_of(release: Release) -> ReleaseIndex:
    with open_file(Folder.INDEXES, release.index_sha256) as file:
        return load(file.read())


def snapshot_of(release: Release) -> tuple[Any, ...]:
    release.refresh_from_db()
    packs = list(release.packs.order_by("position").values("key", "sha256", "size", "position"))
    return (release.number, release.index_sha256, release.bytes, release.concepts, packs)


def rename(key: str, title: str) -> None:
    Concept.objects.filter(key=key).update(title={"ar": title})


def asset_path() -> str:
    digest = Asset.objects.get().sha256
    return f"assets/{digest[:2]}/{digest}"


def test_a_release_counts_what_is_in_it(imported: Curriculum) -> None:
    release = build_release()

    assert (release.number, release.concepts, release.bytes, release.left_out) == (1, 6, 18, 0)
    assert [pack.key for pack in release.packs.order_by("position")] == ["numbers/low", "numbers/high"]


def test_each_packs_hash_and_size_are_its_files(imported: Curriculum) -> None:
    for pack in build_release().packs.all():
        with open_file(Folder.PACKS, pack.sha256) as file:
            data = file.read()

        assert (sha256(data).hexdigest(), len(data)) == (pack.sha256, pack.size)


def test_the_index_is_found_under_its_hash_and_holds_every_byte(imported: Curriculum) -> None:
    index = index_of(build_release())

    assert index.release == 1
    assert sorted(index.byte_ids) == sorted(ContentByte.objects.values_list("pk", flat=True))


def test_building_twice_makes_one_release(imported: Curriculum) -> None:
    first, second = build_release(), build_release()

    assert first.pk == second.pk
    assert (Release.objects.count(), Pack.objects.count()) == (1, 2)


def test_importing_again_and_building_makes_no_new_release(imported: Curriculum) -> None:
    first = build_release()
    import_curriculum(name="test", curriculum=imported, progress=lambda *_: None)

    assert build_release().pk == first.pk


def test_a_change_makes_a_new_release_and_leaves_the_old_one_as_it_was(imported: Curriculum) -> None:
    first = build_release()
    before, pack = snapshot_of(first), pack_of(first)
    rename("number/0", "صفر")

    second = build_release()

    assert second.number == 2
    assert snapshot_of(first) == before
    assert pack_of(first) == pack != pack_of(second)
    assert pack_of(first, "numbers/high") == pack_of(second, "numbers/high")


@pytest.mark.parametrize(
    ("field", "value"), [("difficulty", 1.5), ("expected_ms", 12_345), ("guess", 0.125), ("payload", {"text": "!"})]
)
def test_whatever_sessions_are_made_from_makes_a_new_release_when_it_changes(
    imported: Curriculum, field: str, value: Any
) -> None:
    build_release()
    ContentByte.objects.filter(key="number/1#meet").update(**{field: value})

    assert build_release().number == 2


def test_a_changed_order_of_units_makes_a_new_release(imported: Curriculum) -> None:
    build_release()
    Unit.objects.filter(key="numbers/low").update(position=9)

    second = build_release()

    assert second.number == 2
    assert [pack.key for pack in second.packs.order_by("position")] == ["numbers/high", "numbers/low"]


def test_what_is_retired_is_in_no_new_release(imported: Curriculum) -> None:
    Concept.objects.filter(key="number/5").update(is_live=False)
    ContentByte.objects.filter(key="number/0#choose_word").update(is_live=False)

    release = build_release()

    assert (release.concepts, release.bytes, release.left_out) == (5, 14, 0)


def test_a_byte_whose_file_is_missing_is_left_out_and_counted(imported: Curriculum) -> None:
    default_storage.delete(asset_path())

    release = build_release()

    assert (release.bytes, release.left_out, release.concepts) == (17, 1, 6)
    assert b'"number/0#meet"' not in pack_of(release)


def test_a_byte_whose_file_is_torn_is_left_out(imported: Curriculum) -> None:
    default_storage.delete(asset_path())
    default_storage.save(asset_path(), ContentFile(b"zero, sp"))

    assert build_release().left_out == 1


def test_a_concept_without_a_byte_is_left_out_and_holds_nobody_back(imported: Curriculum) -> None:
    ContentByte.objects.filter(concept__key="number/2").update(is_live=False)

    index = index_of(build_release())

    ids = dict(Concept.objects.values_list("key", "pk"))
    assert ids["number/2"] not in index.concept_ids
    assert ids["number/3"] in index.concept_ids
    assert index.concept_positions([ids["number/3"]])[0] not in index.child


def test_a_unit_without_a_concept_has_no_pack(imported: Curriculum) -> None:
    Concept.objects.filter(unit__key="numbers/high").update(is_live=False)

    assert [pack.key for pack in build_release().packs.all()] == ["numbers/low"]


def test_an_app_without_content_has_an_empty_release(in_amal: App, db: None) -> None:
    release = build_release()

    assert (release.number, release.concepts, release.packs.count()) == (1, 0, 0)


def test_a_build_that_breaks_off_leaves_no_half_release(imported: Curriculum, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("content.services.releases.Pack.objects.bulk_create", fail)

    with pytest.raises(ZeroDivisionError):
        build_release()

    assert Release.objects.count() == 0


def test_publishing_points_the_app_at_a_release(imported: Curriculum) -> None:
    build_release()

    publish_release(number=1)

    assert Publication.objects.get().release.number == 1


def test_rolling_back_moves_the_same_pointer(imported: Curriculum) -> None:
    build_release()
    rename("number/0", "صفر")
    build_release()

    moves = []
    for number in (2, 1, 2):
        publish_release(number=number)
        moves.append(Publication.objects.get().release.number)

    assert moves == [2, 1, 2]


@pytest.mark.parametrize("number", [0, -1, 2, 10**6])
def test_a_number_that_no_release_has_is_refused_and_moves_nothing(imported: Curriculum, number: int) -> None:
    build_release()
    publish_release(number=1)

    with pytest.raises(UnknownRelease) as caught:
        publish_release(number=number)

    assert caught.value.data == {"number": number}
    assert Publication.objects.get().release.number == 1


def test_another_apps_release_cannot_be_published(imported: Curriculum) -> None:
    build_release()

    with current.use("thurayya"), pytest.raises(UnknownRelease):
        publish_release(number=1)


def test_the_task_builds_and_publishes_and_may_run_twice(imported: Curriculum) -> None:
    for _ in range(2):
        build_and_publish(publish=True, unheard_of="an argument of tomorrow")

    assert Release.objects.count() == 1
    assert Publication.objects.get().release.number == 1


def test_the_task_publishes_only_when_told(imported: Curriculum) -> None:
    build_and_publish(publish=False)

    assert (Release.objects.count(), Publication.objects.count()) == (1, 0)


def test_a_file_is_kept_under_its_hash(in_amal: App) -> None:
    digest = store(Folder.PACKS, b"a pack")

    assert digest == sha256(b"a pack").hexdigest()
    assert is_stored(Folder.PACKS, digest, 6)
    assert not is_stored(Folder.ASSETS, digest, 6)


@pytest.mark.parametrize("torn", [b"", b"a to", b"a torn file, and more"])
def test_a_file_of_the_wrong_size_is_written_again(in_amal: App, torn: bytes) -> None:
    digest = store(Folder.PACKS, b"a torn file")
    path = f"packs/{digest[:2]}/{digest}"
    default_storage.delete(path)
    default_storage.save(path, ContentFile(torn))

    store(Folder.PACKS, b"a torn file")

    with open_file(Folder.PACKS, digest) as file:
        assert file.read() == b"a torn file"
    assert default_storage.listdir(f"packs/{digest[:2]}")[1].count(digest) == 1


def test_a_whole_file_is_not_written_again(in_amal: App, monkeypatch: pytest.MonkeyPatch) -> None:
    store(Folder.PACKS, b"once")
    monkeypatch.delattr("django.core.files.storage.filesystem.FileSystemStorage._save")

    assert store(Folder.PACKS, b"once") == sha256(b"once").hexdigest()
