#!/usr/bin/env python
"""Run a command of the project: `manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alphazed.settings.main")  # noqa: TID251 - Django asks for it here
    try:
        from django.conf import settings  # noqa: PLC0415
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ImportError:
        sys.exit("manage.py: Django is not installed in this Python; run `make setup`, then .venv/bin/python manage.py")

    from tenants.current import NoTenant  # noqa: PLC0415
    from tenants.registry.catalogue import UnknownApp  # noqa: PLC0415
    from tenants.registry.reader import RegistryError  # noqa: PLC0415

    try:
        # Read first: Django goes on without settings for some commands, and `shell` then opens on nothing.
        _ = settings.INSTALLED_APPS
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, NoTenant, RegistryError, UnknownApp) as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
