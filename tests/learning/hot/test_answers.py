"""Batches of answers, as they really arrive: late, twice, shuffled, from clocks that are wrong."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Guardianship, User
from content.models import ContentByte, Release
from learning.hot.memory import AnswerRow, replay
from learning.models import Answer, LearnerState, LearningDay, UserMemory
from tenants import current
from tests.phones import Phone, problem_of

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def bytes_of_amal(released: Release) -> list[int]:
    """The graded bytes of amal, in curriculum order."""
    with current.use("amal"):
        graded = ContentByte.objects.exclude(kind="meet").order_by("position")
        return list(graded.values_list("pk", flat=True))


def an_answer(number: int, byte_id: int, *, ago: timedelta = timedelta(hours=1), **changes: Any) -> dict[str, Any]:
    return {
        "client_id": f"answer-{number}",
        "byte_id": byte_id,
        "outcome": "correct",
        "rt_ms": 2500,
        "hints": 0,
        "answered_at": (NOW - ago).isoformat(),
        "utc_offset_min": 180,
        "device_seq": number,
    } | changes


def a_history(byte_ids: list[int]) -> list[dict[str, Any]]:
    """A week of answers on a few bytes, some wrong."""
    return [
        an_answer(
            number,
            byte_ids[number % 5],
            ago=timedelta(days=7 - number // 4, minutes=number % 4),
            outcome="wrong" if number % 6 == 5 else "correct",
        )
        for number in range(24)
    ]


def send(phone: Phone, answers: list[Any], sent_at: datetime = NOW) -> Any:
    return phone.post(f"/user/{phone.learner}/answers", {"sent_at": sent_at.isoformat(), "answers": answers})


def memories(phone: Phone) -> list[tuple[Any, ...]]:
    """What is remembered of the learner, without the rows' ids."""
    with current.use(phone.app):
        rows = UserMemory.objects.filter(user_id=phone.learner).order_by("concept_id")
        columns = [field.attname for field in UserMemory._meta.fields if field.name not in {"id", "user"}]
        return list(rows.values_list(*columns))


def test_a_batch_sent_again_changes_nothing(phone: Phone, bytes_of_amal: list[int]) -> None:
    first = send(phone, a_history(bytes_of_amal)).json()
    before = memories(phone)

    second = send(phone, a_history(bytes_of_amal)).json()

    assert (first["accepted"], first["duplicates"]) == (24, 0)
    assert (second["accepted"], second["duplicates"]) == (0, 24)
    assert second["memory_version"] == first["memory_version"] == 1
    assert memories(phone) == before


def test_an_answer_twice_in_one_batch_counts_once(phone: Phone, bytes_of_amal: list[int]) -> None:
    answer = an_answer(1, bytes_of_amal[0])

    body = send(phone, [answer, answer | {"outcome": "wrong"}]).json()

    assert (body["accepted"], body["duplicates"]) == (1, 1)


def test_late_and_shuffled_batches_leave_the_same_memory(
    phone: Phone, second_phone: Phone, bytes_of_amal: list[int]
) -> None:
    history = a_history(bytes_of_amal)
    shuffled = random.Random(7).sample(history, len(history))

    send(phone, history)
    for start in range(0, len(shuffled), 5):
        send(second_phone, shuffled[start : start + 5])

    assert memories(phone) == memories(second_phone)
    assert len(memories(phone)) > 1


def test_memory_is_the_replay_of_the_stored_answers(phone: Phone, bytes_of_amal: list[int]) -> None:
    send(phone, a_history(bytes_of_amal))

    with current.use("amal"):
        memory = UserMemory.objects.order_by("pk")[0]
        rows = Answer.objects.filter(concept_id=memory.concept_id).values_list(*AnswerRow._fields)
        replayed = replay(AnswerRow(*row) for row in rows)

    assert replayed is not None
    assert memory.stability == pytest.approx(replayed.stability)
    assert (memory.reps, memory.correct, memory.last_day) == (replayed.reps, replayed.correct, replayed.last_day)


def test_it_keeps_what_the_rating_depends_on_as_it_was(phone: Phone, bytes_of_amal: list[int]) -> None:
    send(phone, [an_answer(1, bytes_of_amal[0])])
    with current.use("amal"):
        ContentByte.objects.filter(pk=bytes_of_amal[0]).update(guess=0.01, expected_ms=1)

    send(phone, [an_answer(2, bytes_of_amal[1])])

    with current.use("amal"):
        assert Answer.objects.get(client_id="answer-1").guess == pytest.approx(0.25)


def test_it_refuses_an_answer_from_the_future(phone: Phone, bytes_of_amal: list[int]) -> None:
    body = send(phone, [an_answer(1, bytes_of_amal[0], ago=timedelta(days=-1))]).json()

    assert body["rejected"] == [{"client_id": "answer-1", "code": "from_the_future"}]


def test_it_refuses_an_answer_older_than_45_days(phone: Phone, bytes_of_amal: list[int]) -> None:
    answers = [
        an_answer(1, bytes_of_amal[0], ago=timedelta(days=46)),
        an_answer(2, bytes_of_amal[0], ago=timedelta(days=44)),
    ]

    body = send(phone, answers).json()

    assert body["rejected"] == [{"client_id": "answer-1", "code": "too_old"}]
    assert body["accepted"] == 1


def test_it_shifts_the_times_of_a_clock_that_is_an_hour_slow(phone: Phone, bytes_of_amal: list[int]) -> None:
    slow = timedelta(hours=1)

    send(phone, [an_answer(1, bytes_of_amal[0], ago=slow + timedelta(minutes=5))], sent_at=NOW - slow)

    with current.use("amal"):
        stored = Answer.objects.get().answered_ms / 1000
    assert stored == pytest.approx((datetime.now(UTC) - timedelta(minutes=5)).timestamp(), abs=60)


def test_it_believes_a_clock_that_is_five_minutes_off(phone: Phone, bytes_of_amal: list[int]) -> None:
    send(phone, [an_answer(1, bytes_of_amal[0])], sent_at=NOW - timedelta(minutes=5))

    with current.use("amal"):
        assert Answer.objects.get().answered_ms == (NOW - timedelta(hours=1)).timestamp() * 1000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"byte_id": 999_999}, "unknown_byte"),
        ({"byte_id": "1"}, "invalid_byte_id"),
        ({"byte_id": True}, "invalid_byte_id"),
        ({"byte_id": 2**63}, "invalid_byte_id"),
        ({"outcome": "right"}, "invalid_outcome"),
        ({"outcome": ["correct"]}, "invalid_outcome"),
        ({"rt_ms": -1}, "invalid_rt_ms"),
        ({"hints": 1.5}, "invalid_hints"),
        ({"answered_at": "yesterday"}, "invalid_answered_at"),
        ({"answered_at": "2026-11-23T10:00:00"}, "invalid_answered_at"),
        ({"answered_at": "0001-01-01T00:00:00Z"}, "too_old"),
        ({"answered_at": 5}, "invalid_answered_at"),
        ({"utc_offset_min": 900}, "invalid_utc_offset_min"),
        ({"device_seq": -1}, "invalid_device_seq"),
        ({"session_id": 0}, "invalid_session_id"),
    ],
)
def test_one_broken_answer_does_not_cost_the_others(
    phone: Phone, bytes_of_amal: list[int], change: dict[str, Any], code: str
) -> None:
    answers = [an_answer(1, bytes_of_amal[0]), an_answer(2, bytes_of_amal[1]) | change]

    body = send(phone, answers).json()

    assert body["rejected"] == [{"client_id": "answer-2", "code": code}]
    assert body["accepted"] == 1


@pytest.mark.parametrize("client_id", ["", "x" * 65, "a\nb", "a ", "ب", 7, None])
def test_it_refuses_a_client_id_that_cannot_be_kept(phone: Phone, bytes_of_amal: list[int], client_id: object) -> None:
    body = send(phone, [an_answer(1, bytes_of_amal[0], client_id=client_id), "not an answer"]).json()

    assert sorted(each["code"] for each in body["rejected"]) == ["invalid_answer", "invalid_client_id"]
    assert body["accepted"] == 0


@pytest.mark.parametrize("body", [{}, {"sent_at": "now", "answers": []}, {"sent_at": NOW.isoformat(), "answers": {}}])
def test_it_refuses_a_body_that_is_no_batch(phone: Phone, released: Release, body: dict[str, Any]) -> None:
    response = phone.post(f"/user/{phone.learner}/answers", body)

    assert problem_of(response)["code"] == "invalid"


def test_it_refuses_more_answers_than_the_app_takes(phone: Phone, bytes_of_amal: list[int]) -> None:
    response = send(phone, [an_answer(number, bytes_of_amal[0]) for number in range(501)])

    assert response.status_code == 413
    assert problem_of(response)["limit"] == 500


def test_somebody_elses_learner_and_a_missing_one_look_alike(
    phone: Phone, second_phone: Phone, bytes_of_amal: list[int]
) -> None:
    batch = {"sent_at": NOW.isoformat(), "answers": [an_answer(1, bytes_of_amal[0])]}

    foreign = problem_of(phone.post(f"/user/{second_phone.learner}/answers", batch, x_request_id="same-id-1"))
    missing = problem_of(phone.post("/user/99999999999999999999999/answers", batch, x_request_id="same-id-1"))

    assert foreign == missing
    assert foreign["status"] == 404
    with current.use("amal"):
        assert not Answer.objects.exists()


def test_a_guardian_who_was_removed_can_no_longer_answer(phone: Phone, bytes_of_amal: list[int]) -> None:
    with current.use("amal"):
        Guardianship.objects.filter(guardian_id=phone.guardian).delete()

    assert send(phone, [an_answer(1, bytes_of_amal[0])]).status_code == 404


def test_a_streak_counts_local_days_and_outlives_a_journey_west(phone: Phone, bytes_of_amal: list[int]) -> None:
    for number, days in enumerate((3, 2, 1)):
        send(phone, [an_answer(number, bytes_of_amal[0], ago=timedelta(days=days))])

    body = send(phone, [an_answer(9, bytes_of_amal[0], ago=timedelta(minutes=1), utc_offset_min=-600)]).json()

    assert body["streak"] >= 3
    with current.use("amal"):
        assert sum(LearningDay.objects.values_list("answers", flat=True)) == 4


def test_an_old_batch_that_comes_late_does_not_move_the_childs_day(phone: Phone, bytes_of_amal: list[int]) -> None:
    send(phone, [an_answer(1, bytes_of_amal[0], ago=timedelta(minutes=1), utc_offset_min=180)])

    send(phone, [an_answer(2, bytes_of_amal[0], ago=timedelta(days=20), utc_offset_min=840)])

    with current.use("amal"):
        assert LearnerState.objects.get(pk=phone.learner).utc_offset_min == 180


def test_the_same_user_id_in_two_apps_is_two_children(
    phone: Phone, thurayyas_phone: Phone, bytes_of_amal: list[int], released_in_thurayya: Release
) -> None:
    for each in (phone, thurayyas_phone):
        with current.use(each.app):
            User.objects.create(pk=70_000, kind=User.Kind.LEARNER)
            Guardianship.objects.create(guardian_id=each.guardian, learner_id=70_000)
        each.learner = 70_000

    send(phone, [an_answer(1, bytes_of_amal[0])])

    assert len(phone.get("/user/70000/progress").json()) == 1
    assert thurayyas_phone.get("/user/70000/progress").json() == []


def test_it_logs_the_recall_foreseen_with_each_graded_answer(phone: Phone, bytes_of_amal: list[int]) -> None:
    send(phone, a_history(bytes_of_amal))

    with current.use("amal"):
        foreseen = list(Answer.objects.values_list("p_predicted", flat=True))
    assert all(p is not None and 0.25 < p < 1 for p in foreseen)


def test_it_asks_the_same_number_of_questions_for_one_answer_as_for_many(
    phone: Phone, second_phone: Phone, bytes_of_amal: list[int], django_assert_max_num_queries: Any
) -> None:
    # bytes; guardianship; savepoint; lock; state; known ids; history; insert; memories; offset; state; days; day;
    # release of the savepoint.
    with django_assert_max_num_queries(14):
        send(phone, [an_answer(1, bytes_of_amal[0])])

    if connection.vendor == "sqlite":  # MySQL's driver sends many rows as one statement, and so may count fewer
        with django_assert_max_num_queries(14):
            send(second_phone, a_history(bytes_of_amal))
