"""A run of payment orders as pain.001.001.09 (customer credit transfer initiation). The same run gives the same bytes.

The order of elements is the schema's. Its own texts (the schema files) are not shipped; tests validate against them.
"""

from __future__ import annotations

from datetime import UTC
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from makewhole.domain.money import Money
from makewhole.integrations.bank.words import Payer, Run, is_iban

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
LONGEST_NAME = 70  # what every scheme takes; the schema itself allows 140
LONGEST_NOTE = 140


def write(run: Run) -> bytes:
    """The file's bytes."""
    document = Element("Document", xmlns=NAMESPACE)
    initiation = SubElement(document, "CstmrCdtTrfInitn")
    _header(SubElement(initiation, "GrpHdr"), run)
    _instruction(SubElement(initiation, "PmtInf"), run)
    ElementTree.indent(document)
    content: bytes = ElementTree.tostring(document, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _header(header: Element, run: Run) -> None:
    _say(header, "MsgId", run.reference)
    _say(header, "CreDtTm", run.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, run)
    _say(SubElement(header, "InitgPty"), "Nm", _name(run.payer.holder))


def _instruction(info: Element, run: Run) -> None:
    payer = run.payer
    _say(info, "PmtInfId", run.reference)
    _say(info, "PmtMtd", "TRF")
    # Each payment is booked by itself, so that each has its own answer.
    _say(info, "BtchBookg", "false")
    _sums(info, run)
    if is_iban(payer.account) and run.total.currency == "EUR":
        _say(SubElement(SubElement(info, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _say(SubElement(info, "ReqdExctnDt"), "Dt", run.pay_on.isoformat())
    _say(SubElement(info, "Dbtr"), "Nm", _name(payer.holder))
    _account(SubElement(info, "DbtrAcct"), payer.account, currency=run.total.currency)
    _bank(SubElement(SubElement(info, "DbtrAgt"), "FinInstnId"), payer)
    _say(info, "ChrgBr", "SLEV")
    for order in run.orders:
        transfer = SubElement(info, "CdtTrfTxInf")
        names = SubElement(transfer, "PmtId")
        _say(names, "InstrId", order.reference)
        _say(names, "EndToEndId", order.reference)
        amount = SubElement(SubElement(transfer, "Amt"), "InstdAmt", Ccy=order.amount.currency)
        amount.text = _plain(order.amount)
        _say(SubElement(transfer, "Cdtr"), "Nm", _name(order.holder))
        _account(SubElement(transfer, "CdtrAcct"), order.account)
        _say(SubElement(transfer, "RmtInf"), "Ustrd", _clean(order.note)[:LONGEST_NOTE])


def _sums(parent: Element, run: Run) -> None:
    _say(parent, "NbOfTxs", str(len(run.orders)))
    _say(parent, "CtrlSum", _plain(run.total))


def _account(parent: Element, account: str, *, currency: str = "") -> None:
    name = SubElement(parent, "Id")
    if is_iban(account):
        _say(name, "IBAN", account)
    else:
        _say(SubElement(name, "Othr"), "Id", account)
    if currency:
        _say(parent, "Ccy", currency)


def _bank(parent: Element, payer: Payer) -> None:
    if payer.bic:
        _say(parent, "BICFI", payer.bic)
    if payer.clearing_member:
        member = SubElement(parent, "ClrSysMmbId")
        if payer.clearing_system:
            _say(SubElement(member, "ClrSysId"), "Cd", payer.clearing_system)
        _say(member, "MmbId", payer.clearing_member)


def _say(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _plain(amount: Money) -> str:
    return f"{amount.decimal:f}"


def _name(told: str) -> str:
    return _clean(told)[:LONGEST_NAME].strip()


def _clean(told: str) -> str:
    """Without signs that XML cannot carry, on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())
