"""Being told: the outbox, contacts and webhooks, what is delivered to each, and who does without which mails."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower

from makewhole.domain.notice_kinds import KINDS, OPTIONAL


class Outbox(models.Model):
    """A notice to be sent, written with the event that asks for it. `dedupe` makes it one notice."""

    claim_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    dedupe = models.CharField(max_length=120, unique=True)
    # claimant:<id>, seller:<id>, insurer:<id>, producer:<vault item>, role:<name>, account:<id>, asked:<id>
    recipient = models.CharField(max_length=60)
    template = models.CharField(max_length=40)
    facts = models.JSONField()  # no personal data in clear: the sender reads names and addresses from the vault
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # given up: an administrator may send it again
    error = models.CharField(max_length=300, blank=True, db_default="")
    message_id = models.CharField(max_length=120, blank=True, db_default="")
    spread_at = models.DateTimeField(null=True)  # who is told of it was settled: its deliveries are there
    read_at = models.DateTimeField(null=True)  # opened in the party's inbox
    let_be_at = models.DateTimeField(null=True)  # given up, and an administrator said that this is how it stays

    class Meta:
        indexes = [
            Index(
                fields=["send_after", "id"],
                name="outbox_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            Index(fields=["claim_id"], name="outbox_of_claim"),
            Index(fields=["id"], name="outbox_unspread", condition=Q(spread_at__isnull=True)),
            Index(
                fields=["failed_at", "id"],
                name="outbox_failed",
                condition=Q(failed_at__isnull=False, let_be_at__isnull=True),
            ),
            Index(fields=["created_at"], name="outbox_asked", condition=Q(recipient__startswith="asked:")),
            # An inbox is for those who have an account. Most notices are a claimant's, and pay for no index.
            Index(fields=["recipient", "id"], name="outbox_inbox", condition=~Q(recipient__startswith="claimant:")),
        ]


# A party is named as a notice's recipient is: "seller:55", "insurer:4"; a marketplace as "marketplace:us".
class Contact(models.Model):
    """Somebody at a seller or insurer who is told by mail. Removed ones stay, for what was sent to them."""

    party = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254)
    active = models.BooleanField(default=True, db_default=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    removed_at = models.DateTimeField(null=True)
    # Of its mails; empty: its country's.
    language = models.CharField(max_length=5, blank=True, default="", db_default="")
    # Kinds of notices (domain/notice_kinds.py) that it finds in the inbox and gets no mail of; who chose so, and when.
    inbox_only = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    chosen_at = models.DateTimeField(null=True)
    chosen_by = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        constraints = [
            CheckConstraint(
                name="contact_leaves_out_what_it_may", condition=Q(inbox_only__contained_by=list(OPTIONAL))
            ),
            UniqueConstraint(F("party"), Lower("email"), name="contact_once_per_party"),
            CheckConstraint(
                name="removed_contact_has_its_instant",
                condition=Q(active=True, removed_at__isnull=True) | Q(active=False, removed_at__isnull=False),
            ),
        ]


class WebhookEndpoint(models.Model):
    """Where a party's machine is told. `secret` signs, and is wrapped by the master key; the one before a rotation
    signs beside it for a while."""

    id = models.UUIDField(primary_key=True)
    party = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True, db_default=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=60)
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=100, blank=True, db_default="")
    silences = models.PositiveSmallIntegerField(default=0, db_default=0)  # in a row: no answer at all
    rests_until = models.DateTimeField(null=True)  # so that one which hangs holds nobody up
    # Kinds of notices that are not posted there: a machine's choice is free, for people are told by mail beside it.
    not_told = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    chosen_at = models.DateTimeField(null=True)
    chosen_by = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["party", "url"], condition=Q(active=True), name="webhook_once_per_party"),
            CheckConstraint(name="webhook_leaves_out_kinds", condition=Q(not_told__contained_by=list(KINDS))),
            CheckConstraint(
                name="removed_webhook_has_its_instant",
                condition=Q(active=True, removed_at__isnull=True) | Q(active=False, removed_at__isnull=False),
            ),
            CheckConstraint(
                name="old_secret_has_an_end",
                condition=Q(old_secret__isnull=True, old_secret_until__isnull=True)
                | Q(old_secret__isnull=False, old_secret_until__isnull=False),
            ),
        ]


class Delivery(models.Model):
    """One notice to one contact by mail, or to one endpoint. Each is sent, tried again and given up by itself."""

    id = models.UUIDField(primary_key=True)
    notice = models.ForeignKey(Outbox, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, db_index=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, null=True, db_index=False)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, db_default="")
    message_id = models.CharField(max_length=120, blank=True, db_default="")
    let_be_at = models.DateTimeField(null=True)  # given up, and an administrator said that this is how it stays

    class Meta:
        constraints = [
            CheckConstraint(
                name="delivery_goes_one_way",
                condition=Q(contact__isnull=False, endpoint__isnull=True)
                | Q(contact__isnull=True, endpoint__isnull=False),
            ),
            UniqueConstraint(fields=["notice", "contact"], name="mailed_once_per_contact"),
            UniqueConstraint(fields=["notice", "endpoint"], name="delivered_once_per_endpoint"),
        ]
        indexes = [
            Index(
                fields=["send_after", "id"],
                name="mail_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True, endpoint__isnull=True),
            ),
            Index(
                fields=["send_after", "id"],
                name="webhook_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True, contact__isnull=True),
            ),
            Index(
                fields=["failed_at", "id"],
                name="delivery_failed",
                condition=Q(failed_at__isnull=False, let_be_at__isnull=True),
            ),
            Index(
                fields=["endpoint", "created_at", "id"],
                name="delivery_of_endpoint",
                condition=Q(endpoint__isnull=False),
            ),
        ]


class WebhookAttempt(models.Model):
    """One attempt at an endpoint: the status it answered with, or why there was no answer."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["id"]


class MailChoice(models.Model):
    """What somebody without a contact of its own chose of its mails: a claimant, a producer, or the address on a
    party's own row. `recipient` is the notices'."""

    recipient = models.CharField(max_length=60, primary_key=True)
    language = models.CharField(max_length=5, blank=True, default="", db_default="")  # empty: none was chosen
    inbox_only = ArrayField(models.CharField(max_length=20))
    chosen_at = models.DateTimeField()
    chosen_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            CheckConstraint(name="choice_leaves_out_what_it_may", condition=Q(inbox_only__contained_by=list(OPTIONAL))),
        ]
