"""Where in its text a finding lies: from "us.toml: tables.route.rows[2].when" to the number of its line."""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"^(?P<part>\w+)\.(?P<name>\w+)(?:\[(?P<entry>\d+)\])?(?:\.rows\[(?P<row>\d+)\])?(?:\.(?P<key>\w+))?"
)
_SAID = re.compile(r"at line (\d+)")


def line_of(text: str, where: str, what: str = "") -> int | None:
    """Counted from 1; None where the finding is about the whole document. `what` may name the line itself, where the
    text is no TOML at all."""
    if said := _SAID.search(what):
        return int(said[1])
    if "at end of document" in what:
        return len(text.splitlines())
    found = _PLACE.match(where.partition(": ")[2])
    if found is None:
        return None
    lines = text.splitlines()
    at = _nth(lines, (f"[[{found['part']}.{found['name']}]]", f"[{found['part']}.{found['name']}]"), 0, found["entry"])
    if at is None:
        return _key(lines, f"[{found['part']}]", found["name"])
    if found["row"]:
        row = _nth(lines, (f"[[{found['part']}.{found['name']}.rows]]",), at, found["row"])
        at = at if row is None else row
    if found["key"]:
        key = _key_after(lines, at, found["key"])
        at = at if key is None else key
    return at + 1


def _nth(lines: list[str], headers: tuple[str, ...], start: int, number: str | None) -> int | None:
    """The place of the n-th such header from there on; of the first where no number is told."""
    places = [at for at in range(start, len(lines)) if lines[at].partition("#")[0].strip() in headers]
    wanted = int(number or 1) - 1
    return places[wanted] if 0 <= wanted < len(places) else None


def _key(lines: list[str], header: str, key: str) -> int | None:
    at = _nth(lines, (header,), 0, None)
    found = None if at is None else _key_after(lines, at, key)
    return None if found is None else found + 1


def _key_after(lines: list[str], at: int, key: str) -> int | None:
    for place in range(at + 1, len(lines)):
        line = lines[place].strip()
        if line.startswith("["):
            return None
        if re.match(rf"{re.escape(key)}\s*=", line):
            return place
    return None
