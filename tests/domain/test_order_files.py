"""Files of orders and their mappings, as far as no database is asked: what cannot be read is said in one sentence."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from makewhole.integrations.order_files.mapping import SHIPPED, MappingWrong, load_mapping, parse_mapping
from makewhole.integrations.order_files.rows import Batch, Unreadable
from makewhole.integrations.order_files.tables import OpenedFile, open_table

OWN = load_mapping("makewhole", subject="orders")
HEADER = "order_ref,line_ref,seller_ref,buyer_ref,product_ref,quantity,price,ordered_at\n"
ROW = "o1,1,s1,b1,p1,1,10.00,2025-03-01T10:00:00Z\n"


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + ROW).encode())
    assert all_rows(open_table(path, OWN)).columns["order_ref"] == ("o1",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + ROW, encoding=encoding)
    with pytest.raises(Unreadable, match=r"orders\.csv .*UTF-16: save it as UTF-8"):
        open_table(path, OWN)


def test_latin_1_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + ROW + ROW.replace("p1", "café"), encoding="latin-1")
    with pytest.raises(Unreadable, match=r"line 3: byte 0xE9 is not UTF-8.*Latin-1 or Windows-1252"):
        open_table(path, OWN)


def test_the_line_of_a_wrong_byte_is_right_far_into_the_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes((HEADER + ROW * 60_000).encode() + b"\xe9\n")
    with pytest.raises(Unreadable, match="line 60002:"):
        open_table(path, OWN)


def test_latin_1_is_read_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + ROW.replace("p1", "café"), encoding="cp1252")
    text = '[orders]\nencoding = "cp1252"\n[orders.columns]\n' + "".join(
        f'{n} = "{n}"\n' for n in HEADER.strip().split(",")
    )
    mapping = parse_mapping(text, name="own", subject="orders")
    assert all_rows(open_table(path, mapping)).columns["product_ref"] == ("café",)


def test_columns_that_the_mapping_names_and_the_file_lacks_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_ref,Line,seller_ref,buyer_ref,product_ref,quantity,price,when\n")
    with pytest.raises(
        Unreadable, match=r"orders\.csv has no column line_ref, ordered_at; its columns are order_ref, Line"
    ):
        open_table(path, OWN)


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("orders.csv", "", "orders.csv is empty"),
        ("orders.csv", "a,a\n1,2\n", "more than one column named a"),
        ("orders.jsonl", "", "orders.jsonl is empty"),
        ("orders.jsonl", "[1]\n", "line 1: the line holds a list, not an object"),
        ("orders.xlsx", "PK", r"its name should end in \.csv"),
        ("orders.parquet", "PAR1 and then nothing", "orders.parquet is not a whole Parquet file"),
    ],
)
def test_a_file_that_is_nothing_is_refused_in_one_sentence(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(Unreadable, match=said):
        open_table(tmp_path / name, OWN)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"There is no file .*missing\.csv"):
        open_table(tmp_path / "missing.csv", OWN)


def test_a_parquet_file_cut_off_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({name: ["1"] * 100 for name in HEADER.strip().split(",")}), path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Unreadable, match=r"orders\.parquet is not a whole Parquet file"):
        open_table(path, OWN)


def test_rows_are_numbered_by_the_line_on_which_they_start(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    two_lines = ROW.replace("p1", '"p\n1"')
    path.write_text(HEADER + ROW + two_lines + ROW + "\n" + ROW + "too,few\n")
    batch = all_rows(open_table(path, OWN))
    assert batch.numbers == [2, 3, 5, 7]
    assert [(number, reason.code) for number, reason in batch.unreadable] == [(8, "wrong_cell_count")]


def test_a_quote_never_closed_and_a_text_of_a_megabyte_spoil_their_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + ROW + ROW.replace("p1", "x" * 1_000_000) + ROW + 'o9,"cut off')
    batch = all_rows(open_table(path, OWN))
    assert batch.numbers == [2, 4]
    assert [(number, reason.code) for number, reason in batch.unreadable] == [(3, "too_long"), (5, "broken_quotes")]


def test_numbers_in_json_lines_stay_the_digits_that_were_written(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    keys = dict.fromkeys(HEADER.strip().split(","), '"x"') | {"price": "0.30", "quantity": "2"}
    path.write_text("{" + ", ".join(f'"{k}": {v}' for k, v in keys.items()) + "}\nnot json\n" + '{"order_ref": [1]}\n')
    batch = all_rows(open_table(path, OWN))
    assert batch.columns["price"] == ["0.30"]
    assert [(number, reason.code) for number, reason in batch.unreadable] == [
        (2, "not_json"),
        (3, "not_a_single_value"),
    ]


def test_every_shipped_mapping_reads_as_what_it_says_it_is() -> None:
    for name in SHIPPED:
        mapping = load_mapping(name, subject="orders")
        assert mapping.missing_fields() == (["seller_ref"] if name == "amazon" else [])
    for name in ("makewhole", "olist"):
        assert load_mapping(name, subject="sellers").missing_fields() == []


def test_a_mapping_tells_everything_that_is_wrong_with_it_at_once() -> None:
    text = """
    [orders]
    colums = {}
    zone = "Europe/Atlantis"
    separator = ";;"
    decimal_sign = "'"
    encoding = "klingon"
    optional = ["colour"]
    [orders.columns]
    order = "x"
    price = "a"
    price_total = "b"
    line_ref = "line number"
    [orders.constants]
    currency = 1.5
    [orders.join.a]
    file = "a.csv"
    on = "b.key"
    [orders.join.b]
    file = "b.csv"
    on = "x"
    key = "x"
    [orders.carry_down]
    key = "x"
    """
    with pytest.raises(MappingWrong) as wrong:
        parse_mapping(text, name="own", subject="orders")
    assert {finding.where for finding in wrong.value.findings} == {
        "orders.colums", "orders.zone", "orders.separator", "orders.decimal_sign", "orders.encoding", "orders.optional",
        "orders.columns.order", "orders.columns", "orders.constants.currency", "orders.join.a", "orders.join.a.on",
        "orders.carry_down",
    }  # fmt: skip


def test_a_mapping_that_is_not_there_or_has_no_such_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no mapping 'magento': shipped are makewhole, olist, shopify, amazon"):
        load_mapping("magento", subject="orders")
    with pytest.raises(MappingWrong, match=r"no section \[sellers\]: it has only \[orders\]"):
        load_mapping("shopify", subject="sellers")
    with pytest.raises(MappingWrong, match="not TOML"):
        parse_mapping("= 1", name="own", subject="orders")


def all_rows(opened: OpenedFile) -> Batch:
    (batch,) = opened.batches(lambda done, total: None)
    return batch
