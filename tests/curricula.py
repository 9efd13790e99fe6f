"""A curriculum small enough to import in every test that needs one."""

from content.curricula.blueprint import Concept, Curriculum, Licence, Unit, content_byte
from content.models import Release
from content.services.curricula import import_curriculum
from content.services.releases import build_release, publish_release


def small_curriculum(length: int = 6, *, chained: bool = True) -> Curriculum:
    """Numbers in two units, each resting on the one before, three bytes each: enough for every rule."""
    licence = Licence("own", "Alphazed", "", "", "")
    units = (Unit("numbers/low", {"ar": "أولى", "en": "Low"}), Unit("numbers/high", {"ar": "ثانية", "en": "High"}))
    keys = [f"number/{number}" for number in range(length)]
    concepts = tuple(
        Concept(
            key=key,
            unit=units[2 * position // length].key,
            kind="number",
            title={"ar": f"رقم {position}", "en": f"Number {position}"},
            text=str(position),
            prerequisites=(keys[position - 1],) if chained and position else (),
            licence="own",
        )
        for position, key in enumerate(keys)
    )
    content_bytes = tuple(
        byte
        for key in keys
        for byte in (
            content_byte(key, "meet", {"text": key}),
            content_byte(key, "choose_word", {"picture": "🔢", "choices": ["a", "b", "c", "d"], "answer": 0}),
            content_byte(key, "choose_picture", {"text": key, "choices": ["🍎", "🍐", "🍋", "🍇"], "answer": 1}),
        )
    )
    return Curriculum((licence,), (), units, concepts, content_bytes)


def release_curriculum(curriculum: Curriculum) -> Release:
    """Import and publish a curriculum in the current app."""
    import_curriculum(name="test", curriculum=curriculum, progress=lambda *_: None)
    release = build_release()
    publish_release(number=release.number)
    return release
