import pytest
from jsonschema import Draft202012Validator

from content.kinds import KINDS, Kind
from content.payloads import PayloadError

CHOICE = {"text": "قطة", "choices": ["🐈", "🐕"], "answer": 0}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_has_a_sound_schema_and_a_title_in_both_languages(kind: Kind) -> None:
    Draft202012Validator.check_schema(kind.schema)

    assert set(kind.title) == {"ar", "en"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.graded], ids=lambda kind: kind.name)
def test_every_graded_payload_carries_its_solution(kind: Kind) -> None:
    assert {"choices", "answer"} <= set(kind.schema["required"]) or {"pieces", "order"} <= set(kind.schema["required"])


def test_exposure_cannot_be_guessed() -> None:
    assert all(kind.guess == 0 for kind in KINDS.values() if not kind.graded)


def test_a_payload_of_its_shape_passes() -> None:
    KINDS["choose_picture"].check(CHOICE)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"answer": 2}, r"\$\.answer: points past"),
        ({"answer": -1}, r"\$\.answer"),
        ({"choices": ["🐈"]}, r"\$\.choices"),
        ({"choices": ["🐈", "🐈"]}, r"\$\.choices"),
        ({"choices": ["🐈", ""]}, r"\$\.choices\[1\]"),
        ({"text": {"ar": "قطة"}}, r"\$\.text"),
        ({"colour": "red"}, "'colour' was unexpected"),
    ],
)
def test_a_payload_of_another_shape_is_refused_with_its_field(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(PayloadError, match=field):
        KINDS["choose_picture"].check({**CHOICE, **wrong})


@pytest.mark.parametrize("order", [[0], [0, 2], [0, 0]])
def test_an_order_that_does_not_use_each_piece_once_is_refused(order: list[int]) -> None:
    payload = {"text": "دب", "picture": "🐻", "pieces": ["ب", "د"], "order": order}

    with pytest.raises(PayloadError, match=r"\$\.order"):
        KINDS["build_word"].check(payload)
