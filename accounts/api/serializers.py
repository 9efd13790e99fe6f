"""Shapes of the account endpoints."""

import re
from typing import Any, override
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rest_framework import serializers

from accounts.models import Device, User


class TimezoneField(serializers.CharField):
    """An IANA time zone name, such as Asia/Riyadh."""

    @override
    def to_internal_value(self, data: Any) -> str:
        name: str = super().to_internal_value(data)
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise serializers.ValidationError("not an IANA time zone", code="unknown_timezone") from None
        return name


class CountryField(serializers.RegexField):
    """An ISO 3166-1 alpha-2 code, in capitals."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - DRF's
        super().__init__(re.compile(r"^[A-Z]{2}$"), max_length=2, **options)


class DeviceStartSerializer(serializers.Serializer):
    install_id = serializers.CharField(max_length=64)
    platform = serializers.ChoiceField(Device.Platform.choices)
    locale = serializers.CharField(max_length=16, default="", allow_blank=True)
    timezone = TimezoneField(max_length=64, default="UTC")
    country = CountryField(default="", allow_blank=True)
    app_version = serializers.CharField(max_length=20, default="", allow_blank=True)


class TokenPairSerializer(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds that the access token lives")


class DeviceStartedSerializer(TokenPairSerializer):
    guardian_id = serializers.IntegerField()
    user_id = serializers.IntegerField(help_text="The first learner")


class RefreshSerializer(serializers.Serializer):
    refresh = serializers.CharField(max_length=200)


class LearnerSerializer(serializers.ModelSerializer):
    name = serializers.CharField(max_length=80, allow_blank=True, default="")
    birth_year = serializers.IntegerField(min_value=1900, max_value=2100, allow_null=True, default=None)
    timezone = TimezoneField(max_length=64, required=False)

    class Meta:
        model = User
        fields = ["id", "name", "birth_year", "language", "timezone", "country", "created_at"]
        read_only_fields = ["id", "language", "country", "created_at"]
