"""Codes, amounts and instants as people read them in a mail."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from makewhole.domain.claim import in_words
from makewhole.domain.claim.in_words import HEADS as HEADS
from makewhole.domain.claim.in_words import REASONS as REASONS
from makewhole.reads import showing
from makewhole.reads.showing import instant as instant
from makewhole.reads.showing import weekday as weekday
from makewhole.workers.mails.marks import Marked


def amount(minor: int, currency: str) -> Marked:
    return Marked(showing.amount(minor, currency))


def deadline(at: datetime, zone: str) -> Marked:
    """An instant at which a time ends: it stands out from one at which something happened."""
    return Marked(showing.instant(at, zone))


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
    """A code in words, in the language of the mail."""
    return gettext(in_words.said(words, code))
