"""What tenancy decides: the pinned app and the hosts that are answered. Pure functions of the environment."""

from alphazed.settings.env import Environment
from tenants.registry.app import App
from tenants.registry.catalogue import get_app, list_apps


def pinned_app(env: Environment) -> App | None:
    """Return the app that this process serves alone, or None when the Host header picks."""
    return get_app(env.app_name) if env.app_name else None


def allowed_hosts(env: Environment) -> list[str]:
    """Return the hosts of all apps, and of this machine.

    A pinned process takes any Host, as API Gateway's own names are not known here; another app's is a 404.
    """
    if env.app_name:
        return ["*"]
    return [host for app in list_apps().values() for host in app.hosts] + ["localhost", "127.0.0.1", "[::1]"]
