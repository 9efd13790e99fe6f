"""What is live in the current app, as the curriculum that would bring it to another one."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from content.arabic_search import added_words
from content.bundles.archive import BundleError
from content.curricula import blueprint
from content.curricula.blueprint import Curriculum, StoredFile
from content.models import Asset, Concept, ContentByte, Licence, Unit
from content.services.snapshots import Snapshot, take_snapshot
from tenants import current


class LeftOut(NamedTuple):
    """What is live and yet not in the curriculum, in rows."""

    bytes: int  # whose asset's file is missing
    concepts: int  # without a byte
    prerequisites: int  # of another unit than those asked for


def read_live(only_units: Collection[str]) -> tuple[Curriculum, LeftOut]:
    """Return what the next release would hold, of all units or of these; raise `BundleError` where that is nothing."""
    snapshot = take_snapshot()
    _refuse_unknown(snapshot, only_units)
    units = {unit.pk: unit.key for unit in snapshot.units if not only_units or unit.key in only_units}
    concepts = [concept for concept in snapshot.concepts if concept.unit_id in units]
    if not concepts:
        raise BundleError(f"{current.get().name} has nothing live to export{' in these units' if only_units else ''}")
    inside = {concept.pk for concept in concepts}
    content_bytes = [byte for byte in snapshot.bytes if byte.concept_id in inside]
    live = Concept.objects.filter(is_live=True, unit__in=units)
    left_out = LeftOut(
        bytes=ContentByte.objects.filter(is_live=True, concept__in=live).count() - len(content_bytes),
        concepts=live.count() - len(concepts),
        prerequisites=sum(needs not in inside for concept in concepts for needs in snapshot.needs.get(concept.pk, ())),
    )
    return _describe(snapshot, units, concepts, content_bytes), left_out


def _refuse_unknown(snapshot: Snapshot, only_units: Collection[str]) -> None:
    known = {unit.key for unit in snapshot.units}
    if unknown := [key for key in only_units if key not in known]:
        raise BundleError(f"{current.get().name} has no unit {unknown[0]!r}; /boss lists them")


def _describe(
    snapshot: Snapshot, units: dict[int, str], concepts: list[Concept], content_bytes: list[ContentByte]
) -> Curriculum:
    keys = {concept.pk: concept.key for concept in concepts}
    assets = {asset.pk: asset for byte in content_bytes for asset in snapshot.assets.get(byte.pk, [])}
    taught = {concept.unit_id for concept in concepts}
    used = {row.licence_id for row in concepts} | {row.licence_id for row in assets.values()}
    licences = Licence.objects.in_bulk(used)
    return Curriculum(
        licences=tuple(describe_licence(row) for row in sorted(licences.values(), key=lambda row: row.key)),
        assets=tuple(describe_asset(row, licences) for row in sorted(assets.values(), key=lambda row: row.key)),
        units=tuple(describe_unit(unit) for unit in snapshot.units if unit.pk in taught),
        concepts=tuple(
            _concept(concept, units, licences, [keys[pk] for pk in snapshot.needs.get(concept.pk, ()) if pk in keys])
            for concept in concepts
        ),
        bytes=tuple(_byte(byte, keys, snapshot.assets.get(byte.pk, [])) for byte in content_bytes),
    )


def describe_licence(row: Licence) -> blueprint.Licence:
    return blueprint.Licence(row.key, row.name, row.url, row.notice, row.source)


def describe_asset(row: Asset, licences: dict[int, Licence]) -> blueprint.Asset:
    return blueprint.Asset(row.key, row.media_type, StoredFile(row.sha256, row.size), licences[row.licence_id].key)


def describe_unit(row: Unit) -> blueprint.Unit:
    return blueprint.Unit(row.key, row.title)


def _concept(
    row: Concept, units: dict[int, str], licences: dict[int, Licence], needs: Iterable[str]
) -> blueprint.Concept:
    return blueprint.Concept(
        key=row.key,
        unit=units[row.unit_id],
        kind=row.kind,
        title=row.title,
        text=row.text,
        prerequisites=tuple(sorted(needs)),
        licence=licences[row.licence_id].key,
        search=" ".join(added_words(row.search_text, [*row.title.values(), row.text])),
    )


def _byte(row: ContentByte, concepts: dict[int, str], assets: list[Asset]) -> blueprint.ContentByte:
    return blueprint.ContentByte(
        key=row.key,
        concept=concepts[row.concept_id],
        kind=row.kind,
        payload=row.payload,
        difficulty=row.difficulty,
        expected_ms=row.expected_ms,
        guess=row.guess,
        assets=tuple(sorted(asset.key for asset in assets)),
    )
