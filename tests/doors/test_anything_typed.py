"""Whatever is typed into a form or into an address, a page answers with a sentence and never with a fault of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from world import Shop

from doors.doors import ACCOUNTS, GUEST, Premises, come
from doors.test_every_door import DOORS

# A sign that PostgreSQL keeps in no text, numbers that fit into nothing, days that are none, half of a choice.
TYPED = ("", "\x00", "-1", "9" * 20, "1e9", "2026-02-30", "'\"><b>", "ü" * 3000, "NaN", "../..")
_SIGNS_OUT = re.compile(r"/sign-out|/account/(sessions|delete)")


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> tuple[str, str, tuple[str, ...]]:
        """Forms that differ in what they are about only are of one kind."""
        about = re.sub(r"MW-[\w-]+|[0-9a-f-]{32,36}|\d+", "#", urlsplit(self.action).path)
        return self.method, about, tuple(sorted(re.sub(r"\d+", "#", name) for name in self.fields))


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.open = address, [], False  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(told.get("action") or self.address, told.get("method", "get").lower()))
            self.open = True
        elif tag in ("input", "select", "textarea", "button") and self.open and told.get("name"):
            self.found[-1].fields.setdefault(told["name"], told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = False


def forms_of(page: str, address: str) -> list[Form]:
    reader = _Forms(address)
    reader.feed(page)
    found: list[Form] = reader.found
    return found


def filled(form: Form) -> Iterator[dict[str, str]]:
    """Every field with the same, of the version that the page was made for; and each with another thing."""
    for words in TYPED:
        yield {name: told if name == "seen" and told else words for name, told in form.fields.items()}
    for first in range(0, len(TYPED), 3):
        yield {name: TYPED[(first + n) % len(TYPED)] for n, name in enumerate(form.fields)}


@pytest.mark.parametrize("who", [*ACCOUNTS, GUEST])
def test_whatever_is_typed_into_a_page_is_no_fault_of_ours(shop: Shop, noon: object, who: str) -> None:
    place = Premises(shop)
    client = come(who, place)
    pages = [door for door in DOORS if door.method == "GET" and who in door.open_to]
    pages.sort(key=lambda door: "draft" in door.route)  # a draft needs a shop whose own rules are still to come
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    answers, faults = 0, []
    client.raise_request_exception = False
    for door in pages:
        address = door.at(place)
        page = client.get(address, dict(door.sent(place)))
        if "html" not in page.headers.get("content-type", ""):
            continue
        for form in forms_of(page.content.decode(), address):
            if form.kind in seen or _SIGNS_OUT.search(form.action):
                continue
            seen.add(form.kind)
            send = client.get if form.method == "get" else client.post
            for told in filled(form):
                answers += 1
                if send(form.action, told).status_code >= 500:
                    faults.append((address, form.method, form.action, told))
    assert faults == [] and answers > 30


@pytest.mark.parametrize(
    "address", ["/recoveries?stage=%00", "/claims?after=%00", "/policies/us%00/1", "/claims/MW-%00"]
)
def test_an_address_with_a_sign_that_no_text_has_is_no_page(shop: Shop, noon: object, address: str) -> None:
    assert come("auditor", Premises(shop)).get(address).status_code == 404
