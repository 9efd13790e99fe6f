"""A snapshot: everything that is live and whole, in the shape that phones and the session generator read."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from content.files import Folder, is_stored
from content.kinds import KINDS
from content.models import Asset, Concept, ContentByte, Prerequisite, Unit
from content.release_index import ReleaseIndex
from content.release_index_build import IndexedByte, IndexedConcept, build


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a release is made of, in curriculum order."""

    units: list[Unit]
    concepts: list[Concept]
    bytes: list[ContentByte]
    needs: dict[int, list[int]]  # ids of prerequisites by concept id
    assets: dict[int, list[Asset]]  # by byte id
    left_out: int  # live bytes whose asset is missing

    @property
    def packs(self) -> dict[str, dict[str, Any]]:
        """The packs by their unit's key: all that a phone needs to teach the unit without a network."""
        concepts = _group(self.concepts, "unit_id")
        content_bytes = _group(self.bytes, "concept_id")
        return {
            unit.key: self._pack(unit, concepts[unit.pk], content_bytes) for unit in self.units if concepts[unit.pk]
        }

    def index(self, number: int) -> ReleaseIndex:
        """Return the packed index that sessions are made from."""
        units = {unit.pk: position for position, unit in enumerate(self.units)}
        return build(
            release=number,
            concepts=[
                IndexedConcept(concept.pk, units[concept.unit_id], tuple(self.needs.get(concept.pk, ())))
                for concept in self.concepts
            ],
            bytes_=[
                IndexedByte(
                    id=byte.pk,
                    concept_id=byte.concept_id,
                    kind=byte.kind,
                    difficulty=byte.difficulty,
                    expected_ms=byte.expected_ms,
                    guess=byte.guess,
                    payload=byte.payload,
                    graded=KINDS[byte.kind].graded,
                )
                for byte in self.bytes
            ],
        )

    def _pack(self, unit: Unit, concepts: list[Concept], content_bytes: dict[int, list[ContentByte]]) -> dict[str, Any]:
        inside = [byte for concept in concepts for byte in content_bytes[concept.pk]]
        assets = {asset.pk: asset for byte in inside for asset in self.assets.get(byte.pk, [])}
        return {
            "key": unit.key,
            "title": unit.title,
            "concepts": [_describe_concept(concept, self.needs.get(concept.pk, [])) for concept in concepts],
            "bytes": [_describe_byte(byte) for byte in inside],
            "assets": [_describe_asset(asset) for asset in sorted(assets.values(), key=lambda asset: asset.key)],
        }


def take_snapshot() -> Snapshot:
    """Read what is live; leave out bytes whose asset is missing, then concepts that have no byte left."""
    live = list(ContentByte.objects.filter(is_live=True, concept__is_live=True).order_by("position", "pk"))
    assets = _read_assets()
    whole = [byte for byte in live if all(_is_whole(asset) for asset in assets.get(byte.pk, []))]
    taught = {byte.concept_id for byte in whole}
    units = list(Unit.objects.order_by("position", "pk"))
    place = {unit.pk: position for position, unit in enumerate(units)}
    concepts = [concept for concept in Concept.objects.filter(is_live=True) if concept.pk in taught]
    concepts.sort(key=lambda concept: (place[concept.unit_id], concept.position, concept.pk))
    return Snapshot(
        units=units,
        concepts=concepts,
        bytes=whole,
        needs=_read_prerequisites(taught),
        assets=assets,
        left_out=len(live) - len(whole),
    )


def _read_assets() -> dict[int, list[Asset]]:
    by_byte: dict[int, list[Asset]] = defaultdict(list)
    assets = Asset.objects.in_bulk()
    for byte_id, asset_id in ContentByte.assets.through._default_manager.values_list("contentbyte_id", "asset_id"):
        by_byte[byte_id].append(assets[asset_id])
    return by_byte


def _is_whole(asset: Asset) -> bool:
    return is_stored(Folder.ASSETS, asset.sha256, asset.size)


def _read_prerequisites(taught: set[int]) -> dict[int, list[int]]:
    """Return the edges between concepts that are taught; one that is not can hold nobody back."""
    needs: dict[int, list[int]] = defaultdict(list)
    for child, parent in Prerequisite.objects.order_by("pk").values_list("concept_id", "needs_id"):
        if child in taught and parent in taught:
            needs[child].append(parent)
    return needs


def _group[T](rows: list[T], attribute: str) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, attribute)].append(row)
    return grouped


def _describe_concept(concept: Concept, needs: list[int]) -> dict[str, Any]:
    return {
        "id": concept.pk,
        "key": concept.key,
        "kind": concept.kind,
        "title": concept.title,
        "text": concept.text,
        "needs": needs,
    }


def _describe_byte(byte: ContentByte) -> dict[str, Any]:
    return {
        "id": byte.pk,
        "key": byte.key,
        "concept_id": byte.concept_id,
        "kind": byte.kind,
        "expected_ms": byte.expected_ms,
        "guess": byte.guess,
        "payload": byte.payload,
    }


def _describe_asset(asset: Asset) -> dict[str, Any]:
    return {
        "key": asset.key,
        "sha256": asset.sha256,
        "media_type": asset.media_type,
        "bytes": asset.size,
        "url": f"/app/assets/{asset.sha256}",
    }
