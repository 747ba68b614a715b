"""Published policy versions and the marketplaces' calendars, kept in memory once read: both never change.

publish() is the only way in. It refuses a document with findings, and one that would change the past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files

import holidays as holiday_source
from django.db import connection, transaction

from makewhole.domain.calendar import Calendar
from makewhole.domain.policy.document import check_policy, read_policy
from makewhole.domain.policy.findings import Finding
from makewhole.domain.policy.needs import missing_from
from makewhole.domain.policy.rules import PolicyDates, Rules, published_change_findings, rules_on
from makewhole.domain.policy.shapes import PolicyDocument
from makewhole.domain.refusal import Refused
from makewhole.store.models import Holiday, Marketplace, PolicyVersion

SHIPPED = ("us", "uk", "eu", "ca")


class FaultyPolicy(Exception):
    """A document that may not be published, with all findings."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f"{finding.where}: {finding.what}" for finding in findings))
        self.findings = findings


def shipped(name: str) -> str:
    """The text of a policy that comes with Makewhole."""
    return files("makewhole.policies").joinpath(f"{name}.toml").read_text("utf-8")


@transaction.atomic
def publish(text: str, *, where: str, at: datetime, by: str) -> PolicyVersion:
    """Publishes a document as the next version of its policy; the same text again is the version it was.

    Raises FaultyPolicy with every finding, also where it would change what held before `at`.
    """
    findings = check_policy(text, where=where)
    if findings:
        raise FaultyPolicy(findings)
    document = read_policy(text, where=where)
    if findings := missing_from(document, where=where):
        raise FaultyPolicy(findings)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"policy:{document.name}"])
    latest = PolicyVersion.objects.filter(policy=document.name).order_by("-seq").first()
    if latest is not None and latest.digest == document.digest:
        return latest
    if PolicyVersion.objects.filter(policy=document.name, digest=document.digest).exists():
        raise FaultyPolicy([Finding(where, "this text was a version before; publish what changed since, dated")])
    if latest is not None:
        old = document_of(latest.version)
        findings = published_change_findings(old, document, published_on=at.date())
        if findings:
            raise FaultyPolicy(findings)
    seq = latest.seq + 1 if latest else 1
    return PolicyVersion.objects.create(
        version=f"{document.name} {at.year}-{seq}",
        policy=document.name,
        seq=seq,
        text=text,
        digest=document.digest,
        published_at=at,
        published_by=by,
    )


@lru_cache(maxsize=256)
def document_of(version: str) -> PolicyDocument:
    """The document of a published version."""
    has_nul = "\0" in version  # which PostgreSQL keeps in no text
    published = None if has_nul else PolicyVersion.objects.filter(version=version).first()
    if published is None:
        raise Refused("unknown_policy_version", version=version)
    return read_policy(published.text, where=version)


@lru_cache(maxsize=4096)
def rules_of(version: str, incident: date, notice: date, decision: date) -> Rules:
    """The rules of a version for claims with these dates. Kept, because what a rule looks up it keeps too, and the
    claims of a day share their dates."""
    dates = PolicyDates(incident=incident, notice=notice, decision=decision)
    return rules_on(document_of(version), dates, version=version)


def version_in_force(marketplace: str, at: datetime) -> str:
    """The version that a decision of that instant is made by. Refuses (`no_policy`) where none is published."""
    policy = Marketplace.objects.filter(code=marketplace).values("policy")
    published = PolicyVersion.objects.filter(policy__in=policy, published_at__lte=at)
    found = published.order_by("-seq").values_list("version", flat=True).first()
    if found is None:
        raise Refused("no_policy", marketplace=marketplace)
    return found


def versions_in_force(names: Collection[str], at: datetime) -> dict[str, str]:
    """The same of several policies at once, by their names; one that is not published is not among them."""
    published = PolicyVersion.objects.filter(policy__in=names, published_at__lte=at).order_by("policy", "seq")
    return dict(published.values_list("policy", "version"))


@lru_cache(maxsize=64)
def calendar_of(marketplace: str) -> Calendar:
    """The zone and the free days of a marketplace, as frozen in the table."""
    zone = Marketplace.objects.values_list("zone", flat=True).get(code=marketplace)
    return Calendar(zone, frozenset(Holiday.objects.filter(marketplace=marketplace).values_list("day", flat=True)))


def freeze_holidays(marketplace: str, country: str, years: Iterable[int]) -> int:
    """Copies the public holidays of these years into the table, with the version of their source.

    Days that are there stay as they are: a new release of the source does not move deadlines that run.
    """
    found: dict[date, str] = dict(holiday_source.country_holidays(country, years=list(years)))
    source = f"holidays {version('holidays')} {country}"
    rows = [Holiday(marketplace_id=marketplace, day=day, name=name[:100], source=source) for day, name in found.items()]
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    calendar_of.cache_clear()
    return len(rows)


def forget() -> None:
    """Drops what is kept in memory: for tests, and after restoring a database."""
    document_of.cache_clear()
    rules_of.cache_clear()
    calendar_of.cache_clear()
