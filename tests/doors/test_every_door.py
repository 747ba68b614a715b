"""Promise 8: nobody sees or does what their role and their parties do not allow, over every route and every role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from doors.doors import ACCOUNTS, EVERYBODY, GUEST, NOBODY, Door, Premises, come

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import URLResolver
    from world import Shop

    Get = Callable[..., HttpResponse]

FILES = sorted(path.stem for path in Path(__file__).parent.glob("of_*.py"))
DOORS: list[Door] = [door for name in FILES for door in import_module(f"doors.{name}").DOORS]
each_door = pytest.mark.parametrize("door", DOORS, ids=str)


@pytest.fixture
def place(shop: Shop, noon: object) -> Premises:
    return Premises(shop)


def test_every_address_has_its_door() -> None:
    from django.urls import get_resolver

    known = {door.route for door in DOORS}
    assert {route for route in _routes(get_resolver()) if route not in known} == set()


def test_no_door_is_told_twice() -> None:
    twice = [str(door) for door, times in Counter(map(str, DOORS)).items() if times > 1]
    assert twice == []


@each_door
def test_a_door_opens_for_its_roles_and_for_nobody_else(door: Door, place: Premises) -> None:
    assert door.open_to <= EVERYBODY
    found, expected = {}, {}
    at = door.at(place)
    for who in sorted(EVERYBODY):
        answer = _try(door, come(who, place), at, place)
        found[who] = _told(answer)
        if who in door.open_to:
            expected[who] = found[who] if answer.status_code in door.opens and not _to_sign_in(answer) else "in"
        elif who in door.others:
            expected[who] = str(door.others[who])
        elif who in (NOBODY, GUEST):
            expected[who] = "sign in" if door.nobody == 302 else str(door.nobody)
        else:
            expected[who] = str(door.shut)
    assert found == expected


@pytest.mark.parametrize("door", [door for door in DOORS if door.strangers is not None], ids=str)
def test_another_party_of_the_same_role_does_not_come_in(door: Door, place: Premises) -> None:
    at = door.at(place)
    strangers = [who for who in (*ACCOUNTS, GUEST) if who in door.open_to]
    found = {who: _try(door, come(who, place, stranger=True), at, place).status_code for who in strangers}
    assert found == dict.fromkeys(strangers, door.strangers)


@pytest.mark.parametrize("door", [door for door in DOORS if door.many], ids=str)
def test_a_page_asks_as_often_with_many_rows_as_with_few(door: Door, place: Premises) -> None:
    at = door.at(place)
    visitors = {who: come(who, place) for who in sorted(door.open_to & set(ACCOUNTS))}
    assert place.claim and place.tendered
    few = {who: _questions(door, client, at, place) for who, client in visitors.items()}
    for _ in range(3):
        place.shop.file()
        place.shop.file(place.shop.notice(place.shop.sell(), claimed="1850.00"))
    many = {who: _questions(door, client, at, place) for who, client in visitors.items()}
    assert many == few


def _try(door: Door, client: Client, at: str, place: Premises) -> HttpResponse:
    send: Get = client.get if door.method == "GET" else client.post
    answer: HttpResponse = send(at, dict(door.sent(place)))
    return answer


def _questions(door: Door, client: Client, at: str, place: Premises) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _try(door, client, at, place)  # what a process looks up once
    with CaptureQueriesContext(connection) as asked:
        _try(door, client, at, place)
    return len(asked)


def _told(answer: HttpResponse) -> str:
    return "sign in" if _to_sign_in(answer) else str(answer.status_code)


def _to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/sign-in")


def _routes(resolver: URLResolver) -> Iterator[str]:
    """The name of every route for people; those of the API are tested with their scopes."""
    from django.urls import URLPattern

    for each in resolver.url_patterns:
        if not isinstance(each, URLPattern):
            if each.namespace != "api-1.0.0" and "api/" not in str(each.pattern):
                yield from _routes(each)
        elif str(each.pattern) not in ("healthz",):
            yield each.name or str(each.pattern)
