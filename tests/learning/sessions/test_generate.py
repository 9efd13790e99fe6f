import json
import subprocess
import sys
from itertools import pairwise

from hypothesis import given

from learning.sessions.generate import generate
from learning.sessions.items import INTRODUCTION_SECONDS
from learning.sessions.learner import Recent
from learning.sessions.plan import Mix
from tests.learning.sessions.courses import (
    INDEPENDENT,
    LAST_RESORT,
    RETIRED,
    Case,
    cases,
    concepts_of,
    known,
    make_index,
    make_learner,
    make_plan,
)


@given(cases())
def test_a_byte_comes_once_and_never_again_after_its_answer(case: Case) -> None:
    session = generate(*case)

    shown = [item.byte_id for item in session]
    assert len(shown) == len(set(shown))
    assert not case.plan.exclude & set(shown)


@given(cases())
def test_it_is_never_empty_while_a_byte_is_left(case: Case) -> None:
    left = set(case.release.byte_ids.tolist()) - case.plan.exclude

    assert bool(generate(*case)) == bool(left)


@given(cases())
def test_it_keeps_to_the_number_and_the_time_of_the_plan(case: Case) -> None:
    session = generate(*case)

    seconds = sum(8 + INTRODUCTION_SECONDS * (item.slot == "new") for item in session)
    assert len(session) <= case.plan.size
    assert seconds <= case.plan.seconds or len(session) == 1


@given(cases())
def test_it_never_shows_two_new_concepts_in_a_row(case: Case) -> None:
    """Unless there is nothing to put between them: then no byte of what the session touches is left."""
    session = generate(*case)

    if any(first.slot == second.slot == "new" for first, second in pairwise(session)):
        used = {item.byte_id for item in session} | case.plan.exclude
        touched = concepts_of(session)
        looks = {
            byte: sum(item.concept_id == byte // 10 for item in session) for byte in case.release.byte_ids.tolist()
        }
        assert all(b in used or looks[b] >= 3 for b in case.release.byte_ids.tolist() if b // 10 in touched)


@given(cases())
def test_a_further_look_comes_after_the_first(case: Case) -> None:
    session = generate(*case)

    for place, item in enumerate(session):
        if item.reason == "in this session already, another look to settle it":
            assert item.concept_id in concepts_of(session[:place])


@given(cases())
def test_a_new_concept_waits_for_its_prerequisites(case: Case) -> None:
    through = {row["concept_id"] for row in case.learner.memories if row["unlocked_until_day"] >= case.plan.today}
    has_bytes = {byte // 10 for byte in case.release.byte_ids.tolist()}

    session = generate(*case)

    for item in session:
        if item.slot == "new" and item.reason != LAST_RESORT:
            assert set(case.release.parent[case.release.child == item.concept_id]) & has_bytes <= through


@given(cases())
def test_the_same_question_has_the_same_answer(case: Case) -> None:
    assert generate(*case) == generate(*case)


@given(cases())
def test_a_memory_of_a_retired_concept_changes_nothing(case: Case) -> None:
    rest = case.learner.memories[case.learner.memories["concept_id"] != RETIRED]
    learner = make_learner(*rest.tolist())

    assert generate(*case) == generate(case.release, learner, case.plan)


def test_another_process_makes_the_same_session() -> None:
    script = (
        "import json; from learning.sessions.generate import generate; from tests.learning.sessions.courses import *;"
        "rows = [known(c, stability=2 + c, days_ago=c) for c in range(20)];"
        "print(json.dumps(generate(make_index([()] * 40), make_learner(*rows), make_plan(seed='x'))))"
    )

    run = [subprocess.check_output([sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}) for seed in "12"]

    assert run[0] == run[1]
    assert len(json.loads(run[0])) == 10


def test_seeds_make_sessions_differ() -> None:
    learner = make_learner(*(known(concept, days_ago=30) for concept in range(40)))

    sessions = [generate(make_index(INDEPENDENT), learner, make_plan(seed=seed)) for seed in "abcdef"]

    assert len({tuple(item.byte_id for item in session) for session in sessions}) > 1


def test_all_three_slots_get_about_their_share() -> None:
    due = [known(concept, days_ago=40) for concept in range(10)]
    shaky = [known(concept, stability=2.5, days_ago=40, through=False) for concept in range(10, 20)]

    session = generate(make_index(INDEPENDENT), make_learner(*due, *shaky), make_plan(size=20, seconds=900))

    slots = [item.slot for item in session]
    assert (slots.count("new"), slots.count("challenge")) == (4, 2)
    assert slots.count("review") == 14


def test_new_concepts_wait_while_too_many_are_open() -> None:
    open_ = [known(concept, stability=0.5, through=False) for concept in range(23)]

    session = generate(make_index(INDEPENDENT), make_learner(*open_), make_plan(size=20))
    all_closed = generate(make_index(INDEPENDENT), make_learner(*open_), make_plan(mix=Mix(open_concepts=23)))

    assert len(concepts_of(session, "new")) == 2
    assert concepts_of(all_closed, "new") == set()


def test_a_boost_brings_a_concept_forward() -> None:
    plan = make_plan()._replace(boosts={9: 5.0, RETIRED: 5.0})

    session = generate(make_index(INDEPENDENT), make_learner(), plan)

    assert concepts_of(session) == {0, 1, 2, 9}


def test_a_prerequisite_without_bytes_bars_nothing() -> None:
    index = make_index([(), (0,)], [0, 3])

    session = generate(index, make_learner(), make_plan())

    assert session[0].reason == "its prerequisite is known"


def test_every_item_says_why_it_is_here() -> None:
    index = make_index([(), (), (0, 1), (), ()])
    rows = [known(0), known(1, days_ago=40), known(4, stability=2.5, days_ago=40, through=False)]

    session = generate(index, make_learner(*rows, recent=Recent(50, 48)), make_plan(size=5))

    assert {(item.concept_id, item.reason) for item in session} == {
        (0, "nothing is due; among the weakest known, recall 99 %"),
        (1, "recall has fallen to 78 %"),
        (2, "all 2 prerequisites are known"),
        (3, "nothing has to be known before it"),
        (4, "recall 65 %, worth a stretch"),
    }


def test_an_item_leads_to_its_byte() -> None:
    index = make_index(INDEPENDENT)

    session = generate(index, make_learner(), make_plan())

    for item in session:
        assert item.byte_id == index.byte_ids[item.position]
        assert item.kind == index.kind_name(item.position)
        assert item.concept_id == item.byte_id // 10
