"""The same world in two apps: equal ids, different secrets.

Three families in each app. The *owners* have the same numbers in both, so do their *neighbours*; the *hermits* have
numbers that nobody has in the other app.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.services.tokens import start_family
from content.files import Folder, store
from content.models import Asset, Concept, ContentByte, Pack, Publication, Unit
from content.services.releases import build_release, publish_release
from learning.models import LessonSession
from tenants import current
from tenants.registry.app import App
from tests.isolation.planting import Overrides, Planter

OWNER, NEIGHBOUR, HERMIT = "owner", "neighbour", "hermit"
SHARED_NUMBERS = {OWNER: 900_000, NEIGHBOUR: 910_000}
#: Of the hermits, who are alone in having them.
LONELY_NUMBERS = {"amal": 920_000, "thurayya": 930_000}
PLANTED_NUMBERS = {number - each for number in (900_000, 910_000, 920_000, 930_000) for each in (0, 1)}
#: What an id is when nothing has it, in either app.
MISSING = 990_000
#: Rows that Django and the release bring by themselves, or that two families cannot both have.
NOT_PLANTED = {ContentType, Permission, Publication, Session, User}

OVERRIDES: Overrides = {
    "Asset": {"sha256": lambda planter: store(Folder.ASSETS, _picture(planter)), "size": lambda p: len(_picture(p))},
    "Concept": {"kind": "number", "is_live": True},
    "ContentByte": {
        "kind": "choose_picture",
        "payload": lambda p: {"text": p.text(ContentByte), "choices": ["🍎", "🍐", "🍋", "🍇"], "answer": 1},
        "expected_ms": 6000,
        "is_live": True,
    },
    "IdempotencyKey": {"route": "POST /user/learners", "status": 201},
    "LogEntry": {"content_type": lambda _: ContentType.objects.get_for_model(Concept)},
    "LessonSession": {"release": lambda _: Publication.objects.get().release.number, "size": 5, "seconds": 300},
    # Edges lead from the family's concept to one of its own that nothing else points at.
    "Prerequisite": {"needs": lambda planter: _second_concept(planter)},  # noqa: PLW0108 - defined below
    "RefreshToken": {"token_hash": lambda p: p.text(User)[:64], "expires_at": timezone.now() + timedelta(days=9)},
    "SeasonOffset": {"country": lambda planter: f"{planter.app[0].upper()}{planter.number // 10_000 % 10}"},
    "UserMemory": {"difficulty": 5, "stability": 2.5},
}


@dataclass(frozen=True, slots=True)
class Family:
    """A guardian with a phone and a child."""

    app: App
    planter: Planter
    access: str
    expired: str
    #: What requests may name of theirs, by the name of the parameter or of the body's member.
    ids: dict[str, Any]

    def row(self, model: type[models.Model]) -> Any:
        return self.planter.row(model)


@dataclass(frozen=True, slots=True)
class World:
    """Both apps' families, by app and by name."""

    families: dict[str, dict[str, Family]]

    def other(self, app: str) -> str:
        """Return the name of the app that an app must be kept from."""
        return next(name for name in self.families if name != app)


def build_world(*chosen: App) -> World:
    return World({app.name: _settle(app) for app in chosen})


def planted_models() -> list[type[models.Model]]:
    """Return every model of which each family has a row."""
    return [model for model in apps.get_models() if model not in NOT_PLANTED]


def missing_ids() -> dict[str, Any]:
    """Return ids that lead nowhere, in either app."""
    numbers = dict.fromkeys(("user_id", "learner_id", "session_id", "byte_id"), MISSING)
    return numbers | {"refresh": "missing", "pack_sha256": "0" * 64, "asset_sha256": "0" * 64}


def _settle(app: App) -> dict[str, Family]:
    with current.use(app):
        numbers = SHARED_NUMBERS | {HERMIT: LONELY_NUMBERS[app.name]}
        planters = {
            family: Planter(app=app.name, family=family, number=number, overrides=OVERRIDES)
            for family, number in numbers.items()
        }
        for planter in planters.values():
            planter.row(ContentByte)
        publish_release(number=build_release().number)
        for planter in planters.values():
            for model in planted_models():
                planter.row(model)
        return {family: _give_a_phone(app, planter) for family, planter in planters.items()}


def _give_a_phone(app: App, planter: Planter) -> Family:
    now = timezone.now()
    pair = start_family(user=planter.guardian, device=None, now=now)
    expired = start_family(user=planter.guardian, device=None, now=now - timedelta(hours=1)).access
    pack = Pack.objects.get(key=planter.row(Unit).key, release=Publication.objects.get().release)
    ids = {
        "user_id": planter.learner.pk,
        "learner_id": planter.learner.pk,
        "session_id": planter.row(LessonSession).pk,
        "byte_id": planter.row(ContentByte).pk,
        "refresh": pair.refresh,
        "pack_sha256": pack.sha256,
        "asset_sha256": planter.row(Asset).sha256,
    }
    return Family(app, planter, pair.access, expired, ids)


def _second_concept(planter: Planter) -> Concept:
    first = planter.row(Concept)
    copy = {field.name: getattr(first, field.name) for field in Concept._meta.concrete_fields}
    return Concept.objects.create(**copy | {"id": planter.number - 1, "key": f"{first.key} needed"})


def _picture(planter: Planter) -> bytes:
    return planter.text(Asset).encode()
