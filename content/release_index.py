"""The packed index of a release: all that the session generator needs of it, as arrays.

A release never changes, so one index serves every request of a process. It is stored by the SHA-256 of its bytes;
equal releases therefore give equal bytes, whatever machine packs them.

The file is one line of magic, the SHA-256 of what follows, one line of JSON with what is not an array, the arrays in
numpy's own format, and the payloads. A zip (``np.savez``) would carry dates and a compression that differ between
machines. Nothing is ever unpickled.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Positions = NDArray[np.int64]


MAGIC: Final = b"alphazed release index 2\n"
DIGEST_SIZE: Final = 32

_DTYPES: Final = {
    "concept_ids": "<i8",
    "concept_order": "<i8",
    "unit": "<i4",
    "child": "<i4",
    "parent": "<i4",
    "byte_ids": "<i8",
    "byte_order": "<i8",
    "byte_start": "<i4",
    "kind": "<i2",
    "difficulty": "<f8",
    "seconds": "<f8",
    "guess": "<f8",
    "graded": "|b1",
    "payload_start": "<i8",
}


class ReleaseIndexError(Exception):
    """The index cannot be built from these rows, or read from these bytes; the message says why in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseIndex:
    """A release as arrays over its C concepts, E prerequisite edges and B content bytes.

    Concepts stand in curriculum order. ``child`` and ``parent`` are positions in ``concept_ids``: the parent comes
    first, the child builds on it. The bytes of the concept at position c are ``byte_start[c]`` to
    ``byte_start[c + 1]``. ``kind`` points into ``kinds``; ``difficulty`` is in Elo logits, ``seconds`` the expected
    time, ``guess`` the chance of a blind guess; a byte that is not ``graded`` only shows. Payloads are one blob of
    JSON, cut at ``payload_start``. The two ``_order`` arrays sort the ids, to find them quickly.
    """

    release: int
    kinds: tuple[str, ...]
    concept_ids: NDArray[np.int64]
    concept_order: NDArray[np.int64]
    unit: NDArray[np.int32]
    child: NDArray[np.int32]
    parent: NDArray[np.int32]
    byte_ids: NDArray[np.int64]
    byte_order: NDArray[np.int64]
    byte_start: NDArray[np.int32]
    kind: NDArray[np.int16]
    difficulty: NDArray[np.float64]
    seconds: NDArray[np.float64]
    guess: NDArray[np.float64]
    graded: NDArray[np.bool_]
    payload_start: NDArray[np.int64]
    payloads: bytes

    def kind_name(self, position: int) -> str:
        """Return the kind of the byte at a position."""
        return self.kinds[int(self.kind[position])]

    def payload(self, position: int) -> dict[str, Any]:
        """Return the payload of the byte at a position."""
        start, end = self.payload_start[position : position + 2]
        payload: dict[str, Any] = json.loads(self.payloads[start:end])
        return payload

    def concept_positions(self, concept_ids: ArrayLike) -> Positions:
        """Return where concepts stand in this release, -1 for those it does not have."""
        return _positions(self.concept_ids, self.concept_order, concept_ids)

    def byte_positions(self, byte_ids: ArrayLike) -> Positions:
        """Return where bytes stand in this release, -1 for those it does not have."""
        return _positions(self.byte_ids, self.byte_order, byte_ids)


def dump(index: ReleaseIndex) -> bytes:
    """Return the index as bytes, equal for equal indexes."""
    body = BytesIO()
    header = {"release": index.release, "kinds": index.kinds}
    body.write(json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    for name, dtype in _DTYPES.items():
        array = np.ascontiguousarray(getattr(index, name), dtype=dtype)
        np.lib.format.write_array(body, array, version=(1, 0), allow_pickle=False)
    body.write(index.payloads)
    return MAGIC + sha256(body.getvalue()).digest() + body.getvalue()


def load(data: bytes) -> ReleaseIndex:
    """Return the index that was dumped into these bytes.

    Raises:
        ReleaseIndexError: They are no index of this format, or were damaged on the way.
    """
    if not data.startswith(MAGIC):
        raise ReleaseIndexError("These bytes are not a release index of a format known here.")
    digest, body = data[len(MAGIC) :][:DIGEST_SIZE], data[len(MAGIC) + DIGEST_SIZE :]
    if sha256(body).digest() != digest:
        raise ReleaseIndexError("The release index is damaged: its content does not match its checksum.")
    file = BytesIO(body)
    header = json.loads(file.readline())
    arrays: dict[str, Any] = {name: np.lib.format.read_array(file, allow_pickle=False) for name in _DTYPES}
    return ReleaseIndex(release=header["release"], kinds=tuple(header["kinds"]), payloads=file.read(), **arrays)


def _positions(ids: Positions, order: Positions, wanted: ArrayLike) -> Positions:
    asked = np.asarray(wanted, dtype=np.int64)
    if not ids.size:
        return np.full(asked.shape, -1, dtype=np.int64)
    found = order[np.minimum(np.searchsorted(ids, asked, sorter=order), ids.size - 1)]
    return np.where(ids[found] == asked, found, -1)
