"""A seller's standing: what marketplaces report, disputes of it, and what is restricted for it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from makewhole.store.models.market import Seller


class SellerReport(models.Model):
    """What a marketplace says of a seller, dated: a violation of its rules, or a change of its good standing.

    Append-only (a trigger): what was wrong is disputed and struck, not edited. `report_ref` is the marketplace's own
    key of a violation, so that one told twice is one.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=30)  # policy_violation, good_standing_lost, good_standing_regained
    code = models.CharField(max_length=60, blank=True)
    report_ref = models.CharField(max_length=100, null=True)
    at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["seller", "report_ref"], name="seller_report_once"),
            CheckConstraint(
                name="seller_report_is_known",
                condition=Q(kind="policy_violation", report_ref__isnull=False) & ~Q(code="")
                | Q(kind__in=["good_standing_lost", "good_standing_regained"], report_ref__isnull=True),
            ),
            CheckConstraint(name="seller_report_lies_in_the_past", condition=Q(at__lte=F("reported_at"))),
        ]
        indexes = [Index(fields=["seller", "at"], name="report_of_seller")]


class StandingDispute(models.Model):
    """A seller says that a fact of its standing, or a restriction, is wrong. A person decides, once, with reasons.

    `about` is the key of the fact, or "restriction:<id>". At most one is open for each; what was struck stays struck.
    """

    id = models.UUIDField(primary_key=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    about = models.CharField(max_length=120)
    words = models.TextField()
    evidence = ArrayField(models.UUIDField())
    filed_by = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True)  # struck, stands
    reasons = models.TextField(blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["seller", "about"], condition=Q(outcome=""), name="standing_dispute_open_once"),
            UniqueConstraint(fields=["seller", "about"], condition=Q(outcome="struck"), name="standing_struck_once"),
            CheckConstraint(
                name="standing_dispute_decided_by_a_person_with_reasons",
                condition=Q(outcome="", decided_at__isnull=True, decided_by="", reasons="")
                | Q(outcome__in=["struck", "stands"], decided_at__isnull=False, decided_by__startswith="person:")
                & ~Q(reasons=""),
            ),
        ]
        indexes = [
            Index(fields=["seller", "about"], name="standing_dispute_of_seller"),
            Index(fields=["filed_at", "id"], name="standing_dispute_waiting", condition=Q(outcome="")),
        ]


class Restriction(models.Model):
    """A seller's listings or payouts, restricted by a person, with the statement of reasons as it was sent.

    It keeps its terms (a trigger) and is lifted once. A deferred trigger holds it to its notice: the transaction that
    restricts also writes the mail to the seller, or does nothing.
    """

    id = models.UUIDField(primary_key=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=10)  # listings, payouts
    decided_at = models.DateTimeField()
    takes_effect_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    clauses = ArrayField(models.CharField(max_length=80))
    policy_version = models.CharField(max_length=40)
    facts = ArrayField(models.CharField(max_length=120))
    decided_by = models.CharField(max_length=60)
    machine = models.TextField()  # what a machine did for it
    statement = models.JSONField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=60, blank=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="restriction_is_known", condition=Q(kind__in=["listings", "payouts"])),
            CheckConstraint(
                name="restriction_takes_effect_at_or_after_its_notice",
                condition=Q(takes_effect_at__gte=F("decided_at")),
            ),
            CheckConstraint(
                name="restriction_ends_after_its_effect",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("takes_effect_at")),
            ),
            CheckConstraint(
                name="restriction_has_reasons_and_a_person",
                condition=Q(facts__len__gt=0, clauses__len__gt=0, decided_by__startswith="person:")
                & ~Q(policy_version="")
                & ~Q(statement={}),
            ),
            CheckConstraint(
                name="restriction_is_lifted_by_a_person_with_reasons",
                condition=Q(lifted_at__isnull=True, lifted_by="", lifted_because="")
                | Q(lifted_at__gte=F("decided_at"), lifted_by__startswith="person:") & ~Q(lifted_because=""),
            ),
        ]
        indexes = [Index(fields=["seller", "takes_effect_at"], name="restriction_of_seller")]
