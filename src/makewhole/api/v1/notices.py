"""A first notice of loss as JSON tells it: the same reading for POST /claims and for `makewhole claim file`."""

from __future__ import annotations

import msgspec
import pydantic

from makewhole.api.v1 import said
from makewhole.api.v1.asking import evidence_told, same_currency
from makewhole.api.v1.problems import Problem, fields
from makewhole.asks import Contact, ExposureTold, NoticeTold, PayoutTold


def read_notice(content: bytes) -> said.Notice:
    """The notice in these bytes. Refuses (`not_json`, `request_not_valid` with every faulty field)."""
    try:
        return said.Notice.model_validate(msgspec.json.decode(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Problem("not_json", why=str(wrong)) from None
    except pydantic.ValidationError as wrong:
        raise fields([{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]) from None


def notice_of(told: said.Notice, currency: str) -> NoticeTold:
    """The notice with its amounts, all in the marketplace's currency; refuses `other_currency`."""
    same_currency([(f"exposures.{n}.amount", part.amount) for n, part in enumerate(told.exposures)], currency)
    return NoticeTold(
        marketplace=told.marketplace,
        order_ref=told.order_ref,
        line_ref=told.line_ref,
        loss_date=told.loss_date,
        story=told.story,
        exposures=tuple(ExposureTold(part.head, part.amount.amount) for part in told.exposures),
        contact=Contact(
            told.contact.name, told.contact.email, told.contact.phone, told.contact.address, told.contact.language
        ),
        payout=PayoutTold(told.payout.method, told.payout.account, told.payout.holder),
        evidence=evidence_told(told.evidence, currency),
        injury=told.injury,
        health=told.health,
        claimant_is_minor=told.claimant_is_minor,
        hazards=tuple(told.hazards),
    )
