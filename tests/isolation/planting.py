"""Rows of any model, made from the model itself, so that a new one is planted without being remembered."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models

from accounts.models import User
from tenants.fields import TextByLanguageField

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

type Value = Any
#: `{"Model": {"field": value, or a function of the planter}}`: what a field's type does not tell.
type Overrides = Mapping[str, Mapping[str, Value | Callable[["Planter"], Value]]]


def is_personal(model: type[models.Model]) -> bool:
    """Tell whether a row belongs to a person: whether a chain of foreign keys leads to one."""
    links = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return model is User or any(is_personal(other) for other in links if other is not model)  # type: ignore[arg-type]


class Planter:
    """One family's rows in the current app: a guardian, a learner and one row of each other model.

    Every row has the family's number for its id. The learner has the one before: the one after is what a database
    gives out next. Every text of a row carries a *lure*, which is searched for,
    and a *seal*, which must never be seen by those it is kept from.
    """

    def __init__(self, *, app: str, family: str, number: int, overrides: Overrides) -> None:
        self.app, self.family, self.number = app, family, number
        self._overrides = overrides
        self._planted: dict[str, models.Model] = {}
        self.guardian = self._person(User.Kind.GUARDIAN, number)
        self.learner = self._person(User.Kind.LEARNER, number - 1)
        self._planted["User"] = self.guardian

    def row(self, model: type[models.Model]) -> Any:
        """Return the family's row of a model, planted with all it points at."""
        name = model.__name__
        if name not in self._planted:
            known = {field: self._known(value) for field, value in self._overrides.get(name, {}).items()}
            fields = [field for field in model._meta.concrete_fields if field.name not in known]
            values = {field.name: self._value(field) for field in fields}
            self._planted[name] = model._default_manager.create(**values | known)
        return self._planted[name]

    def text(self, model: type[models.Model]) -> str:
        """Return a text that nobody else may see; what is not a person's is everybody's in the app."""
        return f"{lure(self.app)} {seal(self.app, self.family if is_personal(model) else 'common')} {self.number}"

    def _person(self, kind: str, number: int) -> User:
        text = self.text(User)
        email = f"{text.replace(' ', '.')}@example.org" if kind == User.Kind.GUARDIAN else None
        person = User(pk=number, kind=kind, name=text, email=email, country="SA", language="ar")
        person.set_unusable_password()
        person.save()
        return person

    def _known(self, value: Value) -> Value:
        return value(self) if callable(value) else value

    def _value(self, field: models.Field) -> Value:
        if field.is_relation:
            return self._related(field)
        if field.primary_key:
            return self.number
        if isinstance(field, TextByLanguageField):
            return dict.fromkeys(("ar", "en"), self.text(field.model))
        if isinstance(field, models.JSONField):
            return {"text": self.text(field.model)}
        if field.has_default():
            return field.get_default()
        return self._plain(field)

    def _plain(self, field: models.Field) -> Value:
        if isinstance(field, models.DateTimeField):
            return None if field.null else NOW
        if isinstance(field, models.IntegerField):
            return self.number if field.unique else 1
        if isinstance(field, models.FloatField):
            return 0.5
        if isinstance(field, models.BooleanField):
            return False
        if isinstance(field, models.URLField):
            return f"https://example.org/{self.text(field.model).replace(' ', '/')}"
        if isinstance(field, models.CharField | models.TextField):
            return field.choices[0][0] if field.choices else self.text(field.model)[: field.max_length]
        raise AssertionError(f"say how to fill {field} in OVERRIDES of tests/isolation/world.py")

    def _related(self, field: models.Field) -> Any:
        if field.related_model is field.model:
            return None
        if field.related_model is User:
            is_learners = field.name == "learner" or (
                field.name == "user" and field.model._meta.app_label == "learning"
            )
            return self.learner if is_learners else self.guardian
        return self.row(field.related_model)  # type: ignore[arg-type]


def lure(app: str) -> str:
    """Return what an attacker searches for."""
    return f"lure-{app}"


def seal(app: str, family: str = "") -> str:
    """Return what gives a secret away; without a family, what all secrets of the app begin with."""
    return f"seal-{app}-{family}"
