"""`makewhole webhook add|list|rotate|remove|deliveries|replay`: where machines are told.

A secret stands alone on standard output, once, so that it can go straight to where it is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from makewhole.cli.parties import party_named, whose

if TYPE_CHECKING:
    from makewhole.store.models import Delivery, WebhookEndpoint

BY = "operator:cli"


@click.group()
def webhook() -> None:
    """Say where machines of sellers, insurers and marketplaces are told."""


@webhook.command()
@click.argument("url")
@whose
def add(url: str, marketplace: str, seller: str, insurer: str) -> None:
    """Tell the machine at URL, from the next notice on; prints the secret that its messages are signed with."""
    from django.conf import settings

    from makewhole.store import webhooks

    party = party_named(marketplace, seller, insurer)
    to_loopback = settings.MAKEWHOLE_WEBHOOKS_TO_LOOPBACK
    made, secret = webhooks.add(party, url, by=BY, at=datetime.now(UTC), to_loopback=to_loopback)
    click.echo(secret)
    click.echo(f"Webhook {made.id} of {party}. The secret is not shown again.", err=True)


@webhook.command("list")
@whose
def list_webhooks(marketplace: str, seller: str, insurer: str) -> None:
    """List the webhooks of a party, never their secrets."""
    from makewhole.store import webhooks

    for found in webhooks.endpoints_of(party_named(marketplace, seller, insurer)):
        click.echo(f"{found.id}  {_state(found):<28} {found.url}")


@webhook.command()
@click.argument("webhook_id", type=click.UUID)
def rotate(webhook_id: UUID) -> None:
    """Make a new secret, and print it; the one before signs beside it for 24 hours."""
    from makewhole.store import webhooks

    _, secret = webhooks.rotate(_party_of(webhook_id), webhook_id, at=datetime.now(UTC))
    click.echo(secret)
    click.echo("The secret before signs beside it for 24 hours. This one is not shown again.", err=True)


@webhook.command()
@click.argument("webhook_id", type=click.UUID)
def remove(webhook_id: UUID) -> None:
    """Deliver nothing there any more, and destroy its secrets."""
    from makewhole.store import webhooks

    gone = webhooks.remove(_party_of(webhook_id), webhook_id, at=datetime.now(UTC))
    click.echo(f"Nothing is delivered to {gone.url} any more.")


@webhook.command()
@click.argument("webhook_id", type=click.UUID)
@click.option("--last", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many, the newest first.")
def deliveries(webhook_id: UUID, last: int) -> None:
    """List what was delivered to a webhook, with each attempt."""
    from makewhole.store import webhooks

    for found in webhooks.deliveries_of(webhooks.find(_party_of(webhook_id), webhook_id), size=last):
        click.echo(f"{found.id}  {found.created_at:%Y-%m-%d %H:%M}  {_delivered(found):<10} {found.notice.template}")
        for each in found.log.all():
            click.echo(f"    {each.at:%Y-%m-%d %H:%M:%S}  {each.status or '':>3} {each.error or 'delivered'}")


@webhook.command()
@click.argument("delivery_id", type=click.UUID)
def replay(delivery_id: UUID) -> None:
    """Make a delivery once more, under the same webhook-id."""
    from makewhole.store import webhooks
    from makewhole.store.models import Delivery

    party = Delivery.objects.filter(id=delivery_id).values_list("endpoint__party", flat=True).first()
    if party is None:
        raise click.ClickException(f"there is no delivery {delivery_id}.")
    again = webhooks.replay(party, delivery_id, at=datetime.now(UTC))
    click.echo(f"{again.notice.template} is delivered again within seconds, as {webhooks.message_id(again)}.")


def _party_of(webhook_id: UUID) -> str:
    from makewhole.store.models import WebhookEndpoint

    party = WebhookEndpoint.objects.filter(id=webhook_id).values_list("party", flat=True).first()
    if party is None:
        raise click.ClickException(f"there is no webhook {webhook_id}.")
    return party


def _state(endpoint: WebhookEndpoint) -> str:
    if endpoint.removed_at is not None:
        return f"removed {endpoint.removed_at:%Y-%m-%d %H:%M}"
    return f"rests until {endpoint.rests_until:%Y-%m-%d %H:%M}" if endpoint.rests_until else "active"


def _delivered(delivery: Delivery) -> str:
    return "delivered" if delivery.sent_at else "given up" if delivery.failed_at else "waiting"
