"""Olist's orders of 2017 as orders of a United States marketplace: through the importer, with two open liberties.

Prices are read as US dollars, and every purchase and delivery is moved by exactly five years (1,826 days), past
the start of the policy. Both stand in `orders.csv` of a copy before the import, and nothing else is changed.
"""

from __future__ import annotations

import csv
import random
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from makewhole.imports import orders
from makewhole.integrations.order_files.mapping import load_mapping
from makewhole.integrations.order_files.rows import Progress, Unreadable
from makewhole.store import policies
from makewhole.store.models import Coverage, Marketplace, OrderLine, Seller

MOVED_BY = timedelta(days=1826)
MOVED_COLUMNS = ("order_purchase_timestamp", "order_delivered_customer_date")
PROGRAMME_START = datetime(2021, 9, 1, tzinfo=UTC)
YEARS = range(2021, 2031)
INSURED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A delivered order line, as much of it as a claim needs."""

    order_ref: str
    line_ref: str
    seller_id: int
    paid_minor: int  # price times pieces
    ordered_at: datetime
    delivered_at: datetime


def open_marketplace(code: str) -> Marketplace:
    """A United States marketplace with the shipped policy, published on the day the programme began."""
    marketplace = Marketplace.objects.create(
        code=code, name="Rehearsal", country="US", currency="USD", zone="America/New_York",
        legal_entity="Rehearsal Inc.", policy="us",
    )  # fmt: skip
    policies.freeze_holidays(code, "US", YEARS)
    policies.publish(policies.shipped("us"), where="us.toml", at=PROGRAMME_START, by="person:1")
    return marketplace


def load_orders(folder: Path, marketplace: str, *, now: datetime, progress: Progress) -> list[Line]:
    """Imports the folder's tables; the delivered lines, in an order that does not depend on the database."""
    with tempfile.TemporaryDirectory() as place:
        moved = _moved(folder, Path(place))
        mapping = load_mapping("olist", subject="orders").with_constants({"currency": "USD"})
        report = orders.load_file(moved, mapping=mapping, marketplace=marketplace, now=now, progress=progress)
    assert report.bad == 0, f"{report.bad} bad order lines: {dict(report.reasons)}"
    found = OrderLine.objects.filter(marketplace_id=marketplace, delivered_at__isnull=False)
    rows = sorted(found, key=lambda row: (row.order_ref, row.line_ref))
    return [
        Line(
            row.order_ref, row.line_ref, row.seller_id, row.price_minor * row.quantity, row.ordered_at, row.delivered_at
        )
        for row in rows
        if row.delivered_at is not None and row.price_minor > 0
    ]  # fmt: skip


def insure_sellers(marketplace: str, *, seed: int) -> None:
    """Six sellers in ten hold a policy over the whole time; which ones, the seed says."""
    insured = [
        seller
        for seller in Seller.objects.filter(marketplace_id=marketplace).order_by("seller_ref")
        if random.Random(f"{seed}/{seller.seller_ref}/insured").random() < INSURED_SHARE
    ]
    Coverage.objects.bulk_create(
        Coverage(
            seller=seller, insurer="Rehearsal Mutual", policy_number=f"RM-{seller.seller_ref[:12]}",
            starts_on=date(YEARS.start, 1, 1), ends_on=date(YEARS.stop, 1, 1),
        )
        for seller in insured
    )  # fmt: skip


def _moved(folder: Path, place: Path) -> Path:
    if not (folder / "orders.csv").is_file():
        raise Unreadable(f"{folder} has no orders.csv: --orders is the folder of Olist's tables.")
    for table in folder.glob("*.csv"):
        if table.name != "orders.csv":
            shutil.copyfile(table, place / table.name)
    with (
        (folder / "orders.csv").open(encoding="utf-8", newline="") as source,
        (place / "orders.csv").open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(target, rows.fieldnames or ())
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, **{column: _later(row.get(column, "")) for column in MOVED_COLUMNS}})
    return place


def _later(told: str) -> str:
    return (datetime.fromisoformat(told) + MOVED_BY).isoformat(" ") if told.strip() else told
