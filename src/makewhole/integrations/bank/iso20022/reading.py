"""A bank's answers in ISO 20022: pain.002 (what became of an order), camt.054 and camt.053 (what was booked).

Any version of these messages is read: the elements that count here kept their names since the first ones. Nothing of
the file is believed but its words: a document type or an entity is refused before anything is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from makewhole.domain.money import Money, parse_money
from makewhole.domain.refusal import Refused
from makewhole.integrations.bank.words import LONGEST_REFERENCE, Answer, Answers, Says

_KIND = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:((?:pain\.002|camt\.05[34])\.001)\.\d{2}\}Document")
_OURS = re.compile(r"[0-9a-f]{32}")
_DEEPEST = 40
_CARRIED_OUT = frozenset({"ACSC", "ACCC"})  # settled with the payer's bank; settled with the payee's
_NOT_CARRIED_OUT = frozenset({"RJCT", "CANC"})
# Reasons that lie in the payee's account: another one is asked for. All others are between us and the bank.
PAYEES_ACCOUNT = {
    "AC01": "account unknown",
    "AC03": "account unknown",
    "AC04": "account closed",
    "AC07": "account closed",
    "BE01": "holder differs",
    "AC06": "other",
    "AC14": "other",
    "AG01": "other",
    "MD07": "other",
}


def looks_like_xml(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith((b"<", b"<\x00"))


def read(content: bytes) -> Answers:
    """Every answer of the file, in its order. Refuses `bank_file_not_readable`."""
    root = _parsed(content)
    kind = _KIND.fullmatch(root.tag)
    if kind is None:
        _unreadable("it is XML, and neither pain.002 nor camt.054 nor camt.053")
    name = kind[1].removesuffix(".001")
    message = next(iter(root), None)
    if message is None:
        _unreadable("it has no message in it")
    found = _statuses(message) if name == "pain.002" else _bookings(message)
    answers = tuple(found)
    return Answers(name, _text(message, "GrpHdr/MsgId")[:60], answers)


# pain.002 -------------------------------------------------------------------------------------------------


def _statuses(message: Element) -> Iterator[Answer]:
    told_by = _text(message, "GrpHdr/MsgId")
    group = _child(message, "OrgnlGrpInfAndSts")
    run = _text(group, "OrgnlMsgId")
    infos = _children(message, "OrgnlPmtInfAndSts")
    single = [(info, each) for info in infos for each in _children(info, "TxInfAndSts")]
    for no, (info, each) in enumerate(single, start=1):
        status = _text(each, "TxSts") or _text(info, "PmtInfSts") or _text(group, "GrpSts")
        reason = _reason(each, "StsRsnInf") or _reason(info, "StsRsnInf")
        amount = _child(each, "OrgnlTxRef/Amt/InstdAmt")
        says, why = _status(status, reason)
        yield Answer(
            no=no,
            reference=_reference(_text(each, "OrgnlEndToEndId") or _text(each, "OrgnlInstrId")),
            says=says,
            bank_ref=_ref(_text(each, "AcctSvcrRef") or _text(each, "StsId") or f"{told_by}/{no}"),
            reason=why,
            amount=_amount(amount, f"answer {no}") if amount is not None else None,
        )
    if not single:
        first = infos[0] if infos else None
        status = _text(first, "PmtInfSts") or _text(group, "GrpSts")
        says, why = _status(status, _reason(first, "StsRsnInf") or _reason(group, "StsRsnInf"))
        if says == "returned":
            says = "rejected"  # no account of a single payee is what a whole run fails by
        yield Answer(1, _reference(run), says, _ref(told_by), why, whole_run=True)


def _status(status: str, reason: str) -> tuple[Says, str]:
    if status in _CARRIED_OUT:
        return "paid", ""
    if status in _NOT_CARRIED_OUT:
        return ("returned" if reason in PAYEES_ACCOUNT else "rejected"), reason or status
    return "noted", status


# camt.054, camt.053 ---------------------------------------------------------------------------------------


def _bookings(message: Element) -> Iterator[Answer]:
    no = 0
    for account in (*_children(message, "Ntfctn"), *_children(message, "Stmt")):
        for entry in _children(account, "Ntry"):
            for answer in _booked(entry, no):
                no = answer.no
                yield answer


def _booked(entry: Element, before: int) -> Iterator[Answer]:
    whole = _amount(_needed(entry, "Amt", f"entry {before + 1}"), f"entry {before + 1}")
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    details = [each for part in _children(entry, "NtryDtls") for each in _children(part, "TxDtls")]
    if not details:
        batch = _child(entry, "NtryDtls/Btch")
        run = _text(batch, "PmtInfId") or _text(batch, "MsgId")
        ref = _ref(_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"))
        says, why = _booking(entry, None, status, _reference(run))
        yield Answer(before + 1, _reference(run), says, ref, why, whole, whole_run=True)
        return
    for place, each in enumerate(details, start=1):
        no = before + place
        own = _child(each, "Amt")
        if own is None:
            own = _child(each, "AmtDtls/TxAmt/Amt")
        reference = _reference(_text(each, "Refs/EndToEndId") or _text(each, "Refs/InstrId"))
        says, why = _booking(entry, each, status, reference)
        yield Answer(
            no=no,
            reference=reference,
            says=says,
            bank_ref=_ref(_text(each, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef") or _text(each, "Refs/TxId")),
            reason=why,
            amount=_amount(own, f"entry {no}") if own is not None else whole if len(details) == 1 else None,
        )


def _booking(entry: Element, each: Element | None, status: str, reference: str) -> tuple[Says, str]:
    """A debit carried an order out; a credit brings one back where it says that it does. Whatever else stands in an
    account's entries (fees, what debtors pay) is noted, and no answer to an order."""
    side = _text(each, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    reason = _reason(each, "RtrInf")
    back = reason or _child(each, "RtrInf") is not None or _text(entry, "RvslInd") == "true"
    if status and status != "BOOK":
        return "noted", status
    if not _OURS.fullmatch(reference):
        return "noted", ""
    if side == "CRDT":
        return ("returned", reason or "returned") if back else ("noted", "")
    return ("noted", "reversed") if back else ("paid", "")


# Parts ----------------------------------------------------------------------------------------------------


def _parsed(content: bytes) -> Element:
    guard = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> NoReturn:
        _unreadable("it declares a document type, which no bank's message does")

    def deeper(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            _unreadable("its elements are nested too deep")

    def back(*_: object) -> None:
        nonlocal depth
        depth -= 1

    guard.StartDoctypeDeclHandler = refuse
    guard.EntityDeclHandler = refuse
    guard.StartElementHandler = deeper
    guard.EndElementHandler = back
    try:
        guard.Parse(content, True)
        return ElementTree.fromstring(content)
    except (expat.ExpatError, ElementTree.ParseError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        _unreadable(f"its XML is broken in line {line}" if line else "its XML is broken")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(parent: Element | None, name: str) -> list[Element]:
    return [each for each in parent if _name(each) == name] if parent is not None else []


def _child(parent: Element | None, path: str) -> Element | None:
    found = parent
    for name in path.split("/"):
        found = next(iter(_children(found, name)), None)
    return found


def _needed(parent: Element, path: str, where: str) -> Element:
    found = _child(parent, path)
    if found is None:
        _unreadable(f"{where} has no {path}")
    return found


def _text(parent: Element | None, path: str) -> str:
    found = _child(parent, path)
    return (found.text or "").strip() if found is not None else ""


def _reason(parent: Element | None, path: str) -> str:
    told = _child(parent, path)
    return (_text(told, "Rsn/Cd") or _text(told, "Rsn/Prtry"))[:35]


def _reference(told: str) -> str:
    return told.lower()[:LONGEST_REFERENCE] if _OURS.fullmatch(told.lower()) else told[:LONGEST_REFERENCE]


def _ref(told: str) -> str:
    return told[:60] or "not given"


def _amount(element: Element, where: str) -> Money:
    try:
        return parse_money((element.text or "").strip(), element.get("Ccy", ""))
    except Refused:
        _unreadable(f"{where} has no amount that can be read")


def _unreadable(what: str) -> NoReturn:
    raise Refused("bank_file_not_readable", what=what)
