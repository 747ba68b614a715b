"""Order lines from CSV: the import as an operator runs it, on lines that are new."""

from __future__ import annotations

import csv
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import world
from makewhole.imports.orders import load_file
from makewhole.integrations.order_files.mapping import load_mapping


def lines_per_second(count: int) -> float:
    """Loads so many order lines from a CSV file in Makewhole's own format; each must be new and good."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        _write(path, count)
        began = time.perf_counter()
        report = load_file(path, mapping=load_mapping("makewhole", subject="orders"), marketplace=world.CODE)
        took = time.perf_counter() - began
    assert (report.new, report.bad) == (count, 0), f"{report.new} new, {report.bad} bad: {report.bad_rows[:3]}"
    return count / took


def _write(path: Path, count: int) -> None:
    ordered = datetime.now(UTC) - timedelta(days=60)
    with open(path, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["order_ref", "line_ref", "seller_ref", "buyer_ref", "product_ref", "product_title", "category", "quantity",
             "price", "currency", "ordered_at", "delivered_at"]
        )  # fmt: skip
        for n in range(count):
            at = ordered + timedelta(seconds=n)
            rows.writerow(
                [f"I{n}", 1, f"S{n % world.SELLERS}", f"B{n}", f"P{n % 5000}", "Kettle KX-2, steel, 1.7 l", "kitchen",
                 1, "49.99", "USD", at.isoformat(), (at + timedelta(days=5)).isoformat()]
            )  # fmt: skip
