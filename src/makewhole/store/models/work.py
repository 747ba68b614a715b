"""What people keep between two steps of their work: claims that are not sent yet, and worklists as they like them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from makewhole.store.models.market import OrderLine


class FilingDraft(models.Model):
    """A claim that somebody is telling, step by step. What was told is sealed with a key of its own and erased once
    the claim is sent or the draft's time is over; `files` are evidence that belongs to no claim yet."""

    id = models.UUIDField(primary_key=True)
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE)
    account_id = models.BigIntegerField(null=True)  # who began it signed in; people are known by number here
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    files = ArrayField(models.UUIDField(), default=list)
    claim_id = models.UUIDField(null=True)  # what came of it
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="draft_has_words_until_it_is_sent",
                condition=Q(
                    claim_id__isnull=True, sent_at__isnull=True, sealed__isnull=False, wrapped_key__isnull=False
                )
                | Q(claim_id__isnull=False, sent_at__isnull=False, sealed__isnull=True, wrapped_key__isnull=True),
            ),
            CheckConstraint(name="draft_expires_after_it_was_saved", condition=Q(expires_at__gt=F("saved_at"))),
        ]
        indexes = [
            Index(fields=["expires_at", "id"], name="draft_expires"),
            Index(fields=["account_id", "saved_at"], name="draft_of_account", condition=Q(account_id__isnull=False)),
        ]


class SavedView(models.Model):
    """A worklist as somebody likes to see it: filters under a name of their own. One may be where they begin."""

    owner = models.CharField(max_length=60)  # "person:12", as the log names people
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    filters = models.CharField(max_length=500, blank=True)  # as they stand in the address
    is_default = models.BooleanField(default=False, db_default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(F("owner"), F("role"), Lower("name"), name="saved_view_once_by_name"),
            UniqueConstraint(fields=["owner", "role"], condition=Q(is_default=True), name="one_default_view"),
        ]
