"""Heavy POSTs sent again with the same Idempotency-Key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import IdempotencyKey, User
from tenants import current
from tests.phones import Phone, problem_of

CHILD = {"name": "Badr"}


def children(phone: Phone) -> int:
    with current.use(phone.app):
        return User.objects.filter(guardianships__guardian_id=phone.guardian).count()


def test_a_child_sent_twice_is_made_once(phone: Phone) -> None:
    first = phone.post("/user/learners", CHILD, idempotency_key="k1")
    second = phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert second.status_code == first.status_code == 201
    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"
    assert children(phone) == 2


def test_another_key_makes_another_child(phone: Phone) -> None:
    for key in ("k1", "k2"):
        phone.post("/user/learners", CHILD, idempotency_key=key)

    assert children(phone) == 3


def test_a_key_belongs_to_its_caller(phone: Phone, second_phone: Phone) -> None:
    phone.post("/user/learners", CHILD, idempotency_key="k1")

    response = second_phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert "Idempotent-Replayed" not in response
    assert children(second_phone) == 2


def test_the_same_key_for_another_body_is_refused(phone: Phone) -> None:
    phone.post("/user/learners", CHILD, idempotency_key="k1")

    response = phone.post("/user/learners", {"name": "Charlie"}, idempotency_key="k1")

    assert response.status_code == 422
    assert problem_of(response)["code"] == "idempotency_key_reused"


def test_a_call_under_way_is_not_run_beside(phone: Phone) -> None:
    phone.post("/user/learners", CHILD, idempotency_key="k1")
    with current.use(phone.app):
        IdempotencyKey.objects.update(status=None)

    response = phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert problem_of(response)["code"] == "call_in_flight"
    assert children(phone) == 2


def test_a_call_whose_process_died_is_taken_over(phone: Phone) -> None:
    phone.post("/user/learners", CHILD, idempotency_key="k1")
    with current.use(phone.app):
        IdempotencyKey.objects.update(status=None, created_at=timezone.now() - timedelta(minutes=2))

    response = phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert response.status_code == 201
    assert "Idempotent-Replayed" not in response


def test_a_refusal_is_not_kept(phone: Phone) -> None:
    phone.post("/user/learners", {"name": "x" * 99}, idempotency_key="k1")

    response = phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert response.status_code == 201


def test_a_key_is_forgotten_after_a_day(phone: Phone) -> None:
    phone.post("/user/learners", CHILD, idempotency_key="k1")
    with current.use(phone.app):
        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))

    phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert children(phone) == 3


@pytest.mark.parametrize("key", ["x" * 101, "ключ"])
def test_it_refuses_a_key_that_cannot_be_kept(phone: Phone, key: str) -> None:
    response = phone.post("/user/learners", CHILD, idempotency_key=key)

    assert problem_of(response)["code"] == "invalid"


def test_a_call_killed_before_its_answer_was_kept_leaves_no_child(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("accounts.api.idempotency.finish_call", lambda *_, **__: 1 / 0)
        phone.client.raise_request_exception = False
        assert phone.post("/user/learners", CHILD, idempotency_key="k1").status_code == 500

    phone.post("/user/learners", CHILD, idempotency_key="k1")

    assert children(phone) == 2


def test_a_child_that_was_taken_away_is_in_no_kept_answer(phone: Phone) -> None:
    child = phone.post("/user/learners", CHILD, idempotency_key="k1").json()

    phone.send("DELETE", f"/user/learners/{child['id']}")

    with current.use(phone.app):
        assert not IdempotencyKey.objects.exists()
