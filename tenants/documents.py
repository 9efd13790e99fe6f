"""Shapes for OpenAPI of what this room answers without a serializer."""

from rest_framework import serializers


class HealthSerializer(serializers.Serializer):
    status = serializers.CharField()
