"""A claim as people name it on the command line."""

from __future__ import annotations

from uuid import UUID

import click


def claim_id_of(reference: str) -> UUID:
    """The claim of this reference ("MW-7K3QX-9M2TD"), or of this id."""
    from makewhole.store.models import Claim

    wanted = reference.strip().upper()
    found = Claim.objects.filter(reference=wanted).values_list("id", flat=True).first()
    if found is None:
        found = _as_id(wanted)
    if found is None:
        raise click.ClickException(f"there is no claim {reference}.")
    return found


def _as_id(text: str) -> UUID | None:
    """Also one that has no row any more: its log is there to be looked at."""
    from makewhole.store.models import Event

    try:
        claim_id = UUID(text)
    except ValueError:
        return None
    return claim_id if Event.objects.filter(claim_id=claim_id).exists() else None
