"""The page of a seller's standing, for the seller and for staff; and what waits of all sellers, for staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.statement_page import StatementTold, pdf_answer, told
from makewhole.portals.frame.who import acting, only
from makewhole.portals.standing.forms import FORMS, Dispute, Lift, Resolve, Restrict, StandingForm
from makewhole.portals.standing.telling import answer
from makewhole.reads.standing import (
    DisputeView,
    FactView,
    RestrictionStated,
    RestrictionView,
    StandingView,
    find_file,
    find_seller,
    restriction_stated,
    sellers_called,
    standing_view,
    standings_waiting,
)
from makewhole.store import evidence

STAFF: tuple[RoleName, ...] = (
    "adjuster",
    "reviewer",
    "finance",
    "safety_officer",
    "programme_owner",
    "administrator",
    "auditor",
)
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A fact or a restriction, with the forms that fit it for this reader."""

    told: FactView | RestrictionView
    forms: tuple[StandingForm, ...]
    statement: StatementTold | None = None  # of a restriction


@never_cache
@require_GET
@only("seller", "reviewer", "programme_owner", "administrator", "auditor")
def standing(request: HttpRequest, by: Actor) -> HttpResponse:
    """A seller's own standing; for staff, the disputes that wait, the restrictions that hold, any seller by its key."""
    if by.role == "seller":
        return _page(request, by, _seen(by, by.seller_id or 0))
    ref = request.GET.get("seller", "").strip()
    found = sellers_called(by, ref) if ref else []
    if len(found) == 1:
        return redirect("standing-of", seller_id=found[0].pk)
    context = {"by": by, "waiting": standings_waiting(by, timezone.now()), "ref": ref, "sellers": found}
    return render(request, "portals/standings.html", context)


@never_cache
@require_GET
@only("seller", *STAFF)
def of_seller(request: HttpRequest, by: Actor, seller_id: int) -> HttpResponse:
    """The standing of one seller."""
    return _page(request, by, _seen(by, seller_id))


@never_cache
@require_POST
@only("seller", *STAFF)
def act(request: HttpRequest, by: Actor, seller_id: int, what: str) -> HttpResponse:
    """One act. Refused, the page says why on top, and what was typed is still there."""
    view = _seen(by, seller_id)
    kind = FORMS.get(what)
    about = request.POST.get("about", "")[:120]
    if kind is None or (kind in (Resolve, Lift) and not _is_id(about)):
        raise Http404
    form = kind(view, by, view.at, about, request.POST, request.FILES)
    if not form.is_valid():
        refused = _("Please look at the marked fields. Nothing was sent yet.")
        return _page(request, by, view, form, refused=refused, status=422)
    try:
        form.act()
    except Refused as refusal:
        return _page(request, by, _seen(by, seller_id), form, refused=sentence(refusal), status=422)
    messages.success(request, form.done)
    return redirect("standing") if by.role == "seller" else redirect("standing-of", seller_id=seller_id)


@require_GET
@only("seller", "reviewer", "programme_owner", "administrator", "auditor")
def file(request: HttpRequest, by: Actor, seller_id: int, evidence_id: UUID) -> HttpResponse:
    """A file of a dispute, downloaded and never shown in our own name: nobody else's file runs here."""
    try:
        found = find_file(find_seller(by, seller_id=seller_id), evidence_id, by)
        content, media_type = evidence.show(found.pk, "original")
    except Refused as refusal:
        raise Http404 from refusal
    response = HttpResponse(content, content_type=media_type)
    name = f"dispute-{evidence_id.hex[:8]}.{ENDINGS.get(media_type, 'bin')}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@never_cache
@require_GET
def statement(request: HttpRequest, restriction_id: UUID) -> HttpResponse:
    """The statement of reasons of a restriction, by itself."""
    by, stated = _stated(request, restriction_id)
    context = {
        "told": told(stated.statement, _place_of(restriction_id)),
        "restriction": restriction_id,
        "standing": "/standing" if by.role == "seller" else f"/sellers/{stated.seller.pk}/standing",
    }
    return render(request, "portals/standing_statement.html", context)


@never_cache
@require_GET
def paper(request: HttpRequest, restriction_id: UUID) -> HttpResponse:
    """The same as a PDF."""
    _, stated = _stated(request, restriction_id)
    return pdf_answer(stated.statement, stated.paper, f"restriction-{restriction_id}")


def _stated(request: HttpRequest, restriction_id: UUID) -> tuple[Actor, RestrictionStated]:
    """For its seller and for staff; for everybody else there is no such statement."""
    by = acting(request)
    if by is None or by.role not in ("seller", *STAFF):
        raise Http404
    try:
        return by, restriction_stated(restriction_id, by)
    except Refused as refusal:
        raise Http404 from refusal


def _place_of(restriction_id: UUID) -> str:
    return f"/standing/restrictions/{restriction_id}"


def _seen(by: Actor, seller_id: int) -> StandingView:
    """The standing as this reader may see it; for everybody else there is no such page."""
    try:
        return standing_view(find_seller(by, seller_id=seller_id), by, timezone.now())
    except Refused as refusal:
        raise Http404 from refusal


def _page(
    request: HttpRequest,
    by: Actor,
    view: StandingView,
    form: StandingForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    def forms(
        about: str, disputable: bool, dispute: DisputeView | None, liftable: UUID | None
    ) -> Iterator[StandingForm]:
        if disputable:
            yield _or_sent(Dispute, about)
        if dispute is not None and dispute.to_decide:
            yield _or_sent(Resolve, str(dispute.id))
        if liftable is not None:
            yield _or_sent(Lift, str(liftable))

    def _or_sent(kind: type[StandingForm], about: str) -> StandingForm:
        """The form as it came back, where it is this one."""
        return form if form and (form.name, form.about) == (kind.name, about) else kind(view, by, view.at, about)

    context: dict[str, Any] = {
        "view": view,
        "by": by,
        "mine": by.role == "seller",
        "zone": view.marketplace.zone,
        "answer": answer(view, mine=by.role == "seller"),
        "facts": [
            Row(each, tuple(forms(each.fact.key, each.can_be_disputed, each.dispute, None))) for each in view.facts
        ],
        "restrictions": [
            Row(
                each,
                tuple(
                    forms(
                        f"restriction:{each.id}", each.can_be_disputed, each.dispute,
                        each.id if each.can_be_lifted else None,
                    )
                ),
                told(each.statement, _place_of(each.id)),
            )
            for each in view.restrictions
        ],
        "restrict": _or_sent(Restrict, "") if view.restrictable else None,
        "busy": form,
        "refused": refused,
    }  # fmt: skip
    return render(request, "portals/standing.html", context, status=status)


def _is_id(told: str) -> bool:
    try:
        UUID(told)
    except ValueError:
        return False
    return True
