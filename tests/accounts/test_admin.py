"""People in the dashboard: who may do what to whom."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import Guardianship, User
from accounts.services.devices import start_device
from tenants import current
from tenants.registry.app import App
from tests.editors import NOW, PASSWORD, Editor

USERS = "/boss/accounts/user/"


@pytest.fixture
def editor(db: None, amal: App) -> Editor:
    return Editor(amal)


@pytest.fixture
def family(transactional_db: None, amal: App) -> tuple[User, User]:
    """A guardian and a learner, as a phone's first call makes them."""
    with current.use(amal):
        start = start_device(
            install_id="phone", platform="ios", locale="ar-SA", timezone="UTC", country="SA", app_version="", now=NOW
        )
    return start.guardian, start.learner


def person_form(user: User, **changes: object) -> dict[str, object]:
    form = {"name": user.name, "language": "ar", "country": "SA", "timezone": "UTC", "is_active": "on"}
    role = "learner" if user.kind == User.Kind.LEARNER else "guardian"
    prefix = "guardianships" if role == "learner" else "wards"
    return form | {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0} | changes


def test_who_is_added_here_is_staff_and_can_sign_in(editor: Editor, amal: App) -> None:
    passwords = {"password1": PASSWORD, "password2": PASSWORD}

    editor.post(f"{USERS}add/", {"email": "New@Example.org", "name": "New", **passwords})

    with current.use(amal):
        new = User.objects.get(email="new@example.org")
    assert (new.kind, new.is_staff, new.is_superuser) == (User.Kind.STAFF, True, False)
    assert new.check_password(PASSWORD)


def test_staff_without_an_address_are_refused(editor: Editor) -> None:
    page = editor.post(f"{USERS}add/", {"email": "", "name": "New", "password1": PASSWORD, "password2": PASSWORD})

    assert "email" in page.context["adminform"].form.errors


def test_a_childs_name_is_edited_and_nothing_else_about_who_it_is(family: tuple[User, User], amal: App) -> None:
    editor, learner = Editor(amal), family[1]

    editor.post(f"{USERS}{learner.pk}/change/", person_form(learner, name="Noor", kind="staff", id=9, is_staff="on"))

    with current.use(amal):
        learner.refresh_from_db()
    assert (learner.name, learner.kind, learner.is_staff) == ("Noor", User.Kind.LEARNER, False)


def test_a_child_gets_no_password(family: tuple[User, User], amal: App) -> None:
    assert Editor(amal).get(f"{USERS}{family[1].pk}/password/").status_code == 403


def test_nobody_is_deleted_here(family: tuple[User, User], amal: App) -> None:
    assert Editor(amal).post(f"{USERS}{family[0].pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_page_names_the_other_end_of_each_guardianship(family: tuple[User, User], amal: App) -> None:
    guardian, learner = family
    editor = Editor(amal)

    assert f"{USERS}{learner.pk}/change/" in editor.read(f"{USERS}{guardian.pk}/change/")
    assert f"{USERS}{guardian.pk}/change/" in editor.read(f"{USERS}{learner.pk}/change/")


def test_a_learner_cannot_be_anybodys_guardian(family: tuple[User, User], amal: App) -> None:
    guardian, learner = family
    form = {"guardian": learner.pk, "learner": guardian.pk, "role": "parent"}

    page = Editor(amal).post("/boss/accounts/guardianship/add/", form)

    assert set(page.context["adminform"].form.errors) == {"guardian", "learner"}
    with current.use(amal):
        assert Guardianship.objects.count() == 1


def test_nobody_gives_permissions_to_their_own_group(db: None, amal: App) -> None:
    clerk = Editor(amal, is_superuser=False)
    with current.use(amal):
        group = Group.objects.create(name="clerks")
        clerk.user.groups.add(group)
        group.permissions.set(Permission.objects.filter(codename__in=["view_group", "change_group"]))

    refused = clerk.client.post(
        f"/boss/auth/group/{group.pk}/change/", {"name": "clerks", "permissions": [1, 2, 3, 4, 5]}
    )

    with current.use(amal):
        assert (refused.status_code, group.permissions.count()) == (403, 2)


def test_only_a_superuser_changes_staff(editor: Editor, amal: App) -> None:
    """Whoever could would make themselves a superuser, or set the password of one."""
    helper = Editor(amal, "helper@example.org", is_superuser=False)
    with current.use(amal):
        helper.user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))

    answers = [
        helper.post(f"{USERS}{person.user.pk}/{page}/", {"is_superuser": "on"})
        for person in (editor, helper)
        for page in ("change", "password")
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert helper.get(f"{USERS}add/").status_code == 403
    assert helper.get(USERS).status_code == 200
