"""What a bank writes back, as small as the schema allows."""

from __future__ import annotations

_PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-25T10:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{run}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>
{payments}</CstmrPmtStsRpt></Document>"""
_CAMT_054 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-11-25T18:00:00Z</CreDtTm></GrpHdr>
<Ntfctn><Id>N-1</Id><Acct><Id><Othr><Id>4412345678</Id></Othr></Id></Acct>{entries}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>"""


def pain_002(run: str, *told: str, group: str = "") -> bytes:
    payments = ""
    if told:
        payments = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{run}</OrgnlPmtInfId>{''.join(told)}</OrgnlPmtInfAndSts>"
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return _PAIN_002.format(run=run, group=status, payments=payments).encode()


def status(reference: str, told: str, *, ref: str, reason: str = "", amount: str = "", currency: str = "USD") -> str:
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    sum_ = f'<OrgnlTxRef><Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt></OrgnlTxRef>' if amount else ""
    return (
        f"<TxInfAndSts><StsId>{ref}</StsId><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
        f"<TxSts>{told}</TxSts>{why}{sum_}</TxInfAndSts>"
    )


def camt_054(*entries: str, message: str = "N-2026-1") -> bytes:
    return _CAMT_054.format(entries="".join(entries), message=message).encode()


def entry(
    reference: str, amount: str, *, ref: str, side: str = "DBIT", back: str = "", currency: str = "USD",
    booked: str = "BOOK",
) -> str:  # fmt: skip
    why = f"<RtrInf><Rsn><Cd>{back}</Cd></Rsn></RtrInf>" if back else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>{booked}</Cd></Sts>'
        f"<AcctSvcrRef>{ref}</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{why}</TxDtls></NtryDtls></Ntry>'
    )


def sum_of_a_run(run: str, amount: str, *, number: int, ref: str) -> str:
    return (
        f'<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<AcctSvcrRef>{ref}</AcctSvcrRef><BkTxCd/><NtryDtls><Btch><PmtInfId>{run}</PmtInfId>"
        f"<NbOfTxs>{number}</NbOfTxs></Btch></NtryDtls></Ntry>"
    )


def table(*rows: tuple[str, ...]) -> bytes:
    head = "reference,result,amount,currency,bank_ref,reason"
    return "\n".join([head, *(",".join(row) for row in rows), ""]).encode()
