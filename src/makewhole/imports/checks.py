"""Checks of one column at a time: texts in, values out, and a reason for each row that is wrong.

A column of ten thousand good values costs a handful of calls; only a column with something wrong in it is looked
at row by row. What a row's reasons are does not depend on its neighbours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from makewhole.domain.money import parse_money
from makewhole.domain.refusal import Refused
from makewhole.integrations.order_files.rows import Reason

_AMOUNT = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_PIECES = re.compile(r"-?[0-9]{1,20}(\.0{1,20})?", re.ASCII)
_OFFSET = re.compile(r"\s+(?:UTC|(?=[+-][0-9]{2}:?[0-9]{2}$))")
_DAY_LENGTH = len("2025-03-01")

# PositiveIntegerField is PostgreSQL's integer.
LARGEST_QUANTITY = 2**31 - 1
# Nobody's marketplace is older; an earlier year is a spreadsheet's empty date.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

YES_NO = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False, "t": True, "f": False}


class Faults:
    """Reasons by the place of their row in the batch."""

    def __init__(self) -> None:
        self.of_row: dict[int, list[Reason]] = defaultdict(list)

    def note(self, at: int, field: str, code: str, sentence: str) -> None:
        self.of_row[at].append(Reason(field, code, sentence))


def texts(values: Sequence[str], field: str, faults: Faults, *, limit: int, required: bool = False) -> list[str]:
    """Texts without spaces around them, storable, and at most `limit` characters long."""
    clean = [value.strip() for value in values]
    joined = "".join(clean)
    if "\0" in joined or not _encodes(joined) or max(map(len, clean), default=0) > limit:
        for at, value in enumerate(clean):
            _look_at_text(at, value, field, faults, limit)
    if required and not all(clean):
        for at, value in enumerate(clean):
            if not value:
                faults.note(at, field, "missing", f"{field} is missing")
    return clean


def prices(
    values: Sequence[str],
    field: str,
    faults: Faults,
    *,
    currency: str,
    decimal_sign: str,
    if_negative: str = "is negative",
) -> list[int]:
    """Amounts in major units as whole minor units; the digits of the currency at most, nothing negative."""
    found = []
    for at, value in enumerate(values):
        answer = _price(value, currency, decimal_sign)
        if isinstance(answer, tuple):
            told = f"{_shown(value.strip())} {if_negative}" if answer[0] == "negative" else answer[1]
            faults.note(at, field, answer[0], f"{field} {told}")
            answer = 0
        found.append(answer)
    return found


def piece_prices(totals: Sequence[int], quantities: Sequence[int]) -> list[int]:
    """The price of one piece where a file tells that of all: to the nearest minor unit, halves up."""
    return [
        total if pieces <= 1 else int((Decimal(total) / pieces).to_integral_value(ROUND_HALF_UP))
        for total, pieces in zip(totals, quantities, strict=True)
    ]


def quantities(values: Sequence[str], field: str, faults: Faults) -> list[int]:
    """Whole numbers of pieces, at least one."""
    found = []
    for at, value in enumerate(values):
        answer = _pieces(value)
        if isinstance(answer, tuple):
            faults.note(at, field, answer[0], f"{field} {answer[1]}")
            answer = 0
        found.append(answer)
    return found


def instants(
    values: Sequence[str], field: str, faults: Faults, *, zone: tzinfo, now: datetime, time_format: str, required: bool
) -> list[datetime | None]:
    """Instants in UTC. A time without a zone is read in `zone`: an hour that a clock change skips counts as an hour
    later, one that comes twice as the first of the two. A day without an hour is its first instant."""
    found: list[datetime | None] = []
    for at, value in enumerate(values):
        instant = None
        if value:
            try:
                instant = _instant(value, zone, time_format)
            except (ValueError, OverflowError):
                faults.note(at, field, "date_unreadable", f"{field} {_shown(value)} is no date that can be read")
            else:
                if instant > now:
                    faults.note(at, field, "date_in_future", f"{field} {_shown(value)} lies in the future")
                elif instant < EARLIEST:
                    faults.note(at, field, "date_too_early", f"{field} {_shown(value)} lies before {EARLIEST.year}")
        elif required:
            faults.note(at, field, "missing", f"{field} is missing")
        found.append(instant)
    return found


def days(
    values: Sequence[str], field: str, faults: Faults, *, time_format: str, required: bool, latest: date = date.max
) -> list[date | None]:
    """Days of the calendar, not instants. `latest` is the last that can be meant."""
    found: list[date | None] = []
    for at, value in enumerate(map(str.strip, values)):
        day = None
        if value:
            try:
                day = _day(value, time_format)
            except ValueError:
                faults.note(at, field, "not_a_day", f"{field} {_shown(value)} is no day such as 2025-03-01")
            else:
                if day > latest:
                    faults.note(at, field, "date_in_future", f"{field} {_shown(value)} lies in the future")
                elif day < EARLIEST.date():
                    faults.note(at, field, "date_too_early", f"{field} {_shown(value)} lies before {EARLIEST.year}")
        elif required:
            faults.note(at, field, "missing", f"{field} is missing")
        found.append(day)
    return found


def not_before(
    later: Sequence[datetime | None], told: Sequence[str], earlier: Sequence[datetime | None], faults: Faults,
    *, field: str, code: str, sentence: str, zone: tzinfo,
) -> None:  # fmt: skip
    """One instant does not lie before another; where only a day was told, their days are compared."""
    for at, (end, start) in enumerate(zip(later, earlier, strict=True)):
        if end is None or start is None or end >= start:
            continue
        if len(told[at]) <= _DAY_LENGTH and end.astimezone(zone).date() == start.astimezone(zone).date():
            continue
        faults.note(at, field, code, sentence)


def choices(values: Sequence[str], field: str, faults: Faults, *, known: Collection[str], default: str) -> list[str]:
    """One of a few words; an empty cell is the default."""
    found = []
    for at, value in enumerate(values):
        word = value.strip() or default
        if word not in known:
            faults.note(at, field, "not_one_of", f"{field} {_shown(value)} is none of {', '.join(sorted(known))}")
        found.append(word)
    return found


def yes_or_no(values: Sequence[str], field: str, faults: Faults, *, default: bool) -> list[bool]:
    """True or false; an empty cell is the default."""
    found = []
    for at, value in enumerate(values):
        word = value.strip().lower()
        answer = YES_NO.get(word) if word else default
        if answer is None:
            faults.note(at, field, "not_yes_or_no", f"{field} {_shown(value)} is neither true nor false")
        found.append(answer is True)
    return found


def same_currency(values: Sequence[str], field: str, faults: Faults, *, currency: str) -> None:
    """The marketplace's currency, where one is told at all."""
    if set(values) <= {currency, ""}:
        return
    for at, value in enumerate(values):
        told = value.strip().upper()
        if told and told != currency:
            faults.note(at, field, "other_currency", f"{field} is {_shown(told)}, the marketplace's is {currency}")


def countries(values: Sequence[str], field: str, faults: Faults) -> list[str]:
    """Two letters, or nothing."""
    found = [value.strip().upper() for value in values]
    for at, value in enumerate(found):
        if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
            faults.note(at, field, "not_a_country", f"{field} {_shown(value)} is no country of two letters")
    return found


def emails(values: Sequence[str], field: str, faults: Faults) -> list[str]:
    """An address with a sign in the middle, or nothing; whether it works, the first letter to it will show."""
    found = texts(values, field, faults, limit=254)
    for at, value in enumerate(found):
        if value and not (0 < value.find("@") < len(value) - 1 and " " not in value):
            faults.note(at, field, "not_an_address", f"{field} {_shown(value)} is no e-mail address")
    return found


def _look_at_text(at: int, value: str, field: str, faults: Faults, limit: int) -> None:
    if "\0" in value:
        faults.note(at, field, "null_byte", f"{field} holds a null byte")
    if not _encodes(value):
        faults.note(at, field, "not_text", f"{field} holds signs that are no text")
    if len(value) > limit:
        faults.note(at, field, "too_long", f"{field} has {len(value):,} characters, at most {limit} are kept")


def _encodes(text: str) -> bool:
    # JSON can spell half a surrogate pair, which no database stores.
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1 << 16)
def _price(value: str, currency: str, decimal_sign: str) -> int | tuple[str, str]:
    text = value.strip()
    if not text:
        return "missing", "is missing"
    plain = text if decimal_sign == "." else text.replace(decimal_sign, ".", 1)
    if not _AMOUNT.fullmatch(plain) or (decimal_sign != "." and "." in text):
        return "not_an_amount", f"{_shown(text)} is not an amount"
    try:
        minor = parse_money(plain, currency).minor
    except Refused as refused:
        return refused.code, f"{_shown(text)} {_PRICE_SENTENCES[refused.code]}".format(**refused.facts)
    if minor < 0:
        return "negative", ""  # whoever asks says why that cannot be
    return minor


_PRICE_SENTENCES = {
    "not_an_amount": "is not an amount",
    "too_many_decimals": "has more decimals than the currency's {allowed}",
    "amount_too_large": "is larger than any amount that can be recorded",
    "unknown_currency": "cannot be read: the currency {currency} is not known",
}


@lru_cache(maxsize=1 << 12)
def _pieces(value: str) -> int | tuple[str, str]:
    text = value.strip()
    if not text:
        return "missing", "is missing"
    if not _PIECES.fullmatch(text):
        return "not_a_whole_number", f"{_shown(text)} is not a whole number"
    pieces = int(text.partition(".")[0])
    if pieces < 1:
        return "no_pieces", f"{_shown(text)} is less than one piece"
    if pieces > LARGEST_QUANTITY:
        return "too_many_pieces", f"{_shown(text)} is more than can be counted"
    return pieces


def _instant(value: str, zone: tzinfo, time_format: str) -> datetime:
    if time_format:
        told = datetime.strptime(value, time_format)  # noqa: DTZ007  # the zone follows below
    else:
        try:
            told = datetime.fromisoformat(value)
        except ValueError:
            # "2025-10-07 09:50:26 +0200" is how Shopify and Ruby write it, "... UTC" how others do.
            told = datetime.fromisoformat(_OFFSET.sub("", value) + ("+00:00" if value.endswith("UTC") else ""))
    if told.tzinfo is None:
        told = told.replace(tzinfo=zone)
    return told.astimezone(UTC)


def _day(value: str, time_format: str) -> date:
    if time_format:
        return datetime.strptime(value, time_format).date()  # noqa: DTZ007  # a day has no zone
    return date.fromisoformat(value)


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:40] + "...")
