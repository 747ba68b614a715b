"""One section of a TOML document, read key by key. Each reader returns None and notes a finding where the
key is missing or of the wrong type; `close` notes the keys that nobody asked for."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Never

from makewhole.domain.policy.findings import Faults
from makewhole.domain.policy.kinds import LARGEST_FIGURE


class Section:
    """A table of the document with its path."""

    def __init__(self, content: object, path: str, faults: Faults) -> None:
        self.path = path
        self.faults = faults
        self.content: dict[str, object] = {}
        if isinstance(content, dict):
            self.content = content
        else:
            faults.add(path, "is not a section")
        self._asked: list[str] = []

    def raw(self, key: str, *, needed: bool = True) -> object:
        self._asked.append(key)
        if key not in self.content and needed:
            self.fault(key, "is missing")
        return self.content.get(key)

    def text(self, key: str) -> str | None:
        """Text that says something."""
        given = self.raw(key)
        if given is None:
            return None
        if not isinstance(given, str):
            return self.fault(key, f"must be text, not {given!r}")
        return given if given.strip() else self.fault(key, "is empty")

    def choice(self, key: str, options: Sequence[str]) -> str | None:
        given = self.text(key)
        if given is None or given in options:
            return given
        return self.fault(key, f"is {given!r}, not one of {', '.join(options)}")

    def day(self, key: str, *, needed: bool = True) -> date | None:
        given = self.raw(key, needed=needed)
        if given is None:
            return None
        if isinstance(given, datetime) or not isinstance(given, date):
            return self.fault(key, f"must be a day such as 2026-01-31, without quotes, not {given!r}")
        return given

    def whole(self, key: str) -> int | None:
        given = self.raw(key)
        return None if given is None else self.as_whole(key, given)

    def as_whole(self, key: str, given: object) -> int | None:
        if type(given) is not int:
            return self.fault(key, f"must be a whole number, not {given!r}")
        if given < 0:
            return self.fault(key, f"must not be negative, but is {given}")
        if given > LARGEST_FIGURE:
            return self.fault(key, "is too large")
        return given

    def flag(self, key: str, *, default: bool) -> bool:
        given = self.raw(key, needed=False)
        if given is None:
            return default
        if not isinstance(given, bool):
            self.fault(key, f"must be true or false, not {given!r}")
            return default
        return given

    def hour(self, key: str) -> time | None:
        given = self.raw(key, needed=False)
        if given is None or isinstance(given, time):
            return given
        return self.fault(key, f"must be an hour such as 16:00:00, without quotes, not {given!r}")

    def texts(self, key: str) -> tuple[str, ...] | None:
        given = self.raw(key)
        return None if given is None else self.as_texts(key, given)

    def as_texts(self, key: str, given: object) -> tuple[str, ...] | None:
        if not isinstance(given, list) or not all(isinstance(item, str) and item.strip() for item in given):
            return self.fault(key, f"must be a list of texts, not {given!r}")
        twice = sorted({item for item in given if given.count(item) > 1})
        if twice:
            return self.fault(key, f"lists {', '.join(twice)} twice")
        return tuple(given)

    def sections(self, key: str, *, needed: bool = True) -> list[Section]:
        """The sections of a list of sections (`[[...]]`), numbered from 1 where there are several."""
        given = self.raw(key, needed=needed)
        if given is None:
            return []
        if not isinstance(given, list) or not given:
            self.fault(key, "must be a list of sections, each under its own [[heading]]")
            return []
        path = f"{self.path}.{key}" if self.path else key
        return [Section(item, f"{path}[{number}]", self.faults) for number, item in enumerate(given, start=1)]

    def close(self) -> None:
        """Notes every key that was not asked for."""
        for key in [key for key in self.content if key not in self._asked]:
            near = difflib.get_close_matches(key, self._asked, n=1)
            self.fault(key, "is not known" + (f": did you mean {near[0]}?" if near else ""))

    def fault(self, key: str, what: str) -> Never | None:  # noqa: RUF020
        """Notes a fault. Always gives None, typed so that a reader may `return section.fault(...)`."""
        self.faults.add(f"{self.path}.{key}" if self.path else key, what)
        return None
