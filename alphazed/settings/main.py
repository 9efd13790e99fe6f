"""Django's settings: two axes, tenancy and infrastructure, over what has one value in every mode."""

from alphazed import logs
from alphazed.settings import infra, tenancy
from alphazed.settings.env import Infra, read_environment
from bossadmin import theme
from tenants import current
from tenants.signing import AppSecretKey

# The two axes: everything in this part is a function of the environment.
ENV = read_environment()
current.pin(tenancy.pinned_app(ENV))

DEBUG = ENV.debug
SECRET_KEY = AppSecretKey(ENV.secret_key)
BUNDLE_KEY = ENV.bundle_key
# TenantMiddleware is the gate, and a stricter one: a Host that is no app's gets a 404 before any view, but for the
# health check, which load balancers ask by address.
ALLOWED_HOSTS = ["*"]
DATABASES = infra.databases(ENV)
DATABASE_ROUTERS = ["tenants.router.TenantRouter"]
# Ours: only the commands that change tables connect to it.
MIGRATIONS_DATABASE = infra.migrations_database(ENV)
CACHES = infra.caches(ENV)
STORAGES = infra.storages(ENV)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.infra is Infra.AWS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENV.infra is Infra.AWS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.infra is Infra.AWS
# W008: API Gateway takes no plain HTTP, so there is nothing to redirect.
SILENCED_SYSTEM_CHECKS = ["security.W008"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENV.infra is Infra.AWS

# What has one value in every mode.
ROOT_URLCONF = "alphazed.urls"
WSGI_APPLICATION = "alphazed.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "bossadmin.apps.BossAdminConfig",
    "bossadmin.apps.BossAdminRoomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tenants",
    "jobs",
    "accounts",
    "content",
    "learning",
    "alphazed",
]

MIDDLEWARE = [
    "alphazed.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.TenantMiddleware",
    "tenants.cookies.AppCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bossadmin.middleware.BossLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.cookies.AppMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LOGGING = logs.LOGGING

LANGUAGE_CODE = "en"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
# Straight from the installed packages: nothing has to be collected first.
WHITENOISE_USE_FINDERS = True

UNFOLD = theme.UNFOLD

LOGIN_URL = "/boss/login/"
LOGIN_REDIRECT_URL = "/boss/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True

# AppCookiesMiddleware puts the app before each name: `amal_session` on the wire. No domain, so a cookie goes back to
# the very host that set it.
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["alphazed.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "alphazed.problems.answer_exception",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Alphazed",
    "DESCRIPTION": "One backend for a family of children's learning apps. The Host header picks the app.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "alphazed.openapi.add_problem_responses",
    ],
}
