from django.apps import AppConfig


class LendingConfig(AppConfig):
    """An optional room that only tests have; each test writes its migrations."""

    name = "tests.tenants.lending"
    label = "lending"
