"""The marketplace's data comes in: good rows load, each bad row is told with every reason, twice is once."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.db import connection

from makewhole.cli.imports import imports
from makewhole.imports import orders, sellers
from makewhole.imports.ahead import ahead
from makewhole.imports.report import ImportReport
from makewhole.integrations.order_files import rows as rows_module
from makewhole.integrations.order_files.mapping import load_mapping, parse_mapping
from makewhole.integrations.order_files.rows import Unreadable
from makewhole.store.models import Marketplace, OrderLine, Seller

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
OLIST = Path(__file__).parents[2] / ".." / "shared" / "data" / "orders"


@pytest.fixture(autouse=True)
def _marketplaces(db: None) -> None:
    for code, country, currency, zone in [
        ("us", "US", "USD", "America/New_York"),
        ("de", "DE", "EUR", "Europe/Berlin"),
        ("br", "BR", "BRL", "America/Sao_Paulo"),
    ]:
        Marketplace.objects.update_or_create(
            code=code,
            defaults={
                "name": code, "country": country, "currency": currency, "zone": zone, "legal_entity": "Ours",
                "policy": code,
            },
        )  # fmt: skip


def line(**told: object) -> dict[str, object]:
    return {
        "order_ref": "o1",
        "line_ref": "1",
        "seller_ref": "s1",
        "buyer_ref": "b1",
        "product_ref": "p1",
        "quantity": 1,
        "price": "19.99",
        "ordered_at": "2025-03-01T10:00:00Z",
    } | told


def load(*rows: dict[str, object], marketplace: str | None = "us") -> ImportReport:
    return orders.load_rows(marketplace, rows, now=NOW)


def reasons(report: ImportReport) -> list[tuple[int, list[tuple[str, str]]]]:
    return [(bad.row, [(each.field, each.code) for each in bad.reasons]) for bad in report.bad_rows]


# --- doing it twice


def test_importing_again_changes_nothing_and_touches_no_row() -> None:
    told = [line(), line(line_ref="2", product_title="A toy", delivered_at="2025-03-04T10:00:00Z")]
    assert load(*told).new == 2
    before = physical_rows()
    again = load(*told)
    assert (again.new, again.changed, again.unchanged, again.bad) == (0, 0, 2, 0)
    assert physical_rows() == before


def test_a_changed_row_is_updated_and_its_neighbour_is_not() -> None:
    load(line(), line(line_ref="2"))
    before = physical_rows()
    report = load(line(price="21.00"), line(line_ref="2"))
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1)
    after = physical_rows()
    assert OrderLine.objects.get(line_ref="1").price_minor == 2100
    assert after[0] != before[0] and after[1] == before[1]


@pytest.mark.parametrize(
    "field, value, column, stored",
    [
        ("seller_ref", "s2", "seller__seller_ref", "s2"),
        ("buyer_ref", "b2", "buyer_ref", "b2"),
        ("product_ref", "p2", "product_ref", "p2"),
        ("product_title", "Lamp", "product_title", "Lamp"),
        ("category", "toys", "category", "toys"),
        ("quantity", 3, "quantity", 3),
        ("price", "0", "price_minor", 0),
        ("ordered_at", "2025-03-02T10:00:00Z", "ordered_at", datetime(2025, 3, 2, 10, tzinfo=UTC)),
        ("delivered_at", "2025-03-05T10:00:00Z", "delivered_at", datetime(2025, 3, 5, 10, tzinfo=UTC)),
        ("channel", "platform", "channel", "platform"),
        ("physical", False, "physical", False),
    ],
)
def test_every_field_can_change(field: str, value: object, column: str, stored: object) -> None:
    load(line())
    assert load(line(**{field: value})).changed == 1
    assert OrderLine.objects.values_list(column, flat=True).get() == stored


def test_a_column_that_is_not_told_keeps_what_is_known_and_an_empty_cell_clears_it() -> None:
    load(line(product_title="Lamp", channel="platform", delivered_at="2025-03-05T10:00:00Z"))
    assert load(line()).unchanged == 1
    assert load(line(product_title="", delivered_at="")).changed == 1
    kept = OrderLine.objects.get()
    assert (kept.product_title, kept.delivered_at, kept.channel) == ("", None, "platform")


def test_the_same_row_twice_in_a_file_counts_once_and_another_content_is_bad_and_names_both() -> None:
    report = load(line(), line(line_ref="2"), line(), line(price="20.00"))
    assert (report.new, report.repeated, report.bad) == (2, 1, 1)
    assert reasons(report) == [(4, [("line_ref", "repeated_differently")])]
    assert "row 4 has the order_ref and line_ref of row 1, with other content" in str(report.bad_rows[0])
    assert OrderLine.objects.get(line_ref="1").price_minor == 1999


def test_repeated_rows_are_found_across_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "BATCH_ROWS", 2)
    report = load(line(), line(line_ref="2"), line(line_ref="3"), line(price="20.00"), line())
    assert (report.new, report.repeated, reasons(report)) == (3, 1, [(4, [("line_ref", "repeated_differently")])])


def test_one_order_line_of_two_marketplaces_is_two() -> None:
    rows = [line(marketplace="us"), line(marketplace="de")]
    assert load(*rows, marketplace=None).new == 2


# --- sellers


def test_a_seller_nobody_imported_is_made_from_the_order_line_and_filled_in_later() -> None:
    assert load(line(), line(line_ref="2")).sellers_created == 1
    assert Seller.objects.values_list("marketplace_id", "seller_ref", "name", "good_standing").get() == (
        "us",
        "s1",
        "s1",
        True,
    )
    report = sellers.load_rows("us", [{"seller_ref": "s1", "name": "Lamps Ltd", "country": "gb"}], now=NOW)
    assert (report.new, report.changed) == (0, 1)
    assert Seller.objects.values_list("name", "country").get() == ("Lamps Ltd", "GB")
    assert load(line(line_ref="3")).sellers_created == 0


def test_sellers_again_change_nothing_and_one_may_open_again() -> None:
    told = {
        "seller_ref": "s1",
        "name": "Lamps",
        "good_standing": "no",
        "closed_at": "2025-05-01",
        "email": "a@b.example",
    }
    assert sellers.load_rows("us", [told], now=NOW).new == 1
    assert sellers.load_rows("us", [told], now=NOW).unchanged == 1
    assert sellers.load_rows("us", [{"seller_ref": "s1"}], now=NOW).unchanged == 1
    assert sellers.load_rows("us", [told | {"closed_at": ""}], now=NOW).changed == 1
    kept = Seller.objects.get()
    assert (kept.closed_at, kept.good_standing, kept.name) == (None, False, "Lamps")


def test_bad_sellers_are_told_with_every_reason() -> None:
    told = {
        "seller_ref": "",
        "country": "Germany",
        "email": "nobody",
        "good_standing": "perhaps",
        "closed_at": "2026-01-01",
    }
    assert reasons(sellers.load_rows("us", [told], now=NOW)) == [
        (1, [("seller_ref", "missing"), ("email", "not_an_address"), ("country", "not_a_country"),
             ("good_standing", "not_yes_or_no"), ("closed_at", "date_in_future")]),
    ]  # fmt: skip


# --- bad rows


@pytest.mark.parametrize(
    "told, field, code",
    [
        ({"price": "-0.01"}, "price", "negative"),
        ({"price": "NaN"}, "price", "not_an_amount"),
        ({"price": float("nan")}, "price", "not_an_amount"),
        ({"price": "Infinity"}, "price", "not_an_amount"),
        ({"price": "1_000"}, "price", "not_an_amount"),
        ({"price": "1,000.00"}, "price", "not_an_amount"),
        ({"price": "{0}"}, "price", "not_an_amount"),
        ({"price": "19.999"}, "price", "too_many_decimals"),
        ({"price": "1" + "0" * 15}, "price", "amount_too_large"),
        ({"price": ""}, "price", "missing"),
        ({"price": None}, "price", "missing"),
        ({"currency": "EUR"}, "currency", "other_currency"),
        ({"quantity": 0}, "quantity", "no_pieces"),
        ({"quantity": -1}, "quantity", "no_pieces"),
        ({"quantity": "1.5"}, "quantity", "not_a_whole_number"),
        ({"quantity": 2**31}, "quantity", "too_many_pieces"),
        ({"ordered_at": "yesterday"}, "ordered_at", "date_unreadable"),
        ({"ordered_at": "2025-02-29"}, "ordered_at", "date_unreadable"),
        ({"ordered_at": "0001-01-01T00:00:00+14:00"}, "ordered_at", "date_unreadable"),
        ({"ordered_at": "1989-12-31"}, "ordered_at", "date_too_early"),
        ({"ordered_at": "2025-06-01T12:00:00.000001Z"}, "ordered_at", "date_in_future"),
        ({"delivered_at": "2025-06-02T00:00:00Z"}, "delivered_at", "date_in_future"),
        ({"delivered_at": "2025-03-01T09:59:59Z"}, "delivered_at", "delivered_before_ordered"),
        ({"delivered_at": "2025-02-28"}, "delivered_at", "delivered_before_ordered"),
        ({"order_ref": " "}, "order_ref", "missing"),
        ({"product_title": "a\0b"}, "product_title", "null_byte"),
        ({"product_title": "x" * 1_000_000}, "product_title", "too_long"),
        ({"product_title": "x" * 501}, "product_title", "too_long"),
        ({"product_title": "\ud800"}, "product_title", "not_text"),
        ({"channel": "pigeon"}, "channel", "not_one_of"),
        ({"physical": "maybe"}, "physical", "not_yes_or_no"),
        ({"marketplace": "mars"}, "marketplace", "unknown_marketplace"),
        ({"marketplace": "de"}, "marketplace", "other_marketplace"),
        ({"product_title": {"en": "x"}}, "product_title", "not_a_single_value"),
    ],
)
def test_a_bad_row_is_told_and_its_neighbour_loads(told: dict[str, object], field: str, code: str) -> None:
    report = load(line(line_ref="9"), line(**told))
    assert reasons(report) == [(2, [(field, code)])]
    assert list(OrderLine.objects.values_list("line_ref", flat=True)) == ["9"]


@pytest.mark.parametrize(
    "told",
    [
        {"price": "0"},
        {"price": Decimal("19.90")},
        {"price": 19.9},
        {"price": "+5"},
        {"currency": "usd"},
        {"quantity": "2.0"},
        {"quantity": 2**31 - 1},
        {"ordered_at": "2025-06-01T12:00:00Z"},
        {"ordered_at": "1990-01-01T00:00:00Z"},
        {"ordered_at": "2025-03-01 10:00:00 UTC"},
        {"delivered_at": "2025-03-01T10:00:00Z"},
        {"delivered_at": "2025-03-01"},
        {"product_title": "x" * 500},
        {"product_title": "tab\tback\\slash\nline \\N 'quote' ☂"},
        {"order_ref": "\\."},
    ],
)
def test_what_lies_just_inside_the_boundary_loads(told: dict[str, object]) -> None:
    report = load(line(**told))
    assert (report.new, reasons(report)) == (1, [])
    kept = OrderLine.objects.get()
    for field in ("product_title", "order_ref"):
        assert getattr(kept, field) == line(**{"product_title": ""} | told)[field]


def test_every_reason_of_a_row_is_told() -> None:
    report = load(line(order_ref="", quantity=0, price="x", currency="EUR", ordered_at="?", channel="pigeon"))
    assert reasons(report) == [
        (1, [("order_ref", "missing"), ("quantity", "no_pieces"), ("currency", "other_currency"),
             ("price", "not_an_amount"), ("ordered_at", "date_unreadable"), ("channel", "not_one_of")]),
    ]  # fmt: skip


def test_half_the_rows_broken_the_good_half_loads(tmp_path: Path) -> None:
    path = own_csv(tmp_path, [line(order_ref=f"o{n}", price="-1" if n % 2 else "1.00") for n in range(25_000)])
    seen: list[int] = []
    report = ImportReport(keep=20, on_bad=lambda bad: seen.append(bad.row))
    orders.load_file(path, mapping=OWN, marketplace="us", now=NOW, report=report)
    assert (report.new, report.bad, len(report.bad_rows)) == (12_500, 12_500, 20)
    assert seen == list(range(3, 25_002, 2))
    assert dict(report.reasons) == {"negative": 12_500}
    assert OrderLine.objects.count() == 12_500


def test_an_unknown_marketplace_or_none_at_all_is_refused_before_anything_loads(tmp_path: Path) -> None:
    path = own_csv(tmp_path, [line()])
    with pytest.raises(Unreadable, match="no marketplace 'mars'; known: br, de, us"):
        orders.load_file(path, mapping=OWN, marketplace="mars", now=NOW)
    with pytest.raises(Unreadable, match="Say which marketplace"):
        orders.load_file(path, mapping=OWN, now=NOW)


def test_a_file_cut_off_while_it_is_read_keeps_what_is_in_and_can_be_run_again(tmp_path: Path) -> None:
    rows = [line(order_ref=f"o{n}") for n in range(25_000)]
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=10_000, compression="none", use_dictionary=False)
    whole = path.read_bytes()
    # The footer is whole, the last rows are not.
    at = whole.rindex(b"o24000")
    path.write_bytes(whole[: at - 200_000] + b"\xff" * 200_000 + whole[at:])
    report = ImportReport()
    with pytest.raises(Unreadable, match=r"orders\.parquet cannot be read past row [12]0,000"):
        orders.load_file(path, mapping=OWN, marketplace="us", now=NOW, report=report)
    assert OrderLine.objects.count() == report.new and report.new in (10_000, 20_000)
    path.write_bytes(whole)
    again = orders.load_file(path, mapping=OWN, marketplace="us", now=NOW)
    assert (again.new, again.unchanged) == (25_000 - report.new, report.new)


def test_an_import_that_is_stopped_keeps_whole_batches_and_is_run_again(tmp_path: Path) -> None:
    path = own_csv(tmp_path, [line(order_ref=f"o{n}") for n in range(25_000)])
    report = ImportReport()

    def stop_at_the_third_batch(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        orders.load_file(path, mapping=OWN, marketplace="us", now=NOW, report=report, progress=stop_at_the_third_batch)
    assert report.new == OrderLine.objects.count() == 20_000
    again = orders.load_file(path, mapping=OWN, marketplace="us", now=NOW)
    assert (again.new, again.unchanged) == (5_000, 20_000)


# --- time


@pytest.mark.parametrize(
    "told, instant",
    [
        ("2025-01-15 08:00:00", datetime(2025, 1, 15, 7, tzinfo=UTC)),
        ("2025-05-15 08:00:00", datetime(2025, 5, 15, 6, tzinfo=UTC)),
        (
            "2025-03-30 02:30:00",
            datetime(2025, 3, 30, 1, 30, tzinfo=UTC),
        ),  # skipped: an hour later, 03:30 in summer time
        ("2024-10-27 02:30:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),  # comes twice: the first
        ("2024-10-27 02:30:00 +0100", datetime(2024, 10, 27, 1, 30, tzinfo=UTC)),
        ("2025-01-15", datetime(2025, 1, 14, 23, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_read_in_the_marketplaces(told: str, instant: datetime) -> None:
    assert load(line(ordered_at=told), marketplace="de").new == 1
    assert OrderLine.objects.get().ordered_at == instant


def test_the_mappings_zone_format_and_decimal_sign_win() -> None:
    text = '[orders]\nzone = "Asia/Tokyo"\ntime_format = "%d/%m/%Y %H:%M"\ndecimal_sign = ","\n[orders.columns]\n'
    mapping = parse_mapping(text + "".join(f'{name} = "{name}"\n' for name in line()), name="own", subject="orders")
    rows = [
        line(ordered_at="02/03/2025 09:00", price="1,50"),
        line(line_ref="2", ordered_at="02/03/2025 09:00", price="1.5"),
    ]
    report = orders.load_rows("us", rows, mapping=mapping, now=NOW)
    assert reasons(report) == [(2, [("price", "not_an_amount")])]
    kept = OrderLine.objects.get()
    assert (kept.ordered_at, kept.price_minor) == (datetime(2025, 3, 2, tzinfo=UTC), 150)


# --- formats


def test_csv_json_lines_and_parquet_of_the_same_rows_are_the_same(tmp_path: Path) -> None:
    rows = [line(order_ref=f"o{n}", price=f"{n}.50", physical=bool(n % 2), category="büro") for n in range(50)]
    assert orders.load_file(own_csv(tmp_path, rows), mapping=OWN, marketplace="us", now=NOW).new == 50
    json_lines = tmp_path / "orders.jsonl"
    json_lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert orders.load_file(json_lines, mapping=OWN, marketplace="us", now=NOW).unchanged == 50
    parquet = tmp_path / "orders.parquet"
    typed = [
        row | {"price": Decimal(str(row["price"])), "ordered_at": datetime(2025, 3, 1, 10, tzinfo=UTC)} for row in rows
    ]
    pq.write_table(pa.Table.from_pylist(typed), parquet)
    assert orders.load_file(parquet, mapping=OWN, marketplace="us", now=NOW).unchanged == 50


def test_shopify_tells_an_order_once_and_its_mail_address_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "orders_export.csv"
    path.write_text(
        "Name,Email,Financial Status,Currency,Subtotal,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
        "Lineitem sku,Lineitem requires shipping,Vendor\n"
        "#1001,Ada@Example.com,paid,EUR,53.91,2025-03-07 09:50:26 +0200,3,Mask,34.90,M-1,true,Leaf\n"
        "#1001,,,,,,1,Gift card,39.90,,false,Other\n"
        "#1002,ada@example.com,paid,EUR,1.00,2025-03-08 09:50:26 +0200,1,Mask,34.90,M-1,true,Leaf\n"
    )
    mapping = load_mapping("shopify", subject="orders")
    report = orders.load_file(path, mapping=mapping, marketplace="de", now=NOW)
    assert (report.new, reasons(report)) == (3, [])
    kept = OrderLine.objects.order_by("order_ref", "line_ref")
    assert [
        (x.order_ref, x.line_ref, x.seller.seller_ref, x.product_ref, x.quantity, x.price_minor, x.physical)
        for x in kept
    ] == [
        ("#1001", "1", "Leaf", "M-1", 3, 3490, True),
        ("#1001", "2", "Other", "Gift card", 1, 3990, False),
        ("#1002", "1", "Leaf", "M-1", 1, 3490, True),
    ]
    assert {x.ordered_at for x in kept if x.order_ref == "#1001"} == {datetime(2025, 3, 7, 7, 50, 26, tzinfo=UTC)}
    (buyer,) = {x.buyer_ref for x in kept}
    assert buyer.startswith("p-") and "ada" not in buyer
    assert orders.load_file(path, mapping=mapping, marketplace="de", now=NOW).unchanged == 3


def test_shopifys_order_is_carried_down_across_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("makewhole.integrations.order_files.csv_file.BATCH_ROWS", 2)
    path = tmp_path / "orders_export.csv"
    first = "#1,a@b.example,EUR,2025-03-07 09:50:26 +0200,1,A,1.00,A,true,Leaf\n"
    path.write_text(
        "Name,Email,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
        "Lineitem requires shipping,Vendor\n" + first + "#1,,,,1,B,1.00,B,true,Leaf\n" * 4
    )
    assert orders.load_file(path, mapping=load_mapping("shopify", subject="orders"), marketplace="de", now=NOW).new == 5
    assert sorted(OrderLine.objects.values_list("line_ref", flat=True)) == ["1", "2", "3", "4", "5"]


def test_amazons_price_is_of_all_pieces_and_cancelled_orders_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    header = "amazon-order-id purchase-date order-status fulfillment-channel product-name sku asin quantity currency"
    rows = [
        ["1-1", "2025-03-01T10:00:00+00:00", "Shipped", "Amazon", '"Best" lamp 5"', "S1", "B01", "3", "USD", "59.97"],
        ["1-1", "2025-03-01T10:00:00+00:00", "Shipped", "Merchant", "Bulb", "S2", "B02", "3", "USD", "10.00"],
        ["1-2", "2025-03-01T10:00:00+00:00", "Cancelled", "Amazon", "Bulb", "S2", "B02", "0", "", ""],
    ]
    path.write_text("\n".join("\t".join(row) for row in [[*header.split(), "item-price"], *rows]) + "\n")
    mapping = load_mapping("amazon", subject="orders").with_constants({"seller_ref": "A1"})
    report = orders.load_file(path, mapping=mapping, marketplace="us", now=NOW)
    assert (report.new, report.left_out, reasons(report)) == (2, 1, [])
    kept = OrderLine.objects.order_by("line_ref").values_list(
        "product_title", "quantity", "price_minor", "channel", "buyer_ref"
    )
    assert list(kept) == [('"Best" lamp 5"', 3, 1999, "platform", "1-1"), ("Bulb", 3, 333, "seller", "1-1")]


@pytest.mark.skipif(not OLIST.is_dir(), reason="Olist's tables (../shared/data/orders) are not on this machine")
def test_olists_five_tables_load_as_their_order_lines() -> None:
    mapping = load_mapping("olist", subject="orders")
    report = orders.load_file(OLIST, mapping=mapping, marketplace="br", now=NOW)
    assert (report.new, report.bad, report.sellers_created) == (11_252, 0, 1_207)
    assert orders.load_file(OLIST / "orders.csv", mapping=mapping, marketplace="br", now=NOW).unchanged == 11_252
    with (OLIST / "order_items.csv").open() as file:
        told = sum(Decimal(row["price"]) * 100 for row in csv.DictReader(file))
    assert sum(OrderLine.objects.values_list("price_minor", flat=True)) == told
    kept = OrderLine.objects.filter(order_ref="e481f51cbdc54678b7cc49136f2d6af7").get()
    # 10:56:33 in Sao Paulo, before that autumn's clock change: three hours behind UTC.
    assert kept.ordered_at == datetime(2017, 10, 2, 13, 56, 33, tzinfo=UTC)
    assert OrderLine.objects.filter(category="health_beauty").exists()


def test_a_row_without_its_partner_in_a_joined_table_is_bad(tmp_path: Path) -> None:
    write = lambda name, text: (tmp_path / name).write_text(text)  # noqa: E731
    write("order_items.csv", "order_id,order_item_id,product_id,seller_id,price\no1,1,p1,s1,5\no2,1,p1,s1,5\n")
    write(
        "orders.csv",
        "order_id,customer_id,order_purchase_timestamp,order_delivered_customer_date\no1,c1,2017-10-02 10:00:00,\n",
    )
    write("customers.csv", "customer_id,customer_unique_id\nc1,u1\n")
    write("products.csv", "product_id,product_category_name\np1,brinquedos\n")
    mapping = load_mapping("olist", subject="orders")
    with pytest.raises(Unreadable, match=r"has no product_category_name_translation\.csv"):
        orders.load_file(tmp_path, mapping=mapping, marketplace="br", now=NOW)
    write("product_category_name_translation.csv", "product_category_name,product_category_name_english\n")
    report = orders.load_file(tmp_path, mapping=mapping, marketplace="br", now=NOW)
    assert reasons(report) == [(3, [("order_id", "not_in_joined_table")])]
    assert OrderLine.objects.values_list("order_ref", "category", "buyer_ref").get() == ("o1", "brinquedos", "u1")
    write(
        "orders.csv",
        "order_id,customer_id,order_purchase_timestamp,order_delivered_customer_date\no1,c1,x,\no1,c2,x,\n",
    )
    with pytest.raises(Unreadable, match=r"orders\.csv, row 3: order_id 'o1' stands there again"):
        orders.load_file(tmp_path, mapping=mapping, marketplace="br", now=NOW)


# --- the command


def test_the_command_reports_on_the_screen_and_every_bad_row_in_a_file(tmp_path: Path) -> None:
    path = own_csv(tmp_path, [line(order_ref=f"o{n}", price="-1" if n else "1.00") for n in range(31)])
    told = run("orders", str(path), "--marketplace", "us", "--report", str(tmp_path / "bad.jsonl"))
    assert told.exit_code == 1
    assert "31 rows: 1 new, 0 changed, 0 unchanged, 30 bad." in told.output
    assert "row 3: price '-1' is negative" in told.output and "row 22:" in told.output and "row 23:" not in told.output
    assert "... and 10 more" in told.output and "30  negative" in told.output
    listed = [json.loads(each) for each in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert [each["row"] for each in listed] == list(range(3, 33))
    assert listed[0]["reasons"] == [{"field": "price", "code": "negative", "reason": "price '-1' is negative"}]
    run("orders", str(path), "--marketplace", "us", "--report", str(tmp_path / "bad.csv"))
    with (tmp_path / "bad.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 30


def test_the_command_sets_constants_and_ends_with_0_when_all_is_well(tmp_path: Path) -> None:
    path = own_csv(tmp_path, [line()])
    told = run("orders", str(path), "--marketplace", "us", "--set", "category=toys")
    assert told.exit_code == 0, told.output
    assert OrderLine.objects.get().category == "toys"
    assert run("orders", str(path), "--marketplace", "us", "--set", "colour=red").exit_code == 2
    assert (
        "--set colour: unknown field" in run("orders", str(path), "--marketplace", "us", "--set", "colour=red").output
    )


def test_the_command_loads_sellers_and_says_in_one_sentence_what_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "sellers.csv"
    path.write_text("seller_ref,name,colour\ns1,Lamps\xa0Ltd,red\n", encoding="utf-8")
    told = run("sellers", str(path), "--marketplace", "us")
    assert told.exit_code == 0 and "Columns not used: colour." in told.output
    missing = run("sellers", str(tmp_path / "nothing.csv"), "--marketplace", "us")
    assert missing.exit_code == 2
    assert missing.output.startswith("Error: There is no file") and "Traceback" not in missing.output


def test_work_ahead_keeps_order_raises_in_place_and_stops_with_its_reader() -> None:
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n
            if n == 4:
                raise Unreadable("cut off")

    read: list[int] = []
    with pytest.raises(Unreadable, match="cut off"):
        read.extend(ahead(numbers()))
    some = ahead(iter(range(1000)))
    assert [next(some), next(some)] == [0, 1]
    some.close()  # type: ignore[attr-defined]
    assert taken == [0, 1, 2, 3, 4]


# --- hands


OWN = load_mapping("makewhole", subject="orders")


def own_csv(folder: Path, rows: list[dict[str, object]]) -> Path:
    path = folder / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def physical_rows() -> list[tuple[str, str, str]]:
    """Where each row lies, and who wrote and locked it last: equal only if nothing touched it."""
    with connection.cursor() as cursor:
        cursor.execute("select line_ref, ctid::text, xmax::text from store_orderline order by line_ref")
        return cursor.fetchall()


def run(*arguments: str):  # type: ignore[no-untyped-def]  # click's result
    return CliRunner().invoke(imports, list(arguments))
