"""Shapes of the session endpoint."""

from typing import Any

from rest_framework import serializers

from learning.services.sessions import Lesson
from tenants import current

DEFAULT_SIZE = 12
DEFAULT_SECONDS = 15 * 60


class SessionRequestSerializer(serializers.Serializer):
    user_id = serializers.IntegerField(min_value=1, help_text="The learner")
    size = serializers.IntegerField(min_value=1, default=DEFAULT_SIZE, help_text="Items at most")
    seconds = serializers.IntegerField(min_value=1, max_value=7200, default=DEFAULT_SECONDS)
    seed = serializers.CharField(max_length=64, default="", allow_blank=True, help_text="Decides all that is random")
    session_id = serializers.IntegerField(
        min_value=1, required=False, help_text="A session begun before: what is left of it is made anew"
    )

    def validate_size(self, size: int) -> int:
        most = current.get().limits.session_items
        if size > most:
            raise serializers.ValidationError(f"at most {most} items", code="max_value")
        return size


class ItemSerializer(serializers.Serializer):
    byte_id = serializers.IntegerField()
    concept_id = serializers.IntegerField()
    kind = serializers.CharField()
    slot = serializers.ChoiceField(["new", "review", "challenge"])
    p = serializers.FloatField(help_text="Foreseen chance of a right answer")
    reason = serializers.CharField()
    payload = serializers.DictField()


class SessionSerializer(serializers.Serializer):
    session_id = serializers.IntegerField()
    seed = serializers.CharField()
    release = serializers.IntegerField()
    items = ItemSerializer(many=True)


def describe_lesson(lesson: Lesson) -> dict[str, Any]:
    """Return a session as `SessionSerializer` documents it; plain, as the values are already JSON's."""
    return {
        "session_id": lesson.session.pk,
        "seed": lesson.session.seed,
        "release": lesson.session.release,
        "items": [
            {
                "byte_id": item.byte_id,
                "concept_id": item.concept_id,
                "kind": item.kind,
                "slot": item.slot,
                "p": round(item.p, 4),
                "reason": item.reason,
                "payload": payload,
            }
            for item, payload in zip(lesson.items, lesson.payloads, strict=True)
        ],
    }
