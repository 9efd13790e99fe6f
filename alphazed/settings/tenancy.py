"""What tenancy decides. A pure function of the environment."""

from alphazed.settings.env import Environment
from tenants.registry.app import App
from tenants.registry.catalogue import get_app


def pinned_app(env: Environment) -> App | None:
    """Return the app that this process serves alone, or None when the Host header picks."""
    return get_app(env.app_name) if env.app_name else None
