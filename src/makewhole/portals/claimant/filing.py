"""Filing a claim, one question a page: from an order link to the decision. Start at `file`.

Each answer is saved at once into a draft (store/drafts.py). Its id is the idempotency key of the filing, and stands for
a sender who has no claimant id yet; so a form that is sent twice is one claim.

Who may open a draft: the browser in which it was begun, as long as its session lives; the account that began it, on any
device; and whoever has the link that was mailed on request. A page of the form carries a signed name of its draft, so
that an answer also arrives after the session is over: nothing that was typed is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.imports.pseudonyms import pseudonyms
from makewhole.people.links import ORDER_LINK_VALID_FOR, OrderNamed, opens_draft, order_key, order_named
from makewhole.people.models import Account
from makewhole.portals.claimant import notice, sending, steps
from makewhole.portals.claimant.finding import Address
from makewhole.portals.claimant.keeping import NotKept, keep_files, remove_file
from makewhole.portals.frame.asking_links import ask_for_link
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.uploads import ACCEPTED, too_large
from makewhole.portals.frame.who import acting, only
from makewhole.reads.orders import claims_on, line_with_id, order_line, orders_of
from makewhole.store import drafts, evidence
from makewhole.store.drafts import Draft, Told
from makewhole.store.ids import new_id
from makewhole.store.models import OrderLine

_SALT = "makewhole.portals.draft"
_OPENED = "drafts_opened"
_MOST_OPENED = 20


# From an order ----------------------------------------------------------------------------------------------


@never_cache
@require_GET
def file(request: HttpRequest, key: str) -> HttpResponse:
    """The first question for an order line, or where the form was left in this browser or by this account."""
    try:
        order = order_named(key)
    except Refused:
        return _gone(request, _("This link is no longer good. Go to your order and start again from there."))
    line = order_line(order.marketplace, order.order_ref, order.line_ref, order.buyer_ref)
    if line is None:
        raise Http404
    now = timezone.now()
    if "new" not in request.GET:
        begun = drafts.of_line(line.pk, _opened_ids(request), _account_id(request), now)
        open_ = [draft for draft in begun if draft.claim_id is None]
        if open_:
            _open(request, open_[0].id)
            return redirect("filing", draft_id=open_[0].id, name=steps.next_unanswered(open_[0].told))
        claims = claims_on(
            [line.pk], claimant_id=_claimant_id(request), among=[draft.claim_id for draft in begun if draft.claim_id]
        )
        if claims:
            return render(request, "portals/claimant/again.html", {"line": line, "claims": claims})
    draft = Draft(new_id(), line.pk, None, None)
    return _page(request, _Asked(draft, line, steps.Photos(line, {}, now), now))


@never_cache
@require_GET
@only("claimant")
def orders(request: HttpRequest, by: Actor) -> HttpResponse:
    """The orders of this account, each with the way to a claim, what is begun, and the claims that exist."""
    assert isinstance(request.user, Account)
    (buyer_ref,) = pseudonyms([request.user.email])
    lines = orders_of(buyer_ref, by.marketplaces or ())
    begun = {draft.order_line_id: draft for draft in reversed(drafts.of_account(request.user.pk, timezone.now()))}
    claimed = {
        claim.order_line_id: claim
        for claim in reversed(claims_on([line.pk for line in lines], claimant_id=by.claimant_id))
    }
    shown = [
        (line, order_key(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, buyer_ref)),
         begun.get(line.pk), claimed.get(line.pk))
        for line in lines
    ]  # fmt: skip
    return render(request, "portals/claimant/orders.html", {"by": by, "orders": shown})


# The questions ----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """One question, and the way on from its answer."""
    now = timezone.now()
    if name != "check" and name not in steps.BY_NAME:
        raise Http404
    draft = _found(request, draft_id, now)
    if draft is None:
        return _not_here(request)
    if draft.claim_id is not None:
        return _sent_before(request, draft, changed=request.method == "POST" and name != "check")
    line = line_with_id(draft.order_line_id)
    if name == "check":
        return _checked(request, draft, line, now)
    kind = steps.BY_NAME[name]
    if not kind.asked(draft.told):
        return redirect("filing", draft_id=draft.id, name=steps.next_unanswered(draft.told))
    if request.method == "GET":
        return _page(request, _Asked(draft, line, kind(line, draft.told, now), now))
    return _answered(request, draft, line, kind, now)


@never_cache
@require_GET
def go_on(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """By the link of a mail, or by the address alone: to the first question that has no answer."""
    if opens_draft(request.GET.get("key", ""), draft_id):
        _open(request, draft_id)
        return redirect("filing-on", draft_id=draft_id)  # the key leaves the address at once
    draft = _found(request, draft_id, timezone.now())
    if draft is None:
        return _not_here(request)
    if draft.claim_id is not None:
        return _sent_before(request, draft, changed=False)
    return redirect("filing", draft_id=draft_id, name=steps.next_unanswered(draft.told))


@never_cache
@require_POST
def upload(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """A photo or paper as soon as it is chosen, where scripts run: answers with the list of its place."""
    now = timezone.now()
    draft, slot = _found(request, draft_id, now), steps.SLOTS.get(request.POST.get("slot", ""))
    if draft is None or draft.claim_id is not None or slot is None:
        raise Http404
    draft, faults = _with_files(request, draft, (slot,), now, "file")
    context = _files_context(draft, slot, [told.told for told in faults])
    return render(request, "portals/claimant/files.html", context, status=422 if faults else 200)


@never_cache
@require_POST
def address(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The parts of an address in the country that was chosen just now, with what is typed in them, where scripts run.
    Nothing is kept."""
    now = timezone.now()
    draft = _found(request, draft_id, now)
    if draft is None or draft.claim_id is not None:
        raise Http404
    typed = {**draft.told, steps.You.name: request.POST.dict()}
    form = steps.You(line_with_id(draft.order_line_id), typed, now)
    return render(request, "portals/claimant/address.html", {"form": form})


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def picture(request: HttpRequest, draft_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A small picture of a photo that belongs to a draft."""
    draft = _found(request, draft_id, timezone.now())
    if draft is None or str(evidence_id) not in {each["id"] for each in draft.told.get("files", [])}:
        raise Http404
    try:
        content, media_type = evidence.show(evidence_id, "thumbnail")
    except Refused as refusal:
        raise Http404 from refusal
    return HttpResponse(content, content_type=media_type)


@never_cache
@require_POST
def mail_link(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """ "Send me a link to go on later": the draft's own holder asks, so the address is taken as it is."""
    now = timezone.now()
    draft = _found(request, draft_id, now)
    if draft is None or draft.claim_id is not None or draft.saved_at is None:
        return _not_here(request)
    form = Address(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["email"][0]))
    else:
        to = form.cleaned_data["email"]
        if ask_for_link(request, "draft", to, str(draft_id)):
            messages.success(request, _("A link to go on is on its way to %(address)s.") % {"address": to})
        else:
            messages.error(request, _("Too many links were asked for in a short time. Wait an hour, and ask again."))
    back = request.POST.get("back", "")
    return redirect("filing", draft_id=draft_id, name=back if back in steps.BY_NAME else "check")


# An answer ---------------------------------------------------------------------------------------------------


def _answered(
    request: HttpRequest, draft: Draft, line: OrderLine, kind: type[steps.Step], now: datetime
) -> HttpResponse:
    """Files first: they are kept whatever else is wrong. Then the answer, and on to the next question."""
    faults: list[NotKept] = []
    slots = kind(line, draft.told, now).slots
    if slots:
        draft, faults = _with_files(request, draft, slots, now)
        if gone := request.POST.get("remove"):
            draft = remove_file(draft, gone, at=now)
    form = kind(line, draft.told, now, request.POST)
    stays = "remove" in request.POST or "add" in request.POST
    if faults or not form.is_valid():
        return _page(request, _Asked(draft, line, form, now, faults), status=200 if stays and not faults else 422)

    def keep(told: Told) -> None:
        form.keep(told)
        if (known := _known(request)) and "you" not in told:
            told["you"] = known

    draft = drafts.save(draft.id, line.pk, keep, account_id=_account_id(request), at=now)
    if draft.claim_id is not None:
        return _sent_before(request, draft, changed=True)
    _open(request, draft.id)
    return redirect("filing", draft_id=draft.id, name=kind.name if stays else steps.next_unanswered(draft.told))


def _with_files(
    request: HttpRequest, draft: Draft, slots: tuple[steps.Slot, ...], now: datetime, field: str = ""
) -> tuple[Draft, list[NotKept]]:
    """The draft with the files that came for these places, and those that cannot be kept, each with its reason."""
    faults: list[NotKept] = []
    for slot in slots:
        came = request.FILES.getlist(field or slot.name)
        if came:
            draft, wrong = keep_files(draft, slot, came, account_id=_account_id(request), at=now)
            faults += wrong
            _open(request, draft.id)
    return draft, faults


def _checked(request: HttpRequest, draft: Draft, line: OrderLine, now: datetime) -> HttpResponse:
    """All answers on one page; sent from here."""
    first = steps.next_unanswered(draft.told)
    if first != "check":
        return redirect("filing", draft_id=draft.id, name=first)
    if request.method == "GET":
        return _look_over(request, draft, line, now)
    try:
        return sending.send(request, draft, line, at=now)
    except Refused as refusal:
        return _look_over(request, draft, line, now, refusal)


# The pages ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    draft: Draft
    line: OrderLine
    form: steps.Step
    now: datetime
    faults: list[NotKept] | tuple[NotKept, ...] = ()


def _page(request: HttpRequest, asked: _Asked, *, status: int = 200) -> HttpResponse:
    draft, form = asked.draft, asked.form
    places = [
        {"slot": slot, "files": steps.files_of(draft.told, slot),
         "faults": [fault.told for fault in asked.faults if fault.slot == slot.name]}
        for slot in form.slots
    ]  # fmt: skip
    context = _frame(draft, asked.line, asked.now, form.name) | {
        "form": form,
        "places": places,
        "group": form.group,
        "faults": [fault.told for fault in asked.faults],
    }
    return render(request, form.template, context, status=status)


def _look_over(
    request: HttpRequest, draft: Draft, line: OrderLine, now: datetime, refusal: Refused | None = None
) -> HttpResponse:
    context = _frame(draft, line, now, "check") | {
        "rows": notice.rows(draft.told, line),
        "missing": notice.missing(draft.told, line, now),
        "group": steps.GROUPS,
        "total": notice.total(draft.told, line),
        "refused": _told(refusal) if refusal else "",
        "refused_step": notice.step_of(refusal) if refusal else "",
    }
    return render(request, "portals/claimant/check.html", context, status=422 if refusal else 200)


def _frame(draft: Draft, line: OrderLine, now: datetime, name: str) -> dict[str, Any]:
    return {
        "draft": draft,
        "line": line,
        "now": now,
        "name": name,
        "groups": steps.GROUPS,
        "before": steps.before(name, draft.told),
        "token": _token(draft),
        "accepted": ACCEPTED,
        "largest": evidence.LARGEST_BYTES,
        "too_large": too_large("[name]", "[size]"),
    }


def _files_context(draft: Draft, slot: steps.Slot, faults: list[str]) -> dict[str, Any]:
    return {"draft": draft, "slot": slot, "files": steps.files_of(draft.told, slot), "faults": faults}


def _sent_before(request: HttpRequest, draft: Draft, *, changed: bool) -> HttpResponse:
    assert draft.claim_id is not None
    sending.let_back_in(request, draft.claim_id)
    if changed:
        messages.error(
            request,
            _("You sent this claim before; what you changed since then is not part of it. Send here what is new."),
        )
    else:
        messages.success(request, _("You sent this before: here is the claim. Nothing was filed twice."))
    return redirect("claim", name=str(draft.claim_id))


def _not_here(request: HttpRequest) -> HttpResponse:
    return render(request, "portals/claimant/not_here.html", status=410)


def _gone(request: HttpRequest, told: str) -> HttpResponse:
    return render(request, "portals/old_link.html", {"told": told}, status=410)


def _told(refusal: Refused) -> str:
    if refusal.code == "key_used_for_other_content":
        return _("You sent this claim a moment ago, with other content. Look at it before you send anything more.")
    return sentence(refusal)


# Who may open a draft ----------------------------------------------------------------------------------------


def _found(request: HttpRequest, draft_id: UUID, at: datetime) -> Draft | None:
    """The draft, for who may open it. An answer on a page of ours brings its own proof, and makes the draft where it
    is the first, or where the draft's time is over."""
    line_id = _line_of_token(request.POST.get("form", ""), draft_id) if request.method == "POST" else None
    draft = drafts.find(draft_id, at)
    if draft is None:
        return Draft(draft_id, line_id, None, None) if line_id is not None else None
    account_id = _account_id(request)
    if line_id is not None or draft_id.hex in _opened_ids_hex(request):
        return draft
    return draft if account_id is not None and draft.account_id == account_id else None


def _open(request: HttpRequest, draft_id: UUID) -> None:
    """From now on this browser may go on with this draft."""
    opened = _opened_ids_hex(request)
    if draft_id.hex not in opened:
        request.session[_OPENED] = [*opened, draft_id.hex][-_MOST_OPENED:]


def _opened_ids_hex(request: HttpRequest) -> list[str]:
    found: list[str] = request.session.get(_OPENED, [])
    return found


def _opened_ids(request: HttpRequest) -> list[UUID]:
    return [UUID(hex=each) for each in _opened_ids_hex(request)]


def _account_id(request: HttpRequest) -> int | None:
    """The account of a claimant who is signed in; staff who look at a form do not make it theirs."""
    by = acting(request)
    return request.user.pk if by is not None and by.role == "claimant" else None


def _known(request: HttpRequest) -> Told:
    """Who somebody is that is signed in: not asked, and may be changed where the answers are looked over."""
    if not isinstance(request.user, Account) or _account_id(request) is None:
        return {}
    account = request.user
    return {"full_name": account.name, "email": account.email, "phone": "", "address": "", "claimant_is_minor": False}


def _claimant_id(request: HttpRequest) -> UUID | None:
    by = acting(request)
    return by.claimant_id if by is not None else None


def _token(draft: Draft) -> str:
    return signing.dumps([draft.id.hex, draft.order_line_id], salt=_SALT)


def _line_of_token(token: str, draft_id: UUID) -> int | None:
    try:
        named, line_id = signing.loads(token, salt=_SALT, max_age=ORDER_LINK_VALID_FOR)
        return int(line_id) if named == draft_id.hex else None
    except (signing.BadSignature, ValueError, TypeError):
        return None
