"""Every table that Makewhole keeps, by subject. Django makes and migrates them; the hot path reads and
writes them in named .sql files. What a table promises stands in its constraints and in sql/promises.sql.

1. The market: marketplaces, sellers, insurers, coverages, disbursements, order lines (imported).
2. The claim: the log of events, and current rows that the log can rebuild (claim, exposure, incident, clock, payment,
   posting, tender, recovery, withholding, contest).
3. Files and people: evidence, the vault, match digests.
4. The machinery: policies, outbox, idempotency keys, checkpoints, calendars.
5. Standing: what marketplaces report of sellers, disputes of it, restrictions of listings and payouts.
6. Being told: a party's contacts and webhooks, and what is delivered to each of them.
7. Figures: sums of the log by day and month, decisions as lists need them; drafts of policies.
8. The bank: batches of payment orders, the bank's answers; and the books summed up by day.
9. Running: workers and what failed, imports, choices of mails, and what administrators did about it.
10. Claims that are being told and are not sent yet, and links that somebody asked to be mailed.
11. The worklist: how somebody likes to see it.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from makewhole.domain.figures import OUR_CLOCKS
from makewhole.domain.notice_kinds import KINDS, OPTIONAL

# 1. The market ---------------------------------------------------------------------------------------


class Marketplace(models.Model):
    """One storefront with a country, currency, zone and legal entity, under one guarantee policy."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=50)
    legal_entity = models.CharField(max_length=200)
    policy = models.CharField(max_length=20)


class Seller(models.Model):
    """A seller's account in one marketplace, as the marketplace's own key names it."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    seller_ref = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    country = models.CharField(max_length=2, blank=True)
    good_standing = models.BooleanField(default=True)
    insurance_requested_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # the account is gone
    insolvent_since = models.DateField(null=True)  # bankruptcy, or the like: nothing may be withheld
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            UniqueConstraint(fields=["marketplace", "seller_ref"], name="seller_once_per_marketplace"),
        ]


class Insurer(models.Model):
    """A company that insures sellers. It answers tenders by an account of its own, or by API."""

    name = models.CharField(max_length=200, unique=True)
    email = models.CharField(max_length=254, blank=True)


class Coverage(models.Model):
    """A seller's policy in force for a period [starts_on, ends_on). A plain record; certificates prove it elsewhere.

    `limit_minor` is what one policy period pays at most in the seller's marketplace's currency; payments erode it.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="coverages")
    insurer = models.CharField(max_length=200)
    policy_number = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()
    verified_at = models.DateTimeField(null=True)
    insurer_account = models.ForeignKey(Insurer, on_delete=models.PROTECT, null=True)
    deductible_minor = models.BigIntegerField(default=0, db_default=0)
    limit_minor = models.BigIntegerField(default=100_000_000, db_default=100_000_000)
    eroded_minor = models.BigIntegerField(default=0, db_default=0)
    platform_is_insured = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            CheckConstraint(name="coverage_has_a_period", condition=Q(ends_on__gt=F("starts_on"))),
            UniqueConstraint(fields=["seller", "insurer", "policy_number", "starts_on"], name="coverage_once"),
            CheckConstraint(
                name="coverage_pays_within_its_limit",
                condition=Q(deductible_minor__gte=0) & Q(eroded_minor__gte=0) & Q(eroded_minor__lte=F("limit_minor")),
            ),
        ]


class Disbursement(models.Model):
    """A payout of the marketplace to a seller, as its feed tells it; its net amount bounds what is withheld of it."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT)
    disbursement_ref = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    pays_on = models.DateField()
    told_at = models.DateTimeField()
    withheld_minor = models.BigIntegerField(default=0, db_default=0)  # held or applied, not released

    class Meta:
        constraints = [
            UniqueConstraint(fields=["marketplace", "disbursement_ref"], name="disbursement_once"),
            CheckConstraint(
                name="withheld_within_the_net_amount",
                condition=Q(withheld_minor__gte=0) & Q(withheld_minor__lte=F("net_minor")),
            ),
        ]


class OrderLine(models.Model):
    """One product, one seller, one price, one buyer. `price_minor` is of one piece; buyers are pseudonyms."""

    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    order_ref = models.CharField(max_length=100)
    line_ref = models.CharField(max_length=100)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT)
    buyer_ref = models.CharField(max_length=100)
    product_ref = models.CharField(max_length=100)
    product_title = models.CharField(max_length=500, blank=True)
    category = models.CharField(max_length=100, blank=True)
    quantity = models.PositiveIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    ordered_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=20, default="seller")  # who fulfils: seller, platform
    physical = models.BooleanField(default=True)
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            UniqueConstraint(fields=["marketplace", "order_ref", "line_ref"], name="order_line_once"),
            CheckConstraint(name="order_line_price_not_negative", condition=Q(price_minor__gte=0)),
            CheckConstraint(name="order_line_has_pieces", condition=Q(quantity__gte=1)),
        ]
        indexes = [Index(fields=["marketplace", "buyer_ref"], name="order_line_of_buyer")]


# 2. The claim ----------------------------------------------------------------------------------------


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


class Payment(models.Model):
    """A payment order: to whose account, how much, and what the bank said. Lines say for which exposure."""

    id = models.UUIDField(primary_key=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments", db_index=False)
    seq = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20)
    payee_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=10)  # ordered, settled, returned
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    bank_ref = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["claim", "seq"], name="payment_ordered_once"),
            CheckConstraint(name="payment_pays_something", condition=Q(amount_minor__gt=0)),
        ]
        indexes = [
            Index(fields=["ordered_at", "id"], name="payment_waiting", condition=Q(state="ordered")),
            Index(fields=["payee_id", "ordered_at"], name="payment_of_payee"),
        ]


class Posting(models.Model):
    """One leg of a journal entry: (claim, event version) is the entry. Debits positive, credits negative.

    A deferred trigger in sql/promises.sql holds the sum of each entry and currency to zero.
    """

    pk = models.CompositePrimaryKey("claim_id", "version", "leg")
    claim_id = models.UUIDField()
    version = models.PositiveIntegerField()
    leg = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=40)
    seller_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="posting_moves_something", condition=~Q(amount_minor=0)),
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


class Recovery(models.Model):
    """The current row of a recovery: who owes what of what was paid, and what came back. From the claim's log.

    Promise 3 stands here: what is held, applied and received, less what went back, never passes what was paid.
    """

    pk = models.CompositePrimaryKey("claim_id", "no")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    no = models.PositiveSmallIntegerField()
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    basis = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)  # demanded, contested, stands, closed
    outcome = models.CharField(max_length=20, blank=True)
    obstacle = models.CharField(max_length=20, blank=True)
    clause = models.CharField(max_length=80)
    paid_minor = models.BigIntegerField()
    owed_by_seller_minor = models.BigIntegerField()
    owed_by_others_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    applied_minor = models.BigIntegerField()
    released_minor = models.BigIntegerField()
    received_minor = models.BigIntegerField()
    repaid_minor = models.BigIntegerField()
    written_off_minor = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="recovered_and_withheld_within_paid",
                condition=Q(held_minor__gte=0)
                & Q(applied_minor__gte=0)
                & Q(received_minor__gte=0)
                & Q(repaid_minor__gte=0)
                & Q(paid_minor__gte=F("held_minor") + F("applied_minor") + F("received_minor") - F("repaid_minor")),
            ),
            CheckConstraint(
                name="owed_within_paid",
                condition=Q(owed_by_seller_minor__gte=0)
                & Q(owed_by_others_minor__gte=0)
                & Q(paid_minor__gte=F("owed_by_seller_minor") + F("owed_by_others_minor")),
            ),
            CheckConstraint(name="closed_recovery_has_an_outcome", condition=~Q(stage="closed") | ~Q(outcome="")),
        ]
        indexes = [
            Index(fields=["seller", "opened_at"], name="recovery_of_seller"),
            Index(fields=["-opened_at", "-claim", "-no"], name="recovery_newest"),
            Index(fields=["opened_at", "claim"], name="recovery_open", condition=~Q(stage="closed")),
        ]


class Withholding(models.Model):
    """What is held back of one disbursement for one recovery. A trigger lets nothing that was released or applied
    come back, so that what is released is released once."""

    pk = models.CompositePrimaryKey("claim_id", "no", "seq")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, db_index=False)
    no = models.PositiveSmallIntegerField()
    seq = models.PositiveSmallIntegerField()
    disbursement = models.ForeignKey(Disbursement, on_delete=models.PROTECT)
    amount_minor = models.BigIntegerField()
    released_minor = models.BigIntegerField()
    applied_minor = models.BigIntegerField()
    withheld_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="withholding_ends_once",
                condition=Q(amount_minor__gt=0)
                & Q(released_minor__gte=0)
                & Q(applied_minor__gte=0)
                & Q(amount_minor__gte=F("released_minor") + F("applied_minor")),
            ),
            UniqueConstraint(fields=["claim", "no", "disbursement"], name="withheld_once_of_a_disbursement"),
        ]


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


# 3. Files and people ---------------------------------------------------------------------------------


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


# 4. The machinery ------------------------------------------------------------------------------------


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


# 5. Standing -----------------------------------------------------------------------------------------


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


# 6. Being told ---------------------------------------------------------------------------------------

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


# 7. Figures ------------------------------------------------------------------------------------------

# All of it but the drafts is made from the log by a sweep, and may be made anew: `makewhole figures rebuild`.


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


# 8. The bank, and the books by day ---------------------------------------------------------------------


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


class LedgerDay(models.Model):
    """What one account moved on one closed day of a marketplace: so that a balance is a sum over days, not postings.

    A function of the postings (`ledger check` derives it again). A posting that comes late, into a day that is closed,
    is added by a trigger with the posting itself.
    """

    pk = models.CompositePrimaryKey("marketplace_id", "currency", "account", "day")
    marketplace = models.ForeignKey(Marketplace, on_delete=models.PROTECT, db_index=False)
    currency = models.CharField(max_length=3)
    account = models.CharField(max_length=40)
    day = models.DateField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    postings = models.IntegerField()


class LedgerClosed(models.Model):
    """Through which day a marketplace's postings are summed up in LedgerDay."""

    marketplace = models.OneToOneField(Marketplace, on_delete=models.PROTECT, primary_key=True)
    through = models.DateField()


# 9. Running ------------------------------------------------------------------------------------------


class MailChoice(models.Model):
    """What somebody without a contact of its own does without: a claimant, a producer, or the address on a party's own
    row. `recipient` is the notices'."""

    recipient = models.CharField(max_length=60, primary_key=True)
    inbox_only = ArrayField(models.CharField(max_length=20))
    chosen_at = models.DateTimeField()
    chosen_by = models.CharField(max_length=60)

    class Meta:
        constraints = [
            CheckConstraint(name="choice_leaves_out_what_it_may", condition=Q(inbox_only__contained_by=list(OPTIONAL))),
        ]


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


# 10. Not sent yet ------------------------------------------------------------------------------------


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


# 11. The worklist ------------------------------------------------------------------------------------


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
