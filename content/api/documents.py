"""Shapes for OpenAPI of what hot endpoints answer without a serializer."""

from rest_framework import serializers


class SeasonSerializer(serializers.Serializer):
    name = serializers.CharField()
    starts = serializers.DateField()
    ends = serializers.DateField()


class ConfigSerializer(serializers.Serializer):
    app = serializers.CharField()
    title = serializers.DictField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    min_version = serializers.CharField()
    features = serializers.ListField(child=serializers.CharField())
    season = SeasonSerializer(allow_null=True)
    release = serializers.IntegerField(allow_null=True)


class PackSerializer(serializers.Serializer):
    key = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    url = serializers.CharField()


class DeltaSerializer(serializers.Serializer):
    add = serializers.ListField(child=serializers.CharField())
    remove = serializers.ListField(child=serializers.CharField())


class ManifestSerializer(serializers.Serializer):
    release = serializers.IntegerField()
    packs = PackSerializer(many=True)
    delta = DeltaSerializer()
    total_bytes = serializers.IntegerField()
