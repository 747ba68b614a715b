"""What finance signs: the list, a look at what was chosen before anything is signed, and what came of each.

Nothing is signed from the list itself. The look says again what each is, and asks what a signature needs (the bank's
reference, a finding). Each item is one act by itself: one that is refused leaves the others signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole import asks, asks_recovery, asks_tender, batches
from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, apart, handle_all
from makewhole.portals.finance.shown import as_id, page
from makewhole.portals.finance.words import KINDS
from makewhole.portals.frame.fields import radios, text_area, text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.showing import money
from makewhole.portals.frame.who import only
from makewhole.reads.approvals import Approval, approvals_named, approvals_of
from makewhole.reads.sums import amounts_of
from makewhole.store.ids import new_id

MOST = 50
_AT_ONCE = 25


# What each kind asks for -------------------------------------------------------------------------------


class SignBatch(forms.Form):
    """A batch needs nothing but the signature."""


class SignRepayment(forms.Form):
    ref = forms.CharField(
        label=gettext_lazy("The bank's reference"), max_length=asks_recovery.LONGEST_REF,
        widget=text_input(autocomplete="off"),
        error_messages={"required": gettext_lazy("Please give the bank's reference.")},
    )  # fmt: skip


class SignCheck(forms.Form):
    clear = forms.ChoiceField(
        label=gettext_lazy("May the insurer be asked?"), widget=radios(),
        choices=[
            ("yes", gettext_lazy("Yes, nothing stands against it")),
            ("no", gettext_lazy("No, it is barred: its part is the seller's")),
        ],
        error_messages={"required": gettext_lazy("Please choose one.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In your words"), widget=text_area(2), max_length=2000,
        error_messages={"required": gettext_lazy("Please give your reasons in words.")},
    )  # fmt: skip


_FORMS: dict[str, type[forms.Form]] = {"batch": SignBatch, "repayment": SignRepayment, "subrogation": SignCheck}


@dataclass(slots=True)
class Looked:
    """One chosen item with its form."""

    item: Approval
    form: forms.Form
    mark: str
    why_not: str

    @property
    def title(self) -> str:
        return str(KINDS[self.item.kind])


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of one item."""

    item: Approval
    ok: bool
    told: str


# Pages --------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@only("finance")
def approvals(request: HttpRequest, by: Actor) -> HttpResponse:
    """The oldest first. Choose, and look before you sign."""
    found = approvals_of(by)
    return page(request, by, "approvals", _list(found), here="/approvals")


@never_cache
@require_POST
@only("finance")
def look(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything that was chosen, with what it is and what its signature needs. Nothing is signed yet."""
    chosen = request.POST.getlist("item")[:MOST]
    found = approvals_named(chosen, by)
    if not found:
        messages.error(request, sentence(Refused("nothing_chosen")))
        return redirect("approvals")
    return _look(request, by, [_looked(item) for item in found], once=new_id().hex, gone=len(set(chosen)) - len(found))


@never_cache
@require_POST
@only("finance")
def sign(request: HttpRequest, by: Actor) -> HttpResponse:
    """Signs what was looked at, as it was when it was looked at."""
    once = as_id(request.POST.get("once", ""))
    chosen = request.POST.getlist("item")[:MOST]
    if once is None or not chosen:
        messages.error(request, sentence(Refused("nothing_chosen")))
        return redirect("approvals")
    looked = [_looked(item, request.POST) for item in approvals_named(chosen, by)]
    wrong = [each for each in looked if not each.why_not and not each.form.is_valid()]
    if wrong:
        refused = _("Please look at the marked fields. Nothing was signed yet.")
        return _look(request, by, looked, once=once.hex, refused=refused, status=422)
    done = _sign([each for each in looked if not each.why_not], by, once.hex)
    done += [Signed(each.item, False, each.why_not) for each in looked if each.why_not]
    gone = len(set(chosen)) - len(looked)
    signed = sum(1 for each in done if each.ok)
    told = {"done": done, "signed": signed, "gone": gone, "headline": _said(signed, len(done) + gone)}
    return page(request, by, "approvals_done", told, here="/approvals")


# Signing ------------------------------------------------------------------------------------------------


def _sign(looked: list[Looked], by: Actor, once: str) -> list[Signed]:
    """Each by itself: batches through their own door, acts on claims through the write door, in calls apart."""
    found = [_sign_batch(each, by) for each in looked if each.item.kind == "batch"]
    asked: list[Ask] = []
    of_ask: dict[int, Looked] = {}
    for each in looked:
        if each.item.kind == "batch":
            continue
        try:
            ask = _ask(each, by, once)
        except Refused as refusal:
            found.append(Signed(each.item, False, sentence(refusal)))
            continue
        of_ask[id(ask)] = each
        asked.append(ask)
    for call in apart(asked, at_most=_AT_ONCE):
        for ask, done in zip(call, handle_all(call), strict=True):
            item = of_ask[id(ask)].item
            if isinstance(done, Refused):
                found.append(Signed(item, False, sentence(done)))
            else:
                found.append(Signed(item, True, _("Signed before; nothing was done twice.") if done.repeated else ""))
    return found


def _sign_batch(each: Looked, by: Actor) -> Signed:
    assert each.item.batch is not None
    try:
        done = batches.sign(each.item.batch.row.pk, each.mark, by=by, at=timezone.now())
    except Refused as refusal:
        return Signed(each.item, False, sentence(refusal))
    return Signed(each.item, True, _("Signed before; nothing was done twice.") if done.repeated else "")


def _ask(each: Looked, by: Actor, once: str) -> Ask:
    item, told = each.item, each.form.cleaned_data
    assert item.claim is not None
    words: tuple[asks.Words, ...] = ()
    if item.kind == "repayment":
        due = f"{item.amount.decimal:f}"
        command: Any = asks_recovery.confirm_repayment(due, item.amount.currency, told["ref"])
        said: object = (item.key, due, told["ref"])
    else:
        command, words = asks_tender.check_subrogation(told["clear"] == "yes", told["words"])
        said = (item.key, told["clear"], told["words"])
    return asks.act(
        command, claim_id=item.claim.claim_id, by=by, at=timezone.now(), words=words,
        key=asks.idempotency(by, f"{once}:{item.key}"[:100], said), seen=_version(each.mark),
    )  # fmt: skip


# Parts --------------------------------------------------------------------------------------------------


def _looked(item: Approval, posted: Any = None) -> Looked:
    """An item with its form. Posted, it keeps the mark of what was seen then."""
    prefix = item.key.replace(":", "-")
    form = _FORMS[item.kind](posted, prefix=prefix, auto_id="%s", label_suffix="")
    mark = item.mark if posted is None else posted.get(f"{prefix}-mark", "")
    why_not = ""
    if item.why_not:
        why_not = sentence(
            Refused("decided_it_oneself", claims=item.claims)
            if item.why_not == "decided_it_oneself"
            else Refused("made_it_oneself")
        )
    return Looked(item, form, mark, why_not)


def _look(
    request: HttpRequest,
    by: Actor,
    looked: list[Looked],
    *,
    once: str,
    gone: int = 0,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    may = [each for each in looked if not each.why_not]
    told = {
        "looked": looked,
        "may": len(may),
        "once": once,
        "gone": gone,
        "refused": refused,
        "headline": _asked(may),
        "sums": amounts_of(each.item.amount for each in may if each.item.kind != "subrogation"),
    }
    return page(request, by, "approvals_look", told, here="/approvals", status=status)


def _list(found: list[Approval]) -> dict[str, Any]:
    number = len(found)
    headline = (
        ngettext("{number} thing waits for a signature.", "{number} things wait for a signature.", number).format(
            number=number
        )
        if number
        else _("Nothing waits for a signature.")
    )
    return {"approvals": found, "headline": headline, "kinds": KINDS}


def _asked(may: list[Looked]) -> str:
    paying = amounts_of(each.item.amount for each in may if each.item.kind != "subrogation")
    sums = ", ".join(money(each.minor, each.currency) for each in paying)
    if not may:
        return _("You may sign none of these.")
    if not sums:
        return ngettext("You sign {number} thing.", "You sign {number} things.", len(may)).format(number=len(may))
    return ngettext(
        "You sign {number} thing: {sums} goes out.", "You sign {number} things: {sums} goes out.", len(may)
    ).format(number=len(may), sums=sums)


def _said(signed: int, number: int) -> str:
    if signed == number:
        return ngettext("Signed.", "All {number} are signed.", number).format(number=number)
    return _("{signed} of {number} are signed.").format(signed=signed, number=number)


def _version(mark: str) -> int:
    """What was seen of a claim. One that is no number was seen by nobody, and is stale."""
    return int(mark) if mark.isascii() and mark.isdecimal() and len(mark) < 10 else 0
