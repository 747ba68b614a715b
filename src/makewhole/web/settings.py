"""Django's settings. Everything an operator may change is an environment variable, read here and nowhere else.

MAKEWHOLE_HOME            the folder for data (.makewhole)
DATABASE_URL              a PostgreSQL server; without it, the embedded one in MAKEWHOLE_HOME
MAKEWHOLE_PUBLIC_URL      how people reach the pages, for links in mails and for what HTTPS needs
MAKEWHOLE_ALLOWED_HOSTS   names the server answers to, with commas (the public one, localhost, 127.0.0.1)
MAKEWHOLE_BEHIND_PROXY    1: a proxy in front sets X-Forwarded-Proto and adds to X-Forwarded-For, and nobody else can
MAKEWHOLE_SECRET_KEY, MAKEWHOLE_MASTER_KEY, MAKEWHOLE_SIGNING_KEY
                          see keys.py; without them, files in MAKEWHOLE_HOME/secrets
EMAIL_URL, MAKEWHOLE_MAIL_FROM
                          the mail server and the sender; without it, mails go to MAKEWHOLE_HOME/mail
MAKEWHOLE_WEBHOOKS_TO_LOOPBACK
                          1: webhooks may go to this machine, also without https; for trials
MAKEWHOLE_SECOND_FACTOR   required: whoever holds one of the roles below sets up a second factor before anything else;
                          offered: whoever likes does. Without it: required where people come by https, else offered
MAKEWHOLE_SECOND_FACTOR_ROLES
                          those roles, with commas (everybody who works on claims: see SECOND_FACTOR_ROLES below)
MAKEWHOLE_OIDC_ISSUER     sign-in with an organisation's own accounts, by OpenID Connect: the provider's address, with
                          MAKEWHOLE_OIDC_CLIENT_ID and MAKEWHOLE_OIDC_CLIENT_SECRET as registered there, and
                          MAKEWHOLE_OIDC_NAME, what the button calls it. Register this address to come back to:
                          MAKEWHOLE_PUBLIC_URL/account/oidc/work/back
MAKEWHOLE_OIDC_SECOND_FACTOR
                          1: the provider asks for a second factor itself, so that we need no other
EVIDENCE_STORE            disk, or s3://bucket/prefix (with MAKEWHOLE_S3_ENDPOINT where it is not Amazon's)
EVIDENCE_DIR              where evidence lies on disk (MAKEWHOLE_HOME/evidence)
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from makewhole.people.roles import Role
from makewhole.web import addresses, embedded_postgres, keys
from makewhole.web.failing import CannotStart
from makewhole.web.home import data_folder

MAKEWHOLE_HOME = data_folder()
PUBLIC_URL = os.environ.get("MAKEWHOLE_PUBLIC_URL", f"http://localhost:{os.environ.get('PORT') or 8000}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in ("http", "https") or not _public.hostname:
    raise CannotStart(f"MAKEWHOLE_PUBLIC_URL={PUBLIC_URL} is not an address like https://claims.example.com.")
_https = _public.scheme == "https"

# --- secrets

_secrets = MAKEWHOLE_HOME / "secrets"
SECRET_KEY = os.environ.get("MAKEWHOLE_SECRET_KEY") or keys.text_kept_in(_secrets / "django.key")
MAKEWHOLE_MASTER_KEY = keys.key("MAKEWHOLE_MASTER_KEY", _secrets / "master.key")  # 32 bytes; opens the vault
MAKEWHOLE_SIGNING_KEY = keys.key("MAKEWHOLE_SIGNING_KEY", _secrets / "signing.key")  # 32 bytes; Ed25519 seed

# --- what there is

DEBUG = False
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "makewhole.people",
    "makewhole.store",
    "makewhole.portals",
    # After ours: its templates stand behind ours of the same name.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "makewhole.web.security.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "makewhole.people.who_was_here.remembered",
    "makewhole.people.second_factor.set_up_first",
    "makewhole.web.security.without_nul",
    "makewhole.portals.frame.bodies.bounded",  # behind who reads, in front of what reads the form
]
ROOT_URLCONF = "makewhole.web.urls"
WSGI_APPLICATION = "makewhole.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "makewhole.portals.frame.look.look",
            ],
        },
    }
]

# --- database

DATABASES = {
    "default": addresses.database_settings(os.environ.get("DATABASE_URL") or embedded_postgres.address(MAKEWHOLE_HOME)),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What several processes must count together: attempts to sign in, and codes that were used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_counted",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- people

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # also a new colleague's first link

# Accounts are made by an administrator, who answers for the address: nobody signs up, and no address is asked to be
# confirmed again before a sign-in (people/adapters.py says what follows from that).
ACCOUNT_ADAPTER = "makewhole.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "makewhole.people.adapters.name_of"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, a second factor that came or went
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # two people at one counter: the second signs in over the first
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# allauth's own limits hold; an office behind one address gets more room.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key", "asked_link": "20/h/ip,3/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if os.environ.get("MAKEWHOLE_BEHIND_PROXY") == "1" else 0

MFA_ADAPTER = "makewhole.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Makewhole"
MFA_TOTP_TOLERANCE = 1  # half a minute of a slow thumb or clock; people/forms.py refuses a code that was used
MFA_FORMS = {"authenticate": "makewhole.people.forms.SecondFactorForm"}
MFA_RECOVERY_CODES_SHOW_ONCE = True

SECOND_FACTOR = os.environ.get("MAKEWHOLE_SECOND_FACTOR") or ("required" if _https else "offered")
if SECOND_FACTOR not in ("required", "offered"):
    raise CannotStart(f"MAKEWHOLE_SECOND_FACTOR={SECOND_FACTOR} is neither required nor offered.")
_roles = "adjuster,reviewer,finance,safety_officer,programme_owner,administrator,auditor"
SECOND_FACTOR_ROLES = frozenset(
    role.strip() for role in os.environ.get("MAKEWHOLE_SECOND_FACTOR_ROLES", _roles).split(",") if role.strip()
)
if unknown := SECOND_FACTOR_ROLES - frozenset(Role):
    raise CannotStart(f"MAKEWHOLE_SECOND_FACTOR_ROLES names no role of ours: {', '.join(sorted(unknown))}.")

SOCIALACCOUNT_ADAPTER = "makewhole.people.adapters.OidcAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # of a provider that an administrator named here, and of no other
SOCIALACCOUNT_PROVIDERS = addresses.oidc_settings(os.environ)
OIDC_IS_SECOND_FACTOR = os.environ.get("MAKEWHOLE_OIDC_SECOND_FACTOR") == "1"

# --- who may reach us, and how

_named_hosts = os.environ.get("MAKEWHOLE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ALLOWED_HOSTS = [host.strip() for host in _named_hosts.split(",") if host.strip()]
if _public.hostname not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_public.hostname)
if _https:
    CSRF_TRUSTED_ORIGINS = [f"https://{_public.netloc}"]
CSRF_FAILURE_VIEW = "makewhole.portals.frame.ended.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Not "Strict": that would lose the session on the way here from the link in a mail.
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"  # an address here may name a claim
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if os.environ.get("MAKEWHOLE_BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- time and language

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("en-gb", "English (UK)"),  # the same words, other dates
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
]
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

# --- files

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the packages: no collecting step between a checkout and a running server
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600
EVIDENCE_STORE = os.environ.get("EVIDENCE_STORE", "disk")
if EVIDENCE_STORE != "disk" and not (EVIDENCE_STORE.startswith("s3://") and urlsplit(EVIDENCE_STORE).netloc):
    raise CannotStart(f"EVIDENCE_STORE={EVIDENCE_STORE} is neither disk nor s3://bucket/prefix.")
EVIDENCE_DIR = os.environ.get("EVIDENCE_DIR") or str(MAKEWHOLE_HOME / "evidence")
MAKEWHOLE_S3_ENDPOINT = os.environ.get("MAKEWHOLE_S3_ENDPOINT") or None

# --- mail

DEFAULT_FROM_EMAIL = os.environ.get("MAKEWHOLE_MAIL_FROM", f"Makewhole <claims@{_public.hostname}>")
_mail = addresses.mail_settings(os.environ.get("EMAIL_URL"), MAKEWHOLE_HOME / "mail")
EMAIL_BACKEND = _mail.pop("EMAIL_BACKEND")
globals().update(_mail)  # EMAIL_HOST, EMAIL_PORT, ... or EMAIL_FILE_PATH

# --- webhooks

# Nobody else's private network is ever spoken to; our own machine only where somebody tries things out.
MAKEWHOLE_WEBHOOKS_TO_LOOPBACK = os.environ.get("MAKEWHOLE_WEBHOOKS_TO_LOOPBACK") == "1"

# --- what is told to the terminal

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # What people get wrong is their answer, not our log; and an address may carry a key (a mail's link).
        "django.request": {"level": "ERROR"},
    },
}
