"""Files to and from a bank: what is written is valid by the schema, what is read says what the bank said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from bank.messages import camt_054, entry, pain_002, status, sum_of_a_run, table
from bank.schemas import faults_of, sample, schema

from makewhole.domain.money import Money
from makewhole.domain.refusal import Refused
from makewhole.integrations.bank import Order, Payer, Run, account_fits, is_iban, read_answers
from makewhole.integrations.bank.iso20022 import pain001

REF = "0192f0c0ffee4a51b0a7a1f5d8b0c110"
OTHER = "0192f0c0ffee4a51b0a7a1f5d8b0c222"
US = Payer("Makewhole Markets Inc.", "4412345678", "CXMCUSI0", "USABA", "021000021")
DE = Payer("Makewhole Märkte GmbH", "DE09028457998082047609", "OPSHDEW0")


def run(payer: Payer = US, currency: str = "USD", *, holder: str = "Ana Rivera", account: str = "US12345678") -> Run:
    orders = (
        Order(REF, holder, account, Money(184_20, currency), "Claim MW-1"),
        Order(OTHER, "Ben Okoro", "998877", Money(5, currency), "Claim MW-2"),
    )
    return Run("a" * 32, datetime(2026, 11, 25, 15, tzinfo=UTC), date(2026, 11, 25), payer, orders)


@pytest.mark.parametrize(
    "written",
    [
        run(),
        run(DE, "EUR", account="DE09028457998082047609"),
        run(Payer("Makewhole UK Ltd", "12345678", clearing_system="GBDSC", clearing_member="200000"), "GBP"),
        run(holder='Zoë <Łukasz> & "Sons"\x07 ' + "x" * 200),
    ],
    ids=["us", "sepa", "uk", "strange name"],
)
def test_a_run_is_valid_by_the_schema(written: Run) -> None:
    assert faults_of(pain001.write(written), schema("pain.001.001.09.xsd")) == []


def test_the_schema_would_say_so_if_it_were_not() -> None:
    broken = pain001.write(run()).replace(b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>CASH</PmtMtd>")
    assert faults_of(broken, schema("pain.001.001.09.xsd"))
    assert faults_of(sample("us.ach.ppd-payroll.pain.001.001.09.xml"), schema("pain.001.001.09.xsd")) == []


def test_the_bytes_are_the_same_each_time_and_the_sums_are_those_of_the_orders() -> None:
    content = pain001.write(run())
    assert content == pain001.write(run())
    told = {each.tag.rpartition("}")[2]: each.text for each in ElementTree.fromstring(content).iter()}
    assert (told["NbOfTxs"], told["CtrlSum"], told["EndToEndId"]) == ("2", "184.25", OTHER)
    yen = Run("b" * 32, run().made_at, run().pay_on, US, (Order(REF, "Ana", "US123", Money(500, "JPY"), "Claim"),))
    assert b'<InstdAmt Ccy="JPY">500</InstdAmt>' in pain001.write(yen)


def test_an_iban_is_one_only_with_its_check_digits() -> None:
    assert is_iban("DE09028457998082047609") and not is_iban("DE08028457998082047609")
    assert not is_iban("US12345678") and not is_iban("")
    assert account_fits("A" * 34) and not account_fits("A" * 35) and not account_fits("12 34")


MESSAGES = {
    "pain.002.001.12.xsd": pain_002(
        "a" * 32, status(REF, "ACSC", ref="B-1", amount="184.20"), status(OTHER, "RJCT", ref="B-2", reason="AC04")
    ),
    "camt.054.001.08.xsd": camt_054(
        entry(REF, "184.20", ref="B-1"), entry(OTHER, "0.05", ref="B-2", side="CRDT", back="AC04"),
        sum_of_a_run("a" * 32, "184.25", number=2, ref="B-3"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("xsd", MESSAGES)
def test_our_bank_writes_as_banks_do(xsd: str) -> None:
    assert faults_of(MESSAGES[xsd], schema(xsd)) == []


def test_a_status_report_is_read() -> None:
    told = read_answers(MESSAGES["pain.002.001.12.xsd"])
    assert (told.kind, told.message_id) == ("pain.002", "BANK-1")
    assert [(each.reference, each.says, each.bank_ref, each.reason, each.amount) for each in told.answers] == [
        (REF, "paid", "B-1", "", Money(184_20, "USD")),
        (OTHER, "returned", "B-2", "AC04", None),
    ]


@pytest.mark.parametrize(
    "code, reason, says",
    [
        ("ACSC", "", "paid"), ("ACCC", "", "paid"), ("ACSP", "", "noted"), ("PDNG", "", "noted"),
        ("RJCT", "AC01", "returned"), ("RJCT", "AC04", "returned"), ("RJCT", "AM04", "rejected"),
        ("RJCT", "", "rejected"), ("CANC", "", "rejected"), ("RCVD", "", "noted"),
    ],
)  # fmt: skip
def test_only_what_lies_in_the_payees_account_sends_a_payment_back(code: str, reason: str, says: str) -> None:
    (told,) = read_answers(pain_002("a" * 32, status(REF, code, ref="B-1", reason=reason))).answers
    assert told.says == says


def test_a_whole_message_is_rejected_at_once() -> None:
    (told,) = read_answers(pain_002("a" * 32, group="RJCT")).answers
    assert (told.reference, told.says, told.whole_run) == ("a" * 32, "rejected", True)


def test_bookings_are_read_and_what_is_not_ours_is_only_noted() -> None:
    told = read_answers(
        camt_054(
            entry(REF, "184.20", ref="B-1"),
            entry(OTHER, "0.05", ref="B-2", side="CRDT", back="AC04"),
            entry("NOTPROVIDED", "12.00", ref="FEE"),
            entry("INVOICE-7", "900.00", ref="B-4", side="CRDT"),
            entry(REF, "184.20", ref="B-5", side="CRDT"),
            entry(REF, "184.20", ref="B-6", booked="PDNG"),
            sum_of_a_run("a" * 32, "184.25", number=2, ref="B-7"),
        )
    )
    assert [(each.says, each.bank_ref, each.whole_run) for each in told.answers] == [
        ("paid", "B-1", False), ("returned", "B-2", False), ("noted", "FEE", False), ("noted", "B-4", False),
        ("noted", "B-5", False), ("noted", "B-6", False), ("paid", "B-7", True),
    ]  # fmt: skip
    assert [each.no for each in told.answers] == [1, 2, 3, 4, 5, 6, 7]


def test_a_table_is_read() -> None:
    (paid, back) = read_answers(
        table((REF, "paid", "184.20", "USD", "B-1", ""), (OTHER, "returned", "0.05", "USD", "B-2", "account closed"))
    ).answers
    assert (paid.says, paid.amount) == ("paid", Money(184_20, "USD"))
    assert (back.says, back.reason) == ("returned", "account closed")


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Document>&b;</Document>'


@pytest.mark.parametrize(
    "content, what",
    [
        (b"", "empty"),
        (BOMB, "document type"),
        (b"<Document", "broken"),
        (b"<a>" * 50 + b"</a>" * 50, "nested too deep"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><x/></Document>', "neither pain.002"),
        (camt_054(), "answers no payment"),
        (camt_054(entry(REF, "1,5", ref="B-1")), "no amount"),
        (camt_054(entry(REF, "1.50", ref="B-1", currency="XXX")), "no amount"),
        (b"reference;result\n", "first line"),
        (table((REF, "perhaps", "1.00", "USD", "B-1", "")), "line 2"),
        (table((REF, "paid", "1.00", "USD", "", "")), "bank_ref"),
        (table((REF, "paid", "1.001", "USD", "B-1", "")), "no amount"),
        (table((REF, "paid", "1.00", "USD")), "4 fields"),
        (b"\xff\xfe\x00\x01", "XML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_wholly(content: bytes, what: str) -> None:
    with pytest.raises(Refused, match="bank_file_not_readable") as caught:
        read_answers(content)
    assert what in str(caught.value)
