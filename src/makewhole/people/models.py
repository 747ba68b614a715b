"""Accounts, the roles they hold, and the tokens of machines. Start at Account."""

from __future__ import annotations

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
