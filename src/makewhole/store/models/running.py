"""The machinery: keys that make twice once, checkpoints, workers, imports, what failed and who mended it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint


class IdempotencyKey(models.Model):
    """One key, one effect: who asked, a hash of what was asked, and the answer given then."""

    pk = models.CompositePrimaryKey("asker", "key")
    asker = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    request_hash = models.BinaryField()
    claim_id = models.UUIDField(null=True)
    answer = models.TextField()
    created_at = models.DateTimeField()


class Checkpoint(models.Model):
    """An hourly, signed digest over the heads of all claims, chained to the one before."""

    seq = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField(unique=True)
    claims = models.BigIntegerField()
    events = models.BigIntegerField()
    root = models.BinaryField()
    prior = models.BinaryField()
    digest = models.BinaryField()
    public_key = models.BinaryField()
    signature = models.BinaryField()


class Worker(models.Model):
    """A worker that runs, or ran: when it last turned. One that ended by itself says so; one killed is late."""

    id = models.UUIDField(primary_key=True)
    host = models.CharField(max_length=100)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    turned_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)


class JobFault(models.Model):
    """Something that a worker could not do and tries again: a whole sweep, a clock, a payout. It goes when it worked.

    `key` names it among those of its job: the sweep's name; claim, clock and turn; the payout's number.
    """

    job = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    error = models.CharField(max_length=300)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["job", "key"], name="fault_once"),
            CheckConstraint(name="fault_of_a_known_job", condition=Q(job__in=["sweep", "clock", "payout"])),
        ]


class ImportRun(models.Model):
    """One import of a marketplace's data: what it did, and the first rows that were bad. Insurers belong to none."""

    subject = models.CharField(max_length=20)  # orders, sellers, disbursements, insurers, coverages
    marketplace = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200)  # the file's name, or "API"
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # null: it runs, or was cut off
    rows = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    bad = models.BigIntegerField(default=0)
    bad_rows = models.JSONField(default=list)  # [[row, sentence], ...]
    error = models.CharField(max_length=300, blank=True)  # why the file as a whole could not be used
    let_be_at = models.DateTimeField(null=True)  # an administrator saw to it

    class Meta:
        indexes = [
            Index(fields=["marketplace", "subject", "id"], name="import_of_feed"),
            Index(
                fields=["id"],
                name="import_with_faults",
                condition=Q(let_be_at__isnull=True) & (Q(bad__gt=0) | ~Q(error="")),
            ),
        ]


class AdminAct(models.Model):
    """A button that an administrator pressed on what failed, a token, a marketplace. Append-only (a trigger)."""

    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    act = models.CharField(max_length=40)
    about = models.CharField(max_length=160)
    came_of_it = models.CharField(max_length=300, blank=True)
