"""Sessions made on demand, over the API."""

from datetime import UTC, datetime
from typing import Any

from content.models import ContentByte, Release
from content.services.releases import build_release, publish_release
from learning.models import LessonSession
from tenants import current
from tenants.registry.app import App
from tests.curricula import release_curriculum, small_curriculum
from tests.phones import Phone, problem_of


def generate(phone: Phone, **asked: Any) -> Any:
    return phone.post("/content_duo/generate", {"user_id": phone.learner} | asked)


def answer(phone: Phone, session: dict[str, Any], items: list[dict[str, Any]], outcome: str = "correct") -> None:
    now = datetime.now(UTC).isoformat()
    answers = [
        {
            "client_id": f"{session['session_id']}-{item['byte_id']}",
            "byte_id": item["byte_id"],
            "outcome": "exposed" if item["kind"] == "meet" else outcome,
            "answered_at": now,
            "utc_offset_min": 180,
            "session_id": session["session_id"],
        }
        for item in items
    ]
    body = phone.post(f"/user/{phone.learner}/answers", {"sent_at": now, "answers": answers}).json()
    assert body["accepted"] == len(items)


def test_the_same_seed_gives_the_same_session(phone: Phone, released: Release) -> None:
    first, second = (generate(phone, seed="a seed").json() for _ in range(2))

    assert first["items"] == second["items"]
    assert first["session_id"] != second["session_id"]


def test_two_children_who_know_the_same_get_the_same_from_one_seed(
    phone: Phone, second_phone: Phone, released: Release
) -> None:
    assert generate(phone, seed="s").json()["items"] == generate(second_phone, seed="s").json()["items"]


def test_every_item_says_why_it_is_there(phone: Phone, released: Release) -> None:
    items = generate(phone).json()["items"]

    assert items
    assert all(item["reason"] and item["slot"] in {"new", "review", "challenge"} for item in items)
    assert all(0 < item["p"] < 1 for item in items)


def test_a_beginner_starts_at_the_root_of_the_curriculum(phone: Phone, released: Release) -> None:
    items = generate(phone).json()["items"]

    with current.use(phone.app):
        root = ContentByte.objects.order_by("position")[0].concept_id
    assert {item["concept_id"] for item in items} == {root}


def test_a_concept_is_shown_before_it_is_asked(phone: Phone, released: Release) -> None:
    items = generate(phone).json()["items"]

    assert (items[0]["kind"], items[0]["slot"]) == ("meet", "new")
    assert [item["kind"] for item in items[1:]].count("meet") == 0
    assert len(items) > 1


def test_what_has_been_shown_is_only_asked_from_then_on(phone: Phone, released: Release) -> None:
    for _ in range(3):
        session = generate(phone).json()
        answer(phone, session, session["items"])

    kinds = [item["kind"] for item in generate(phone).json()["items"]]

    assert kinds
    assert "meet" not in kinds


def test_a_child_who_was_only_shown_a_concept_is_asked_about_it_next(phone: Phone, released: Release) -> None:
    session = generate(phone).json()
    answer(phone, session, session["items"][:1])

    items = generate(phone).json()["items"]

    assert items[0]["concept_id"] == session["items"][0]["concept_id"]
    assert items[0]["kind"] != "meet"


def test_what_is_left_of_a_session_leaves_out_what_was_answered(phone: Phone, released: Release) -> None:
    session = generate(phone, size=3).json()
    answer(phone, session, session["items"][:2])

    rest = generate(phone, session_id=session["session_id"]).json()

    done = {item["byte_id"] for item in session["items"][:2]}
    assert rest["session_id"] == session["session_id"]
    assert len(rest["items"]) == 1
    assert not done & {item["byte_id"] for item in rest["items"]}


def test_the_cap_on_new_concepts_is_the_whole_sessions(phone: Phone, in_amal: App) -> None:
    release_curriculum(small_curriculum(12, chained=False))
    session = generate(phone, size=20).json()
    begun = set()
    for _ in range(6):
        rest = generate(phone, session_id=session["session_id"]).json()["items"]
        begun |= {item["concept_id"] for item in rest if item["slot"] == "new"}
        answer(phone, session, rest[:1])

    assert len(begun) <= in_amal.lesson_mix.new_per_session


def test_looking_keeps_the_streak_and_counts_towards_no_goal(phone: Phone, released: Release) -> None:
    session = generate(phone).json()

    answer(phone, session, session["items"][:1])

    today = phone.get(f"/user/{phone.learner}/today").json()
    assert (today["streak"], today["goal"]["done"]) == (1, 0)


def test_a_session_keeps_its_release_when_another_is_published(phone: Phone, released: Release) -> None:
    session = generate(phone, size=3).json()
    with current.use(phone.app):
        ContentByte.objects.filter(kind="meet").update(is_live=False)
        publish_release(number=build_release().number)

    rest = generate(phone, session_id=session["session_id"]).json()

    assert rest["release"] == session["release"] == 1
    assert generate(phone).json()["release"] == 2


def test_a_draft_reaches_no_child(phone: Phone, released: Release) -> None:
    with current.use(phone.app):
        ContentByte.objects.update(payload={"text": "a draft"})

    assert all(item["payload"] != {"text": "a draft"} for item in generate(phone).json()["items"])


def test_somebody_elses_learner_is_not_found(phone: Phone, second_phone: Phone, released: Release) -> None:
    response = generate(phone, user_id=second_phone.learner)

    assert problem_of(response)["status"] == 404


def test_somebody_elses_session_is_not_found(phone: Phone, second_phone: Phone, released: Release) -> None:
    session = generate(second_phone).json()

    response = generate(phone, session_id=session["session_id"])

    assert problem_of(response)["status"] == 404


def test_an_app_without_a_release_says_so(phone: Phone) -> None:
    response = generate(phone)

    assert response.status_code == 409
    assert problem_of(response)["code"] == "nothing_published"


def test_it_refuses_a_session_larger_than_the_app_allows(phone: Phone, released: Release) -> None:
    document = problem_of(generate(phone, size=61))

    assert document["errors"] == [{"pointer": "#/size", "code": "max_value", "detail": "at most 60 items"}]


def test_it_refuses_a_caller_without_a_token(phone: Phone, released: Release) -> None:
    phone.access = ""

    response = generate(phone)

    assert response["WWW-Authenticate"] == "Bearer"
    assert problem_of(response)["code"] == "not_authenticated"


def test_sessions_are_numbered_within_the_childs_day(phone: Phone, released: Release) -> None:
    for _ in range(3):
        generate(phone)

    with current.use(phone.app):
        assert list(LessonSession.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]


def test_today_counts_what_is_due_and_what_could_begin(phone: Phone, released: Release) -> None:
    before = phone.get(f"/user/{phone.learner}/today").json()
    session = generate(phone).json()
    answer(phone, session, session["items"])

    after = phone.get(f"/user/{phone.learner}/today").json()

    assert before == {"streak": 0, "goal": {"target": 20, "done": 0}, "due": 0, "new": 1}
    assert after["streak"] == 1
    assert after["goal"]["done"] == sum(item["kind"] != "meet" for item in session["items"])
