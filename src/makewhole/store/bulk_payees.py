"""Accounts of many payees at once, opened for whoever pays them: id of the payee to its account and holder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from makewhole.store import envelope
from makewhole.store.models import VaultItem
from makewhole.store.vault import SALT_BYTES, unwrap


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    account: str
    holder: str

    @property
    def masked(self) -> str:
        """Its last four signs, by which people compare an account without reading it out."""
        return f"•••• {self.account[-4:]}"


def accounts_of(payees: Iterable[UUID]) -> dict[UUID, PayeeAccount]:
    """Those that can be read. A person who was erased has none; a refund or credit has none either."""
    items = VaultItem.objects.filter(id__in=list(payees), kind="payee").select_related("subject")
    found: dict[UUID, PayeeAccount] = {}
    keys: dict[UUID, bytes] = {}
    for item in items:
        if item.subject.wrapped_key is None:
            continue
        if item.subject_id not in keys:
            keys[item.subject_id] = unwrap(item.subject_id, bytes(item.subject.wrapped_key))
        plain = envelope.open_sealed(
            keys[item.subject_id], bytes(item.sealed), bound_to=item.subject_id.bytes + item.id.bytes
        )
        told = msgspec.json.decode(plain[SALT_BYTES:], type=dict[str, str])
        found[item.id] = PayeeAccount(told["account"], told["holder"])
    return found
