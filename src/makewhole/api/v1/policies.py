"""Policies: what was published, what holds on a day; check a document, publish the next version."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from makewhole.api.v1 import pages, said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, key_in
from makewhole.api.v1.once import Told, once
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.tokens import Token, now, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.policy.document import check_policy, read_policy
from makewhole.domain.policy.findings import Finding, PolicyFaulty
from makewhole.domain.policy.needs import missing_from
from makewhole.domain.policy.showing import rules_shown
from makewhole.store import policies as store
from makewhole.store.models import Marketplace, PolicyVersion
from makewhole.store.policies import FaultyPolicy

PUBLISHES: frozenset[RoleName] = frozenset({"programme_owner"})
WHERE = "policy"  # what findings call the document

router = Router(tags=["policies"])


@router.get("/policies", auth=Token("policies:read"), response=shapes.PolicyVersions, summary="Published versions")
def list_policies(request: HttpRequest, wanted: Query[pages.Paging]) -> HttpResponse:
    """Every version of every policy, by name and then in order."""
    name, _, seq = pages.place(wanted.cursor, pages.BY_NAME_AND_NUMBER).partition(" ")
    found = PolicyVersion.objects.order_by("policy", "seq")
    if name:
        found = found.filter(policy__gte=name).exclude(policy=name, seq__lte=int(seq))
    versions = list(found[: wanted.limit + 1])
    page = versions[: wanted.limit]
    following = f"{page[-1].policy} {page[-1].seq}" if len(versions) > wanted.limit else None
    return answer(pages.page([_shown(version) for version in page], following))


@router.get("/policies/versions/{version}", auth=Token("policies:read"), response=shapes.PolicyVersionText,
            summary="A version with its text")  # fmt: skip
def show_version(request: HttpRequest, version: str) -> HttpResponse:
    """A published version; it never changes."""
    found = PolicyVersion.objects.filter(version=version.replace("\x00", "")).first()
    if found is None:
        raise Problem("unknown_policy_version", version=version)
    return answer({**_shown(found), "text": found.text})


@router.get("/policies/{policy}/on/{day}", auth=Token("policies:read"), response=shapes.PolicyOnDay,
            summary="What holds on a day")  # fmt: skip
def show_on_day(request: HttpRequest, policy: str, day: Path[said.Day]) -> HttpResponse:
    """Every rule of the newest version that is in force on that day, with its source."""
    newest = PolicyVersion.objects.filter(policy=policy.replace("\x00", "")).order_by("-seq").first()
    if newest is None:
        raise Problem("unknown_policy", policy=policy)
    document = store.document_of(newest.version)
    rules = [
        {
            "part": rule.part,
            "name": rule.name,
            "told": rule.told,
            "selected_by": rule.selected_by,
            "from_day": rule.from_day,
            "until": rule.until,
            "source": rule.source,
            "checked": rule.checked,
        }
        for rule in rules_shown(document, day)
    ]
    return answer({"policy": policy, "version": newest.version, "day": day, "rules": rules})


@router.post("/policies/check", auth=Token("policies:read"), response=shapes.PolicyCheck, summary="Check a document")
def check(request: HttpRequest, told: said.PolicyText) -> HttpResponse:
    """Everything that is wrong with a policy document, at once; nothing when it is good. Nothing is stored."""
    return answer({"findings": _faults(_findings(told.text))})


@router.post("/policies", auth=Token("policies:write"), response={201: shapes.PolicyVersionShape},
             summary="Publish a version")  # fmt: skip
def publish(request: HttpRequest, told: said.PolicyText) -> HttpResponse:
    """Publishes the next version of the policy that the document names. The same text again is the version it was."""
    actor, at = role_in(request, PUBLISHES, "PublishPolicy"), now()
    findings = _findings(told.text)
    if findings:
        raise _faulty(findings)
    _only_own_policy(read_policy(told.text, where=WHERE).name, actor)

    def effect() -> Told:
        try:
            return _shown(store.publish(told.text, where=WHERE, at=at, by=actor.name))
        except FaultyPolicy as faulty:
            raise _faulty(faulty.findings) from None

    shown, hit = once("policies", key_in(request), by=actor, at=at, content=told.text, effect=effect)
    return answer(shown, status=201, headers=HIT if hit else {})


def _findings(text: str) -> list[Finding]:
    findings = check_policy(text, where=WHERE)
    if findings:
        return findings
    try:
        return missing_from(read_policy(text, where=WHERE), where=WHERE)
    except PolicyFaulty as faulty:
        return faulty.findings


def _faulty(findings: list[Finding]) -> Problem:
    errors = [{"code": "policy_fault", **fault} for fault in _faults(findings)]
    return Problem("policy_faulty", errors=errors, count=len(findings))


def _faults(findings: list[Finding]) -> list[dict[str, str]]:
    return [{"where": finding.where, "what": finding.what} for finding in findings]


def _only_own_policy(policy: str, actor: Actor) -> None:
    """Who owns the programme of some marketplaces publishes only what holds for those and no others."""
    if not actor.marketplaces:
        return
    holds_for = set(Marketplace.objects.filter(policy=policy).values_list("code", flat=True))
    if not holds_for or not holds_for <= actor.marketplaces:
        raise Problem("policy_of_others", policy=policy)


def _shown(version: PolicyVersion) -> Told:
    return {
        "version": version.version,
        "policy": version.policy,
        "digest": version.digest,
        "published_at": version.published_at,
        "published_by": version.published_by,
    }
