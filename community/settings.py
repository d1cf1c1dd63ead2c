"""Every setting of Rockpool, read from the environment, with a sentence above each.

The defaults are the embedded community: one folder of data, nothing to install beside Python
packages. `ROCKPOOL_ENV=production` demands the settings that nobody can guess for an operator.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from community import task_queues
from community.databases import broker, caches, databases
from community.environment import Environment
from community.object_store import stores
from community.secret_files import secret
from community.timetable import TIMETABLE

env = Environment()

# ---------------------------------------------------------------- where and what
BASE_DIR = Path(__file__).resolve().parent.parent

# "development" (default), "test" or "production".
ENVIRONMENT = env.one_of(
    "ROCKPOOL_ENV", ("development", "test", "production"), default="development"
)
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test" or "pytest" in sys.modules

# The folder of everything that changes while it runs: database, media, queue, mail, key.
DATA_DIR = Path(env("ROCKPOOL_DATA", default=str(BASE_DIR / ".data"))).absolute()

# Show tracebacks in the browser. Never on by default.
DEBUG = env.bool("ROCKPOOL_DEBUG", default=False)

# What this code calls itself, in backups and figures; empty: git is asked.
VERSION = env("ROCKPOOL_VERSION", default="")

# What the community calls itself.
SITE_NAME = env("ROCKPOOL_SITE_NAME", default="Rockpool 潮池")


def _secret_key() -> str:
    """The signing key: the operator's own, else the one kept beside the data by `make run`."""
    if key := secret("ROCKPOOL_SECRET_KEY"):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured(
            "Production needs its own key: set ROCKPOOL_SECRET_KEY to 50 or more random characters."
        )
    from community.secret_key import read_or_create

    try:
        return read_or_create(DATA_DIR)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {DATA_DIR} cannot be used ({error.strerror})."
        ) from None


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
    "accounts.safety",
    "accounts.addresses",
    "accounts.entry",
    "accounts.guardians",
    "accounts.departures",
    "oauth2_provider",
    "accounts.programs",
    "community",
    "community.outbox",
    "community.notifications",
    "community.moderation",
    "community.artefacts",
    "community.originality",
    "community.lexicon",
    "community.webhooks",
    "community.schedules",
    "community.albums",
    "community.messaging",
    "community.brands",
    "community.syndication",
    "community.rules",
    "community.archives",
    "community.departures",
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
    "feeds.insights",
    "feeds.collaborations",
    "feeds.campaigns",
    "allauth",
    "allauth.account",
    "allauth.mfa",
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
    "community.operations.middleware.CountRequests",
    "community.replica.ReadWhatIsFresh",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "community.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "accounts.entry.blocks.KeepNetworksOut",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.KeepPrivate",
    "accounts.middleware.SpeakTheirLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.guardians.middleware.KeepHours",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.safety.middleware.KeepSignIns",
    "feeds.trust.middleware.KnowDevices",
    "community.rules.middleware.CountRefusals",
    "community.errors.RefuseNul",
    "community.unavailable.AskOnceMore",
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
# A file beside the data, or PostgreSQL where ROCKPOOL_DATABASE_URL says
# postgres://user:password@host:5432/name (or ROCKPOOL_DATABASE_URL_FILE names a file that does).
# ROCKPOOL_REPLICA_URL (or …_FILE): a standby of that one, from which requests that only look are
# answered (community/replica.py).
# ROCKPOOL_DATABASE_POOL: how many connections a web process opens at most; 0 where a pooler such as
# PgBouncer stands in between.
# ROCKPOOL_DATABASE_STATEMENT_TIMEOUT and ROCKPOOL_DATABASE_LOCK_TIMEOUT: for how many seconds one
# statement may run, and wait for others' locks; 0: without a limit.
DATABASES = databases(
    os.environ,
    folder=DATA_DIR,
    web=os.environ.get("ROCKPOOL_PROCESS") == "web",
    patient="migrate" in sys.argv[1:2],
)
DATABASE_ROUTERS = ["community.routers.CacheHasItsOwnFile"]
if "replica" in DATABASES:
    DATABASE_ROUTERS.append("community.routers.ReplicaForReaders")

# In a database, or in the Redis of ROCKPOOL_REDIS_URL (or …_FILE): redis://:password@host:6379/0
CACHES = caches(os.environ)

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
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "accounts.validators.LongEnough",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
SESSION_COOKIE_HTTPONLY = True

ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_FORMS = {"signup": "accounts.entry.forms.JoinForm"}
ACCOUNT_ADAPTER = "accounts.adapter.RockpoolAccountAdapter"
ACCOUNT_SIGNUP_REDIRECT_URL = "/welcome/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_VERIFICATION = env.one_of(
    "ROCKPOOL_EMAIL_VERIFICATION", ("none", "optional", "mandatory"), default="optional"
)
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# 10 log-ins per 5 minutes per account and address, 5 sign-ups per 30 minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/5m/ip,10/5m/key",
    "signup": env.sign_up_rate("ROCKPOOL_SIGNUP_LIMIT", default="5/30m/ip"),
    "reset_password": "20/m/ip,5/m/key",
}

# What browsers of newcomers are asked for where the rules of joining (in the admin) say so: a class
# with the members of accounts/entry/challenge.py. How hard the proof of work is, in bits: each one
# more doubles what it costs; 16 are half a second.
ENTRY_CHALLENGE = env("ROCKPOOL_ENTRY_CHALLENGE", default="accounts.entry.challenge.ProofOfWork")
ENTRY_PROOF_BITS = env.int("ROCKPOOL_ENTRY_PROOF_BITS", default=16)

# How many people one member may let in within a week, where one joins by invitation (a rule of
# joining, in the admin). 0: only staff invites.
INVITATIONS_A_WEEK = env.int("ROCKPOOL_INVITATIONS_A_WEEK", default=3)

# A second step at log-in: passkeys, an authenticator app, and codes for when both are lost. A
# passkey may also be the whole log-in. Browsers give them to https:// and http://localhost only.
MFA_ADAPTER = "accounts.safety.sealing.RockpoolMFAAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "accounts.safety.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.safety.forms.NamePasskeyForm",
    "login_webauthn": "accounts.safety.forms.LoginPasskeyForm",
    "authenticate_webauthn": "accounts.safety.forms.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "accounts.safety.forms.AgainPasskeyForm",
}
# Clocks of telephones are off by half a minute now and then.
MFA_TOTP_TOLERANCE = 1
# For how many days somebody who deletes their account can still open it again.
DEPARTURE_DAYS = env.int("ROCKPOOL_DEPARTURE_DAYS", default=14)

# ---------------------------------------------------------------- languages and time
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_CODE = env.one_of("ROCKPOOL_LANGUAGE", [code for code, _name in LANGUAGES], default="en")
LOCALE_PATHS = [BASE_DIR / "community" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("ROCKPOOL_TIME_ZONE", default="UTC")

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
PAYMENT_SECRET = secret("ROCKPOOL_PAYMENT_SECRET")

# ---------------------------------------------------------------- files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / ".build" / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
# Pictures, videos, archives and documents lie in folders, or in the store of ROCKPOOL_MEDIA_URL (or
# …_FILE): s3://key:secret@host:9000/bucket (community/object_store.py).
STORAGES = stores(os.environ) | {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "community.built_static.BuiltStatic"
    },
}
# Documents that brands send to be verified, and people's archives: no web address leads there.
PRIVATE_ROOT = DATA_DIR / "private"
# Archives of everything about a person: how often one may be asked for, for how many days it can
# be fetched.
ARCHIVE_RATE = env.rate("ROCKPOOL_ARCHIVE_RATE", default="3/24h")
ARCHIVE_DAYS = env.int("ROCKPOOL_ARCHIVE_DAYS", default=7)
# Files that people bring from elsewhere: how large one may be, and how often.
INTAKE_LARGEST_BYTES = env.int("ROCKPOOL_INTAKE_MB", default=480) * 1_000_000
INTAKE_RATE = env.rate("ROCKPOOL_INTAKE_RATE", default="10/24h")
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
# One upload request: 18 pictures of 25 MB would be 450 MB; pictures are sent one by one. A form
# without JavaScript has one more field for a video.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 19
# One video: how large its file may be, and how long it may play.
VIDEO_LARGEST_BYTES = env.int("ROCKPOOL_VIDEO_MB", default=200) * 1_000_000
VIDEO_LONGEST = timedelta(seconds=env.int("ROCKPOOL_VIDEO_SECONDS", default=300))

# ---------------------------------------------------------------- moderation
# How often one person may report something new.
REPORT_RATE = env.rate("ROCKPOOL_REPORT_RATE", default="30/1h")
# Asked of the room of feeds: views of notes in the last day; other accounts on the same device.
MODERATION_REACH = "feeds.reach.views_lately"
MODERATION_SAME_HANDS = "feeds.trust.hands.same_hands"
# Where somebody is sent who logs in to an account that is closed.
CLOSED_ACCOUNT_PAGE = "community.moderation.sealed.page_of"

# ---------------------------------------------------------------- mail
# By default mails are files in the data folder: nothing leaves the machine unasked.
try:
    EMAIL_CONFIG = env.email_url_config(
        secret("ROCKPOOL_EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")
    )
except (ImproperlyConfigured, ValueError):
    raise ImproperlyConfigured(
        "ROCKPOOL_EMAIL_URL reads like smtp+tls://user:password@mail.example.org:587."
    ) from None
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("ROCKPOOL_FROM_EMAIL", default="Rockpool <tide@localhost>")

# ---------------------------------------------------------------- push messages
# The private key with which push messages are signed (VAPID): 32 bytes, base64url. Without one a
# key is made and kept beside the data; whoever runs several machines gives all of them the same.
VAPID_KEY = secret("ROCKPOOL_VAPID_KEY")

# Whom the makers of browsers may write to about our push messages, mailto: or https:; without one
# the address that mails come from.
PUSH_CONTACT = env("ROCKPOOL_PUSH_CONTACT", default="")

# ---------------------------------------------------------------- tasks
# A folder beside the data, the Redis of ROCKPOOL_REDIS_URL, or what ROCKPOOL_BROKER_URL says.
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(os.environ, folder=DATA_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Tasks before Celery closes a connection that we keep (community/kept_connections.py).
CELERY_DB_REUSE_MAX = sys.maxsize
# Of RabbitMQ: a connection on which nothing was heard for twice this many seconds is given up, and
# not after the four minutes that Celery waits by itself (drill B3).
CELERY_BROKER_HEARTBEAT = 15
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Where the broker is a server, queues by kind of work, which workers of their own may serve; a
# worker that names none serves all (community/task_queues.py).
TASK_QUEUES = () if CELERY_BROKER_URL.startswith("atomicfiles:") or TESTING else task_queues.NAMES
if TASK_QUEUES:
    CELERY_TASK_QUEUES = task_queues.declared()
    CELERY_TASK_DEFAULT_QUEUE = task_queues.DEFAULT
    CELERY_TASK_ROUTES = (task_queues.route,)
# How long each task may take before it is told to end, and killed.
CELERY_TASK_ANNOTATIONS = task_queues.limits_of_all({entry["task"] for entry in TIMETABLE.values()})
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = TIMETABLE

# ---------------------------------------------------------------- safety
SECURE_SSL_REDIRECT = env.bool("ROCKPOOL_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^healthz$", r"^readyz$", r"^metrics$"]
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
        "accounts.api.authentication.ScopedToken",
        "accounts.api.authentication.ProgramToken",
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
API_RATE = env.rate("ROCKPOOL_API_RATE", default="300/5m")
# Notes and comments that one account may write, by its age: "1d:5/24h" while it is younger than a
# day, and so on; the last one, without an age, is for all others. Staff is not counted.
NOTE_RATES = env.rates_by_age(
    "ROCKPOOL_NOTE_RATES", default="1000/1h" if TESTING else "1d:10/24h 7d:30/24h 100/24h"
)
COMMENT_RATES = env.rates_by_age(
    "ROCKPOOL_COMMENT_RATES", default="5000/1h" if TESTING else "1d:20/1h 7d:60/1h 200/1h"
)
# Tells how often notes were met: what a rule that is tried would have kept from readers.
RULES_REACH = "feeds.impression_counts.impressions_of"
UPLOAD_RATE = env.rate("ROCKPOOL_UPLOAD_RATE", default="30/30m" if PRODUCTION else "300/30m")
# Messages of one person, conversations they may begin with strangers, and the same for an account
# that is not a day old.
MESSAGE_RATE = env.rate("ROCKPOOL_MESSAGE_RATE", default="60/5m")
MESSAGE_REQUEST_RATE = env.rate("ROCKPOOL_MESSAGE_REQUEST_RATE", default="20/24h")
NEW_MESSAGE_RATE = env.rate("ROCKPOOL_NEW_MESSAGE_RATE", default="20/5m")
NEW_MESSAGE_REQUEST_RATE = env.rate("ROCKPOOL_NEW_MESSAGE_REQUEST_RATE", default="5/24h")
# Named, because migrations that point at it ask for the setting itself.
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 (a model, not a secret)
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_LIMIT_PER_USER": 20,
    "AUTO_REFRESH": False,
}
# Programs of third parties: the authorisation code with PKCE and nothing else
# (docs/decisions/0040-scopes-and-programs.md). Each flag closes what RFC 9700 calls unsafe.
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "accounts.programs.oauth.OurScopes",
    "OAUTH2_VALIDATOR_CLASS": "accounts.programs.oauth.StrictValidator",
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(timedelta(hours=1).total_seconds()),
    "REFRESH_TOKEN_EXPIRE_SECONDS": int(timedelta(days=90).total_seconds()),
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "PKCE_REQUIRED": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_TOKEN_ENDPOINT_AUTH_METHODS_SUPPORTED": [
        "none",
        "client_secret_basic",
        "client_secret_post",
    ],
} | {
    f"COMPLIANT_BCP_RFC9700_{gate}": True
    for gate in (
        "IMPLICIT_GRANT",
        "PASSWORD_GRANT",
        "PKCE_METHOD",
        "ACCESS_TOKEN_TRANSPORT",
        "AUTHZ_RESPONSE_ISS",
        "TOKEN_STORAGE",
        "REFRESH_TOKEN",
        "REDIRECT_URI_SCHEME",
        "REDIRECT_URI_MATCHING",
        "PKCE_REQUIRED",
    )
}
# The token with which a monitor reads /metrics, and the networks from which it may without one;
# for everybody else but staff there is no such page.
METRICS_TOKEN = secret("ROCKPOOL_METRICS_TOKEN")
METRICS_NETWORKS = env.networks("ROCKPOOL_METRICS_NETWORKS")
# The folder in which processes count for it; by default one of our own in shared memory.
METRICS_DIR = env("ROCKPOOL_METRICS_DIR", default="")
# A port at which a worker tells what it counted, where no web process can read it; 0: none.
METRICS_PORT = env.int("ROCKPOOL_METRICS_PORT", default=0)
# Whether webhooks and push messages may call http:// and addresses of private networks. Only for
# trying them out: any member can then make this machine talk to its neighbours.
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
    # Fields of one name whose choices differ.
    "ENUM_NAME_OVERRIDES": {
        "AlbumVisibilityEnum": ["public", "private"],
        "ConversationStateEnum": ["active", "requested", "declined", "left"],
        "PictureStateEnum": ["processing", "ready", "refused"],
        "NotificationKindEnum": "community.notifications.models.Notification.Kind",
        "NoteVisibilityEnum": ["public", "followers", "private"],
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.no_more_fields",
    ],
}

# ---------------------------------------------------------------- rooms that know no other
# accounts takes pictures in without knowing who cleans them.
AVATAR_INTAKE = "community.media.pictures.process_avatar"
# accounts writes letters without knowing who sends them.
LETTER_SENDER = "community.notifications.letters.send_soon"
# accounts refuses without knowing how the front hall says no.
REFUSAL_PAGE = "community.errors.refusal"

TAGGIT_CASE_INSENSITIVE = True

# ---------------------------------------------------------------- what is forgotten
# After how many days it is forgotten that somebody saw a note's card, and what happened to a note
# hour by hour; 0: never. Raw events go by the engine's policy.
IMPRESSION_DAYS = env.int("ROCKPOOL_IMPRESSION_DAYS", default=730)
NOTE_HOUR_DAYS = env.int("ROCKPOOL_NOTE_HOUR_DAYS", default=0)

# ---------------------------------------------------------------- brands
# For how many days a brand keeps its badge, how many days before the end its owners are told, and
# after how many days documents of an application that nobody decided are deleted.
BRAND_VERIFIED_DAYS = env.int("ROCKPOOL_BRAND_VERIFIED_DAYS", default=365)
BRAND_WARNED_DAYS = env.int("ROCKPOOL_BRAND_WARNED_DAYS", default=14)
BRAND_DOCUMENT_DAYS = env.int("ROCKPOOL_BRAND_DOCUMENT_DAYS", default=30)
# Sites that products and brands may link to (all when empty) and may not, each with all below it.
LINK_HOSTS_ALLOWED = env.list("ROCKPOOL_LINK_HOSTS_ALLOWED", default=[])
LINK_HOSTS_DENIED = env.list("ROCKPOOL_LINK_HOSTS_DENIED", default=[])

# ---------------------------------------------------------------- logs
# "line" for people, or "json": one object a line with the ids of request, task and job, a line for
# each request, and no names or addresses (community/operations/logs.py).
LOG_FORMAT = env.one_of("ROCKPOOL_LOG_FORMAT", ("line", "json"), default="line")
# From how many seconds on a statement of the database is a line of the log, without its values; 0:
# none is.
SLOW_QUERY_SECONDS = env.float("ROCKPOOL_SLOW_QUERY_SECONDS", default=1.0)
# The collector that traces are sent to by OTLP over HTTP, e.g. http://collector:4318; none without.
OTLP_ENDPOINT = env("ROCKPOOL_OTLP_ENDPOINT", default="")
if OTLP_ENDPOINT:
    MIDDLEWARE.insert(1, "community.operations.tracing.TraceRequests")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(levelname)s %(name)s: %(message)s"},
        "json": {"()": "community.operations.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {
        "handlers": ["console"],
        "level": env.one_of("ROCKPOOL_LOG_LEVEL", LOG_LEVELS, default="INFO"),
    },
    "loggers": {"django.request": {"level": "ERROR"}, "celery": {"level": "WARNING"}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if "cache" in DATABASES:
        CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        DATABASES.pop("cache")
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ALLOWED_HOSTS = ["*"]
    # Each test gets a folder of its own (tests/conftest.py).
    MEDIA_ROOT = DATA_DIR / "test-media"
    PRIVATE_ROOT = DATA_DIR / "test-private"
