"""What tenancy decides. A pure function of the environment."""

from django.core.exceptions import ImproperlyConfigured

from alphazed.settings.env import Environment
from tenants.registry.app import App
from tenants.registry.catalogue import UnknownApp, get_app


def pinned_app(env: Environment) -> App | None:
    """Return the app that this process serves alone, or None when the Host header picks."""
    if not env.app_name:
        return None
    try:
        return get_app(env.app_name)
    except UnknownApp as error:
        raise ImproperlyConfigured(f"APP_NAME: {error}") from None
