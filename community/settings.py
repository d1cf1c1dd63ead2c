"""Every setting of Rockpool, read from the environment, with a sentence above each.

The defaults are the embedded community: one folder of data, nothing to install beside Python
packages. `ROCKPOOL_ENV=production` demands the settings that nobody can guess for an operator.
"""

import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()

# ---------------------------------------------------------------- where and what
BASE_DIR = Path(__file__).resolve().parent.parent

# "development" (default), "test" or "production".
ENVIRONMENT = env("ROCKPOOL_ENV", default="development")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test" or "pytest" in sys.modules

# The folder of everything that changes while it runs: database, media, queue, mail, key.
DATA_DIR = Path(env("ROCKPOOL_DATA", default=str(BASE_DIR / ".data"))).absolute()

# Show tracebacks in the browser. Never on by default.
DEBUG = env.bool("ROCKPOOL_DEBUG", default=False)

# What the community calls itself.
SITE_NAME = env("ROCKPOOL_SITE_NAME", default="Rockpool 潮池")


def _secret_key() -> str:
    """The signing key: the operator's own, else the one kept beside the data by `make run`."""
    if key := env("ROCKPOOL_SECRET_KEY", default=""):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured(
            "Production needs its own key: set ROCKPOOL_SECRET_KEY to 50 or more random characters."
        )
    from community.secret_key import read_or_create

    return read_or_create(DATA_DIR)


SECRET_KEY = _secret_key()

# The host names this community answers to.
ALLOWED_HOSTS = env.list(
    "ROCKPOOL_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Production needs ROCKPOOL_ALLOWED_HOSTS: the host names, separated by commas."
    )

# The address people use, for links in mail, e.g. https://pool.example.org
SITE_URL = env(
    "ROCKPOOL_SITE_URL", default=f"http://localhost:{env('ROCKPOOL_PORT', default='8000')}"
)
CSRF_TRUSTED_ORIGINS = env.list("ROCKPOOL_TRUSTED_ORIGINS", default=[SITE_URL])

# How many reverse proxies stand in front (their X-Forwarded-For is then believed).
TRUSTED_PROXIES = env.int("ROCKPOOL_TRUSTED_PROXIES", default=0)

# ---------------------------------------------------------------- applications
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "accounts",
    "accounts.wallet",
    "community",
    "community.outbox",
    "community.notifications",
    "community.moderation",
    "community.artefacts",
    "community.originality",
    "community.lexicon",
    "community.webhooks",
    "feeds",
    "feeds.ranking",
    "feeds.experiments",
    "feeds.lab",
    "feeds.searches",
    "feeds.topics",
    "feeds.quality",
    "feeds.trust",
    "feeds.boosts",
    "feeds.covers",
    "allauth",
    "allauth.account",
    "taggit",
    "django_htmx",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SpeakTheirLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "feeds.trust.middleware.KnowDevices",
]

ROOT_URLCONF = "community.urls"
WSGI_APPLICATION = "community.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "community.context.site",
            ],
            # Always cached: a restart picks up new templates, and the feed path is twice as fast.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# ---------------------------------------------------------------- rows
# SQLite with exactly these settings: Django's defaults answer 78% of a like storm with errors,
# these none (docs/decisions/0003-sqlite-settings.md).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
        " PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; PRAGMA foreign_keys=ON"
    ),
}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "db.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
        # Keep the connection of each thread: opening one costs more than a page's queries.
        "CONN_MAX_AGE": None,
    },
    # The cache has a file of its own, so that it never waits for the community's writes.
    "cache": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "cache.sqlite3",
        "OPTIONS": SQLITE_OPTIONS
        | {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"},
        "CONN_MAX_AGE": None,
    },
}
DATABASE_ROUTERS = ["community.routers.CacheHasItsOwnFile"]

CACHES = {
    "default": {
        "BACKEND": "community.counting_cache.CountingDatabaseCache",
        "LOCATION": "rockpool_cache",
        "TIMEOUT": 300,
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PersonBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
SESSION_COOKIE_HTTPONLY = True

ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_FORMS = {"signup": "accounts.forms.SignupForm"}
ACCOUNT_ADAPTER = "accounts.adapter.RockpoolAccountAdapter"
ACCOUNT_SIGNUP_REDIRECT_URL = "/welcome/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_VERIFICATION = env("ROCKPOOL_EMAIL_VERIFICATION", default="optional")
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# 10 log-ins per 5 minutes per account and address, 5 sign-ups per 30 minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/5m/ip,10/5m/key",
    "signup": env("ROCKPOOL_SIGNUP_LIMIT", default="5/30m/ip"),
    "reset_password": "20/m/ip,5/m/key",
}

# ---------------------------------------------------------------- languages and time
LANGUAGE_CODE = env("ROCKPOOL_LANGUAGE", default="en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "community" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("ROCKPOOL_TIME_ZONE", default="UTC")

# ---------------------------------------------------------------- money
# The community's one currency, an ISO 4217 code. Never change it once there is money: amounts are
# kept as minor units of whatever stands here.
CURRENCY = env("ROCKPOOL_CURRENCY", default="CNY")

# Where people send bank transfers, as they read it on their wallet's page.
TRANSFER_TO = env("ROCKPOOL_TRANSFER_TO", default="").replace("\\n", "\n")

# The class of the gateway at which people pay online (docs/wallet.md); none: they cannot.
PAYMENT_PROVIDER = env("ROCKPOOL_PAYMENT_PROVIDER", default="")

# Its address, and the secret with which it and we sign.
PAYMENT_ADDRESS = env("ROCKPOOL_PAYMENT_ADDRESS", default="")
PAYMENT_SECRET = env("ROCKPOOL_PAYMENT_SECRET", default="")

# ---------------------------------------------------------------- files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / ".build" / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "community.built_static.BuiltStatic"
    },
}
# What was learnt, as files that workers map; never served. How many versions of a kind are kept.
MODELS_DIR = DATA_DIR / "models"
MODELS_KEPT = env.int("ROCKPOOL_MODELS_KEPT", default=5)
# Fonts and the API documentation's bundle gain nothing from brotli and cost seconds.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "jpg",
    "png",
    "webp",
    "gif",
    "woff",
    "woff2",
    "map",
    "br",
    "gz",
]
# One upload request: 18 pictures of 25 MB would be 450 MB; pictures are sent one by one.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 18

# ---------------------------------------------------------------- mail
# By default mails are files in the data folder: nothing leaves the machine unasked.
EMAIL_CONFIG = env.email_url("ROCKPOOL_EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("ROCKPOOL_FROM_EMAIL", default="Rockpool <tide@localhost>")

# ---------------------------------------------------------------- tasks
# The embedded broker is a folder; see community/broker.py for why it is our own transport.
CELERY_BROKER_URL = env("ROCKPOOL_BROKER_URL", default="atomicfiles://localhost")
if CELERY_BROKER_URL.startswith("atomicfiles:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "folder": str(DATA_DIR / "broker"),
        "polling_interval": 0.1,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "outbox.sweep", "schedule": timedelta(seconds=10)},
    "expire-records": {"task": "outbox.expire", "schedule": timedelta(hours=1)},
    "repair-search": {"task": "community.repair_search", "schedule": timedelta(minutes=10)},
    "repair-originality": {"task": "originality.repair", "schedule": timedelta(minutes=10)},
    "ring-for-webhooks": {"task": "webhooks.ring", "schedule": timedelta(seconds=15)},
    "forget-webhooks": {"task": "webhooks.forget", "schedule": timedelta(hours=1)},
    "expire-answers": {"task": "community.expire", "schedule": timedelta(hours=1)},
    "relate-tags": {"task": "lexicon.relate_tags", "schedule": timedelta(hours=1)},
    "count-words": {"task": "lexicon.count_words", "schedule": timedelta(hours=3)},
    "learn-channels": {"task": "lexicon.learn_channels", "schedule": timedelta(hours=6)},
    "tidy-artefacts": {"task": "artefacts.tidy", "schedule": timedelta(hours=1)},
    "expire-batches": {"task": "feeds.expire", "schedule": timedelta(hours=1)},
    "digest-events": {"task": "feeds.digest_events", "schedule": timedelta(seconds=15)},
    "advance-pools": {"task": "feeds.advance_pools", "schedule": timedelta(seconds=60)},
    "admit-strays": {"task": "feeds.admit_strays", "schedule": timedelta(hours=1)},
    "learn-supply": {"task": "feeds.learn_supply", "schedule": timedelta(hours=1)},
    "find-topics": {"task": "feeds.find_topics", "schedule": timedelta(minutes=15)},
    "advance-boosts": {"task": "boosts.advance", "schedule": timedelta(seconds=60)},
    "forget-unseen-boosts": {"task": "boosts.forget_unseen", "schedule": timedelta(hours=1)},
    "look-at-covers": {"task": "covers.look", "schedule": timedelta(seconds=60)},
    "precompute-hot": {"task": "feeds.precompute_hot", "schedule": timedelta(seconds=120)},
    "precompute-discover": {"task": "feeds.precompute_discover", "schedule": timedelta(seconds=60)},
    "precompute-nearby": {"task": "feeds.precompute_nearby", "schedule": timedelta(seconds=180)},
    "note-exposures": {
        "task": "experiments.note_exposures",
        "schedule": timedelta(seconds=60),
    },
    "look-after": {"task": "experiments.look_after", "schedule": timedelta(minutes=10)},
    "learn-from-behaviour": {
        "task": "feeds.learn_from_behaviour",
        "schedule": timedelta(hours=1),
    },
    "train-ranker": {"task": "feeds.train_ranker", "schedule": timedelta(hours=6)},
    "run-replays": {"task": "lab.run_replays", "schedule": timedelta(seconds=30)},
    "forget-ranked-lists": {
        "task": "feeds.forget_ranked_lists",
        "schedule": timedelta(minutes=30),
    },
    "watch-for-rings": {"task": "trust.watch", "schedule": timedelta(minutes=30)},
    "forget-marks": {"task": "trust.forget_marks", "schedule": timedelta(hours=6)},
    "follow-quality": {"task": "quality.follow_standard", "schedule": timedelta(seconds=60)},
    "learn-quality": {"task": "quality.learn_weights", "schedule": timedelta(hours=24)},
    "tidy-timelines": {"task": "feeds.tidy_timelines", "schedule": timedelta(minutes=10)},
    "gather-words": {"task": "feeds.gather_words", "schedule": timedelta(minutes=10)},
    "keep-searches": {"task": "feeds.keep_searches", "schedule": timedelta(hours=6)},
}

# ---------------------------------------------------------------- safety
SECURE_SSL_REDIRECT = env.bool("ROCKPOOL_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "community.errors.csrf_failure"
# No inline script or style anywhere, and nobody else's servers.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"] if DEBUG else [],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}

# ---------------------------------------------------------------- REST API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["community.api.renderers.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "community.api.parsers.StrictJSONParser",
        "community.api.parsers.BoundedFormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["community.api.throttles.PerPersonThrottle"],
    "EXCEPTION_HANDLER": "community.api.problems.problem_details",
    "UNICODE_JSON": True,
}
# Requests per window for one person or address.
API_RATE = env("ROCKPOOL_API_RATE", default="300/5m")
UPLOAD_RATE = env("ROCKPOOL_UPLOAD_RATE", default="30/30m" if PRODUCTION else "300/30m")
# Named, because migrations that point at it ask for the setting itself.
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 (a model, not a secret)
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_LIMIT_PER_USER": 20,
    "AUTO_REFRESH": False,
}
# The token with which a monitor reads /metrics; without one only staff may.
METRICS_TOKEN = env("ROCKPOOL_METRICS_TOKEN", default="")
# Whether webhooks may call http:// and addresses of private networks. Only for trying them out: any
# member can then make this machine talk to its neighbours.
WEBHOOKS_TO_LOCAL = env.bool("ROCKPOOL_WEBHOOKS_TO_LOCAL", default=False)
SPECTACULAR_SETTINGS = {
    "TITLE": "Rockpool API",
    "DESCRIPTION": "Notes, people, four feeds with reasons, and the events that readers send back.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_AUTHENTICATION": [],
    # What the addresses' own converters take.
    "PATH_CONVERTER_OVERRIDES": {
        "row": {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
        "username": {"type": "string", "minLength": 1, "maxLength": 60, "pattern": r"^[^/\s]+$"},
        "word": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[^/]+$"},
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.no_more_fields",
    ],
}

# ---------------------------------------------------------------- rooms that know no other
# accounts takes pictures in without knowing who cleans them.
AVATAR_INTAKE = "community.media.pictures.process_avatar"
# accounts refuses without knowing how the front hall says no.
REFUSAL_PAGE = "community.errors.refusal"

TAGGIT_CASE_INSENSITIVE = True

# ---------------------------------------------------------------- logs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("ROCKPOOL_LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    DATABASES.pop("cache")
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ALLOWED_HOSTS = ["*"]
    # Each test gets a folder of its own (tests/conftest.py).
    MEDIA_ROOT = DATA_DIR / "test-media"
