"""Bodies of heavy endpoints."""

from typing import Any, override

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """DRF's parser, to which a body nested too deeply is malformed and no crash."""

    @override
    def parse(self, *args: Any, **options: Any) -> Any:
        try:
            return super().parse(*args, **options)
        except RecursionError:
            raise ParseError("the body is nested too deeply") from None
