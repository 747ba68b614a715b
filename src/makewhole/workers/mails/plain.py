"""Codes, amounts and instants as people read them in a mail."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from makewhole.domain.money import Money

HEADS = {
    "purchase_price": "the price of the product",
    "medical_expense": "medical expense",
    "lost_wages": "lost wages",
    "property_damage": "damaged property",
    "pain_and_suffering": "pain and suffering",
    "commercial": "commercial loss",
    "consequential": "consequential loss",
    "incidental": "incidental loss",
    "punitive": "punitive damages",
    "attorney_fees": "attorney fees",
}
PROOF = {
    "photo": "a photo of the damage and of the product",
    "receipt_or_estimate": "a receipt, or a repair shop's estimate",
    "receipt": "a receipt",
    "repair_estimate": "a repair shop's estimate",
    "bill": "the bill or receipt for the treatment",
    "wage_statement": "a wage statement for the days you could not work",
    "more_photos": "more photos, from near and from further away",
    "product_kept": "a photo of the product as you have kept it",
    "proof_of_cause": "something that shows what caused the damage",
}
REASONS = {
    "not_payable": "the guarantee does not pay this kind of loss",
    "digital": "the guarantee covers physical products only",
    "not_bought_here": "the product was not bought on this marketplace",
    "too_late": "the claim came after the time that the guarantee allows",
    "not_as_told": "what we found differs from what we were told",
    "not_caused": "we could not see that the product caused this loss",
    "paid_elsewhere": "this loss was paid from somewhere else",
}
METHODS = {
    "bank_transfer": "by bank transfer to the account you named",
    "refund": "back the way the order was paid",
    "credit": "as credit on your marketplace account",
}
CLOCKS = {
    "claimant_answers": "the time to answer",
    "decision": "the time to decide",
    "delay_letter": "the time to the next letter about a delay",
    "whole_claim": "the time for the whole claim",
    "pay": "the time to pay",
    "appeal": "the time to appeal",
    "safety_review": "the time for the safety review",
    "seller_proof_of_insurance": "the seller's time to show proof of insurance",
    "seller_answers": "the seller's time to answer",
    "seller_handles": "the seller's time to settle it itself",
    "seller_pays": "the seller's time to pay",
    "producer_answers": "the producer's time to answer",
    "insurer_answers": "the insurer's time to answer",
    "seller_contests": "the time to contest",
    "contest_decision": "the time to decide the contest",
    "step_in": "the time to decide after the seller was heard",
    "instalment": "the time for the next instalment",
}
HAZARDS = {"grave_injury": "a grave injury"}


def said(words: dict[str, str], code: str) -> str:
    """A code in words; one that has none yet as its own plain words."""
    return words.get(code, code.replace("_", " "))


def amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency))


def instant(at: datetime, zone: str) -> str:
    """Date, time and zone: "Fri 27 Nov 2026, 16:00 (New York)". English names, whatever the machine's locale."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{day(here.date())}, {here:%H:%M} ({zone.rpartition('/')[2].replace('_', ' ')})"


def day(on: date) -> str:
    """ "Fri 27 Nov 2026"."""
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
