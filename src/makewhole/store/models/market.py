"""The market, as it is imported: marketplaces, sellers and their insurance, payouts, order lines."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now


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
