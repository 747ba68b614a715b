"""Accounts, the roles they hold, and the tokens of machines. Start at Account."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from makewhole.people.roles import Role


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> Account:
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody, or some machine, that may sign in. What it may do stands in its role assignments."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    closings = models.PositiveIntegerField(default=0, db_default=0)  # how often it was closed: ends its sessions

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AccountManager()

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What each session must still agree with. A closed account's sessions do not come back with it."""
        told = f"{self.password}\0{self.closings}" if self.closings else self.password
        return salted_hmac(
            "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash", told, secret=secret, algorithm="sha256"
        ).hexdigest()


class RoleAssignment(models.Model):
    """An account holds a role, in one marketplace or (none named) in all; a seller's people name the seller, an
    insurer's the insurer.

    Marketplaces, sellers and insurers are named by their keys, without a foreign key: people know no other tables.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    marketplace = models.CharField(max_length=20, blank=True)
    seller_id = models.BigIntegerField(null=True, blank=True)
    insurer_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "marketplace", "seller_id", "insurer_id"],
                name="role_assigned_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="seller_people_name_their_seller",
                condition=~models.Q(role=Role.SELLER) | models.Q(seller_id__isnull=False),
            ),
            models.CheckConstraint(
                name="insurer_people_name_their_insurer",
                condition=~models.Q(role=Role.INSURER) | models.Q(insurer_id__isnull=False),
            ),
            models.CheckConstraint(name="producers_come_by_link", condition=~models.Q(role=Role.PRODUCER)),
        ]


class ApiToken(models.Model):
    """A machine's key. Only its digest is stored; scopes say what it may do, within its account's roles."""

    digest = models.BinaryField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=40))
    requests_per_minute = models.PositiveIntegerField(default=600)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # of the minutes that are counted no more: tokens.py


# What administrators did with accounts -----------------------------------------------------------------


class RoleChange(models.Model):
    """Who gave or took which role, who opened or closed an account, and when. Append-only (a trigger): never edited."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes", db_index=False)
    act = models.CharField(
        max_length=10, choices=[(act, act) for act in ("given", "taken", "invited", "closed", "opened")]
    )
    role = models.CharField(max_length=20, blank=True)
    marketplace = models.CharField(max_length=20, blank=True)
    seller_id = models.BigIntegerField(null=True, blank=True)
    insurer_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)  # person:7, operator:cli

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_change_names_a_role",
                condition=models.Q(act__in=["given", "taken"]) & ~models.Q(role="")
                | models.Q(role="", act__in=["invited", "closed", "opened"]),
            ),
        ]
        indexes = [models.Index(fields=["account", "id"], name="role_change_of_account")]


# Signing in ------------------------------------------------------------------------------------------------


class SignIn(models.Model):
    """A line of the sign-in log: who came, or tried to, and how; and what changed in how somebody signs in."""

    class What(models.TextChoices):
        SIGNED_IN = "signed_in"
        FAILED = "failed"
        SIGNED_OUT = "signed_out"
        ENDED = "ended"  # a session, by its owner from elsewhere, or by an administrator
        PASSWORD_CHANGED = "password_changed"
        FACTOR_ADDED = "factor_added"
        FACTOR_REMOVED = "factor_removed"
        CODES_MADE = "codes_made"

    at = models.DateTimeField(default=timezone.now)
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="sign_ins")
    named = models.CharField(max_length=254, blank=True)  # who tried, where we know nobody of that address: masked
    what = models.CharField(max_length=20, choices=What.choices)
    how = models.CharField(max_length=60, blank=True)  # "password totp": how it was shown who this is
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="sign_ins_of_account"),
            models.Index(fields=["what", "-id"], name="sign_ins_by_kind"),
            models.Index(fields=["at"], name="sign_ins_by_age"),
        ]


class OpenSession(models.Model):
    """A browser in which somebody is signed in. Its row goes when the session does, or is found to be gone."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=60, blank=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)


class KeptTyping(models.Model):
    """A form that met an ended session: sealed, for whoever typed it, until it is sent, discarded, or too old."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.CharField(max_length=120)  # "account:7", or "claim:<id> claimant:<id>" of one who came by a link
    sealed = models.TextField()
    kept_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
