"""Bring a curriculum into the tables of the current app."""

import json
from collections.abc import Collection, Mapping

from django.db import transaction

from content.arabic_search import normalise
from content.curricula.blueprint import Curriculum, StoredFile
from content.files import Folder, store
from content.models import Asset, Concept, ContentByte, Licence, Prerequisite, Unit
from content.services.upserts import Changes, Progress, Rows, set_pairs, upsert
from tenants import current


def import_curriculum(*, name: str, curriculum: Curriculum, progress: Progress) -> Changes:
    """Create, update and retire rows until the app holds this curriculum; doing it again changes nothing.

    All or nothing: a curriculum that breaks off half way would leave concepts whose prerequisites are missing.
    """
    curriculum.validate(current.get().languages)
    stored = tuple(asset._replace(data=_store(asset.data)) for asset in curriculum.assets)
    return write_curriculum(name=name, curriculum=curriculum._replace(assets=stored), progress=progress)


def write_curriculum(
    *,
    name: str,
    curriculum: Curriculum,
    progress: Progress,
    positions: Mapping[str, int] | None = None,
    only_units: Collection[str] = (),
) -> Changes:
    """Make the rows be as a curriculum says that has been validated and whose files are stored; all or nothing.

    Units are numbered as they come unless their `positions` are given. Where the curriculum tells of `only_units`,
    what others hold is not retired.
    """
    changes = Changes()
    with transaction.atomic():
        licences = upsert(Licence, _licence_rows(curriculum), changes, progress)
        assets = upsert(Asset, _asset_rows(curriculum, licences), changes, progress)
        units = upsert(Unit, _unit_rows(curriculum, positions), changes, progress)
        concepts = upsert(Concept, _concept_rows(name, curriculum, units, licences), changes, progress)
        _set_prerequisites(curriculum, concepts)
        content_bytes = upsert(ContentByte, _byte_rows(name, curriculum, concepts), changes, progress)
        _set_assets(curriculum, content_bytes, assets)
        for model, ids, unit in ((ContentByte, content_bytes, "concept__unit"), (Concept, concepts, "unit")):
            # What an earlier version of the curriculum brought and this one does not. Editors' own rows have no name.
            gone = model.objects.filter(curriculum=name, is_live=True).exclude(pk__in=ids.values())
            if only_units:
                gone = gone.filter(**{f"{unit}__key__in": only_units})
            changes.retired += gone.update(is_live=False)
    return changes


def _store(data: bytes | StoredFile) -> StoredFile:
    return data if isinstance(data, StoredFile) else StoredFile(store(Folder.ASSETS, data), len(data))


def _licence_rows(curriculum: Curriculum) -> Rows:
    return {
        licence.key: {"name": licence.name, "url": licence.url, "notice": licence.notice, "source": licence.source}
        for licence in curriculum.licences
    }


def _asset_rows(curriculum: Curriculum, licences: dict[str, int]) -> Rows:
    return {
        asset.key: {**asset.data._asdict(), "media_type": asset.media_type, "licence_id": licences[asset.licence]}
        for asset in curriculum.assets
        if isinstance(asset.data, StoredFile)
    }


def _unit_rows(curriculum: Curriculum, positions: Mapping[str, int] | None) -> Rows:
    taken = positions or {unit.key: position for position, unit in enumerate(curriculum.units)}
    return {unit.key: {"title": dict(unit.title), "position": taken[unit.key]} for unit in curriculum.units}


def _concept_rows(name: str, curriculum: Curriculum, units: dict[str, int], licences: dict[str, int]) -> Rows:
    return {
        concept.key: {
            "unit_id": units[concept.unit],
            "kind": concept.kind,
            "title": dict(concept.title),
            "text": concept.text,
            "search_text": normalise(" ".join([*concept.title.values(), concept.text, concept.search])),
            "position": position,
            "licence_id": licences[concept.licence],
            "curriculum": name,
            "is_live": True,
        }
        for position, concept in enumerate(curriculum.concepts)
    }


def _byte_rows(name: str, curriculum: Curriculum, concepts: dict[str, int]) -> Rows:
    return {
        byte.key: {
            "concept_id": concepts[byte.concept],
            "kind": byte.kind,
            "payload": json.loads(json.dumps(byte.payload)),
            "difficulty": byte.difficulty,
            "expected_ms": byte.expected_ms,
            "guess": byte.guess,
            "position": position,
            "curriculum": name,
            "is_live": True,
        }
        for position, byte in enumerate(curriculum.bytes)
    }


def _set_prerequisites(curriculum: Curriculum, concepts: dict[str, int]) -> None:
    wanted = {
        (concepts[concept.key], concepts[needs]) for concept in curriculum.concepts for needs in concept.prerequisites
    }
    set_pairs(Prerequisite, ("concept_id", "needs_id"), wanted, owners=set(concepts.values()))


def _set_assets(curriculum: Curriculum, content_bytes: dict[str, int], assets: dict[str, int]) -> None:
    wanted = {(content_bytes[byte.key], assets[key]) for byte in curriculum.bytes for key in byte.assets}
    set_pairs(ContentByte.assets.through, ("contentbyte_id", "asset_id"), wanted, owners=set(content_bytes.values()))
