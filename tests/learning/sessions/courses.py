"""Small releases and learners for the tests of the session generator."""

from typing import Final, NamedTuple

from hypothesis import strategies as st

from content.release_index import ReleaseIndex
from content.release_index_build import IndexedByte, IndexedConcept, build
from learning.sessions.learner import NO_RECENT, Learner, Recent, pack_memories
from learning.sessions.plan import Item, Mix, Plan

TODAY: Final = 20_780
KINDS: Final = ("choose", "trace", "say")
RETIRED: Final = 999
LAST_RESORT: Final = "nothing else is left in this release"
INDEPENDENT: Final[list[tuple[int, ...]]] = [()] * 40

type MemoryRow = tuple[int, float, float, int, int, int]


class Case(NamedTuple):
    """What the generator is called with."""

    release: ReleaseIndex
    learner: Learner
    plan: Plan


def make_index(prerequisites: list[tuple[int, ...]], bytes_each: int | list[int] = 3) -> ReleaseIndex:
    """Concepts 0, 1, 2 … in units of four; concept 7 has the bytes 70, 71, 72 …, of eight seconds and two kinds."""
    counts = [bytes_each] * len(prerequisites) if isinstance(bytes_each, int) else bytes_each
    concepts = [IndexedConcept(concept, concept // 4, parents) for concept, parents in enumerate(prerequisites)]
    bytes_ = [
        IndexedByte(10 * concept + n, concept, KINDS[n % len(KINDS)], 0.0, 8000, 0.05, {})
        for concept, count in enumerate(counts)
        for n in range(count)
    ]
    return build(release=1, concepts=concepts, bytes_=bytes_)


def make_learner(*rows: MemoryRow, recent: Recent = NO_RECENT, last_shown: dict[int, int] | None = None) -> Learner:
    return Learner(pack_memories(rows), 0.0, recent, last_shown or {})


def known(concept: int, *, stability: float = 10.0, days_ago: int = 1, through: bool = True) -> MemoryRow:
    return (concept, stability, 5.0, TODAY - days_ago, TODAY + 5 if through else 0, 3)


def make_plan(
    *, size: int = 10, seconds: float = 600, seed: str = "a", exclude: tuple[int, ...] = (), mix: Mix | None = None
) -> Plan:
    return Plan(TODAY, size, seconds, seed, mix or Mix(), frozenset(exclude))


def concepts_of(session: list[Item], slot: str | None = None) -> set[int]:
    return {item.concept_id for item in session if slot in (None, item.slot)}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any small course, any learner in it, any plan."""
    count = draw(st.integers(1, 10))
    prerequisites = [tuple(draw(st.sets(st.integers(0, c - 1), max_size=2))) if c else () for c in range(count)]
    index = make_index(prerequisites, [draw(st.integers(0, 4)) for _ in range(count)])
    met = draw(st.sets(st.integers(0, count - 1) | st.just(RETIRED)))
    rows = [draw(memory_rows(concept)) for concept in sorted(met)]
    exclude = draw(st.sets(st.sampled_from(index.byte_ids.tolist()))) if len(index.byte_ids) else set()
    plan = make_plan(
        size=draw(st.integers(1, 12)),
        seconds=draw(st.integers(1, 400)),
        seed=draw(st.sampled_from("abc")),
        exclude=tuple(exclude),
    )
    return Case(index, make_learner(*rows), plan)


@st.composite
def memory_rows(draw: st.DrawFn, concept: int) -> MemoryRow:
    stability, days_ago = draw(st.floats(0.01, 300)), draw(st.integers(-1, 100))
    return (concept, stability, draw(st.floats(1, 10)), TODAY - days_ago, TODAY + draw(st.integers(-9, 9)), 1)
