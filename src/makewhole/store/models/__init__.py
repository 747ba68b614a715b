"""Every table that Makewhole keeps, by subject, each in a file of its own. Django makes and migrates them; the hot path
reads and writes them in named .sql files. What a table promises stands in its constraints and in sql/promises.sql.

A file imports only those whose rows its own rows point at: the market and people know nothing of claims, claims nothing
of the money. Everybody else imports from here.
"""

from __future__ import annotations

from makewhole.store.models.bank import BANK_LINE_OPEN, BankFile, BankLine, BatchedPayment, PayingAccount, PaymentBatch
from makewhole.store.models.claims import Claim, Clock, Contest, Event, Exposure, Incident, Tender
from makewhole.store.models.evidence import Evidence, PhotoBand
from makewhole.store.models.figures import DecisionMark, DecisionTaken, Figure, FiguredClaim, FiguresStand
from makewhole.store.models.market import Coverage, Disbursement, Insurer, Marketplace, OrderLine, Seller
from makewhole.store.models.money import LedgerClosed, LedgerDay, Payment, Posting
from makewhole.store.models.notices import Contact, Delivery, MailChoice, Outbox, WebhookAttempt, WebhookEndpoint
from makewhole.store.models.personal import MatchDigest, Subject, VaultItem
from makewhole.store.models.policies import Holiday, PolicyDraft, PolicyVersion
from makewhole.store.models.recoveries import Recovery, Withholding
from makewhole.store.models.running import AdminAct, Checkpoint, IdempotencyKey, ImportRun, JobFault, Worker
from makewhole.store.models.standing import Restriction, SellerReport, StandingDispute
from makewhole.store.models.work import FilingDraft, SavedView

__all__ = [
    "BANK_LINE_OPEN",
    "AdminAct",
    "BankFile",
    "BankLine",
    "BatchedPayment",
    "Checkpoint",
    "Claim",
    "Clock",
    "Contact",
    "Contest",
    "Coverage",
    "DecisionMark",
    "DecisionTaken",
    "Delivery",
    "Disbursement",
    "Event",
    "Evidence",
    "Exposure",
    "Figure",
    "FiguredClaim",
    "FiguresStand",
    "FilingDraft",
    "Holiday",
    "IdempotencyKey",
    "ImportRun",
    "Incident",
    "Insurer",
    "JobFault",
    "LedgerClosed",
    "LedgerDay",
    "MailChoice",
    "Marketplace",
    "MatchDigest",
    "OrderLine",
    "Outbox",
    "PayingAccount",
    "Payment",
    "PaymentBatch",
    "PhotoBand",
    "PolicyDraft",
    "PolicyVersion",
    "Posting",
    "Recovery",
    "Restriction",
    "SavedView",
    "Seller",
    "SellerReport",
    "StandingDispute",
    "Subject",
    "Tender",
    "VaultItem",
    "WebhookAttempt",
    "WebhookEndpoint",
    "Withholding",
    "Worker",
]
