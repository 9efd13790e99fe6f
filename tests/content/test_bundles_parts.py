"""Bundles that come one after the other: parts of an app's content, and newer states of it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from content.models import Concept, Licence, Unit
from tenants import current
from tests.bundles import add_own_concept, bring_in, copy_content, course, export, read_content


@pytest.fixture
def bundle(db: None, tmp_path: Path) -> Path:
    """Amal's course, in a file."""
    bring_in("amal", course())
    return export("amal", tmp_path / "numbers.zip")


@pytest.fixture
def part(bundle: Path) -> Path:
    return export("amal", bundle.with_name("part.zip"), "--units", "numbers/high")


def test_a_part_holds_its_units_and_says_what_it_leaves_out(bundle: Path) -> None:
    path = bundle.with_name("high.zip")

    said = copy_content("export", "amal", "--output", path, "--units", " numbers/high, ")

    assert "1 units, 3 concepts, 9 bytes" in said
    assert said.endswith("; left out: 1 prerequisites in other units\n")


def test_the_same_units_in_another_order_give_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    some = export("amal", tmp_path / "some.zip", "--units", "numbers/low,numbers/high")
    same = export("amal", tmp_path / "same.zip", "--units", "numbers/high, numbers/low,numbers/low")

    assert some.read_bytes() == same.read_bytes()


def test_a_part_holds_together_by_itself(part: Path) -> None:
    copy_content("import", "thurayya", part)

    content = read_content("thurayya")
    assert content["order"] == ["number/3", "number/4", "number/5"]
    assert content["prerequisites"] == {("number/4", "number/3"), ("number/5", "number/4")}
    assert content["assets"] == {}


def test_a_part_retires_in_its_own_units_only(bundle: Path, tmp_path: Path) -> None:
    copy_content("import", "thurayya", bundle)
    with current.use("amal"):
        Concept.objects.filter(key__in=["number/1", "number/5"]).update(is_live=False)

    said = copy_content("import", "thurayya", export("amal", tmp_path / "newer.zip", "--units", "numbers/high"))

    assert " 4 retired" in said
    assert "number/1" in read_content("thurayya")["concepts"]
    assert "number/5" not in read_content("thurayya")["concepts"]


def test_parts_that_come_one_after_the_other_stand_in_that_order(bundle: Path, tmp_path: Path) -> None:
    for unit in ("numbers/low", "numbers/high"):
        copy_content("import", "thurayya", export("amal", tmp_path / f"{unit[8:]}.zip", "--units", unit))

    assert [key for key, _ in read_content("thurayya")["units"]] == ["numbers/low", "numbers/high"]


def test_a_newer_bundle_updates_and_retires_and_adds(bundle: Path, tmp_path: Path) -> None:
    copy_content("import", "thurayya", bundle)
    bring_in("amal", course(8))
    with current.use("amal"):
        Concept.objects.filter(key="number/2").update(is_live=False)
        Unit.objects.filter(key="numbers/low").update(title={"ar": "الأولى"})
        Licence.objects.update(notice="© Alphazed")

    copy_content("import", "thurayya", export("amal", tmp_path / "newer.zip"))

    assert _without_retired(read_content("thurayya")) == _without_retired(read_content("amal"))


def test_a_newer_bundle_leaves_alone_what_others_have_brought(bundle: Path, tmp_path: Path) -> None:
    copy_content("import", "thurayya", bundle)
    mine = add_own_concept("thurayya", unit="numbers/low")
    with current.use("amal"):
        Concept.objects.filter(key="number/5").update(is_live=False)

    said = copy_content("import", "thurayya", export("amal", tmp_path / "newer.zip"))

    assert " 4 retired" in said
    assert mine in read_content("thurayya")["concepts"]


def test_a_newer_bundle_does_not_rename_what_others_rest_on_too(bundle: Path, tmp_path: Path) -> None:
    copy_content("import", "thurayya", bundle)
    add_own_concept("thurayya", unit="numbers/low")
    with current.use("amal"):
        Unit.objects.filter(key="numbers/low").update(title={"ar": "الأولى"})

    with pytest.raises(CommandError, match=r"^thurayya has its own unit numbers/low; --replace"):
        copy_content("import", "thurayya", export("amal", tmp_path / "newer.zip"))


def test_new_units_come_after_those_that_the_app_has(bundle: Path) -> None:
    add_own_concept("thurayya", unit="mine")

    copy_content("import", "thurayya", bundle)

    assert [key for key, _ in read_content("thurayya")["units"]] == ["mine", "numbers/low", "numbers/high"]


def test_a_unit_put_between_two_others_comes_between_them(bundle: Path, tmp_path: Path) -> None:
    add_own_concept("thurayya", unit="mine")
    copy_content("import", "thurayya", bundle)
    with current.use("amal"):
        Unit.objects.filter(key="numbers/high").update(position=9)
    add_own_concept("amal", unit="numbers/middle", key="number/half")
    with current.use("thurayya"):
        Unit.objects.create(key="later", title={"ar": "لاحقا"}, position=20)

    copy_content("import", "thurayya", export("amal", tmp_path / "newer.zip"))

    keys = [key for key, _ in read_content("thurayya")["units"]]
    assert keys == ["mine", "numbers/low", "numbers/middle", "numbers/high", "later"]


def _without_retired(content: dict[str, Any]) -> dict[str, Any]:
    """Leave out what stays of retired concepts in either app: their bytes are live and in no release."""
    live = content["concepts"]
    content["bytes"] = {key: byte for key, byte in content["bytes"].items() if byte[0] in live}
    content["prerequisites"] = {edge for edge in content["prerequisites"] if set(edge) <= set(live)}
    return content
