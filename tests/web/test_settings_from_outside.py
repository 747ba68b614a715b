"""What operators set from outside: addresses, keys, folders. Wrong ones end in a sentence that repeats no password."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from makewhole.web import addresses, keys
from makewhole.web.failing import CannotStart


def test_a_database_address_becomes_django_settings() -> None:
    settings = addresses.database_settings("postgresql://ann:p%40ss@db.example:6432/claims?sslmode=require")
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("claims", "ann", "p@ss")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "6432")
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["connect_timeout"] == 5


def test_a_given_connect_timeout_is_kept() -> None:
    settings = addresses.database_settings("postgresql://localhost/claims?connect_timeout=30")
    assert settings["OPTIONS"]["connect_timeout"] == 30


@pytest.mark.parametrize(
    "address",
    [
        "mysql://ann:hunter2@localhost/claims",
        "postgresql://ann:hunter2@localhost",
        "postgresql://ann:hunter2@localhost/claims?colour=red",
        "postgresql://ann:hunter2@local host/claims",
        "hunter2",
    ],
)
def test_what_is_no_database_address_is_told_without_the_password(address: str) -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL") as told:
        addresses.database_settings(address)
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


def test_without_a_mail_server_mails_go_to_the_folder(tmp_path: Path) -> None:
    settings = addresses.mail_settings(None, tmp_path / "mail")
    assert settings["EMAIL_FILE_PATH"] == str(tmp_path / "mail")
    assert (tmp_path / "mail").is_dir()


@pytest.mark.parametrize(
    ("address", "port", "start_tls", "tls_first"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp://mail.example:587?tls=start", 587, True, False),
        ("smtps://mail.example", 465, False, True),
    ],
)
def test_a_mail_address_says_port_and_tls(
    address: str, port: int, start_tls: bool, tls_first: bool, tmp_path: Path
) -> None:
    settings = addresses.mail_settings(address, tmp_path)
    assert settings["EMAIL_HOST"] == "mail.example"
    assert settings["EMAIL_PORT"] == port
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (start_tls, tls_first)


def test_a_mail_password_may_hold_any_sign(tmp_path: Path) -> None:
    settings = addresses.mail_settings("smtp://ann%40shop:p%2Fw@mail.example", tmp_path)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("ann@shop", "p/w")


@pytest.mark.parametrize(
    "address", ["mail.example", "http://mail.example", "smtp://", "smtp://a:hunter2@b:99999", "smtp://b?tsl=start"]
)
def test_what_is_no_mail_address_is_told(address: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="EMAIL_URL") as told:
        addresses.mail_settings(address, tmp_path)
    assert "hunter2" not in str(told.value)


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "master.key"
    made = keys.key("MAKEWHOLE_TEST_KEY", path)
    assert len(made) == 32
    assert keys.key("MAKEWHOLE_TEST_KEY", path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["master.key"]


def test_a_key_in_the_environment_goes_before_the_file_and_writes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEWHOLE_TEST_KEY", base64.b64encode(b"k" * 32).decode())
    assert keys.key("MAKEWHOLE_TEST_KEY", tmp_path / "master.key") == b"k" * 32
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_size_is_refused(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEWHOLE_TEST_KEY", base64.b64encode(b"k" * size).decode() or "=")
    with pytest.raises(CannotStart, match="MAKEWHOLE_TEST_KEY must hold a key of 32 bytes"):
        keys.key("MAKEWHOLE_TEST_KEY", tmp_path / "master.key")


def test_of_two_that_start_at_once_both_get_the_first_ones_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "django.key"

    def slower() -> str:
        # While this one draws its key, the other has written its own.
        path.write_text("of the other\n")
        return "mine"

    assert keys.text_kept_in(path, made=slower) == "of the other"
    assert path.read_text() == "of the other\n"


OIDC = {
    "MAKEWHOLE_OIDC_ISSUER": "https://login.example.com/",
    "MAKEWHOLE_OIDC_CLIENT_ID": "makewhole",
    "MAKEWHOLE_OIDC_CLIENT_SECRET": "hunter2",
}


def test_an_oidc_provider_is_named_by_its_address_and_what_we_are_called_there() -> None:
    assert addresses.oidc_settings({}) == {}
    (provider,) = addresses.oidc_settings(OIDC)["openid_connect"]["APPS"]
    assert provider["settings"]["server_url"] == "https://login.example.com"
    assert provider["name"] == "login.example.com"
    (named,) = addresses.oidc_settings({**OIDC, "MAKEWHOLE_OIDC_NAME": "Harbour Works"})["openid_connect"]["APPS"]
    assert named["name"] == "Harbour Works"


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAKEWHOLE_OIDC_ISSUER": "http://login.example.com"},
        {"MAKEWHOLE_OIDC_ISSUER": "login.example.com"},
        {"MAKEWHOLE_OIDC_CLIENT_ID": ""},
        {"MAKEWHOLE_OIDC_CLIENT_SECRET": ""},
    ],
)
def test_half_an_oidc_provider_is_told_without_the_secret(wrong: dict[str, str]) -> None:
    with pytest.raises(CannotStart, match="MAKEWHOLE_OIDC_ISSUER") as told:
        addresses.oidc_settings({**OIDC, **wrong})
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "offered"),
        ({"MAKEWHOLE_PUBLIC_URL": "https://claims.example.com"}, "required"),
        ({"MAKEWHOLE_PUBLIC_URL": "https://claims.example.com", "MAKEWHOLE_SECOND_FACTOR": "offered"}, "offered"),
        ({"MAKEWHOLE_SECOND_FACTOR": "required"}, "required"),
        ({"MAKEWHOLE_SECOND_FACTOR": "sometimes"}, "is neither required nor offered"),
        ({"MAKEWHOLE_SECOND_FACTOR_ROLES": "finance,janitor"}, "names no role of ours: janitor"),
    ],
)
def test_a_second_factor_is_required_where_people_come_by_https(
    tmp_path: Path, given: dict[str, str], expected: str
) -> None:
    """In a process of its own: settings are read once."""
    unset = ("MAKEWHOLE_PUBLIC_URL", "MAKEWHOLE_SECOND_FACTOR", "MAKEWHOLE_SECOND_FACTOR_ROLES")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"MAKEWHOLE_HOME": str(tmp_path), "DATABASE_URL": "postgres://nobody@localhost/none", **given}
    told = subprocess.run(
        [sys.executable, "-c", "from makewhole.web import settings; print(settings.SECOND_FACTOR)"],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert expected in told.stdout + told.stderr
