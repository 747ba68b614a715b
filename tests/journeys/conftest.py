"""A real Chromium against a live server on loopback, with the clock standing at a known hour."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("CHROMIUM") or next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a file of tests. While it runs, Playwright keeps an event loop in this thread; the database
    is asked from here between its calls, never within them."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (CHROMIUM names the program)")
    from playwright.sync_api import sync_playwright

    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, kept: None, noon: object) -> Iterator[Callable[..., Visitor]]:
    """Somebody with a browser of their own; `width` 390 is a phone. What the browser complains of fails the test."""
    with visitors_at("127.0.0.1", chromium) as come:
        yield come


@contextmanager
def visitors_at(host: str, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """A live server under this name of the machine, and whoever comes to it; gone together at the end."""
    from django.db import connections
    from journeys.visitors import Visitor
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer(host)
    visitors: list[Any] = []

    def come(width: int = 1280, *, locale: str = "en-US", theme: str = "") -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale=locale, reduced_motion="reduce")
        if theme:
            context.add_cookies([{"name": "theme", "value": theme, "url": server.url}])
        context.set_default_timeout(15_000)
        visitors.append(Visitor(context, server.url, width, SCREENSHOTS))
        return visitors[-1]

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    server.stop()
    connections["default"].close()
    assert complaints == []
