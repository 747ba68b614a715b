"""From TOML text to a policy. Start at `read_document`: header, facts, values, clocks, tables, in that order,
because each may name what stands before it. A fault is noted and reading goes on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar, cast
from zoneinfo import ZoneInfo

from makewhole.domain.calendar import ClockRule, DayType
from makewhole.domain.money import MINOR_DIGITS, parse_money
from makewhole.domain.policy.dated import SELECTORS, Dated, Entry, SelectedBy
from makewhole.domain.policy.expression import Value
from makewhole.domain.policy.findings import Faults, Finding
from makewhole.domain.policy.kinds import (
    FACT_KINDS,
    VALUE_KINDS,
    WHOLE_IN_BASIS_POINTS,
    FactType,
    Figure,
    ValueKind,
    is_name,
)
from makewhole.domain.policy.sections import Section
from makewhole.domain.policy.shapes import PolicyClock, PolicyDocument, PolicyValue, Table, digest_of
from makewhole.domain.policy.tables import read_table
from makewhole.domain.refusal import Refused

# Room for a hundred times the shipped documents; a larger file is not a policy.
LONGEST_DOCUMENT = 1_000_000

T = TypeVar("T")


def read_document(text: str, where: str) -> tuple[PolicyDocument | None, list[Finding]]:
    """The document, or None and every finding in order of the text's parts."""
    faults = Faults(where)
    content = _toml(text, faults)
    if content is None:
        return None, faults.findings
    whole = Section(content, "", faults)
    header = _header(whole)
    facts = _facts(whole)
    values = _all_dated(whole, "values", lambda section: _value(section, header.currency))
    values = _of_one_kind(values, faults)
    clocks = _all_dated(whole, "clocks", _clock)
    known = _declared_values(whole)
    for name in facts.keys() & known.keys():
        faults.add(f"facts.{name}", "is a value too: a name means one thing")
    tables = _all_dated(whole, "tables", lambda section: read_table(section, facts, known, values))
    _tables_begin_after_their_values(tables, values, faults)
    whole.close()
    if not (values or clocks or tables or faults.findings):
        faults.add("", "holds no rules")
    if faults.findings:
        return None, faults.findings
    document = PolicyDocument(
        **header._asdict(), digest=digest_of(text), text=text, facts=facts, values=values, clocks=clocks, tables=tables
    )
    return document, []


def _toml(text: str, faults: Faults) -> dict[str, object] | None:
    if len(text) > LONGEST_DOCUMENT:
        faults.add("", f"is longer than {LONGEST_DOCUMENT:,} characters")
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add("", f"is not TOML: {error}")
    except (RecursionError, ValueError) as error:
        # Brackets nested by the thousand, and days such as 2026-02-30.
        faults.add("", f"is not TOML: {type(error).__name__}: {str(error)[:100]}")
    return None


class Header(NamedTuple):
    name: str = ""
    title: str = ""
    country: str = ""
    currency: str = "USD"
    zone: str = "UTC"


def _header(whole: Section) -> Header:
    """Name, title, country, currency and zone; where one is faulty, a stand-in that lets reading go on."""
    given = whole.raw("policy")
    if given is None:
        return Header()
    section = Section(given, "policy", whole.faults)
    name, title, country = section.text("name"), section.text("title"), section.text("country")
    currency, zone = section.text("currency"), section.text("zone")
    section.close()
    if name and not is_name(name):
        section.fault("name", f"{name!r} is not a lower-case name")
    if country and not re.fullmatch("[A-Z]{2}", country):
        section.fault("country", f"{country!r} is not a country's two letters (ISO 3166-1)")
    if currency and currency not in MINOR_DIGITS:
        currency = section.fault("currency", f"{currency!r} is not one of {', '.join(sorted(MINOR_DIGITS))}")
    if zone and not _is_zone(zone):
        section.fault("zone", f"{zone!r} is no time zone such as Europe/London")
    return Header(name or "", title or "", country or "", currency or "USD", zone or "UTC")


def _is_zone(zone: str) -> bool:
    try:
        return ZoneInfo(zone).key == zone
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder of zones
        return False


def _facts(whole: Section) -> dict[str, FactType]:
    section = Section(whole.raw("facts", needed=False) or {}, "facts", whole.faults)
    facts: dict[str, FactType] = {}
    for name, given in section.content.items():
        if not is_name(name):
            section.fault(name, "is not a lower-case name, or is a word of the conditions")
        elif isinstance(given, list):
            options = section.as_texts(name, given)
            if options is not None and not options:
                section.fault(name, "lists nothing that it could be")
            # A faulty list still declares the fact, so that its tables are read on.
            facts[name] = FactType("text", options or ())
        elif given in FACT_KINDS:
            facts[name] = FactType(given)
        else:
            section.fault(name, f"is {given!r}: a fact is one of {', '.join(FACT_KINDS)}, or a list of what it can be")
    return facts


def _declared_values(whole: Section) -> dict[str, Value]:
    """Every value that the document means to give, good or not: a faulty figure is one finding, and the
    conditions that name it are not blamed for it."""
    declared: dict[str, Value] = {}
    content = whole.content.get("values")
    for name, entries in content.items() if isinstance(content, dict) else ():
        kinds = [entry.get("kind") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        kind = next((kind for kind in kinds if kind in VALUE_KINDS), None)
        if kind is not None:
            declared[name] = Value(name, FactType(kind))
    return declared


def _all_dated(whole: Section, part: str, read: Callable[[Section], T | None]) -> dict[str, Dated[T]]:
    """Every name of a part with its entries, each read by `read`; periods are checked per name."""
    given = whole.raw(part, needed=False)
    if given is None:
        return {}
    section = Section(given, part, whole.faults)
    found: dict[str, Dated[T]] = {}
    for name in section.content:
        if not is_name(name):
            section.fault(name, "is not a lower-case name, or is a word of the conditions")
        sections = section.sections(name)
        if len(sections) == 1:
            # The number only helps where there is a second one.
            sections[0].path = f"{part}.{name}"
        entries = [entry for entry in (_entry(each, read) for each in sections) if entry is not None]
        if not entries:
            continue
        found[name] = Dated(name, entries)
        if len(entries) == len(sections):
            for fault in found[name].faults():
                section.fault(name, fault)
    return found


def _entry(section: Section, read: Callable[[Section], T | None]) -> Entry[T] | None:
    what = read(section)
    from_day, until = section.day("from"), section.day("until", needed=False)
    selected_by = section.choice("selected_by", SELECTORS)
    source, checked = section.text("source"), section.day("checked")
    section.close()
    if what is None or from_day is None or selected_by is None or source is None or checked is None:
        return None
    return Entry(what, from_day, until, cast(SelectedBy, selected_by), source, checked)


def _value(section: Section, currency: str) -> PolicyValue | None:
    kind = cast(ValueKind | None, section.choice("kind", VALUE_KINDS))
    given = section.raw("value")
    if kind is None or given is None:
        return None
    figure = _figure(section, kind, given, currency)
    return None if figure is None else PolicyValue(kind, figure)


def _figure(section: Section, kind: ValueKind, given: object, currency: str) -> Figure | None:
    match kind:
        case "money":
            return _amount(section, given, currency)
        case "boolean":
            if isinstance(given, bool):
                return given
            return section.fault("value", f"must be true or false, not {given!r}")
        case "text":
            return section.text("value")
        case "list":
            return section.as_texts("value", given)
        case "days" | "whole":
            return section.as_whole("value", given)
        case "basis_points":
            figure = section.as_whole("value", given)
            if figure is not None and figure > WHOLE_IN_BASIS_POINTS:
                return section.fault("value", f"{figure} is more than the whole, {WHOLE_IN_BASIS_POINTS} basis points")
            return figure


def _amount(section: Section, given: object, currency: str) -> int | None:
    """Money stands in quotes and major units: a TOML number with a point would be a float."""
    if not isinstance(given, str):
        return section.fault("value", f'must be an amount in quotes such as "1000.00", not {given!r}')
    try:
        amount = parse_money(given, currency)
    except Refused as refused:
        return section.fault("value", f"{given!r} is no amount in {currency}: {refused}")
    if amount.minor < 0:
        return section.fault("value", f"must not be negative, but is {given}")
    return amount.minor


def _clock(section: Section) -> PolicyClock | None:
    days = section.whole("days")
    day_type = section.choice("day_type", ("calendar", "working"))
    ends = section.hour("ends")
    count_first_day = section.flag("count_first_day", default=False)
    roll = section.flag("roll_to_working_day", default=False)
    reminders = _reminders(section, days)
    if days is None or day_type is None:
        return None
    if count_first_day and days == 0:
        return section.fault("days", "is 0 while the first day counts as day one")
    rule = ClockRule(days, cast(DayType, day_type), ends, count_first_day, roll)
    return PolicyClock(rule, reminders)


def _reminders(section: Section, days: int | None) -> tuple[int, ...]:
    given = section.raw("reminders", needed=False)
    if given is None:
        return ()
    if not isinstance(given, list) or any(type(left) is not int or left < 1 for left in given):
        section.fault("reminders", f"must list days left, such as [7, 1], not {given!r}")
        return ()
    if sorted(set(given), reverse=True) != given:
        section.fault("reminders", f"must fall from the first to the last, not {given!r}")
    if days is not None and given and max(given) >= days:
        section.fault("reminders", f"{max(given)} days left is not inside the clock's {days} days")
    return tuple(given)


def _of_one_kind(values: Mapping[str, Dated[PolicyValue]], faults: Faults) -> dict[str, Dated[PolicyValue]]:
    """The values whose entries are all of one kind; the others are noted."""
    one_kind = {}
    for name, series in values.items():
        kinds = sorted({entry.what.kind for entry in series.entries})
        if len(kinds) > 1:
            faults.add(f"values.{name}", f"is of several kinds: {', '.join(kinds)}")
        else:
            one_kind[name] = series
    return one_kind


def _tables_begin_after_their_values(
    tables: Mapping[str, Dated[Table]], values: Mapping[str, Dated[PolicyValue]], faults: Faults
) -> None:
    for name, series in tables.items():
        for entry in series.entries:
            for value in entry.what.values:
                if value in values and values[value].begins > entry.from_day:
                    faults.add(
                        f"tables.{name}",
                        f"names {value} from {entry.from_day} on, which begins only on {values[value].begins}",
                    )
