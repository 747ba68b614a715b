"""A claim: its log, and the current rows of it that the log can rebuild; what else is asked is a file of its own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from makewhole.domain.figures import OUR_CLOCKS
from makewhole.store.models.market import Marketplace, OrderLine, Seller


class Event(models.Model):
    """The log. `body` keeps its bytes as written (json, not jsonb): `digest` is over them and `prior`."""

    pk = models.CompositePrimaryKey("claim_id", "version")
    claim_id = models.UUIDField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    body = models.TextField()
    prior = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        indexes = [
            # What was released of payouts, in order: a feed for who pays them out.
            Index(fields=["at", "claim_id", "version"], name="release_in_order", condition=Q(kind="FundsReleased")),
        ]


class Incident(models.Model):
    """What happened, once. Amounts are summed here over all its claims, and capped by the database."""

    id = models.UUIDField(primary_key=True)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, db_index=False)
    loss_date = models.DateField()
    currency = models.CharField(max_length=3)
    cap_minor = models.BigIntegerField()
    approved_minor = models.BigIntegerField()
    ordered_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="incident_paid_within_approved_within_cap",
                condition=Q(paid_minor__gte=0)
                & Q(paid_minor__lte=F("ordered_minor"))
                & Q(ordered_minor__lte=F("approved_minor"))
                & Q(approved_minor__lte=F("cap_minor")),
            ),
        ]


class Claim(models.Model):
    """The current row of a claim: what screens and worklists ask. Rebuilt from the log by `log replay`."""

    id = models.UUIDField(primary_key=True)
    reference = models.CharField(max_length=20, unique=True)
    # No index of their own: those below begin with them, and each index costs every claim a write. The marketplace is
    # that of the order line, whose own foreign key holds it.
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, db_index=False)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, db_index=False)
    claimant_id = models.UUIDField()
    stage = models.CharField(max_length=30)
    outcome = models.CharField(max_length=30, blank=True)
    track = models.CharField(max_length=10, blank=True)
    turn = models.CharField(max_length=20, blank=True)  # whose turn it is; nobody's once closed
    assigned_to = models.CharField(max_length=40, blank=True)
    injury = models.BooleanField()
    tasks = ArrayField(models.CharField(max_length=30))  # beside the main path: safety_review, quality_review
    waits_for = ArrayField(models.CharField(max_length=40))  # why a person is asked
    score = models.IntegerField()
    currency = models.CharField(max_length=3)
    claimed_minor = models.BigIntegerField()
    approved_minor = models.BigIntegerField()
    refused_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    reserve_minor = models.BigIntegerField()
    loss_date = models.DateField()
    noticed_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # the next running clock
    policy_version = models.CharField(max_length=40)
    insurer_id = models.BigIntegerField(null=True)  # the insurer that was told; it sees the file from then on
    bearer = models.CharField(max_length=30, blank=True, default="", db_default="")  # who bears what was paid
    settled_minor = models.BigIntegerField(default=0, db_default=0)  # what the seller paid the claimant itself
    machine_decided = models.BooleanField()
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField()
    head = models.BinaryField()  # the digest of its last event

    class Meta:
        constraints = [
            CheckConstraint(
                name="claim_paid_within_approved",
                condition=Q(paid_minor__gte=0)
                & Q(paid_minor__lte=F("approved_minor"))
                & Q(approved_minor__lte=F("claimed_minor")),
            ),
            CheckConstraint(name="claim_currency_known", condition=~Q(currency="")),
            CheckConstraint(name="claim_reserve_not_negative", condition=Q(reserve_minor__gte=0)),
            CheckConstraint(name="closed_claim_has_an_outcome", condition=~Q(stage="closed") | ~Q(outcome="")),
            CheckConstraint(name="claim_names_its_policy_version", condition=~Q(policy_version="")),
        ]
        indexes = [
            Index(fields=["order_line"], name="claim_of_order_line"),
            Index(fields=["claimant_id", "noticed_at"], name="claim_of_claimant"),
            Index(fields=["seller", "noticed_at"], name="claim_of_seller"),
            Index(fields=["turn", "due_at", "id"], name="claim_worklist", condition=~Q(turn="")),
            Index(fields=["incident"], name="claim_of_incident"),
            Index(fields=["insurer_id", "noticed_at"], name="claim_of_insurer", condition=Q(insurer_id__isnull=False)),
            # What needs anybody, the nearest deadline first; and by its tasks, for who answers for one of them.
            Index(fields=["due_at", "id"], name="claim_waits", condition=~Q(turn="") | ~Q(tasks=[])),
            GinIndex(fields=["tasks"], name="claim_tasks", condition=~Q(tasks=[])),
            Index(fields=["marketplace", "noticed_at", "id"], name="claim_newest"),
            # One row is enough to know that a seller had one: the first is sampled.
            Index(fields=["seller"], name="claim_decided_by_machine", condition=Q(machine_decided=True)),
            # What finance is waited for: few of all claims.
            Index(fields=["due_at", "id"], name="claim_repayment", condition=Q(tasks__contains=["repayment"])),
            Index(
                fields=["due_at", "id"], name="claim_subrogation", condition=Q(tasks__contains=["subrogation_check"])
            ),
            Index(fields=["due_at", "id"], name="claim_awaits_payee", condition=Q(stage="awaiting_payee")),
            Index(fields=["due_at", "id"], name="claim_came_back", condition=Q(tasks__contains=["payment_returned"])),
        ]


class Exposure(models.Model):
    """One payable part of a claim. The database refuses a reduction without a person and a reason."""

    pk = models.CompositePrimaryKey("claim_id", "no")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    no = models.PositiveSmallIntegerField()
    head = models.CharField(max_length=30)
    claimed_minor = models.BigIntegerField()
    supported_minor = models.BigIntegerField(null=True)
    approved_minor = models.BigIntegerField()
    refused_minor = models.BigIntegerField()
    waived_minor = models.BigIntegerField(default=0, db_default=0)  # given up by agreement (an accepted offer)
    ordered_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    reserve_minor = models.BigIntegerField()
    refused_by = models.CharField(max_length=60, blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    decided_under = models.CharField(max_length=40, blank=True)  # the policy version

    class Meta:
        constraints = [
            CheckConstraint(
                name="exposure_paid_within_approved_within_claimed",
                condition=Q(paid_minor__gte=0)
                & Q(paid_minor__lte=F("ordered_minor"))
                & Q(ordered_minor__lte=F("approved_minor"))
                & Q(approved_minor__gte=0)
                & Q(refused_minor__gte=0)
                & Q(waived_minor__gte=0)
                & Q(approved_minor__lte=F("claimed_minor") - F("refused_minor") - F("waived_minor")),
            ),
            CheckConstraint(
                name="refusal_has_a_person_and_a_reason",
                condition=Q(refused_minor=0) | (Q(refused_by__startswith="person:") & ~Q(reason_code="")),
            ),
            CheckConstraint(
                name="decision_has_a_policy_version",
                condition=(Q(approved_minor=0) & Q(refused_minor=0)) | ~Q(decided_under=""),
            ),
            CheckConstraint(name="exposure_claims_something", condition=Q(claimed_minor__gt=0)),
            CheckConstraint(name="exposure_reserve_not_negative", condition=Q(reserve_minor__gte=0)),
        ]


class Clock(models.Model):
    """A running or ended deadline of a claim. The sweep takes rows that run and are due."""

    pk = models.CompositePrimaryKey("claim_id", "name", "turn")
    claim_id = models.UUIDField()
    name = models.CharField(max_length=40)
    turn = models.PositiveSmallIntegerField()  # the how-many-eth of that name on this claim
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10)  # running, paused, stopped, ran_out
    ended_at = models.DateTimeField(null=True)
    rule = models.CharField(max_length=80)  # the clause of the policy version it was computed by
    retry_at = models.DateTimeField(null=True)  # pushed on after a fault, so that one bad row stops nobody

    class Meta:
        constraints = [
            CheckConstraint(
                name="clock_runs_out_at_or_after_its_instant",
                condition=~Q(state="ran_out") | Q(ended_at__gte=F("due_at")),
            ),
        ]
        indexes = [
            Index(fields=["due_at", "claim_id"], name="clock_running", condition=Q(state="running")),
            # The tender ended without a word, or with a no: these stand first in a worklist.
            Index(fields=["due_at", "claim_id"], name="clock_step_in", condition=Q(state="running", name="step_in")),
            # Those of ours that were missed: few, and looked for by day.
            Index(
                fields=["-ended_at", "claim_id"],
                name="clock_missed",
                condition=Q(name__in=OUR_CLOCKS, ended_at__gte=F("due_at")),
            ),
        ]


class Tender(models.Model):
    """The claim handed to a seller or producer: when, by when, and what came of it."""

    pk = models.CompositePrimaryKey("claim_id", "no")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    no = models.PositiveSmallIntegerField()
    tendered_to = models.CharField(max_length=10)  # seller, producer
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    tendered_at = models.DateTimeField()
    answer = models.CharField(max_length=20, blank=True)  # accepted, handles, offered, rejected, passed_on, silent
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [Index(fields=["seller", "tendered_at"], name="tender_of_seller")]


class Contest(models.Model):
    """A dispute that a person who took no part decides: a seller's or insurer's contest, a claimant's appeal."""

    pk = models.CompositePrimaryKey("claim_id", "kind", "no")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=10)  # contest, appeal
    no = models.PositiveSmallIntegerField()
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    clause = models.CharField(max_length=80)  # the clause of the decision that is disputed
    first_decider = models.CharField(max_length=60)  # whose decision is disputed
    filed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decider = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=10, blank=True)  # upheld, partly, dismissed

    class Meta:
        indexes = [Index(fields=["marketplace", "filed_at"], name="contest_by_marketplace")]
