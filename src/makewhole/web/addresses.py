"""Addresses that the environment gives, in the shape that Django wants: DATABASE_URL, EMAIL_URL, MAKEWHOLE_OIDC_…"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from makewhole.web.failing import CannotStart

# libpq's names of what Django calls otherwise; the rest (sslmode, ...) is passed on under its own name.
DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
OIDC_PROVIDER = "work"  # as it stands in the address to come back to, registered at the provider
LOOKS_LIKE = "it looks like postgresql://user:password@host:5432/name."


def database_settings(address: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL address (`postgresql://...`, or libpq's `host=... dbname=...`)."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        # libpq's own words would repeat the address, password and all.
        raise CannotStart(f"DATABASE_URL is not the address of a PostgreSQL database; {LOOKS_LIKE}") from None
    if not parts.get("dbname"):
        raise CannotStart(f"DATABASE_URL names no database; {LOOKS_LIKE}")
    named = {DJANGO_NAMES[name]: str(value) for name, value in parts.items() if name in DJANGO_NAMES}
    options = {name: value for name, value in parts.items() if name not in DJANGO_NAMES}
    # Prepared from the second time on, where the cursor sends parameters apart from the SQL.
    options |= {"prepare_threshold": 2, "connect_timeout": int(str(parts.get("connect_timeout", 5)))}
    # Prepared statements are planned once: ours look rows up by key, and planning them anew costs more than they do.
    options["options"] = f"{parts.get('options') or ''} -c plan_cache_mode=force_generic_plan".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": options,
        "CONN_MAX_AGE": None,  # a connection stays with its thread; a new one costs more than most requests
        "CONN_HEALTH_CHECKS": True,
    }


def mail_settings(address: str | None, folder: Path) -> dict[str, Any]:
    """Django's mail settings for `smtp://user:password@host:587?tls=start`, or `smtps://` where TLS comes first.

    Without an address, mails are written into the folder, one file each, and leave the machine never.
    """
    if not address:
        folder.mkdir(parents=True, exist_ok=True)
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    try:
        port = parts.port
    except ValueError:
        port = -1
    start_tls = query.pop("tls", []) == ["start"]
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == -1 or query:
        raise CannotStart(
            "EMAIL_URL is not the address of a mail server; it looks like smtp://user:password@host:587?tls=start."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or {"smtp": 25, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": start_tls,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def oidc_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """What allauth wants to know of one OpenID Connect provider; nothing without MAKEWHOLE_OIDC_ISSUER."""
    issuer = environment.get("MAKEWHOLE_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return {}
    parts = urlsplit(issuer)
    at_home = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and at_home):
        raise CannotStart("MAKEWHOLE_OIDC_ISSUER is not an address like https://login.example.com.")
    client_id, secret = (environment.get(f"MAKEWHOLE_OIDC_CLIENT_{name}", "") for name in ("ID", "SECRET"))
    if not client_id or not secret:
        raise CannotStart("MAKEWHOLE_OIDC_ISSUER needs MAKEWHOLE_OIDC_CLIENT_ID and MAKEWHOLE_OIDC_CLIENT_SECRET.")
    provider = {
        "provider_id": OIDC_PROVIDER,
        "name": environment.get("MAKEWHOLE_OIDC_NAME") or str(parts.hostname),
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [provider], "OAUTH_PKCE_ENABLED": True}}
