"""What something else has brought is not a bundle's to change, unless somebody says so."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from content.models import Asset, Concept, ContentByte, Licence, Unit
from tenants import current
from tests.bundles import SOUND, add_own_concept, bring_in, copy_content, course, export, read_content, read_rows
from tests.curricula import small_curriculum


@pytest.fixture
def bundle(db: None, tmp_path: Path) -> Path:
    """Amal's course, in a file."""
    bring_in("amal", course())
    return export("amal", tmp_path / "numbers.zip")


def test_what_an_editor_has_made_is_not_overwritten(bundle: Path) -> None:
    add_own_concept("thurayya", unit="mine", key="number/1")
    before = read_rows("thurayya")

    with pytest.raises(
        CommandError,
        match=r"^thurayya has its own concept number/1 \(an editor made it\), byte number/1#meet \(an editor made it\);"
        r" --replace",
    ):
        copy_content("import", "thurayya", bundle)

    assert read_rows("thurayya") == before


def test_what_another_curriculum_has_brought_is_named_and_counted(bundle: Path) -> None:
    bring_in("thurayya", small_curriculum(), name="quran")

    with pytest.raises(CommandError, match=r"number/0 \(from quran\), .*number/4 \(from quran\) and 19 more;"):
        copy_content("import", "thurayya", bundle)


@pytest.mark.parametrize(
    ("model", "changes", "named"),
    [
        (Unit, {"title": {"ar": "وحدة"}}, "unit numbers/low"),
        (Licence, {"name": "Somebody else"}, "licence own"),
        (Asset, {"media_type": "audio/mpeg"}, "asset sounds/zero"),
        (Asset, {"sha256": "0" * 64}, "asset sounds/zero"),
    ],
)
def test_what_is_there_with_other_content_is_not_changed(
    bundle: Path, model: Any, changes: dict[str, Any], named: str
) -> None:
    _share("thurayya")
    with current.use("thurayya"):
        model.objects.filter(key=named.split()[1]).update(**changes)
    before = read_rows("thurayya")

    with pytest.raises(CommandError, match=rf"^thurayya has its own {named}; --replace"):
        copy_content("import", "thurayya", bundle)

    assert read_rows("thurayya") == before


def test_what_is_there_with_the_same_content_is_shared(bundle: Path) -> None:
    _share("thurayya")

    copy_content("import", "thurayya", bundle)

    assert read_content("thurayya") == read_content("amal")


def test_a_unit_that_is_shared_stays_in_its_place(bundle: Path) -> None:
    _share("thurayya")

    copy_content("import", "thurayya", bundle)

    with current.use("thurayya"):
        assert Unit.objects.get(key="numbers/low").position == 3


def test_replace_takes_the_bundles_rows_instead(bundle: Path) -> None:
    bring_in("thurayya", small_curriculum(), name="quran")
    with current.use("thurayya"):
        Unit.objects.update(title={"ar": "وحدة"})

    copy_content("import", "thurayya", bundle, "--replace")

    assert read_content("thurayya") == read_content("amal")
    with current.use("thurayya"):
        assert set(Concept.objects.values_list("curriculum", flat=True)) == {"bundle:amal"}
        assert set(ContentByte.objects.values_list("curriculum", flat=True)) == {"bundle:amal"}


def test_replace_leaves_alone_what_the_bundle_does_not_have(bundle: Path) -> None:
    bring_in("thurayya", small_curriculum(8), name="quran")

    copy_content("import", "thurayya", bundle, "--replace")

    with current.use("thurayya"):
        others = Concept.objects.filter(curriculum="quran", is_live=True).order_by("key")
        assert [concept.key for concept in others] == ["number/6", "number/7"]


def _share(app: str) -> None:
    """Give an app the same licence, asset and first unit, which its own content rests on or might."""
    with current.use(app):
        licence = Licence.objects.create(key="own", name="Alphazed")
        Unit.objects.create(key="numbers/low", title={"ar": "أولى", "en": "Low"}, position=3)
        Asset.objects.create(
            key="sounds/zero",
            sha256=sha256(SOUND).hexdigest(),
            media_type="audio/ogg",
            size=len(SOUND),
            licence=licence,
        )
