"""Files that prove something, and the bands by which photos that look alike are found."""

from __future__ import annotations

from django.db import models
from django.db.models import Index

from makewhole.store.models.personal import Subject


class Evidence(models.Model):
    """A file somebody sent, under its content's address. Never changed, only superseded; attached once."""

    id = models.UUIDField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True)  # null: a seller's or staff's file
    uploaded_by = models.CharField(max_length=60)
    claim_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=30)
    sha256 = models.BinaryField()
    size_bytes = models.IntegerField()
    media_type = models.CharField(max_length=60)
    folder = models.CharField(max_length=60)
    photo_hash = models.BigIntegerField(null=True)
    display_sha256 = models.BinaryField(null=True)
    thumbnail_sha256 = models.BinaryField(null=True)
    health = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    active = models.BooleanField(default=False)  # a PDF that would do something: its reader is warned
    wrapped_key = models.BinaryField(null=True)  # each file has a key of its own; erased with it
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            Index(fields=["claim_id"], name="evidence_of_claim"),
            Index(fields=["sha256"], name="evidence_same_file"),
        ]


class PhotoBand(models.Model):
    """Sixteen of a photo hash's 64 bits. Two hashes at most three bits apart share one of four bands."""

    pk = models.CompositePrimaryKey("evidence", "band")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE)
    band = models.PositiveSmallIntegerField()
    bits = models.IntegerField()

    class Meta:
        indexes = [Index(fields=["band", "bits"], name="photo_band_bits")]
