"""The guarantee's text: published versions, drafts of the next, and the holidays that its clocks skip."""

from __future__ import annotations

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from makewhole.store.models.market import Marketplace


class PolicyVersion(models.Model):
    """A published policy document. Immutable; a claim stores the version that decided it."""

    version = models.CharField(max_length=40, primary_key=True)  # "us 2026-1"
    policy = models.CharField(max_length=20)
    seq = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["policy", "seq"], name="policy_version_in_order"),
            UniqueConstraint(fields=["policy", "digest"], name="policy_text_published_once"),
        ]


class Holiday(models.Model):
    """A day on which a marketplace's offices are closed, frozen with the version of its source."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE)
    day = models.DateField()
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [UniqueConstraint(fields=["marketplace", "day"], name="holiday_once")]


class PolicyDraft(models.Model):
    """A policy's next text while it is written. Published, it is a version, and the draft stays for who wrote it."""

    id = models.UUIDField(primary_key=True)
    policy = models.CharField(max_length=20)  # as its text names it; empty while it cannot be read
    text = models.TextField()
    note = models.CharField(max_length=200, blank=True)
    started_by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    saved_by = models.CharField(max_length=60)
    saved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    published_as = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            Index(
                fields=["-saved_at"],
                name="policy_draft_waiting",
                condition=Q(published_as__isnull=True, dropped_at__isnull=True),
            ),
        ]
