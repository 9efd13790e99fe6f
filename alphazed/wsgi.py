"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alphazed.settings.main")  # noqa: TID251 - Django asks for it here

application = get_wsgi_application()
