"""Shapes for OpenAPI of what hot endpoints take and answer without a serializer."""

from rest_framework import serializers

from learning.hot.batches import CLIENT_ID, LONGEST_RESPONSE_MS, OUTCOMES


class AnswerSerializer(serializers.Serializer):
    client_id = serializers.RegexField(CLIENT_ID, help_text="The phone's own; sent twice, it counts once")
    byte_id = serializers.IntegerField(min_value=1)
    outcome = serializers.ChoiceField(OUTCOMES)
    rt_ms = serializers.IntegerField(min_value=0, max_value=LONGEST_RESPONSE_MS, required=False, allow_null=True)
    hints = serializers.IntegerField(min_value=0, default=0)
    answered_at = serializers.DateTimeField()
    utc_offset_min = serializers.IntegerField(min_value=-720, max_value=840)
    device_seq = serializers.IntegerField(min_value=0, default=0)
    session_id = serializers.IntegerField(required=False, allow_null=True)


class AnswerBatchSerializer(serializers.Serializer):
    sent_at = serializers.DateTimeField(help_text="The device's clock now; a clock far off is corrected by it")
    answers = AnswerSerializer(many=True)


class RejectedSerializer(serializers.Serializer):
    client_id = serializers.CharField(allow_null=True)
    code = serializers.CharField(help_text="unknown_byte, from_the_future, too_old, or invalid_<field>")


class AnswersRecordedSerializer(serializers.Serializer):
    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = RejectedSerializer(many=True)
    streak = serializers.IntegerField(help_text="Local days in a row")
    memory_version = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer):
    concept = serializers.CharField(help_text="The concept's key")
    accuracy = serializers.FloatField()
    strength = serializers.FloatField(help_text="Chance of recalling it today")
    band = serializers.ChoiceField(["beginner", "intermediate", "advanced", "mastered"])
    due = serializers.DateField()


class GoalSerializer(serializers.Serializer):
    target = serializers.IntegerField(help_text="Graded answers a day")
    done = serializers.IntegerField()


class TodaySerializer(serializers.Serializer):
    streak = serializers.IntegerField()
    goal = GoalSerializer()
    due = serializers.IntegerField()
    new = serializers.IntegerField(help_text="Concepts ready to begin, at most what one session begins")
