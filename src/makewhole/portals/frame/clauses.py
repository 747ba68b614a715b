"""The clauses of a policy version: where each stands on its page, and which may be cited against a claim."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from makewhole.domain.policy.rules import PolicyDates
from makewhole.reads.views import ClaimView
from makewhole.store import policies

# The tables whose rows can stand against a claim (the others route and approve), and the answers of theirs that
# speak for it. "payable" is cited against a loss that the product did not cause.
_AGAINST = ("proof_required", "payable_heads", "in_scope")
_FOR = frozenset({"none", "in_scope"})
_BETWEEN = " · "  # as Rules.clause writes it


def place_of(clause: str) -> tuple[str, str]:
    """A clause ("us 2026-1 · route.direct") as the address of its place, and how it is called there."""
    version, _, rule = clause.partition(_BETWEEN)
    return f"{page_of(version)}#{quote(rule)}", clause


def page_of(version: str) -> str:
    name, _, number = version.partition(" ")
    return f"/policies/{quote(name)}/{quote(number)}"


def citable(view: ClaimView, at: datetime) -> list[tuple[str, str]]:
    """(clause, its sentence) for every row that can be cited on this claim, in the version in force at `at`."""
    return rows_of(view, at, _AGAINST, but=_FOR)


def rows_of(
    view: ClaimView, at: datetime, tables: tuple[str, ...], *, but: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """(clause, its sentence) for the rows of these tables; `but` those with such an outcome."""
    version = view.version_at(at)
    document = policies.document_of(version)
    today = view.calendar.day_of(at)
    dates = PolicyDates(view.claim.filed.loss_date, view.calendar.day_of(view.claim.filed_at), today)
    found = []
    for name in tables:
        series = document.tables[name]
        entry = series.on(dates.day(series.selected_by))
        for row in entry.what.rows if entry else ():
            if row.outcome not in but:
                found.append((f"{version}{_BETWEEN}{name}.{row.id}", f"{name}.{row.id}: {_short(row.because.text)}"))
    return found


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:89].rstrip()}…"
