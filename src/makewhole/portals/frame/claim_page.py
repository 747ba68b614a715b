"""The page of one claim, for everyone: what it says depends on who reads. Acts come back here too."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.handle import handle
from makewhole.people import kept_typing, who_was_here
from makewhole.people.links import OpenedLink, opened
from makewhole.portals.adjuster.acts import ACTS as STAFF_ACTS
from makewhole.portals.adjuster.desk import desk, onward, place_before, with_names
from makewhole.portals.claimant.acts import ACTS as CLAIMANT_ACTS
from makewhole.portals.finance.acts import ACTS as FINANCE_ACTS
from makewhole.portals.frame import telling, tender_told
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.ended import to_new_link, to_sign_in
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.statement_page import told_of_claim
from makewhole.portals.frame.who import claimant_actor, let_in, producer_actor, was_let_in, who_sees
from makewhole.portals.insurer.acts import ACTS as INSURER_ACTS
from makewhole.portals.seller.acts import ACTS as SELLER_ACTS
from makewhole.portals.seller.of_claim import context as of_respondent
from makewhole.reads.export import EXPORTS, export_of
from makewhole.reads.statements import statements_of
from makewhole.reads.views import SEES_SCREENING, ClaimView, claim_view

ACTS: list[type[ActForm]] = [*SELLER_ACTS, *INSURER_ACTS, *CLAIMANT_ACTS, *STAFF_ACTS, *FINANCE_ACTS]
OLD_LINK = gettext_lazy(
    "Links in mails are good for five weeks. Open the newest mail about your claim, or have a new link sent to you."
)


@never_cache
@require_GET
def claim(request: HttpRequest, name: str) -> HttpResponse:
    """The claim as this reader may see it. A link's key is taken out of the address at once."""
    if key := request.GET.get("key"):
        return _by_link(request, name, key)
    try:
        by, view = _seen(request, name)
    except Http404:
        if request.user.is_authenticated:
            raise
        return render(request, "account/no_way_in.html", {"name": name}, status=404)
    return _page(request, view, by)


@never_cache
@require_POST
def act(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """One act. Refused, the page says why on top, and what was typed is still there."""
    try:
        by, view = _seen(request, name)
    except Http404:
        return _session_ended(request, name)
    kind = next((each for each in ACTS if each.name == what), None)
    if kind is None:
        raise Http404
    now = timezone.now()
    place = place_before(request, view, by, now)
    form = kind(view, by, now, request.POST, request.FILES)
    if not form.is_valid():
        return _page(
            request, view, by, form, refused=_("Please look at the marked fields. Nothing was sent yet."), status=422
        )
    seen = _version(request.POST.get("seen", ""))
    try:
        done = handle(form.ask(seen))
    except Refused as refusal:
        by, view = _seen(request, name)  # somebody else may have moved it on
        stale = seen if refusal.code == "page_is_stale" else None
        return _page(request, view, by, form, refused=sentence(refusal), stale=stale, status=_status(refusal))
    told = _("This was done before; nothing was done twice.") if done.repeated else str(kind.done)
    if place is not None and (next_file := onward(request, by, done.claim, kind.name, told, place=place, now=now)):
        return next_file
    messages.success(request, told)
    there = reverse("claim", args=[view.claim.filed.reference])
    return redirect(f"{there}?{urlencode({'queue': request.POST['queue']})}" if "queue" in request.POST else there)


@never_cache
@require_GET
def log(request: HttpRequest, name: str) -> HttpResponse:
    """Every event that this reader may know of, also the machinery's."""
    by, view = _seen(request, name)
    staff = by.role in SEES_SCREENING
    steps = [
        telling.StepTold(step, telling.sentence_of(step.event, view), step.by if staff else "")
        for step in view.timeline
    ]
    return render(request, "portals/claim/log.html", {"view": view, "by": by, "steps": steps, "staff": staff})


@never_cache
@require_GET
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The claim as a file that the reader can check at home, downloaded."""
    try:
        by, claim_id = who_sees(request, name)
        file = export_of(claim_id, by, at=timezone.now())
    except Refused as refusal:
        raise Http404 from refusal
    response = HttpResponse(file.content, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _seen(request: HttpRequest, name: str) -> tuple[Actor, ClaimView]:
    """Who reads, and the claim; for everybody else there is no such page."""
    try:
        by, claim_id = who_sees(request, name)
        return by, claim_view(claim_id, by)
    except Refused as refusal:
        raise Http404 from refusal


def _by_link(request: HttpRequest, name: str, key: str) -> HttpResponse:
    try:
        link = opened(key)
    except Refused:
        return render(request, "portals/old_link.html", {"told": OLD_LINK, "claim": name}, status=410)
    guest = _guest(link)
    let_in(request, link.claim_id, guest)
    if kept_typing.waiting_for(request, [kept_typing.guest_of(link.claim_id.hex, guest.name)]):
        return redirect("typing")
    return redirect("claim", name=name)


def _session_ended(request: HttpRequest, name: str) -> HttpResponse:
    """An act by somebody who is nobody any more: whoever was signed in signs in again, whoever had come by a link gets
    a new one, and the typing waits. To a stranger there is no such page."""
    if request.user.is_authenticated:
        raise Http404
    if who_was_here.account_of(request) is not None:
        return to_sign_in(request)
    was = was_let_in(request, name)
    if was is None:
        raise Http404
    return to_new_link(request, name, claim_id=was[0], known_as=was[1])


def _guest(link: OpenedLink) -> Actor:
    return producer_actor(link.party_id) if link.party == "producer" else claimant_actor(link.party_id)


def _page(
    request: HttpRequest,
    view: ClaimView,
    by: Actor,
    form: ActForm | None = None,
    *,
    refused: str = "",
    stale: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """`stale`: the version that was acted on, where somebody else has acted since."""
    now = timezone.now()
    staff = by.role in SEES_SCREENING
    if staff:
        view = with_names(view)
    forms = [each(view, by, now) for each in ACTS if each.offered(view, by)]
    if form is not None:
        form.lapsed = not form.offered(view, by)
        at = next((n for n, each in enumerate(forms) if each.name == form.name), None)
        forms = [form, *forms] if at is None else [*forms[:at], form, *forms[at + 1 :]]
    answers = [each for each in forms if each.answer]
    steps = telling.timeline(view, by)
    context: dict[str, Any] = {
        "view": view,
        "claim": view.claim,
        "by": by,
        "staff": staff,
        "answer": telling.answer(view, by, now),
        "clocks": telling.running(view, by.role),
        "now": now,
        "bearer": telling.bearer(view, by),
        "steps": steps,
        "changed": [told for told in steps if stale is not None and told.step.version > stale],
        "stale": stale is not None,
        "statements": told_of_claim(statements_of(view.claim.claim_id, by), view.claim.filed.reference),
        "checks": sorted(view.checks, key=lambda check: check.outcome == "pass"),
        "evidence": [(item, not item.hidden) for item in view.evidence],
        "tender": tender_told.tender_of(view, by),
        "recovery": tender_told.recovery_of(view, by),
        "answers": answers,
        # Whoever may have to answer for it reads the file first.
        "file_first": bool(answers) and by.is_respondent,
        "forms": [each for each in forms if not each.answer],
        "may_export": by.role in EXPORTS,
        "busy": form.name if form is not None else "",
        "refused": refused,
    }
    if staff:
        context |= desk(request, view, by, now)
        _prepare(forms, request.GET.get("prepare", ""))
    if by.is_respondent:
        context |= of_respondent(view, by, now, answers, steps)
    return render(request, _template(by), context, status=status)


def _prepare(forms: list[ActForm], wanted: str) -> None:
    """Where no script runs, a prepared reason ("concern.not_supported") is chosen by the address."""
    name, _, code = wanted.partition(".")
    for form in forms:
        if form.name == name and not form.is_bound:
            form.prepare(code)


def _template(by: Actor) -> str:
    """Pages of the same parts: for who claims, for who answers, for who decides, and for the marketplace."""
    if by.is_respondent:
        return "portals/claim/of_respondent.html"
    if by.role in SEES_SCREENING:
        return "portals/claim/of_staff.html"
    return "portals/claim/of_claimant.html" if by.role == "claimant" else "portals/claim/of_marketplace.html"


def _version(seen: str) -> int | None:
    return int(seen) if seen.isdecimal() and len(seen) < 10 else None


def _status(refusal: Refused) -> int:
    return 409 if refusal.code == "page_is_stale" else 422
