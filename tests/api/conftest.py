"""The API as machines meet it, against real PostgreSQL and real commits."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from api.machines import Clock, Hire, Machine
    from world import Shop


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    from api.machines import Clock
    from django.utils import timezone
    from world import NOW

    monkeypatch.setattr(timezone, "now", lambda: Clock.stands_at)
    monkeypatch.setattr(Clock, "stands_at", NOW)
    return Clock


@pytest.fixture
def hire(shop: Shop, clock: type[Clock]) -> Hire:
    """A machine with a role in this test's marketplace; more roles as (role, marketplace, seller id)."""

    def hired(
        role: str = "marketplace",
        *,
        scopes: tuple[str, ...] = ("all",),
        seller: int | None = None,
        insurer: int | None = None,
        marketplace: str | None = None,
        also: tuple[tuple[str, str, int | None], ...] = (),
        per_minute: int = 100_000,
        valid_for: timedelta | None = None,
    ) -> Machine:
        from api.machines import ALL, Machine
        from world import NOW

        from makewhole.people import tokens
        from makewhole.people.models import Account, RoleAssignment

        account = Account.objects.create_user(f"{secrets.token_hex(8)}@example.com", name=role)
        where = shop.code if marketplace is None else marketplace
        for name, code, seller_id in ((role, where, seller), *also):
            RoleAssignment.objects.create(
                account=account, role=name, marketplace=code, seller_id=seller_id,
                insurer_id=insurer if name == "insurer" else None,
            )  # fmt: skip
        made, clear = tokens.make(
            account,
            name="test",
            scopes=tokens.SCOPES if scopes == ALL else scopes,
            requests_per_minute=per_minute,
            expires_at=NOW + valid_for if valid_for is not None else None,
        )
        return Machine(clear, account.pk, made.pk)

    return hired


@pytest.fixture
def backend(shop: Shop, hire: Hire) -> Machine:
    """The marketplace's own program; the shop sends files in its name."""
    from makewhole.domain.actors import Actor

    machine = hire("marketplace")
    shop.backend = Actor(f"marketplace:{machine.account_id}", "marketplace", marketplaces=frozenset({shop.code}))
    return machine
