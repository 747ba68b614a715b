"""People: who has an account, which roles it holds and who gave them, and where it is signed in. Start at `people`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people.models import Account
from makewhole.people.roles import Role
from makewhole.people.second_factor import has_one, must_have_one
from makewhole.people.sign_ins import sessions_of, sign_ins
from makewhole.portals.frame.fields import choice, text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.portals.frame.words import ROLES
from makewhole.reads import administration as reads
from makewhole.store import accounts
from makewhole.store.accounts import LONGEST_EMAIL, LONGEST_NAME, RoleToGive
from makewhole.store.models import Marketplace

MOST_DIGITS = 18
SIGN_INS_SHOWN = 10  # of one account, beside the rest of its page


class RoleForm(forms.Form):
    """A role, where, and of whom; a seller or insurer is found by its key or by a part of its name."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=choice())
    marketplace = forms.ChoiceField(label=gettext_lazy("Where"), required=False, widget=choice())
    seller = forms.CharField(
        label=gettext_lazy("Seller"), required=False, max_length=200, widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("For the role seller: its key in that marketplace, or a part of its name."),
    )  # fmt: skip
    insurer = forms.CharField(
        label=gettext_lazy("Insurer"), required=False, max_length=200, widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("For the role insurer: a part of its name."),
    )  # fmt: skip

    def __init__(self, by: Actor, data: Any = None) -> None:
        super().__init__(data, auto_id="role_%s", label_suffix="")
        markets = Marketplace.objects.order_by("code")
        if by.marketplaces:
            markets = markets.filter(code__in=by.marketplaces)
        places = [(each.code, f"{each.name} ({each.code})") for each in markets]
        everywhere = [] if by.marketplaces else [("", _("everywhere"))]
        self.fields["role"].choices = [(role, _(ROLES[role])) for role in accounts.ROLES]  # type: ignore[attr-defined]
        self.fields["marketplace"].choices = [*everywhere, *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        role = told.get("role", "")
        if role == Role.SELLER:
            told["seller_id"] = self._found(
                "seller", lambda words: reads.sellers_called(words, told.get("marketplace", ""))
            )
        elif told.get("seller"):
            self.add_error("seller", sentence(Refused("role_needs_a_seller")))
        if role == Role.INSURER:
            told["insurer_id"] = self._found("insurer", reads.insurers_called)
        elif told.get("insurer"):
            self.add_error("insurer", sentence(Refused("role_needs_an_insurer")))
        return told

    def _found(self, field: str, look: Callable[[str], list[Any]]) -> int | None:
        """The one that is meant; where several could be, they are named and one is asked for."""
        words = str(self.cleaned_data.get(field) or "").replace("\x00", "")
        if not words:
            self.add_error(field, _("Say which one."))
            return None
        found = look(words)
        if len(found) == 1:
            return int(found[0].pk)
        if not found:
            self.add_error(field, _("We find none that is called so."))
            return None
        names = [f"{each.name} ({each.seller_ref})" if field == "seller" else each.name for each in found]
        self.add_error(field, _("Several are called so: %(names)s. Write it in full.") % {"names": "; ".join(names)})
        return None

    @property
    def given(self) -> RoleToGive:
        told = self.cleaned_data
        return RoleToGive(told["role"], told["marketplace"], told.get("seller_id"), told.get("insurer_id"))


class Invitation(RoleForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME, widget=text_input(autocomplete="off"))
    email = forms.CharField(
        label=gettext_lazy("E-mail"), max_length=LONGEST_EMAIL, widget=text_input(inputmode="email", autocomplete="off")
    )
    field_order = ("name", "email", "role", "marketplace", "seller", "insurer")


@never_cache
@require_GET
@only("administrator")
def people(request: HttpRequest, by: Actor) -> HttpResponse:
    """Accounts, by name, address or role."""
    query, role, after = (request.GET.get(name, "").strip() for name in ("q", "role", "after"))
    if after and not _is_number(after):
        raise Http404
    found, next_after = reads.people(
        by, query=query.replace("\x00", ""), role=role, after=int(after) if after else None
    )
    told = {
        "by": by, "people": found, "next_after": next_after, "query": query, "role": role, "roles": accounts.ROLES,
    }  # fmt: skip
    return render(request, "portals/admin/people.html", told)


@never_cache
@require_http_methods(["GET", "POST"])
@only("administrator")
def invite(request: HttpRequest, by: Actor) -> HttpResponse:
    """Somebody new, or a role for somebody who is there."""
    form = Invitation(by, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = accounts.invite(told["email"], told["name"], form.given, by=by, at=timezone.now())
        except Refused as refusal:
            form.add_error("email" if refusal.code.startswith("email") else None, sentence(refusal))
        else:
            words = _("%(email)s is invited, and gets a mail with a link to choose a password.")
            if made.has_usable_password():
                words = _("%(email)s had an account already, and has this role now.")
            messages.success(request, words % {"email": made.email})
            return redirect("admin-person", number=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "portals/admin/invite.html", {"by": by, "form": form}, status=status)


@never_cache
@require_GET
@only("administrator")
def person(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """One account: its roles, what may be done, and what was done."""
    return _page(request, by, _or_404(lambda: reads.person(number, by)))


@never_cache
@require_POST
@only("administrator")
def give(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    found = _or_404(lambda: reads.person(number, by))
    form = RoleForm(by, request.POST)
    if form.is_valid():
        try:
            accounts.give(number, form.given, by=by, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            role = _(ROLES[form.cleaned_data["role"]])
            messages.success(
                request, _("%(name)s has the role %(role)s now.") % {"name": found.account.name, "role": role}
            )
            return redirect("admin-person", number=number)
    return _page(request, by, found, form=form, status=422)


@require_POST
@only("administrator")
def take(request: HttpRequest, by: Actor, number: int, assignment: int) -> HttpResponse:
    found = _or_404(lambda: reads.person(number, by))
    if assignment not in [held.number for held in found.roles]:
        raise Http404
    try:
        accounts.take(assignment, by=by, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The role is taken, at once and everywhere it was used."))
        if not accounts.seen_by(by).filter(id=number).exists():
            return redirect("admin-people")
    return redirect("admin-person", number=number)


_ACTS: dict[str, tuple[Callable[..., Account], Any]] = {
    "close": (accounts.close, gettext_lazy("%(email)s is closed: signed out everywhere, and its tokens end.")),
    "reopen": (accounts.reopen, gettext_lazy("%(email)s may sign in again.")),
    "invite-again": (accounts.invite_again, gettext_lazy("%(email)s gets a new link. The one before is over.")),
}


@require_POST
@only("administrator")
def act(request: HttpRequest, by: Actor, number: int, act: str) -> HttpResponse:
    """Close an account, open it again, invite once more."""
    if act not in _ACTS:
        raise Http404
    do, done = _ACTS[act]
    try:
        account = _or_404(lambda: do(number, by=by, at=timezone.now()))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done % {"email": account.email})
    return redirect("admin-person", number=number)


@require_POST
@only("administrator")
def end_sessions(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Signed out wherever it is signed in: a browser was lost, or somebody else sits at it."""
    try:
        ended = _or_404(lambda: accounts.end_sessions(number, request, by=by, at=timezone.now()))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        told = ngettext("%(number)d session has ended.", "%(number)d sessions have ended.", ended)
        messages.success(request, told % {"number": ended} if ended else _("It was signed in nowhere."))
    return redirect("admin-person", number=number)


@never_cache
@require_http_methods(["GET", "POST"])
@only("administrator")
def second_factor(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Asks once more, and takes away every second factor of somebody who lost them."""
    found = _or_404(lambda: reads.person(number, by))
    if request.method == "POST":
        try:
            taken = accounts.take_second_factor(number, request, by=by, at=timezone.now())
        except Refused as refusal:
            messages.error(request, sentence(refusal))
        else:
            words = _("%(email)s has no second factor any more, is signed out everywhere, and gets a mail about it.")
            messages.success(request, (words if taken else _("%(email)s had none.")) % {"email": found.account.email})
        return redirect("admin-person", number=number)
    if not _may_be_helped(found, by) or not has_one(found.account):
        return redirect("admin-person", number=number)
    told = {"by": by, "person": found, "needed": must_have_one(found.account)}
    return render(request, "portals/admin/second_factor.html", told)


@never_cache
@require_GET
@only("administrator")
def changes(request: HttpRequest, by: Actor) -> HttpResponse:
    """Who gave which role to whom, and when."""
    return render(request, "portals/admin/changes.html", {"by": by, "changes": reads.changes_of(None, by, size=200)})


def _page(
    request: HttpRequest, by: Actor, found: reads.Person, *, form: RoleForm | None = None, status: int = 200
) -> HttpResponse:
    told = {
        "by": by,
        "person": found,
        "own": by.name == accounts.person(found.account),
        "whole": reads.is_wholly_within(found.account, by),
        "form": form or RoleForm(by),
        "changes": reads.changes_of(found.account, by),
        "sessions": sessions_of(found.account),
        "log": sign_ins(found.account, size=SIGN_INS_SHOWN),
        "has_factor": has_one(found.account),
        "may_be_helped": _may_be_helped(found, by),
    }
    return render(request, "portals/admin/person.html", told, status=status)


def _may_be_helped(found: reads.Person, by: Actor) -> bool:
    """Whether this administrator may end its sessions and take its second factor."""
    return by.name != accounts.person(found.account) and reads.is_wholly_within(found.account, by)


def _or_404(ask: Callable[[], Any]) -> Any:  # whatever it answers
    """What is of another administrator's marketplaces is not there."""
    try:
        return ask()
    except Refused as refusal:
        if refusal.code.startswith("unknown_account"):
            raise Http404 from refusal
        raise


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdecimal() and len(told) <= MOST_DIGITS
