"""Drafts of policies: write, check, see what would change, publish with a second look. Published rules are for ever."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.policy.comparing import Change
from makewhole.domain.policy.findings import Finding
from makewhole.domain.policy.lines import line_of
from makewhole.domain.refusal import Refused
from makewhole.people.access import named
from makewhole.portals.frame import words
from makewhole.portals.frame.clauses import page_of
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.store import policies, policy_drafts
from makewhole.store.models import Marketplace, PolicyDraft, PolicyVersion
from makewhole.store.policies import FaultyPolicy

AROUND = 3  # lines of context of a difference


@dataclass(frozen=True, slots=True)
class FindingTold:
    """One thing that is wrong, where, and the line to look at."""

    finding: Finding
    line: int | None

    @property
    def place(self) -> str:
        return self.finding.where.partition(": ")[2] or self.finding.where


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of the difference of two texts. `kind`: same, new, gone, gap."""

    kind: str
    sign: str
    number: int | None
    text: str


@never_cache
@require_GET
@only("programme_owner")
def listed(request: HttpRequest, by: Actor) -> HttpResponse:
    """Drafts that wait, and the versions in force to start one from."""
    return _list(request, by)


@never_cache
@require_POST
@only("programme_owner")
def start(request: HttpRequest, by: Actor) -> HttpResponse:
    """A draft from a published version, from a file, or from pasted text."""
    now, note = timezone.now(), request.POST.get("note", "").strip()
    try:
        text = _sent(request)
        draft = policy_drafts.start(text, note=note, by=by, at=now)
    except Refused as refusal:
        return _list(request, by, refused=sentence(refusal), status=422)
    messages.success(request, _("The draft is saved. Nothing of it holds until it is published."))
    return redirect("draft", draft_id=draft.id)


@never_cache
@require_http_methods(["GET", "POST"])
@only("programme_owner")
def draft(request: HttpRequest, by: Actor, draft_id: UUID) -> HttpResponse:
    """One draft: its text, what is wrong with it, and what it would change."""
    found = _found(draft_id, by)
    if request.method == "GET":
        return _page(request, by, found)
    text, note = request.POST.get("text", ""), request.POST.get("note", "").strip()
    try:
        policy_drafts.save(draft_id, text, note=note, seen=_number(request), by=by, at=timezone.now())
    except Refused as refusal:
        found = _found(draft_id, by)  # somebody else may have moved it on
        return _page(request, by, found, refused=sentence(refusal), status=409, typed=text, note=note)
    messages.success(request, _("Saved and checked."))
    return redirect("draft", draft_id=draft_id)


@never_cache
@require_http_methods(["GET", "POST"])
@only("programme_owner")
def publish(request: HttpRequest, by: Actor, draft_id: UUID) -> HttpResponse:
    """The second look: all that changes, from when on, before it is published and stays for ever."""
    found, now = _found(draft_id, by), timezone.now()
    if request.method == "GET":
        return _second_look(request, by, found, now)
    if request.POST.get("read") != "1":
        told = _("Please say that you have read what changes. Nothing was published yet.")
        return _second_look(request, by, found, now, refused=told, status=422)
    try:
        version = policy_drafts.publish(draft_id, seen=_number(request), by=by, at=now)
    except FaultyPolicy:
        messages.error(request, _("Nothing was published: something is wrong with it."))
        return redirect("draft", draft_id=draft_id)
    except Refused as refusal:
        return _second_look(request, by, _found(draft_id, by), now, refused=sentence(refusal), status=409)
    messages.success(request, _("{version} is published. It can no longer be changed.").format(version=version.version))
    return redirect(page_of(version.version))


@never_cache
@require_POST
@only("programme_owner")
def drop(request: HttpRequest, by: Actor, draft_id: UUID) -> HttpResponse:
    """Nobody wants this draft any more."""
    _found(draft_id, by)
    try:
        policy_drafts.drop(draft_id, by=by, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("draft", draft_id=draft_id)
    messages.success(request, _("The draft was dropped."))
    return redirect("drafts")


def difference(before: str, after: str) -> list[DiffLine]:
    """The lines that differ, with a few around them; numbers are those of the new text."""
    old, new = before.splitlines(), after.splitlines()
    told: list[DiffLine] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if told:
            told.append(DiffLine("gap", "", None, "⋯"))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                told += [DiffLine("same", " ", j + 1, new[j]) for j in range(j1, j2)]
            else:
                told += [DiffLine("gone", "−", None, old[i]) for i in range(i1, i2)]
                told += [DiffLine("new", "+", j + 1, new[j]) for j in range(j1, j2)]
    return told


def _list(request: HttpRequest, by: Actor, *, refused: str = "", status: int = 200) -> HttpResponse:
    mine = policy_drafts.policies_of(by)
    waiting = policy_drafts.waiting(mine)
    names = named(each.saved_by for each in waiting)
    newest = PolicyVersion.objects.order_by("policy", "-seq").distinct("policy").defer("text")
    told = {
        "by": by,
        "drafts": [(each, words.by_whom(each.saved_by, names)) for each in waiting],
        "versions": [each for each in newest if mine is None or each.policy in mine],
        "places": _places(),
        "refused": refused,
        "given": request.POST,
    }
    return render(request, "portals/owner/drafts.html", told, status=status)


def _page(
    request: HttpRequest,
    by: Actor,
    found: PolicyDraft,
    *,
    refused: str = "",
    status: int = 200,
    typed: str | None = None,
    note: str = "",
) -> HttpResponse:
    """The draft as it is saved; `typed` is what somebody wrote and could not save, and stays in the form."""
    now = timezone.now()
    findings = [] if found.published_as_id else policy_drafts.findings(found, now)
    changed = policy_drafts.would_change(found) if not found.published_as_id else []
    before = policy_drafts.in_force(found.policy)
    names = named({found.started_by, found.saved_by})
    told = {
        "by": by,
        "draft": found,
        "text": found.text if typed is None else typed,
        "note": found.note if typed is None else note,
        "unsaved": difference(found.text, typed) if typed is not None else [],
        "open": found.published_as_id is None and found.dropped_at is None,
        "findings": [FindingTold(each, line_of(found.text, each.where, each.what)) for each in findings],
        "headline": _headline(found, findings, changed, first=before is None),
        "changes": changed,
        "difference": difference(before.text, found.text) if before is not None else [],
        "before": before,
        "started_by": words.by_whom(found.started_by, names),
        "saved_by": words.by_whom(found.saved_by, names),
        "refused": refused,
        "today": timezone.localdate(),
    }
    return render(request, "portals/owner/draft.html", told, status=status)


def _second_look(
    request: HttpRequest, by: Actor, found: PolicyDraft, now: datetime, *, refused: str = "", status: int = 200
) -> HttpResponse:
    if found.published_as_id is not None or found.dropped_at is not None or policy_drafts.findings(found, now):
        return redirect("draft", draft_id=found.id)
    changed = policy_drafts.would_change(found)
    told = {
        "by": by,
        "draft": found,
        "changes": changed,
        "places": [name for policy, name in _places() if policy == found.policy],
        "soonest": min((each.from_day for each in changed if each.how != "source"), default=None),
        "newest": PolicyVersion.objects.filter(policy=found.policy).order_by("-seq").defer("text").first(),
        "refused": refused,
        "today": timezone.localdate(),
    }
    return render(request, "portals/owner/publish.html", told, status=status)


def _headline(found: PolicyDraft, findings: list[Finding], changed: list[Change], *, first: bool) -> str:
    if found.published_as is not None:
        return _("This draft was published as {version}.").format(version=found.published_as.version)
    if found.dropped_at is not None:
        return _("This draft was dropped.")
    if findings:
        told = ngettext("{number} thing stands in its way.", "{number} things stand in its way.", len(findings))
        return told.format(number=len(findings))
    if first:
        return _("It can be published, as the first version of its policy.")
    told = ngettext(
        "It can be published: {number} rule changes.", "It can be published: {number} rules change.", len(changed)
    )
    return told.format(number=len(changed))


def _places() -> list[tuple[str, str]]:
    """(policy, name of a marketplace under it), by code."""
    return list(Marketplace.objects.order_by("code").values_list("policy", "name"))


def _sent(request: HttpRequest) -> str:
    """The text to start from. Refuses `unknown_policy_version`, `file_is_no_text`."""
    if version := request.POST.get("version", ""):
        return policies.document_of(version).text
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")
    if file.size is not None and file.size > 4 * policy_drafts.LONGEST:
        raise Refused("text_too_long", field="file", length=file.size, longest=policy_drafts.LONGEST)
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("file_is_no_text", name=file.name or "") from None


def _found(draft_id: UUID, by: Actor) -> PolicyDraft:
    try:
        return policy_drafts.find(draft_id, by)
    except Refused as refusal:
        raise Http404 from refusal


def _number(request: HttpRequest) -> int:
    """The revision that the form was made from; none that there is where it names none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0
