"""Who may act for whom: one rule, for hot and heavy endpoints alike."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.hot.access import may_act_for
from accounts.models import Guardianship, User
from accounts.queries import get_learner, list_learners
from content.models import Release
from tenants import current
from tenants.registry.app import App
from tenants.services import DjangoDatabase, signing_key
from tests.phones import Phone, problem_of
from thin import tokens
from thin.errors import NotFound

type Change = Callable[[Phone, Phone], object]


def allowed(subject: int, learner: int) -> bool:
    """Ask the one rule, and the heavy read that stands on it."""
    answer = may_act_for(DjangoDatabase(), subject=subject, learner=learner)
    try:
        found = get_learner(subject=subject, learner_id=learner).pk == learner
    except NotFound:
        found = False
    assert found is answer
    return answer


def deactivate(pk: int) -> None:
    User.objects.filter(pk=pk).update(is_active=False)


def make_staff() -> User:
    return User.objects.create_superuser("editor@amal.localhost", "secret")


def test_a_guardian_may_act_for_their_child_and_for_no_other(phone: Phone, second_phone: Phone, in_amal: App) -> None:
    assert allowed(phone.guardian, phone.learner)
    assert not allowed(phone.guardian, second_phone.learner)
    assert not allowed(second_phone.guardian, phone.learner)


@pytest.mark.parametrize("role", ["parent", "teacher"])
def test_a_second_guardian_of_the_child_may_act_for_it(
    phone: Phone, second_phone: Phone, in_amal: App, role: str
) -> None:
    Guardianship.objects.create(guardian_id=second_phone.guardian, learner_id=phone.learner, role=role)

    assert allowed(second_phone.guardian, phone.learner)
    assert allowed(phone.guardian, phone.learner)


@pytest.mark.parametrize(
    "change",
    [
        lambda phone, _: deactivate(phone.guardian),
        lambda phone, _: deactivate(phone.learner),
        lambda phone, _: Guardianship.objects.filter(guardian_id=phone.guardian).delete(),
        lambda phone, other: Guardianship.objects.filter(guardian_id=phone.guardian).update(guardian_id=other.guardian),
    ],
    ids=["the guardian is deactivated", "the child is deactivated", "they have parted", "the child was handed over"],
)
def test_a_guardian_may_no_longer_act_when(phone: Phone, second_phone: Phone, in_amal: App, change: Change) -> None:
    change(phone, second_phone)

    assert not allowed(phone.guardian, phone.learner)


def test_nobody_acts_for_themselves_or_upwards(phone: Phone, in_amal: App) -> None:
    assert not allowed(phone.guardian, phone.guardian)
    assert not allowed(phone.learner, phone.learner)
    assert not allowed(phone.learner, phone.guardian)


def test_staff_act_for_no_child(phone: Phone, in_amal: App) -> None:
    assert not allowed(make_staff().pk, phone.learner)


@pytest.mark.parametrize("learner", [0, -1, 2**63 - 1, 2**63, 2**64 + 1, 10**30])
def test_an_id_that_no_child_can_have_is_nobody(phone: Phone, in_amal: App, learner: int) -> None:
    assert not allowed(phone.guardian, learner)


def test_the_same_ids_mean_nothing_in_another_app(phone: Phone, thurayya: App) -> None:
    with current.use(thurayya):
        assert not allowed(phone.guardian, phone.learner)


def test_a_guardians_list_holds_what_they_may_act_for(phone: Phone, second_phone: Phone, in_amal: App) -> None:
    Guardianship.objects.create(guardian_id=second_phone.guardian, learner_id=phone.learner)
    guardian = User.objects.get(pk=second_phone.guardian)

    listed = [child.pk for child in list_learners(guardian)]

    assert listed == [phone.learner, second_phone.learner]
    assert all(allowed(guardian.pk, child) for child in listed)


def test_a_child_that_was_deactivated_is_not_listed(phone: Phone, in_amal: App) -> None:
    """What is listed and what may be opened are one rule."""
    deactivate(phone.learner)

    assert phone.get("/user/learners").json() == []


HOT = ("/user/{}/progress", "/user/{}/today")
HEAVY = ("/user/learners/{}",)


@pytest.mark.parametrize("path", HOT + HEAVY)
def test_only_the_childs_guardian_reads_about_it(
    phone: Phone, second_phone: Phone, thurayyas_phone: Phone, released: Release, path: str
) -> None:
    here = path.format(phone.learner)
    foreign = second_phone.get(here)
    missing = second_phone.get(path.format(phone.learner + 1000))
    thurayyas_phone.access = phone.access

    assert phone.get(here).status_code == 200
    assert foreign.status_code == missing.status_code == 404
    assert problem_of(foreign) | {"request_id": ""} == problem_of(missing) | {"request_id": ""}
    assert thurayyas_phone.get(here).status_code == 401


def test_only_the_childs_guardian_writes_for_it(phone: Phone, second_phone: Phone, released: Release) -> None:
    body = {"sent_at": datetime.now(UTC).isoformat(), "answers": []}
    session = {"user_id": phone.learner}

    assert second_phone.post(f"/user/{phone.learner}/answers", body).status_code == 404
    assert second_phone.post("/content_duo/generate", session).status_code == 404
    assert phone.post(f"/user/{phone.learner}/answers", body).status_code == 200
    assert phone.post("/content_duo/generate", session).status_code == 200


@pytest.mark.parametrize("path", HOT + HEAVY)
def test_the_token_of_a_guardian_who_was_deactivated_opens_nothing(phone: Phone, in_amal: App, path: str) -> None:
    deactivate(phone.guardian)

    assert phone.get(path.format(phone.learner)).status_code in {401, 404}


@pytest.mark.parametrize("path", ["/user/learners", "/user/1/progress"])
@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer é.é.é"])
def test_a_bad_authorization_is_refused_alike_by_hot_and_heavy(phone: Phone, path: str, authorization: str) -> None:
    phone.access = ""

    refused = phone.get(path, authorization=authorization)

    assert (refused.status_code, problem_of(refused)["code"]) == (401, "not_authenticated")
    assert refused["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/user/learners", "/user/1/progress"])
@pytest.mark.parametrize("subject", [0, -1, 2**63, 10**19 - 1, 10**30, 987_654])
def test_a_true_token_of_nobody_is_refused_alike_by_hot_and_heavy(
    phone: Phone, in_amal: App, path: str, subject: int
) -> None:
    now_s = int(datetime.now(UTC).timestamp())
    phone.access = tokens.sign(signing_key(), subject=subject, family=1, now_s=now_s)

    assert phone.get(path).status_code in {401, 404}
