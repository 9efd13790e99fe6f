"""Build a release index from rows in curriculum order."""

import json
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from content.release_index import ReleaseIndex, ReleaseIndexError

type Edges = NDArray[np.int32]


class IndexedConcept(NamedTuple):
    """A concept of the release, the ids of the concepts it builds on, and the number of its unit."""

    id: int
    unit: int
    prerequisites: tuple[int, ...]


class IndexedByte(NamedTuple):
    """A content byte of the release; difficulty in Elo logits, guess the chance of a blind guess."""

    id: int
    concept_id: int
    kind: str
    difficulty: float
    expected_ms: int
    guess: float
    payload: dict[str, Any]
    graded: bool = True


def build(*, release: int, concepts: Sequence[IndexedConcept], bytes_: Sequence[IndexedByte]) -> ReleaseIndex:
    """Return the index of a release whose concepts and bytes are given in curriculum order.

    Raises:
        ReleaseIndexError: An id is unknown or given twice, or prerequisites run in a circle; the message names them.
    """
    _check(concepts, bytes_)
    positions = {concept.id: position for position, concept in enumerate(concepts)}
    child, parent = _edges(concepts, positions)
    grouped = sorted(bytes_, key=lambda byte: positions[byte.concept_id])
    owners = np.array([positions[byte.concept_id] for byte in grouped], dtype=np.int32)
    kinds = tuple(sorted({byte.kind for byte in grouped}))
    blobs = [_encode(byte.payload) for byte in grouped]
    concept_ids = np.array([concept.id for concept in concepts], dtype=np.int64)
    byte_ids = np.array([byte.id for byte in grouped], dtype=np.int64)
    return ReleaseIndex(
        release=release,
        kinds=kinds,
        concept_ids=concept_ids,
        concept_order=np.argsort(concept_ids),
        unit=np.array([concept.unit for concept in concepts], dtype=np.int32),
        child=child,
        parent=parent,
        byte_ids=byte_ids,
        byte_order=np.argsort(byte_ids),
        byte_start=np.searchsorted(owners, np.arange(len(concepts) + 1)).astype(np.int32),
        kind=np.array([kinds.index(byte.kind) for byte in grouped], dtype=np.int16),
        difficulty=np.array([byte.difficulty for byte in grouped], dtype=np.float64),
        seconds=np.array([byte.expected_ms / 1000 for byte in grouped], dtype=np.float64),
        guess=np.array([byte.guess for byte in grouped], dtype=np.float64),
        graded=np.array([byte.graded for byte in grouped], dtype=np.bool_),
        payload_start=np.array([0, *accumulate(map(len, blobs))], dtype=np.int64),
        payloads=b"".join(blobs),
    )


def _edges(concepts: Sequence[IndexedConcept], positions: dict[int, int]) -> tuple[Edges, Edges]:
    """Return the children and the parents of the prerequisite edges, as positions."""
    edges = [(positions[c.id], positions[parent]) for c in concepts for parent in dict.fromkeys(c.prerequisites)]
    child, parent = np.array(edges, dtype=np.int32).reshape(-1, 2).T.copy()
    return child, parent


def _encode(payload: dict[str, Any]) -> bytes:
    """Encode a payload the same way whatever the order of its keys."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(concepts: Sequence[IndexedConcept], bytes_: Sequence[IndexedByte]) -> None:
    known = {concept.id for concept in concepts}
    _refuse_repeated("concepts", [concept.id for concept in concepts])
    _refuse_repeated("bytes", [byte.id for byte in bytes_])
    _refuse_unknown("prerequisites", {parent for concept in concepts for parent in concept.prerequisites} - known)
    _refuse_unknown("owners of bytes", {byte.concept_id for byte in bytes_} - known)
    _refuse_circles(concepts)


def _refuse_repeated(what: str, ids: list[int]) -> None:
    repeated = [first for first, second in pairwise(sorted(ids)) if first == second]
    if repeated:
        raise ReleaseIndexError(f"These {what} are given more than once: {_listed(repeated)}.")


def _refuse_unknown(what: str, ids: set[int]) -> None:
    if ids:
        raise ReleaseIndexError(f"These {what} are not concepts of the release: {_listed(ids)}.")


def _refuse_circles(concepts: Sequence[IndexedConcept]) -> None:
    try:
        TopologicalSorter({concept.id: concept.prerequisites for concept in concepts}).prepare()
    except CycleError as error:
        circle = " -> ".join(map(str, error.args[1]))
        raise ReleaseIndexError(f"These prerequisites run in a circle: {circle}.") from error


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(set(ids))))
