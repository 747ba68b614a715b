"""Rules cannot change backwards: what held on days before a new version is published must stay as it was."""

from __future__ import annotations

from datetime import date

from makewhole.domain.policy.dated import Dated, Entry
from makewhole.domain.policy.findings import Finding
from makewhole.domain.policy.shapes import PolicyClock, PolicyDocument, PolicyValue, Table


def published_change_findings(old: PolicyDocument, new: PolicyDocument, *, published_on: date) -> list[Finding]:
    """Every rule of `new` that differs from `old` on a day before `published_on`, and every change of what a
    policy is about. Sources may be checked again and corrected; what decides, and its reasons, may not."""
    where = f"{new.name}: "
    findings = [
        Finding(f"{where}policy.{key}", f"was {getattr(old, key)!r} and cannot become {getattr(new, key)!r}")
        for key in ("name", "country", "currency", "zone")
        if getattr(old, key) != getattr(new, key)
    ]
    findings += [Finding(where + at, what) for at, what in _facts(old, new)]
    for part in ("values", "clocks", "tables"):
        before, after = getattr(old, part), getattr(new, part)
        for name in dict.fromkeys([*before, *after]):
            findings += [
                Finding(f"{where}{part}.{name}", what)
                for what in _changed(before.get(name), after.get(name), published_on)
            ]
    return findings


def _facts(old: PolicyDocument, new: PolicyDocument) -> list[tuple[str, str]]:
    """A fact of the same name stays the same kind; a list may grow, for no old row can name what is new."""
    told = []
    for name in old.facts.keys() & new.facts.keys():
        was, is_now = old.facts[name], new.facts[name]
        free_or_listed = bool(was.options) != bool(is_now.options)
        if was.kind != is_now.kind or free_or_listed or not set(was.options) <= set(is_now.options):
            told.append((f"facts.{name}", f"was {was} and cannot become {is_now}"))
    return sorted(told)


AnyRule = PolicyValue | PolicyClock | Table


def _changed(before: Dated[AnyRule] | None, after: Dated[AnyRule] | None, published_on: date) -> list[str]:
    told = []
    for day in _turning_days(before, after, published_on):
        was, is_now = _on(before, day), _on(after, day)
        if was is None and is_now is not None:
            told.append(f"would hold from {day}, before {published_on}, where nothing was published")
        elif was is not None and is_now is None:
            told.append(f"held from {day} and is gone, before {published_on}")
        elif was is not None and is_now is not None and _substance(was) != _substance(is_now):
            told.append(f"differs from {day} on, before {published_on}, from what was published")
    return told


def _turning_days(before: Dated[AnyRule] | None, after: Dated[AnyRule] | None, published_on: date) -> list[date]:
    """The days before publication on which either version begins or ends something: between them nothing changes."""
    days = set()
    for series in (before, after):
        for entry in series.entries if series else ():
            days |= {entry.from_day} if entry.until is None else {entry.from_day, entry.until}
    return sorted(day for day in days if day < published_on)


def _on(series: Dated[AnyRule] | None, day: date) -> Entry[AnyRule] | None:
    return series.on(day) if series else None


def _substance(entry: Entry[AnyRule]) -> tuple[AnyRule, str]:
    return entry.what, entry.selected_by
