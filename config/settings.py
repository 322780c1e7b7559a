"""The one settings file; every value that an installation chooses is read from the environment."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import structlog
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from config.local_services import data_dir, kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_dir()


def env_flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, Any]:
    """Read ``postgresql://user:password@host:port/name``; ``?host=`` names a socket folder."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": query.pop("port", "") or parts.port or "",
        "OPTIONS": {"connect_timeout": 5, **query},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


# ---------------------------------------------------------------- installation
DEBUG = env_flag("DEBUG", False)
SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set.")
    SECRET_KEY = kept_secret("secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:" + os.environ.get("PORT", "8000"))
PRODUCT_NAME = "规划中期评估系统"

# Only commands that need no database run without one (manage.py).
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
# Two roles of the database: "default" owns nothing; "owner" migrates, and cleans up after tests.
DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", NO_DATABASE)),
    "owner": database(os.environ.get("OWNER_DATABASE_URL", os.environ.get("DATABASE_URL", NO_DATABASE))),
}
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

# ---------------------------------------------------------------- rooms
ROOMS = [
    "audit",
    "organisations",
    "files",
    "background",
    "plans",
    "tasks",
    "projects",
    "indicators",
    "responsibilities",
    "workbooks",
    "submissions",
    "evaluation",
    "reports",
    "reminders",
    "overview",
]
INSTALLED_APPS = [
    *ROOMS,
    "config.apps.InstallationConfig",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "template_partials",
    "django_htmx",
    "simple_history",
    "import_export",
    "django_celery_beat",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.errors.LostDatabaseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.RequestMiddleware",
    "organisations.middleware.SessionRulesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.errors.OnlySentMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.frame",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = None

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "organisations.backends.RoleBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organisations.password_rules.LengthAndKinds", "OPTIONS": {"length": 10, "kinds": 3}},
    {"NAME": "organisations.password_rules.NotRecent", "OPTIONS": {"remembered": 5}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
IDLE_MINUTES = 30
IDLE_WARNING_MINUTES = 5
AXES_FAILURE_LIMIT = 5
AXES_USER_FAILURE_LIMIT = 20
AXES_COOLOFF_TIME = 0.25  # hours: 15 minutes
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "organisations.lockout.LockoutHandler"
AXES_LOCKOUT_CALLABLE = "organisations.lockout.keep_own_answer"
AXES_CLIENT_IP_CALLABLE = "audit.addresses.address_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 100_000
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))  # how many proxies of one's own stand before this
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.page_expired"
HTTPS = env_flag("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ---------------------------------------------------------------- history
# The database writes the versions (audit/generator.py); the library's own writers stay off.
SIMPLE_HISTORY_ENABLED = False
SIMPLE_HISTORY_DATE_INDEX = False
SIMPLE_HISTORY_REVERT_DISABLED = True
# What proves the history lies outside of the database: the key that signs, and the anchors that it signed.
SIGNING_KEY_DIR = Path(os.environ.get("SIGNING_KEY_DIR", DATA_DIR / "signing"))
ANCHOR_DIR = Path(os.environ.get("ANCHOR_DIR", DATA_DIR / "anchors"))

# The security trail: how long it is kept (written into the database by migrate), and where else it goes.
SECURITY_TRAIL_MONTHS = int(os.environ.get("SECURITY_TRAIL_MONTHS", "36"))
if SECURITY_TRAIL_MONTHS < 6:
    raise ImproperlyConfigured("SECURITY_TRAIL_MONTHS: the security trail is kept for six months at least.")
SYSLOG_ADDRESS = os.environ.get("SYSLOG_ADDRESS", "")  # host:port (UDP) or the path of a socket; empty: nowhere

# ---------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.front_end.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.front_end.ManifestStorage"
    },
}
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", DATA_DIR / "media"))
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes, one file
# ClamAV's daemon, which scans every upload: the path of its socket or host:port; empty: nothing is scanned
CLAMAV_SOCKET = os.environ.get("CLAMAV_SOCKET", "")
if CLAMAV_SOCKET and not CLAMAV_SOCKET.startswith("/") and not CLAMAV_SOCKET.rpartition(":")[2].isdecimal():
    raise ImproperlyConfigured("CLAMAV_SOCKET: the path of a socket, or host:port.")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_PERMISSIONS = 0o600

# ---------------------------------------------------------------- jobs
CELERY_BROKER_URL = REDIS_URL
# Several installations, or tests, can share one database of the broker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ.get("BROKER_PREFIX", "")}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_TIMEZONE = TIME_ZONE
DJANGO_CELERY_BEAT_TZ_AWARE = True

# ---------------------------------------------------------------- mail
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "noreply@localhost")

# ---------------------------------------------------------------- sheets
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"
# audit.spreadsheets does it: the library takes one "=" away, and turns every number into a text.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "syslog": {"class": "audit.syslog.TrailHandler", "address": SYSLOG_ADDRESS, "formatter": "line"}
        if SYSLOG_ADDRESS
        else {"class": "logging.NullHandler"},
    },
    "loggers": {"security": {"handlers": ["syslog"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
