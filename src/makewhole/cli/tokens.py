"""`makewhole token create|list|revoke`: keys for machines. A token's clear text is shown once, when it is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click


@click.group()
def token() -> None:
    """Make, list and revoke API tokens."""


@token.command()
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="What it may do; give it more than once.")
@click.option("--per-minute", type=int, default=600, show_default=True, help="Requests a minute.")
@click.option("--days", type=click.IntRange(min=1, max=3650), help="How long it holds; for ever where not told.")
def create(email: str, name: str, scopes: tuple[str, ...], per_minute: int, days: int | None) -> None:
    """Make a token for the account with this EMAIL, and print it."""
    from makewhole.people import tokens
    from makewhole.people.models import Account

    account = Account.objects.filter(email=email.lower()).first()
    if account is None:
        raise click.ClickException(f"there is no account {email}.")
    if not scopes:
        known = "\n".join(f"  {scope:<20} {says}" for scope, says in tokens.SCOPES.items())
        raise click.UsageError(f"Name at least one --scope:\n{known}")
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    made, clear = tokens.make(account, name=name, scopes=scopes, requests_per_minute=per_minute, expires_at=expires_at)
    click.echo(clear)
    # The token alone stands on standard output, so that it can go straight to where it is kept.
    click.echo(f"Token {made.pk} of {account.email}. It is not shown again.", err=True)


@token.command("list")
def list_tokens() -> None:
    """List every token, never its clear text."""
    from makewhole.people.models import ApiToken

    now = datetime.now(UTC)
    for found in ApiToken.objects.select_related("account").order_by("id"):
        if found.revoked_at is not None:
            state = f"revoked {found.revoked_at:%Y-%m-%d %H:%M}"
        elif found.expires_at is not None:
            state = f"{'expired' if found.expires_at <= now else 'until'} {found.expires_at:%Y-%m-%d %H:%M}"
        else:
            state = "active"
        per_minute = f"{found.requests_per_minute}/min"
        click.echo(
            f"{found.pk:>6}  {found.account.email:<32} {found.name:<24} {state:<26} {per_minute:>12}  "
            f"{' '.join(found.scopes)}"
        )


@token.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """End the token of this NUMBER, for good."""
    from makewhole.domain.refusal import Refused
    from makewhole.people import tokens

    try:
        ended = tokens.revoke(number, at=datetime.now(UTC))
    except Refused:
        raise click.ClickException(f"there is no token {number}.") from None
    click.echo(f"Token {number} of {ended.account.email} ended {ended.revoked_at:%Y-%m-%d %H:%M} UTC.")
