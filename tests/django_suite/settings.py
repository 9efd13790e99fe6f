"""Settings for one run of Django's own tests.

Django's runner imports this in a process of its own, so what differs between runs comes as one variable.
"""

import json
import os

from tenants import current
from tenants.registry.catalogue import get_app

run = json.loads(os.environ["DJANGO_SUITE_RUN"])  # noqa: TID251 - how a run's facts reach its settings
if run["app"]:
    current.pin(get_app(run["app"]))

DATABASES = run["databases"]
OUTCOMES = run["outcomes"]
KNOWN_TO_DIFFER = run["known_to_differ"]
TEST_RUNNER = "tests.django_suite.recorder.RecordingRunner"

# As in the settings that Django's own tests come with.
SECRET_KEY = "django_tests_secret_key"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = False
