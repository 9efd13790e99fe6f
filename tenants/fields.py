"""Columns whose shape is decided once for all rooms."""

from collections.abc import Mapping
from typing import Any, override

from django.core.exceptions import ValidationError
from django.db import models

from tenants import current


def check_languages(texts: Any) -> None:  # noqa: ANN401 - whatever was submitted
    """Refuse anything but texts by language, each language one of the current app's."""
    if not isinstance(texts, dict) or not texts or not all(isinstance(text, str) and text for text in texts.values()):
        raise ValidationError('must be texts by language, such as {"ar": "…"}', code="not_texts")
    if unknown := sorted(set(texts) - set(current.get().languages)):
        raise ValidationError(f"{current.get().name} has no language {', '.join(unknown)}", code="unknown_language")


def text_in(texts: Mapping[str, str], language: str = "") -> str:
    """Return the text in the language asked for, else in the app's default, else the first there is."""
    for wanted in (language, current.get().languages[0]):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")


class TextByLanguageField(models.JSONField):
    """Texts that people read, as `{language: text}`."""

    default_validators = [check_languages]

    @override
    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "tenants.fields.TextByLanguageField", args, kwargs
