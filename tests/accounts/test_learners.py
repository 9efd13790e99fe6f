"""Children of a guardian: added, changed, shared and let go."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.models import Guardianship, User
from accounts.services.devices import create_learner_of
from accounts.services.learners import create_learner, remove_learner
from content.models import Release
from learning.models import Answer, LearnerState, LearningDay, LessonSession, UserMemory
from tenants import current
from tenants.registry.app import App
from tests.phones import Phone, problem_of
from thin.errors import AppError

NOW = datetime.now(UTC)
WHAT_A_CHILD_LEAVES = (Answer, UserMemory, LearningDay, LearnerState, LessonSession)


def learn_something(phone: Phone) -> None:
    """Answer a whole session, so that every table holds something of the child."""
    session = phone.post("/content_duo/generate", {"user_id": phone.learner}).json()
    answers = [
        {
            "client_id": str(number),
            "byte_id": item["byte_id"],
            "outcome": "correct",
            "rt_ms": 2000,
            "hints": 0,
            "answered_at": NOW.isoformat(),
            "utc_offset_min": 180,
            "device_seq": number,
            "session_id": session["session_id"],
        }
        for number, item in enumerate(session["items"])
    ]
    body = {"sent_at": NOW.isoformat(), "answers": answers}
    assert phone.post(f"/user/{phone.learner}/answers", body).json()["accepted"] == len(answers)


def share(phone: Phone, other: Phone, role: str = "parent") -> None:
    with current.use(phone.app):
        Guardianship.objects.create(guardian_id=other.guardian, learner_id=phone.learner, role=role)


def without_request_id(answer: Any) -> dict[str, Any]:
    return problem_of(answer) | {"request_id": ""}


def test_a_child_is_added_in_the_guardians_place(phone: Phone) -> None:
    added = phone.post("/user/learners", {"name": "بدر", "birth_year": 2020})

    assert added.status_code == 201
    child = added.json()
    assert {name: child[name] for name in ("name", "birth_year", "timezone", "country")} == {
        "name": "بدر",
        "birth_year": 2020,
        "timezone": "Asia/Riyadh",
        "country": "",
    }
    assert phone.get(f"/user/learners/{child['id']}").json() == child


def test_a_child_needs_no_name(phone: Phone) -> None:
    assert phone.post("/user/learners", {}).json()["name"] == ""


def test_a_time_zone_given_for_a_new_child_is_not_dropped(phone: Phone) -> None:
    added = phone.post("/user/learners", {"name": "Badr", "timezone": "Asia/Kolkata"}).json()

    assert added["timezone"] == "Asia/Kolkata"


def test_children_are_listed_in_the_order_in_which_they_came(phone: Phone) -> None:
    added = [phone.post("/user/learners", {"name": name}).json()["id"] for name in ("b", "a")]

    assert [child["id"] for child in phone.get("/user/learners").json()] == [phone.learner, *added]


def test_a_name_is_changed_and_nothing_else(phone: Phone) -> None:
    path = f"/user/learners/{phone.learner}"
    before = phone.get(path).json()

    changed = phone.send("PATCH", path, {"name": "Badr"}).json()

    assert changed == before | {"name": "Badr"}
    assert phone.get(path).json() == changed


def test_a_change_of_nothing_changes_nothing(phone: Phone) -> None:
    path = f"/user/learners/{phone.learner}"

    assert phone.send("PATCH", path, {}).json() == phone.get(path).json()


def test_a_change_of_time_zone_moves_the_childs_day(phone: Phone, in_amal: App) -> None:
    changed = phone.send("PATCH", f"/user/learners/{phone.learner}", {"timezone": "Asia/Kolkata"})

    child = User.objects.get(pk=phone.learner)
    assert changed.json()["timezone"] == "Asia/Kolkata"
    assert (child.timezone, child.utc_offset_min) == ("Asia/Kolkata", 330)


@pytest.mark.parametrize("field", ["id", "kind", "is_staff", "is_active", "email", "created_at", "country", "password"])
def test_what_a_guardian_may_not_change_stays(phone: Phone, in_amal: App, field: str) -> None:
    before = User.objects.values().get(pk=phone.learner)

    phone.send("PATCH", f"/user/learners/{phone.learner}", {field: 1, "is_superuser": True})

    assert User.objects.values().get(pk=phone.learner) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 81),
        ("name", "a\u0000b"),
        ("name", "\ud800"),
        ("name", None),
        ("name", ["x"]),
        ("birth_year", 1899),
        ("birth_year", 2101),
        ("birth_year", -1),
        ("birth_year", 10**30),
        ("birth_year", "soon"),
        ("birth_year", 2019.5),
        ("timezone", "Mars/Olympus"),
        ("timezone", ""),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_wrong_field_is_pointed_at(phone: Phone, method: str, field: str, value: Any) -> None:
    path = "/user/learners" + (f"/{phone.learner}" if method == "PATCH" else "")

    problem = problem_of(phone.send(method, path, {field: value}))

    assert problem["status"] == 400
    assert {error["pointer"] for error in problem["errors"]} == {f"#/{field}"}


def test_no_more_children_than_the_app_allows(phone: Phone, amal: App) -> None:
    limit = amal.limits.learners_per_guardian
    added = [phone.post("/user/learners", {}).status_code for _ in range(limit - 1)]

    refused = phone.post("/user/learners", {})

    assert set(added) == {201}
    assert (refused.status_code, problem_of(refused)["limit"]) == (409, limit)
    assert len(phone.get("/user/learners").json()) == limit


def test_the_last_place_is_given_once(transactional_db: None, amal: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def create_slowly(guardian: User, **fields: Any) -> User:
        time.sleep(0.1)  # as long as the other needs to count too, if nothing makes it wait
        return create_learner_of(guardian, **fields)

    phone = Phone(amal, Client())
    for _ in range(amal.limits.learners_per_guardian - 2):
        phone.post("/user/learners", {})
    monkeypatch.setattr("accounts.services.learners.create_learner_of", create_slowly)
    barrier = Barrier(2)

    @current.use(amal)
    def add(_: int) -> bool:
        try:
            guardian = User.objects.get(pk=phone.guardian)
            barrier.wait(timeout=10)
            create_learner(guardian=guardian, name="", birth_year=None, now=NOW)
        except AppError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(add, range(2)))

    assert outcomes == [False, True]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_foreign_child_and_a_missing_one_are_the_same(
    phone: Phone, second_phone: Phone, in_amal: App, method: str
) -> None:
    foreign = second_phone.send(method, f"/user/learners/{phone.learner}", {"name": "x"})
    missing = second_phone.send(method, f"/user/learners/{phone.learner + 1000}", {"name": "x"})

    assert foreign.status_code == 404
    assert without_request_id(foreign) == without_request_id(missing)
    assert {name: foreign[name] for name in foreign.headers if name != "X-Request-Id"} == {
        name: missing[name] for name in missing.headers if name != "X-Request-Id"
    }
    assert User.objects.get(pk=phone.learner).name == ""


def test_a_body_that_is_wrong_does_not_tell_a_foreign_child_from_a_missing_one(
    phone: Phone, second_phone: Phone
) -> None:
    ids = (phone.learner, phone.learner + 1000)
    answers = [second_phone.send("PATCH", f"/user/learners/{pk}", {"birth_year": "x"}) for pk in ids]

    assert without_request_id(answers[0]) == without_request_id(answers[1])
    assert answers[0].status_code == 404


def test_another_apps_guardian_sees_nothing(phone: Phone, thurayyas_phone: Phone) -> None:
    there = thurayyas_phone.get(f"/user/learners/{phone.learner + 1000}")
    thurayyas_phone.access = phone.access

    assert there.status_code == 404
    assert thurayyas_phone.get("/user/learners").status_code == 401


def test_a_guardian_is_not_a_child_of_their_own(phone: Phone) -> None:
    assert phone.get(f"/user/learners/{phone.guardian}").status_code == 404


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 2**64, 10**40, "9" * 5000])
def test_an_id_that_no_column_can_hold_is_missing(phone: Phone, number: Any) -> None:
    for path in (f"/user/learners/{number}", f"/user/{number}/progress", f"/user/{number}/today"):
        assert phone.get(path).status_code == 404
    assert phone.send("DELETE", f"/user/learners/{number}").status_code == 404


def test_nothing_is_shown_without_a_token(phone: Phone) -> None:
    phone.access = ""

    for method, path in (("GET", "/user/learners"), ("POST", "/user/learners"), ("GET", "/user/learners/1")):
        refused = phone.send(method, path, {})
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")


def test_with_its_last_guardian_a_child_goes_and_all_it_has_learned(
    phone: Phone, released: Release, in_amal: App
) -> None:
    learn_something(phone)
    had = [model.objects.filter(user_id=phone.learner).exists() for model in WHAT_A_CHILD_LEAVES]

    gone = phone.send("DELETE", f"/user/learners/{phone.learner}")

    assert (gone.status_code, gone.content) == (204, b"")
    assert all(had)
    assert not any(model.objects.filter(user_id=phone.learner).exists() for model in WHAT_A_CHILD_LEAVES)
    assert not User.objects.filter(pk=phone.learner).exists()
    assert User.objects.filter(pk=phone.guardian).exists()
    assert phone.get(f"/user/{phone.learner}/progress").status_code == 404


def test_a_child_with_another_guardian_stays_with_them(
    phone: Phone, second_phone: Phone, released: Release, in_amal: App
) -> None:
    learn_something(phone)
    share(phone, second_phone)
    answers = Answer.objects.count()

    phone.send("DELETE", f"/user/learners/{phone.learner}")

    assert phone.get(f"/user/{phone.learner}/progress").status_code == 404
    assert second_phone.get(f"/user/{phone.learner}/progress").status_code == 200
    assert Answer.objects.count() == answers > 0


def test_letting_go_twice_is_missing_the_second_time(phone: Phone) -> None:
    path = f"/user/learners/{phone.learner}"

    assert [phone.send("DELETE", path).status_code for _ in range(2)] == [204, 404]


def test_two_phones_that_let_go_of_a_child_at_once_both_get_an_answer(phone: Phone, in_amal: App) -> None:
    """Both have looked the child up before either has deleted it."""
    guardian, child = User.objects.get(pk=phone.guardian), User.objects.get(pk=phone.learner)
    same_child = User.objects.get(pk=phone.learner)
    remove_learner(guardian=guardian, learner=child)

    try:
        remove_learner(guardian=guardian, learner=same_child)
    except AppError as error:
        assert error.http_status == 404  # noqa: PT017 - a refusal is as good as silence, a crash is not


def test_two_guardians_who_leave_at_once_leave_no_child_to_nobody(transactional_db: None, amal: App) -> None:
    first, second = Phone(amal, Client()), Phone(amal, Client())
    share(first, second)
    barrier = Barrier(2)

    @current.use(amal)
    def leave(guardian_id: int) -> None:
        try:
            guardian, child = User.objects.get(pk=guardian_id), User.objects.get(pk=first.learner)
            barrier.wait(timeout=10)
            remove_learner(guardian=guardian, learner=child)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(leave, (first.guardian, second.guardian)))

    with current.use(amal):
        assert not User.objects.filter(pk=first.learner).exists()
