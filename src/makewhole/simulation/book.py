"""The order book: Olist's orders of 2017, moved by eight years, seller by seller. Start at read_book()."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from makewhole.integrations.order_files.arrange import Arranger
from makewhole.integrations.order_files.mapping import load_mapping
from makewhole.integrations.order_files.tables import open_table

# From 2017 to 2025, past the start of every shipped policy; eight years with two leap days.
MOVED_BY = timedelta(days=2_922)
ZONE = ZoneInfo("America/Sao_Paulo")


@dataclass(frozen=True, slots=True)
class Sale:
    """A delivered order line. `number`: its place in the whole book."""

    number: int
    price_minor: int
    ordered_at: datetime
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that one seller sold."""

    seller_ref: str
    sales: tuple[Sale, ...]


def read_book(folder: Path) -> list[Shelf]:
    """The sellers of the book in a fixed order, with their delivered lines; raises Unreadable for other files."""
    rows = sorted(_rows(folder))
    sold: dict[str, list[Sale]] = {}
    for number, (_, _, seller_ref, price_minor, ordered_at, delivered_at) in enumerate(rows):
        sold.setdefault(seller_ref, []).append(Sale(number, price_minor, ordered_at, delivered_at))
    return [Shelf(seller_ref, tuple(sales)) for seller_ref, sales in sorted(sold.items())]


def _rows(folder: Path) -> Iterator[tuple[str, str, str, int, datetime, datetime]]:
    mapping = load_mapping("olist", subject="orders")
    arranger = Arranger(mapping)
    names = ("order_ref", "line_ref", "seller_ref", "price", "ordered_at", "delivered_at")
    for batch in open_table(folder, mapping).batches(lambda done, total: None):
        fields = arranger.arrange(batch).fields
        for order_ref, line_ref, seller_ref, price, ordered, delivered in zip(
            *(fields[name] for name in names), strict=True
        ):
            price_minor = int(Decimal(price) * 100)
            if delivered.strip() and price_minor > 0:
                yield order_ref, line_ref, seller_ref, price_minor, _moved(ordered), _moved(delivered)


def _moved(told: str) -> datetime:
    return (datetime.fromisoformat(told.strip()).replace(tzinfo=ZONE) + MOVED_BY).astimezone(UTC)
