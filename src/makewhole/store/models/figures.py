"""Sums of the log by day and month, and decisions as lists need them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q


# Made from the log by a sweep, and may be made anew: `makewhole figures rebuild`.
class Figure(models.Model):
    """How many, and how much, of one thing on one day (`grain` d) or in one month (m), of a marketplace. What each
    name means stands in docs/guides/figures.md; what adds to it, in domain/figures.py."""

    pk = models.CompositePrimaryKey("name", "grain", "since", "marketplace", "currency", "of", "value")
    name = models.CharField(max_length=20)
    grain = models.CharField(max_length=1)
    since = models.DateField()  # the day, or the first day of the month
    marketplace = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    of = models.CharField(max_length=120)
    value = models.IntegerField()  # whole hours, where times are counted
    number = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [CheckConstraint(name="figure_is_by_day_or_month", condition=Q(grain__in=["d", "m"]))]


class FiguredClaim(models.Model):
    """Up to which event a claim is in the figures: so each event is counted once, in whichever order they come."""

    claim_id = models.UUIDField(primary_key=True)
    version = models.PositiveIntegerField()


class FiguresStand(models.Model):
    """One row: the instant as of which the figures hold, and when it was last looked through all claims."""

    at = models.DateTimeField()
    whole_at = models.DateTimeField()


class DecisionTaken(models.Model):
    """A decision as lists show it: when, how it went, who, by which clauses. Made from the log with the figures."""

    pk = models.CompositePrimaryKey("claim_id", "version")
    claim_id = models.UUIDField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    marketplace = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    went = models.CharField(max_length=10)  # approved, reduced, refused
    approved_minor = models.BigIntegerField()
    refused_minor = models.BigIntegerField()
    by_machine = models.BooleanField()
    otherwise = models.BooleanField()  # people decided another sum than the papers support
    deciders = ArrayField(models.CharField(max_length=60))
    clauses = ArrayField(models.CharField(max_length=120))
    reasons = ArrayField(models.CharField(max_length=60))


class DecisionMark(models.Model):
    """By what a decision is found: a row for each person, clause and trait of it, in the order in which lists show
    them. So a page of a list costs the same whether what it asks for is in every decision or in none."""

    pk = models.CompositePrimaryKey("marketplace", "what", "at", "claim_id", "version")
    marketplace = models.CharField(max_length=20)
    what = models.CharField(max_length=120)  # "" (all of them), "person:12", a clause, went:refused, otherwise, people
    at = models.DateTimeField()
    claim_id = models.UUIDField()
    version = models.PositiveIntegerField()
