"""/healthz, and the headers that keep a browser to our own code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from makewhole.web.health import healthz
from makewhole.web.security import headers


@pytest.mark.django_db
def test_healthz_says_ok_where_the_database_answers() -> None:
    answer = healthz(RequestFactory().get("/healthz"))
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_healthz_says_so_where_the_database_is_gone(tmp_path: Path) -> None:
    script = """
import django
django.setup()
from django.test import RequestFactory
from makewhole.web.health import healthz
answer = healthz(RequestFactory().get("/healthz"))
print(answer.status_code, answer.content.decode())
"""
    unreachable = {"DATABASE_URL": "postgresql://ann:hunter2@127.0.0.1:1/claims", "MAKEWHOLE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=os.environ | unreachable, capture_output=True, text=True)
    assert done.stdout.split("\n")[0] == "503 the database does not answer"
    assert "hunter2" not in done.stdout + done.stderr


def test_a_page_may_run_scripts_of_our_own_and_no_others() -> None:
    answer = headers(lambda _request: HttpResponse("page"))(HttpRequest())
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert "script-src" not in policy
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_view_that_needs_another_policy_keeps_its_own() -> None:
    own = HttpResponse("a file", headers={"Content-Security-Policy": "sandbox"})
    answer = headers(lambda _request: own)(HttpRequest())
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["X-Frame-Options"] == "DENY"
