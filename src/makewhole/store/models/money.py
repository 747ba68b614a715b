"""Payments to claimants and the books: postings, and what they sum up to by day."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from makewhole.store.models.claims import Claim
from makewhole.store.models.market import Marketplace


class Payment(models.Model):
    """A payment order: to whose account, how much, and what the bank said. Lines say for which exposure."""

    id = models.UUIDField(primary_key=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments", db_index=False)
    seq = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20)
    payee_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10)  # ordered, settled, returned
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    bank_ref = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["claim", "seq"], name="payment_ordered_once"),
            CheckConstraint(name="payment_pays_something", condition=Q(amount_minor__gt=0)),
        ]
        indexes = [
            Index(fields=["ordered_at", "id"], name="payment_waiting", condition=Q(state="ordered")),
            Index(fields=["payee_id", "ordered_at"], name="payment_of_payee"),
        ]


class Posting(models.Model):
    """One leg of a journal entry: (claim, event version) is the entry. Debits positive, credits negative.

    A deferred trigger in sql/promises.sql holds the sum of each entry and currency to zero.
    """

    pk = models.CompositePrimaryKey("claim_id", "version", "leg")
    claim_id = models.UUIDField()
    version = models.PositiveIntegerField()
    leg = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=40)
    seller_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="posting_moves_something", condition=~Q(amount_minor=0)),
        ]


class LedgerDay(models.Model):
    """What one account moved on one closed day of a marketplace: so that a balance is a sum over days, not postings.

    A function of the postings (`ledger check` derives it again). A posting that comes late, into a day that is closed,
    is added by a trigger with the posting itself.
    """

    pk = models.CompositePrimaryKey("marketplace_id", "currency", "account", "day")
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    account = models.CharField(max_length=40)
    day = models.DateField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    postings = models.IntegerField()


class LedgerClosed(models.Model):
    """Through which day a marketplace's postings are summed up in LedgerDay."""

    marketplace = models.OneToOneField(Marketplace, on_delete=models.PROTECT, primary_key=True)
    through = models.DateField()
