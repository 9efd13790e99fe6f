"""An exercise as the child sees it on the screen, in text."""

from collections.abc import Iterable, Sequence
from typing import Any

from alphazed.demo.child import Attempt
from alphazed.demo.library import Exercise
from alphazed.demo.phone import Json
from alphazed.demo.scenes import MARKS
from content.kinds import KINDS

#: A hidden word, and the one that is asked for where several are hidden.
GAP, ASKED_GAP = "____", "__?__"
#: Terminals count a ZERO WIDTH JOINER's letter as no cell; a tatweel joins as visibly.
JOINER, TATWEEL = "\N{ZERO WIDTH JOINER}", "\N{ARABIC TATWEEL}"
#: Without these, Arabic beside Arabic would change places wherever a reader's program orders them by direction.
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"
BETWEEN = f" {LEFT_TO_RIGHT}·{LEFT_TO_RIGHT} "


def task(exercise: Exercise) -> str:
    """Return what the child is asked to do."""
    return KINDS[exercise.kind].title["en"]


def question(exercise: Exercise) -> str:
    """Return what stands above the choices."""
    payload = exercise.payload
    shown = [_arabic_title(payload), _pictures(payload), _text(exercise)]
    if "addends" in payload:
        shown.append(" + ".join(str(addend) for addend in payload["addends"]))
    if "position" in payload:
        shown.append(f"({payload['position']})")
    return "  ".join(dict.fromkeys(part for part in shown if part)).replace(JOINER, TATWEEL)


def choices(exercise: Exercise) -> str:
    """Return what there is to choose from or to put in order, empty where there is only something to look at."""
    payload = exercise.payload
    if exercise.kind == "meet":
        forms: dict[str, str] = payload.get("forms", {})
        return _join(forms.values())
    shown: list[Any] = payload.get("choices") or payload.get("pieces") or []
    return _join(_name(each) for each in shown)


def response(exercise: Exercise, attempt: Attempt) -> str:
    """Return what the child did, with its mark."""
    seconds = f"{attempt.rt_ms / 1000:.1f} s" + (", after a hint" if attempt.hints else "")
    if attempt.outcome == "exposed":
        return f"{MARKS[attempt.outcome]} looks at it for {seconds}"
    if attempt.outcome == "skipped":
        return f"{MARKS[attempt.outcome]} skips it"
    return f"{MARKS[attempt.outcome]} {picked(exercise.payload, attempt.pick)}{LEFT_TO_RIGHT} in {seconds}"


def picked(payload: Json, pick: Sequence[int]) -> str:
    """Return what the child picked or built."""
    if "choices" in payload:
        return _join(_name(payload["choices"][place]) for place in pick)
    between = " " if any(len(piece) > 1 for piece in payload["pieces"]) else ""
    return between.join(payload["pieces"][place] for place in pick)


def _text(exercise: Exercise) -> str:
    payload = exercise.payload
    text = str(payload.get("text", payload.get("basmalah", "")))
    hidden = payload.get("hidden", [])
    if exercise.kind == "missing_letter":
        return "".join(_gap("_") if place in hidden else letter for place, letter in enumerate(text))
    if hidden:
        gaps = dict.fromkeys(hidden, GAP) | ({hidden[0]: ASKED_GAP} if len(hidden) > 1 else {})
        words = enumerate(text.split(" "))
        return " ".join(_gap(gaps[place]) if place in gaps else word for place, word in words)
    # To build the word that stands there would be no task: the child hears it and sees its picture.
    return "" if exercise.kind == "build_word" else text


def _pictures(payload: Json) -> str:
    times: int = payload.get("count", 1)
    return str(payload.get("picture", "")) * times


def _gap(line: str) -> str:
    """Keep a gap within the Arabic around it."""
    return f"{RIGHT_TO_LEFT}{line}{RIGHT_TO_LEFT}"


def _arabic_title(payload: Json) -> str:
    titles: dict[str, str] = payload.get("title", {})
    return titles.get("ar", next(iter(titles.values()), ""))


def _name(choice: Any) -> str:  # noqa: ANN401 - a text, a number, or texts by language
    text: str = choice.get("ar", next(iter(choice.values()))) if isinstance(choice, dict) else str(choice)
    return text.replace(JOINER, TATWEEL)


def _join(parts: Iterable[str]) -> str:
    return BETWEEN.join(part.replace(JOINER, TATWEEL) for part in parts)
