"""Chance that never changes: what is drawn depends on the key alone, in every process and Python version.

`random` does not promise the same stream across versions, so each draw reads the digits of one BLAKE2b digest.
"""

from collections.abc import Sequence
from hashlib import blake2b


def sample[T](key: str, items: Sequence[T], count: int) -> list[T]:
    """Draw up to `count` of the items, in a drawn order; 512 bits order up to 98 items evenly."""
    left = list(items)
    number = int.from_bytes(blake2b(key.encode()).digest())
    drawn: list[T] = []
    while left and len(drawn) < count:
        number, index = divmod(number, len(left))
        drawn.append(left.pop(index))
    return drawn


def choose[T](key: str, right: T, others: Sequence[T], count: int = 4) -> tuple[list[T], int]:
    """Put the right one among at most `count - 1` of the others; returns the choices and the index of the right one."""
    drawn = sample(f"{key}:others", others, count - 1)
    choices = sample(f"{key}:places", [right, *drawn], count)
    return choices, choices.index(right)


def scramble(key: str, pieces: Sequence[str]) -> tuple[list[str], list[int]]:
    """Shuffle the pieces so that they never read as before; returns them and the indexes that put them in order.

    Raises:
        ValueError: the pieces are all alike, so that every order reads the same.

    """
    if len(set(pieces)) == 1:
        raise ValueError(f"{key}: pieces that are all alike have no order")
    places = sample(key, range(len(pieces)), len(pieces))
    while [pieces[place] for place in places] == list(pieces):
        places = [*places[1:], places[0]]
    return [pieces[place] for place in places], [places.index(place) for place in range(len(pieces))]
