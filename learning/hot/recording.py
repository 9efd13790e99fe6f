"""Store verified answers, each with the recall that was foreseen for it."""

from typing import NamedTuple

from learning import fsrs
from learning.hot.memory import AnswerRow, replay
from learning.hot.prediction import UNSEEN_RECALL, predict
from learning.hot.ratings import RULE_VERSION
from learning.hot.verification import Verified
from thin.database import Database

#: How far one answer moves a learner's ability, in Elo logits per unit of surprise.
ABILITY_STEP = 0.05

type History = dict[int, list[AnswerRow]]  # answers by concept id

_COLUMNS = (
    "user_id, client_id, byte_id, concept_id, outcome, rt_ms, hints, answered_ms, received_ms, utc_offset_min,"
    " local_day, device_seq, session_id, kind, expected_ms, guess, rule_version, p_predicted"
)
_INSERT = (
    f"INSERT INTO {{app}}answers ({_COLUMNS})"  # noqa: S608 - the columns above
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS.split(',')))})"
)


class Foreseen(NamedTuple):
    """An answer and the chance of success seen before it, None for an exposure."""

    answer: Verified
    p: float | None


def find_new(database: Database, learner: int, verified: list[Verified]) -> list[Verified]:
    """Return the answers not stored yet, each client id once, in order of time. Call it under the learner's lock.

    By looking for the ids, not by counting inserted rows: the drivers disagree about that count.
    """
    by_client_id: dict[str, Verified] = {}
    for answer in verified:
        by_client_id.setdefault(answer.submitted.client_id, answer)
    if not by_client_id:
        return []
    marks = ", ".join(["%s"] * len(by_client_id))
    stored = database.select(
        f"SELECT client_id FROM {{app}}answers WHERE user_id = %s AND client_id IN ({marks})",  # noqa: S608 - marks only
        [learner, *by_client_id],
    )
    for (client_id,) in stored:
        del by_client_id[client_id]
    return sorted(by_client_id.values(), key=_moment)


def read_history(database: Database, learner: int, concepts: set[int]) -> History:
    """Return all stored answers of a learner about some concepts."""
    marks = ", ".join(["%s"] * len(concepts))
    rows = database.select(
        "SELECT concept_id, client_id, byte_id, outcome, rt_ms, hints, answered_ms, device_seq, local_day,"  # noqa: S608 - marks only
        f" expected_ms, guess FROM {{app}}answers WHERE user_id = %s AND concept_id IN ({marks})",
        [learner, *sorted(concepts)],
    )
    history: History = {concept: [] for concept in concepts}
    for concept, *facts in rows:
        history[concept].append(AnswerRow(*facts))
    return history


def read_latest_offset(database: Database, learner: int) -> int:
    """Return the UTC offset of the answer given last, which is not always in the batch that arrived last."""
    rows = database.select(
        "SELECT utc_offset_min FROM {app}answers WHERE user_id = %s"
        " ORDER BY answered_ms DESC, device_seq DESC, client_id DESC LIMIT 1",
        (learner,),
    )
    return int(rows[0][0])


def foresee(new: list[Verified], history: History, ability: float) -> tuple[list[Foreseen], float]:
    """Foresee each new answer from what was known before it; add them to the history and return the new ability."""
    foreseen = []
    for answer in new:
        earlier = history[answer.concept_id]
        p = None if answer.submitted.outcome == "exposed" else _predict(answer, earlier, ability)
        if p is not None:
            ability += ABILITY_STEP * ((answer.submitted.outcome == "correct") - p)
        foreseen.append(Foreseen(answer, p))
        earlier.append(_history_row(answer))
    return foreseen, ability


def insert(database: Database, learner: int, foreseen: list[Foreseen], *, now_ms: int) -> None:
    """Insert answers, with all that their ratings will ever depend on."""
    database.execute_many(_INSERT, [_columns(learner, answer, p, now_ms) for answer, p in foreseen])


def _predict(answer: Verified, history: list[AnswerRow], ability: float) -> float:
    memory = replay(row for row in history if row.answered_ms <= answer.answered_ms)
    if memory is None:
        recall = UNSEEN_RECALL
    else:
        recall = fsrs.retrievability(memory.stability, max(answer.local_day - memory.last_day, 0))
    return predict(recall, answer.guess, ability, answer.difficulty)


def _columns(learner: int, answer: Verified, p: float | None, now_ms: int) -> tuple[str | int | float | None, ...]:
    sent = answer.submitted
    return (
        learner,
        sent.client_id,
        sent.byte_id,
        answer.concept_id,
        sent.outcome,
        sent.rt_ms,
        sent.hints,
        answer.answered_ms,
        now_ms,
        sent.utc_offset_min,
        answer.local_day,
        sent.device_seq,
        sent.session_id,
        answer.kind,
        answer.expected_ms,
        answer.guess,
        RULE_VERSION,
        p,
    )


def _history_row(answer: Verified) -> AnswerRow:
    sent = answer.submitted
    return AnswerRow(
        client_id=sent.client_id,
        byte_id=sent.byte_id,
        outcome=sent.outcome,
        rt_ms=sent.rt_ms,
        hints=sent.hints,
        answered_ms=answer.answered_ms,
        device_seq=sent.device_seq,
        local_day=answer.local_day,
        expected_ms=answer.expected_ms,
        guess=answer.guess,
    )


def _moment(answer: Verified) -> tuple[int, int, str]:
    return answer.answered_ms, answer.submitted.device_seq, answer.submitted.client_id
