"""Django's command, which must be able to go on after a kill and know which rooms an app has."""

from tenants.migrating.command import Command

__all__ = ["Command"]
