"""Content that has everything a bundle carries, and the command that carries it."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.conf import settings
from django.core.management import call_command

from content.bundles.archive import MANIFEST, SIGNATURE, member_of, write_archive
from content.curricula.blueprint import Asset, Curriculum, content_byte
from content.models import Asset as AssetRow
from content.models import Concept, ContentByte, Licence, Prerequisite, Unit
from content.services.curricula import import_curriculum
from jobs.models import Job
from tenants import current
from tests.curricula import small_curriculum

SOUND = b"zero, spoken"

type Forgery = Callable[[dict[str, Any], dict[str, bytes]], object]  # of a manifest and its members


def course(length: int = 6, *, sound: bytes = SOUND) -> Curriculum:
    """Numbers whose first one has a sound, texts by language in its payload, and words it is also found by."""
    plain = small_curriculum(length)
    names = [{"ar": "صفر", "en": "Zero"}, {"ar": "واحد", "en": "One"}]
    spoken = content_byte("number/0", "meet", {"text": "0", "title": names[0], "audio": "sounds/zero"})
    named = content_byte("number/0", "choose_name", {"text": "0", "choices": names, "answer": 0}, difficulty=-0.3)
    zero = plain.concepts[0]._replace(search="nought null")
    return plain._replace(
        assets=(Asset("sounds/zero", "audio/ogg", sound, "own"),),
        concepts=(zero, *plain.concepts[1:]),
        bytes=(spoken, named, *plain.bytes[1:]),
    )


def bring_in(app: str, curriculum: Curriculum, name: str = "test") -> None:
    with current.use(app):
        import_curriculum(name=name, curriculum=curriculum, progress=lambda *_: None)


def add_own_concept(app: str, *, unit: str, key: str = "number/mine") -> str:
    """Add a concept with a byte, as an editor does."""
    with current.use(app):
        licence, _ = Licence.objects.get_or_create(key="own", defaults={"name": "Alphazed"})
        home, _ = Unit.objects.get_or_create(key=unit, defaults={"title": {"ar": "لي"}, "position": 7})
        concept = Concept.objects.create(
            key=key, unit=home, licence=licence, kind="number", title={"ar": "لي"}, position=99
        )
        ContentByte.objects.create(
            key=f"{key}#meet", concept=concept, kind="meet", payload={"text": "1"}, expected_ms=1, guess=0, position=99
        )
    return key


def copy_content(*arguments: object) -> str:
    """Run the command; return what it says."""
    out = StringIO()
    call_command("copy_content", *map(str, arguments), stdout=out)
    return out.getvalue()


def export(app: str, path: Path, *options: str) -> Path:
    copy_content("export", app, "--output", path, *options)
    return path


def read_content(app: str) -> dict[str, Any]:
    """Return an app's live content by key, without what is its own business: ids and who brought it."""
    with current.use(app):
        edges = Prerequisite.objects.values_list("concept__key", "needs__key")
        return {
            "licences": {row.key: (row.name, row.url, row.source, row.notice) for row in Licence.objects.all()},
            "assets": {row.key: (row.sha256, row.size, row.media_type, row.licence.key) for row in _assets()},
            "units": [(row.key, row.title) for row in Unit.objects.order_by("position", "pk")],
            "concepts": {
                row.key: (row.unit.key, row.kind, row.title, row.text, set(row.search_text.split()), row.licence.key)
                for row in _concepts()
            },
            "order": [row.key for row in _concepts()],
            "prerequisites": set(edges.filter(concept__is_live=True)),
            "bytes": {
                row.key: (row.concept.key, row.kind, row.payload, row.difficulty, row.expected_ms, row.guess)
                for row in ContentByte.objects.filter(is_live=True).select_related("concept")
            },
            "sounds": {(byte.key, asset.key) for asset in _assets() for byte in asset.contentbyte_set.all()},
        }


def _concepts() -> Any:
    return Concept.objects.filter(is_live=True).select_related("unit", "licence").order_by("unit__position", "position")


def _assets() -> Any:
    return AssetRow.objects.select_related("licence").prefetch_related("contentbyte_set")


def read_rows(app: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything that an import may touch, row by row."""
    models: list[Any] = [Licence, AssetRow, Unit, Concept, Prerequisite, ContentByte, ContentByte.assets.through, Job]
    with current.use(app):
        return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def forge(bundle: Path, target: Path, change: Forgery) -> Path:
    """Write a bundle that says something else and is signed as it should be; `change` gets its manifest and members."""
    with ZipFile(bundle) as archive:
        about: dict[str, Any] = json.loads(archive.read(MANIFEST))
        members = {name: archive.read(name) for name in archive.namelist() if name not in {MANIFEST, SIGNATURE}}
    change(about, members)
    with target.open("wb") as file:
        rest = [member_of(name, data) for name, data in members.items()]
        write_archive(file, about=about, members=rest, key=settings.BUNDLE_KEY.encode())
    return target
