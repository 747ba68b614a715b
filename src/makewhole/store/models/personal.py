"""Who somebody is, sealed: subjects with their key, the vault's items, digests by which claims find each other."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from makewhole.store.models.market import Marketplace


class Subject(models.Model):
    """A person whose data the vault keeps. Without `wrapped_key` (erased) nothing of them can be read."""

    id = models.UUIDField(primary_key=True)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    email_digest = models.BinaryField(null=True)
    wrapped_key = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["marketplace", "email_digest"], name="subject_once_per_marketplace"),
            CheckConstraint(
                name="erased_subject_keeps_no_key",
                condition=Q(erased_at__isnull=True) | Q(wrapped_key__isnull=True, email_digest__isnull=True),
            ),
        ]


class VaultItem(models.Model):
    """Something personal, sealed with its subject's key: contact, payee, story, health, note, signature."""

    id = models.UUIDField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE)
    claim_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [Index(fields=["claim_id"], name="vault_item_of_claim")]


class MatchDigest(models.Model):
    """A keyed digest of something two claims may share (mail, phone, address, payee): never the thing itself."""

    pk = models.CompositePrimaryKey("kind", "digest", "claim_id")
    kind = models.CharField(max_length=10)
    digest = models.BinaryField()
    claim_id = models.UUIDField()
    claimant_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            Index(fields=["claimant_id", "kind"], name="match_digest_of_claimant"),
            Index(fields=["claim_id"], name="match_digest_of_claim"),
        ]
