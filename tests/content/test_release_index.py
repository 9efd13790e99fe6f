import pickle
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest

from content.release_index import ReleaseIndex, ReleaseIndexError, dump, load
from content.release_index_build import IndexedByte, IndexedConcept, build

CONCEPTS = (IndexedConcept(30, 1, ()), IndexedConcept(10, 1, (30,)), IndexedConcept(20, 2, (30, 10)))


def a_byte(byte_id: int, concept_id: int, kind: str = "choose", **payload: object) -> IndexedByte:
    return IndexedByte(byte_id, concept_id, kind, 0.5, 7000, 0.25, payload)


BYTES = (a_byte(9, 20, text="ب"), a_byte(2, 30, "trace"), a_byte(7, 30, text="أَلِف"), a_byte(4, 10))


def build_index(concepts: Sequence[IndexedConcept] = CONCEPTS, bytes_: Sequence[IndexedByte] = BYTES) -> ReleaseIndex:
    return build(release=12, concepts=concepts, bytes_=bytes_)


def test_bytes_are_grouped_by_concept_in_curriculum_order() -> None:
    index = build_index()

    groups = [index.byte_ids[a:b].tolist() for a, b in zip(index.byte_start, index.byte_start[1:], strict=False)]
    assert index.concept_ids.tolist() == [30, 10, 20]
    assert groups == [[2, 7], [4], [9]]


def test_prerequisites_are_edges_between_positions() -> None:
    index = build_index()

    assert set(zip(index.child.tolist(), index.parent.tolist(), strict=True)) == {(1, 0), (2, 0), (2, 1)}


def test_it_gives_the_kind_and_the_payload_of_a_byte() -> None:
    index = build_index()

    assert [index.kind_name(position) for position in range(4)] == ["trace", "choose", "choose", "choose"]
    assert index.payload(1) == {"text": "أَلِف"}
    assert index.payload(3) == {"text": "ب"}


def test_it_finds_ids_and_says_which_it_does_not_have() -> None:
    index = build_index()

    assert index.concept_positions([20, 5, 30, 99]).tolist() == [2, -1, 0, -1]
    assert index.byte_positions([4, 1]).tolist() == [2, -1]


def test_an_empty_release_has_nothing_to_find() -> None:
    index = build_index((), ())

    assert load(dump(index)).byte_positions([1]).tolist() == [-1]


def test_what_is_dumped_is_loaded() -> None:
    index = build_index()

    loaded = load(dump(index))

    for field in fields(index):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(index, field.name))
        if field.name not in ("release", "kinds", "payloads"):
            assert getattr(loaded, field.name).dtype == getattr(index, field.name).dtype


def test_equal_releases_give_equal_bytes_whatever_the_order_of_payload_keys() -> None:
    one = build_index(bytes_=[a_byte(1, 30, a=1, b=2)])
    other = build_index(bytes_=[a_byte(1, 30, b=2, a=1)])

    assert dump(one) == dump(other)
    assert dump(one) != dump(replace(other, release=13))


@pytest.mark.parametrize("place", [0, 30, 60, 200, -1])
def test_a_damaged_file_is_refused(place: int) -> None:
    data = bytearray(dump(build_index()))
    data[place] ^= 1

    with pytest.raises(ReleaseIndexError):
        load(bytes(data))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", pickle.dumps([1]), dump(build_index())[:-1], dump(build_index())[:40]]
)
def test_a_foreign_or_shortened_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReleaseIndexError, match=r"^[A-Z].*\.$"):
        load(data)


@pytest.mark.parametrize(
    ("concepts", "bytes_", "message"),
    [
        ([IndexedConcept(1, 1, (8, 7))], [], "prerequisites are not concepts of the release: 7, 8"),
        ([IndexedConcept(1, 1, ())], [a_byte(5, 6)], "owners of bytes are not concepts of the release: 6"),
        ([IndexedConcept(1, 1, ())] * 2, [], "concepts are given more than once: 1"),
        ([IndexedConcept(1, 1, ())], [a_byte(5, 1)] * 2, "bytes are given more than once: 5"),
        ([IndexedConcept(3, 1, (4,)), IndexedConcept(4, 1, (3,)), IndexedConcept(5, 1, ())], [], "circle: [34 >-]+"),
        ([IndexedConcept(3, 1, (3,))], [], "circle: 3 -> 3"),
    ],
)
def test_it_refuses_a_senseless_release_and_names_the_culprits(
    concepts: Sequence[IndexedConcept], bytes_: Sequence[IndexedByte], message: str
) -> None:
    with pytest.raises(ReleaseIndexError, match=message + r"\.$"):
        build_index(concepts, bytes_)
