"""What is asked back of who bears a claim, and what is held of payouts for it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from makewhole.store.models.claims import Claim
from makewhole.store.models.market import Disbursement, Seller


class Recovery(models.Model):
    """The current row of a recovery: who owes what of what was paid, and what came back. From the claim's log.

    Promise 3 stands here: what is held, applied and received, less what went back, never passes what was paid.
    """

    pk = models.CompositePrimaryKey("claim_id", "no")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    no = models.PositiveSmallIntegerField()
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    basis = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)  # demanded, contested, stands, closed
    outcome = models.CharField(max_length=20, blank=True)
    obstacle = models.CharField(max_length=20, blank=True)
    clause = models.CharField(max_length=80)
    paid_minor = models.BigIntegerField()
    owed_by_seller_minor = models.BigIntegerField()
    owed_by_others_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    applied_minor = models.BigIntegerField()
    released_minor = models.BigIntegerField()
    received_minor = models.BigIntegerField()
    repaid_minor = models.BigIntegerField()
    written_off_minor = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="recovered_and_withheld_within_paid",
                condition=Q(held_minor__gte=0)
                & Q(applied_minor__gte=0)
                & Q(received_minor__gte=0)
                & Q(repaid_minor__gte=0)
                & Q(paid_minor__gte=F("held_minor") + F("applied_minor") + F("received_minor") - F("repaid_minor")),
            ),
            CheckConstraint(
                name="owed_within_paid",
                condition=Q(owed_by_seller_minor__gte=0)
                & Q(owed_by_others_minor__gte=0)
                & Q(paid_minor__gte=F("owed_by_seller_minor") + F("owed_by_others_minor")),
            ),
            CheckConstraint(name="closed_recovery_has_an_outcome", condition=~Q(stage="closed") | ~Q(outcome="")),
        ]
        indexes = [
            Index(fields=["seller", "opened_at"], name="recovery_of_seller"),
            Index(fields=["-opened_at", "-claim", "-no"], name="recovery_newest"),
            Index(fields=["opened_at", "claim"], name="recovery_open", condition=~Q(stage="closed")),
        ]


class Withholding(models.Model):
    """What is held back of one disbursement for one recovery. A trigger lets nothing that was released or applied
    come back, so that what is released is released once."""

    pk = models.CompositePrimaryKey("claim_id", "no", "seq")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    no = models.PositiveSmallIntegerField()
    seq = models.PositiveSmallIntegerField()
    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT)
    amount_minor = models.BigIntegerField()
    released_minor = models.BigIntegerField()
    applied_minor = models.BigIntegerField()
    withheld_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="withholding_ends_once",
                condition=Q(amount_minor__gt=0)
                & Q(released_minor__gte=0)
                & Q(applied_minor__gte=0)
                & Q(amount_minor__gte=F("released_minor") + F("applied_minor")),
            ),
            UniqueConstraint(fields=["claim", "no", "disbursement"], name="withheld_once_of_a_disbursement"),
        ]
