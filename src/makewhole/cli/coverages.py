"""`makewhole coverage list|add`: the insurance of sellers, one by one. Many at once: `makewhole import coverages`."""

from __future__ import annotations

import click


@click.group()
def coverage() -> None:
    """List sellers' insurance, and add to it."""


@coverage.command("list")
@click.option("--marketplace", "code", default="", metavar="CODE", help="Only of this marketplace.")
@click.option("--seller", default="", metavar="REF", help="Only of this seller.")
def list_coverages(code: str, seller: str) -> None:
    """List coverages: whose, by which insurer, from when until when, and what is left of the limit."""
    from makewhole.domain.money import Money
    from makewhole.store.models import Coverage

    found = Coverage.objects.select_related("seller__marketplace")
    if code:
        found = found.filter(seller__marketplace=code)
    if seller:
        found = found.filter(seller__seller_ref=seller)
    for each in found.order_by("seller__marketplace", "seller__seller_ref", "starts_on", "id"):
        currency = each.seller.marketplace.currency
        left, limit, deductible = (
            Money(minor, currency)
            for minor in (each.limit_minor - each.eroded_minor, each.limit_minor, each.deductible_minor)
        )
        marks = [
            *(["verified"] if each.verified_at else ["not verified"]),
            *(["names the platform as an insured"] if each.platform_is_insured else []),
            *([] if each.insurer_account_id else ["insurer cannot be notified"]),
        ]
        click.echo(
            f"{each.seller.marketplace_id:<8} {each.seller.seller_ref:<16} {each.insurer:<24} {each.policy_number:<16} "
            f"{each.starts_on} to {each.ends_on}  {left} of {limit} left, deductible {deductible}; {', '.join(marks)}"
        )


@coverage.command()
@click.option("--marketplace", "code", required=True, metavar="CODE")
@click.option("--seller", required=True, metavar="REF", help="The seller's key in that marketplace.")
@click.option("--insurer", required=True, metavar="NAME", help="As `makewhole import insurers` knows it.")
@click.option("--policy-number", required=True)
@click.option("--starts-on", required=True, metavar="DAY", help="The first day that is covered.")
@click.option("--ends-on", required=True, metavar="DAY", help="The first day that no longer is.")
@click.option("--limit", required=True, metavar="AMOUNT", help="What one policy period pays at most.")
@click.option("--deductible", metavar="AMOUNT", help="What the seller bears of each claim itself; 0 where not told.")
@click.option("--platform-is-insured/--platform-is-not-insured", default=None, help="Does it name the platform?")
@click.option("--verified/--not-verified", default=None, help="Has somebody looked at the proof?")
def add(code: str, seller: str, **told: str | bool | None) -> None:
    """Add a coverage, or change the one with this seller, insurer, policy number and first day.

    What is not told stays as it is known.
    """
    from makewhole.imports import coverages
    from makewhole.integrations.order_files.rows import Unreadable

    row: dict[str, object] = {
        "seller_ref": seller,
        **{name: value for name, value in told.items() if value is not None},
    }
    try:
        report = coverages.load_rows(code, [row])
    except Unreadable as wrong:
        raise click.ClickException(str(wrong)) from None
    if report.bad:
        raise click.ClickException("; ".join(reason.sentence for reason in report.bad_rows[0].reasons) + ".")
    done = "added" if report.new else "changed" if report.changed else "known as it is told"
    click.echo(f"The coverage {told['policy_number']} of {seller} is {done}.")
