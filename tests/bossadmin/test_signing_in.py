"""Who enters which app's dashboard."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from tenants import current
from tenants.registry.app import App
from tests.clients import AppClient
from tests.editors import PASSWORD, Editor

LOGIN = "/boss/login/"


def sign_in(app: App, email: str, password: str = PASSWORD) -> AppClient:
    client = AppClient(app)
    client.post(LOGIN, {"username": email, "password": password, "next": "/boss/"})
    return client


def may_enter(client: Client) -> bool:
    return client.get("/boss/").status_code == 200


def test_an_editor_signs_in_and_out(editor: Editor, amal: App) -> None:
    client = sign_in(amal, editor.user.email or "")
    entered = may_enter(client)

    client.post("/boss/logout/")

    assert entered
    assert not may_enter(client)


def test_an_address_may_begin_with_a_capital(editor: Editor, amal: App) -> None:
    assert may_enter(sign_in(amal, "Editor@Example.org"))


def test_a_session_of_one_app_is_worth_nothing_in_another(editor: Editor, amal: App, thurayya: App) -> None:
    """The same address is staff of both, with the same number, and amal's cookie is sent to thurayya's host."""
    Editor(thurayya)
    enters_amal = may_enter(editor.client)

    response = editor.client.get("/boss/", headers={"host": thurayya.hosts[0]})

    assert enters_amal
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)


def test_a_session_under_another_apps_name_is_worth_nothing_there(editor: Editor, thurayya: App) -> None:
    key = editor.client.cookies["amal_session"].value
    Editor(thurayya)
    thief = AppClient(thurayya)
    thief.cookies["thurayya_session"] = key

    assert may_enter(editor.client)
    assert not may_enter(thief)


def test_a_session_copied_into_another_app_is_worth_nothing_there(editor: Editor, amal: App, thurayya: App) -> None:
    """The user's row is copied with it: whoever can write an app's rows still cannot sign for it."""
    key = editor.client.cookies["amal_session"].value
    with current.use(amal):
        session = Session.objects.values().get(session_key=key)
        user = User.objects.values().get(pk=editor.user.pk)
    thief = AppClient(thurayya)
    thief.cookies["thurayya_session"] = key

    with current.use(thurayya):
        User.objects.create(**user)
        Session.objects.create(**session)

    assert may_enter(editor.client)
    assert not may_enter(thief)


def test_a_password_of_one_app_opens_no_other(editor: Editor, thurayya: App) -> None:
    assert not may_enter(sign_in(thurayya, editor.user.email or ""))


@pytest.mark.usefixtures("db")
def test_a_guardian_cannot_sign_in(amal: App) -> None:
    with current.use(amal):
        guardian = User(kind=User.Kind.GUARDIAN, email="guardian@example.org")
        guardian.set_password(PASSWORD)
        guardian.save()

    assert not may_enter(sign_in(amal, "guardian@example.org"))


def test_an_editor_changes_the_password(editor: Editor, amal: App) -> None:
    new = {"old_password": PASSWORD, "new_password1": "quite another one", "new_password2": "quite another one"}

    done = editor.post("/boss/password_change/", new)

    assert done["Location"] == "/boss/password_change/done/"
    assert may_enter(editor.client)
    assert may_enter(sign_in(amal, "editor@example.org", "quite another one"))
    assert not may_enter(sign_in(amal, "editor@example.org"))


def test_staff_without_rights_see_no_lists(amal: App, db: None) -> None:
    editor = Editor(amal, is_superuser=False)

    page = editor.read("/boss/")

    assert "/boss/content/" not in page
    assert editor.get("/boss/content/concept/").status_code == 403
