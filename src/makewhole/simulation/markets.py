"""The four marketplaces with their shipped policies and holidays, and the rules of a day, kept once looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

import holidays

from makewhole.domain.calendar import Calendar
from makewhole.domain.policy.document import read_policy
from makewhole.domain.policy.rules import PolicyDates, Rules, rules_on
from makewhole.domain.policy.shapes import PolicyDocument

# How the sellers of the book are spread over them.
SHARES = {"us": 0.55, "eu": 0.20, "uk": 0.15, "ca": 0.10}
COUNTRIES = {"us": "US", "eu": "DE", "uk": "GB", "ca": "CA"}
YEARS = range(2024, 2032)


@dataclass(frozen=True, slots=True)
class Market:
    code: str
    currency: str
    document: PolicyDocument
    calendar: Calendar

    def rules(self, incident: date, notice: date, decision: date) -> Rules:
        """The policy seen at these three days."""
        return _rules(self.code, *(_entry_day(self.code, day) for day in (incident, notice, decision)))


@cache
def market(code: str) -> Market:
    text = files("makewhole.policies").joinpath(f"{code}.toml").read_text("utf-8")
    document = read_policy(text, where=f"{code}.toml")
    free = frozenset(holidays.country_holidays(COUNTRIES[code], years=list(YEARS)))
    return Market(code, document.currency, document, Calendar(document.zone, free))


@lru_cache(maxsize=1024)
def _rules(code: str, incident: date, notice: date, decision: date) -> Rules:
    dates = PolicyDates(incident=incident, notice=notice, decision=decision)
    return rules_on(market(code).document, dates, version=f"{code} 2025-1")


@lru_cache(maxsize=65536)
def _entry_day(code: str, day: date) -> date:
    """The last day on which any entry of the policy began or ended: until the next one, all days are alike."""
    return max((begins for begins in _turning_days(code) if begins <= day), default=day)


@cache
def _turning_days(code: str) -> tuple[date, ...]:
    document = market(code).document
    entries = [
        entry
        for part in (document.values, document.clocks, document.tables)
        for series in part.values()
        for entry in series.entries
    ]
    days = {entry.from_day for entry in entries} | {entry.until for entry in entries if entry.until}
    return tuple(sorted(days))
