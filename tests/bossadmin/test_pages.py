"""Every model has its pages, and every page opens."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import RefreshToken, User
from bossadmin.navigation import GROUPS, list_url
from bossadmin.sites import BossAdminSite
from tenants import current
from tenants.registry.app import App
from tests.curricula import release_curriculum, small_curriculum
from tests.editors import Editor, add_rows

ROOT = Path(__file__).resolve().parents[2]
OURS = [model for model in apps.get_models() if Path(apps.get_app_config(model._meta.app_label).path).parent == ROOT]
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


def change_url(row: Model) -> str:
    return f"{list_url(row._meta.label)}{row.pk}/change/"


def test_the_site_is_the_projects_own() -> None:
    assert isinstance(admin.site, BossAdminSite)


def test_every_model_of_the_project_is_registered() -> None:
    assert len(OURS) > 20
    assert [model._meta.label for model in OURS if not admin.site.is_registered(model)] == []


def test_every_list_stands_in_the_sidebar() -> None:
    assert {page.model for _, pages in GROUPS for page in pages} == {model._meta.label for model in REGISTERED}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_page_of_a_model_opens(model: type[Model], editor: Editor, rows: None, amal: App) -> None:
    with current.use(amal):
        row = model._default_manager.order_by("pk").first()
        request = RequestFactory().get("/")
        request.user = editor.user
        may_add = admin.site._registry[model].has_add_permission(request)
    assert row is not None

    answers = [editor.get(path) for path in (list_url(model._meta.label), f"{list_url(model._meta.label)}?q=1")]
    change, add = editor.get(change_url(row)), editor.get(f"{list_url(model._meta.label)}add/")

    assert [answer.status_code for answer in (*answers, change)] == [200, 200, 200]
    assert add.status_code == (200 if may_add else 403)


def test_longer_lists_take_no_more_queries(editor: Editor, amal: App) -> None:
    with current.use(amal):
        release_curriculum(small_curriculum(2))
        add_rows(1)
    _count_queries(editor)  # once before, as content types are read once

    with_one = _count_queries(editor)
    with current.use(amal):
        release_curriculum(small_curriculum(6))
        for number in range(2, 6):
            add_rows(number)

    # 1 session, 1 user, and for a list: count (twice with a filter or search), rows, and each filter's choices.
    assert _count_queries(editor) == with_one


def _count_queries(editor: Editor) -> dict[str, int]:
    counts = {}
    for model in REGISTERED:
        with CaptureQueriesContext(connection) as queries:
            editor.read(list_url(model._meta.label))
        counts[model._meta.label] = len(queries)
    return counts


def test_what_proves_an_identity_is_on_no_page(editor: Editor, rows: None, amal: App) -> None:
    with current.use(amal):
        secrets = [*RefreshToken.objects.values_list("token_hash", flat=True), editor.user.password]
        people = [
            *User.objects.all(),
            *RefreshToken.objects.all(),
            *(token.family for token in RefreshToken.objects.all()),
        ]
    paths = [change_url(row) for row in people] + [list_url(model._meta.label) for model in REGISTERED]

    pages = [editor.read(path) for path in paths]

    assert len(secrets) > 1
    assert [path for path, page in zip(paths, pages, strict=True) if any(secret in page for secret in secrets)] == []
    assert [path for path, page in zip(paths, pages, strict=True) if "md5$" in page] == []


@pytest.mark.parametrize(
    "path", ["accounts/refreshtoken/?token_hash__startswith=0", "accounts/user/?password__startswith=m"]
)
def test_nobody_guesses_a_hash_letter_by_letter(path: str, editor: Editor, rows: None) -> None:
    assert editor.get(f"/boss/{path}").status_code == 400
