"""The bank: batches of payment orders that somebody signs, its files, and its answers."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from makewhole.store.models.market import Marketplace
from makewhole.store.models.money import Payment


class PayingAccount(models.Model):
    """Our own account from which a marketplace pays in a currency: the debtor of its bank files."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=140)
    account = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    clearing_system = models.CharField(max_length=5, blank=True)  # ISO 20022's code: USABA, GBDSC, CACPA
    clearing_member = models.CharField(max_length=35, blank=True)
    set_by = models.CharField(max_length=60)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["marketplace", "currency"], name="paying_account_once"),
            CheckConstraint(
                name="paying_account_names_its_bank", condition=~Q(bic="") | ~Q(clearing_system="", clearing_member="")
            ),
        ]


class PaymentBatch(models.Model):
    """A payment run: orders of one marketplace, currency and day of order, for the bank in one file.

    Made by one person and signed by another (a check). Signed, it keeps its payments and its file's hash (triggers);
    the file itself is made anew when it is asked for, so that no name or account lies outside the vault.
    """

    id = models.UUIDField(primary_key=True)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    day = models.DateField()  # of the orders in it, in the marketplace's zone
    seq = models.PositiveSmallIntegerField()  # the how-many-eth of that day
    number = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    signed_by = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True)
    paid_from = models.JSONField(null=True)  # our account as it was when it was signed
    content_sha256 = models.BinaryField(null=True)
    fetched_by = models.CharField(max_length=60, blank=True)
    fetched_at = models.DateTimeField(null=True)  # its file was first downloaded
    withdrawn_by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["marketplace", "currency", "day", "seq"], name="batch_once_in_its_day"),
            CheckConstraint(
                name="batch_signed_by_another_person",
                condition=Q(signed_at__isnull=True, signed_by="", content_sha256__isnull=True, paid_from__isnull=True)
                | Q(
                    signed_at__isnull=False,
                    signed_by__startswith="person:",
                    content_sha256__isnull=False,
                    paid_from__isnull=False,
                )
                & ~Q(signed_by=F("made_by")),
            ),
            CheckConstraint(
                name="batch_fetched_once_signed",
                condition=Q(fetched_at__isnull=True, fetched_by="") | Q(signed_at__isnull=False) & ~Q(fetched_by=""),
            ),
            CheckConstraint(
                name="batch_withdrawn_or_signed",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="") | Q(signed_at__isnull=True),
            ),
        ]
        indexes = [
            Index(fields=["made_at", "id"], name="batch_in_order"),
            Index(
                fields=["made_at", "id"],
                name="batch_to_sign",
                condition=Q(signed_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]


class BatchedPayment(models.Model):
    """A payment order in a batch. It is in at most one at a time; what was taken out says by whom and why."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="items", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="batched", db_index=False)
    no = models.PositiveIntegerField()
    out_at = models.DateTimeField(null=True)
    out_by = models.CharField(max_length=60, blank=True)
    out_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["payment"], condition=Q(out_at__isnull=True), name="payment_in_one_batch"),
            UniqueConstraint(fields=["batch", "no"], name="batched_payment_has_its_place"),
            CheckConstraint(
                name="taken_out_by_somebody_for_a_reason",
                condition=Q(out_at__isnull=True, out_by="", out_because="")
                | Q(out_at__isnull=False) & ~Q(out_by="") & ~Q(out_because=""),
            ),
        ]


class BankFile(models.Model):
    """A file of the bank's answers that was read, by its content: the same file is read once."""

    sha256 = models.BinaryField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)  # pain.002, camt.054, csv
    message_id = models.CharField(max_length=60, blank=True)
    lines = models.PositiveIntegerField()
    read_by = models.CharField(max_length=60)
    read_at = models.DateTimeField()

    class Meta:
        indexes = [Index(fields=["read_at", "id"], name="bank_file_in_order")]


# Answers that wait for a person: the books and the bank do not say the same.
BANK_LINE_OPEN = ["unknown", "wrong_amount", "wrong_currency", "refused", "our_fault"]


class BankLine(models.Model):
    """One answer in a bank's file, and what came of it. What does not fit stays open until somebody explains it."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="answers", db_index=False)
    no = models.PositiveIntegerField()
    reference = models.CharField(max_length=35)  # end to end: our payment's id
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, db_index=False)
    bank_ref = models.CharField(max_length=60)
    says = models.CharField(max_length=10)  # paid, returned, rejected, noted
    reason = models.CharField(max_length=60, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    outcome = models.CharField(max_length=20)
    refusal = models.CharField(max_length=60, blank=True)
    explained_by = models.CharField(max_length=60, blank=True)
    explained_at = models.DateTimeField(null=True)
    explanation = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["file", "no"], name="bank_line_has_its_place"),
            CheckConstraint(
                name="bank_line_outcome_known",
                condition=Q(
                    outcome__in=["done", "repeated", "noted", *BANK_LINE_OPEN]
                ),
            ),
            CheckConstraint(
                name="explained_by_a_person_in_words",
                condition=Q(explained_at__isnull=True, explained_by="", explanation="")
                | Q(explained_at__isnull=False, explained_by__startswith="person:") & ~Q(explanation=""),
            ),
        ]  # fmt: skip
        indexes = [
            Index(fields=["payment"], name="bank_line_of_payment"),
            Index(
                fields=["id"],
                name="bank_line_open",
                condition=Q(explained_at__isnull=True) & Q(outcome__in=BANK_LINE_OPEN),
            ),
        ]
