from rest_framework import serializers

from content.models import Licence


class AttributionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Licence
        fields = ["key", "name", "url", "source", "notice"]
