"""The same for several claims at once: chosen in the worklist, previewed claim by claim, then done.

Nothing here refuses or reduces: that needs a person, a reason and a clause for each claim. Start at `preview`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from makewhole import asks
from makewhole.domain.actors import STAFF, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.assessment import PROOF_GROUPS
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, Done, Key, apart, foresee, handle_all
from makewhole.people.access import colleagues, named
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import Told
from makewhole.portals.frame.fields import choice, text_area
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads.chosen import Chosen, chosen_claims

MOST = 100
_AT_A_TIME = 25  # claims in one transaction

# Which heads of loss a proof can be about. One that is not here can be about any.
_ABOUT = {
    "bill": {"medical_expense"},
    "wage_statement": {"lost_wages"},
    "receipt": {"property_damage", "medical_expense"},
    "repair_estimate": {"property_damage"},
    "receipt_or_estimate": {"property_damage"},
    "photo": {"property_damage"},
    "more_photos": {"property_damage"},
}  # fmt: skip


class BulkForm(forms.Form):
    """One thing to do with several claims: what it asks beside them, and the Ask for each. May refuse for one."""

    do_not_call_in_templates: ClassVar[bool] = True  # a worklist lists the kinds themselves
    name: ClassVar[str]
    title: ClassVar[Told]
    button: ClassVar[Told]
    says: ClassVar[Told] = ""

    def __init__(self, by: Actor, data: Any = None) -> None:  # what a form takes
        super().__init__(data, auto_id=f"bulk-{self.name}_%s", label_suffix="")
        self.by = by
        self.build()

    def build(self) -> None:
        """Fields that depend on who asks."""

    def ask(self, claim: Chosen, at: datetime) -> Ask:
        raise NotImplementedError

    def means(self, claim: Chosen) -> str:
        """What will happen to this claim, in a sentence."""
        raise NotImplementedError

    def _act(self, claim: Chosen, command: do.ClaimCommand, at: datetime, *said: asks.Words) -> Ask:
        return asks.act(command, claim_id=claim.claim_id, by=self.by, at=at, words=said, seen=claim.version)


class AssignAll(BulkForm):
    name, title, button = "assign", gettext_lazy("Assign to me"), gettext_lazy("Assign to me")

    def ask(self, claim: Chosen, at: datetime) -> Ask:
        return self._act(claim, do.AssignClaim(self.by.name), at)

    def means(self, claim: Chosen) -> str:
        if claim.assigned_to == self.by.name:
            return _("It is yours already.")
        return _("It is assigned to you.") if not claim.assigned_to else _("It comes from a colleague to you.")


class GiveAll(BulkForm):
    name, title, button = "give", gettext_lazy("Give to a colleague"), gettext_lazy("Give")

    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=choice())

    def build(self) -> None:
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        self.people = colleagues(sorted(STAFF), self.by.marketplaces)
        field.choices = [(name, told) for name, told in self.people.items() if name != self.by.name]

    def ask(self, claim: Chosen, at: datetime) -> Ask:
        to = self.cleaned_data["to"]
        if to not in colleagues(sorted(STAFF), frozenset({claim.marketplace})):
            raise Refused("no_such_colleague")  # of another marketplace: it could not even see the claim
        return self._act(claim, do.AssignClaim(to), at)

    def means(self, claim: Chosen) -> str:
        return _("It is assigned to {name}.").format(name=self.people[self.cleaned_data["to"]])


class ReleaseAll(BulkForm):
    name, title, button = "release", gettext_lazy("Give back to the queue"), gettext_lazy("Give back")

    def ask(self, claim: Chosen, at: datetime) -> Ask:
        return self._act(claim, do.AssignClaim(""), at)

    def means(self, claim: Chosen) -> str:
        return _("It is nobody's again.") if claim.assigned_to else _("It is nobody's already.")


class AskAll(BulkForm):
    name, title, button = "proof", gettext_lazy("Ask for the same proof"), gettext_lazy("Ask the claimants")
    says = gettext_lazy("Every claimant reads your words and gets the days that the rules give. Ask for all at once.")

    proof = forms.MultipleChoiceField(
        label=gettext_lazy("What is missing"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please say what you ask for.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Why you ask, for the claimants"), widget=text_area(3),
        error_messages={"required": gettext_lazy("Please give your reasons in words.")},
    )  # fmt: skip

    def build(self) -> None:
        field = self.fields["proof"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(what, told[0][0].upper() + told[0][1:]) for what, told in words.PROOFS.items()]

    def ask(self, claim: Chosen, at: datetime) -> Ask:
        asked = self._asked(claim)
        if not asked:
            raise Refused("asks_nothing_here")
        said = asks.say(self.cleaned_data["words"])
        return self._act(claim, do.RequestProof(asked, said.sealed), at, said)

    def means(self, claim: Chosen) -> str:
        things = dict.fromkeys(words.proof(what) for _no, what in self._asked(claim))
        return _("The claimant is asked for {things}; the days run from now.").format(things=words.listed(list(things)))

    def _asked(self, claim: Chosen) -> tuple[tuple[int, str], ...]:
        return tuple(
            (part.no, what)
            for part in claim.open_parts
            for what in self.cleaned_data["proof"]
            if part.head in _ABOUT.get(what, {part.head})
        )


OFFERED: tuple[type[BulkForm], ...] = (AssignAll, GiveAll, ReleaseAll, AskAll)
assert set(_ABOUT) <= {*words.PROOFS, *(what for groups in PROOF_GROUPS.values() for what, _kinds in groups)}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One chosen claim, what will happen to it or did, and why not."""

    claim: Chosen
    means: str
    refused: str
    with_: str = ""  # whom it is assigned to, by name

    @property
    def goes(self) -> bool:
        return not self.refused


@never_cache
@require_POST
@only(*sorted(STAFF))
def preview(request: HttpRequest, by: Actor) -> HttpResponse:
    """What would happen to each chosen claim, by asking the rules; nothing is written. Asks first what is missing."""
    form, claims, refused = _read(request, by)
    if form is None or refused:
        return _page(request, by, form, claims, refused=refused, status=422)
    if form.fields and "details" not in request.POST:
        return _page(request, by, type(form)(by), claims)
    if not form.is_valid():
        return _page(request, by, form, claims, status=422)
    told = _foreseen(form, claims, timezone.now())
    return _page(request, by, form, claims, told=told, batch=token_hex(8))


@never_cache
@require_POST
@only(*sorted(STAFF))
def carry_out(request: HttpRequest, by: Actor) -> HttpResponse:
    """Does it, each claim by itself, and says of each what came of it. The same form twice is done once."""
    form, claims, refused = _read(request, by)
    batch = request.POST.get("batch", "")
    if form is None or refused or not batch.isalnum() or len(batch) > 32 or not form.is_valid():
        return _page(request, by, form, claims, refused=refused or sentence(Refused("nothing_asked")), status=422)
    results = _done(form, claims, timezone.now(), batch)
    return _page(request, by, form, claims, told=results, done=True)


def _read(request: HttpRequest, by: Actor) -> tuple[BulkForm | None, list[Chosen], str]:
    """The act, the claims that this reader may see among those named, and why it cannot go on."""
    names = list(dict.fromkeys(request.POST.getlist("claim")))
    kind = next((each for each in OFFERED if each.name == request.POST.get("what")), None)
    if kind is None:
        return None, [], sentence(Refused("not_in_bulk", act=request.POST.get("what", "")[:40] or _("nothing named")))
    form = kind(by, request.POST)
    if len(names) > MOST:
        return form, [], sentence(Refused("too_many_chosen", most=MOST))
    claims = [_as_seen(claim, request.POST.get(f"seen-{claim.reference}", "")) for claim in chosen_claims(names, by)]
    return form, claims, "" if claims else sentence(Refused("nothing_chosen"))


def _as_seen(claim: Chosen, version: str) -> Chosen:
    """As the preview showed it: what somebody did since makes it stale, and nothing is done then."""
    return replace(claim, version=int(version)) if version.isdecimal() and len(version) < 10 else claim


def _foreseen(form: BulkForm, claims: list[Chosen], at: datetime) -> list[Foreseen]:
    asked, told = _asks(form, claims, at)
    for claim, answer in zip(asked, foresee(list(asked.values())), strict=True):
        refused = sentence(answer) if isinstance(answer, Refused) else ""
        told[claim] = Foreseen(claim, form.means(claim), refused)
    return [told[claim] for claim in claims]


def _done(form: BulkForm, claims: list[Chosen], at: datetime, batch: str) -> list[Foreseen]:
    asked, told = _asks(form, claims, at, batch)
    of = {ask.claim_id: claim for claim, ask in asked.items()}
    for call in apart(list(asked.values()), at_most=_AT_A_TIME):
        for ask, answer in zip(call, handle_all(call), strict=True):
            claim = of[ask.claim_id]
            means = form.means(claim)
            if isinstance(answer, Done) and answer.repeated:
                means = _("This was done before; nothing was done twice.")
            told[claim] = Foreseen(claim, means, sentence(answer) if isinstance(answer, Refused) else "")
    return [told[claim] for claim in claims]


def _asks(
    form: BulkForm, claims: list[Chosen], at: datetime, batch: str = ""
) -> tuple[dict[Chosen, Ask], dict[Chosen, Foreseen]]:
    """An Ask for each claim; and for those of which it cannot even be asked, why."""
    asked: dict[Chosen, Ask] = {}
    told: dict[Chosen, Foreseen] = {}
    content = hashlib.sha256(repr(sorted(form.cleaned_data.items())).encode()).digest()
    for claim in claims:
        try:
            ask = form.ask(claim, at)
        except Refused as refusal:
            told[claim] = Foreseen(claim, "", sentence(refusal))
            continue
        key = Key(form.by.name, f"bulk-{batch}-{claim.claim_id.hex}", content) if batch else None
        asked[claim] = replace(ask, key=key)
    return asked, told


def _page(
    request: HttpRequest, by: Actor, form: BulkForm | None, claims: list[Chosen], *, told: list[Foreseen] | None = None,
    batch: str = "", done: bool = False, refused: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    told = told or []
    number = sum(each.goes for each in told)
    context = {
        "by": by,
        "form": form,
        "claims": claims,
        "told": told,
        "goes": number,
        "stays": len(told) - number,
        "says_how_many": ngettext("{} claim", "{} claims", number).format(number),
        "batch": batch,
        "done": done,
        "refused": refused,
        "names": named(claim.assigned_to for claim in claims),
        "filters": request.POST.get("filters", "")[:600],
    }
    return render(request, "portals/bulk.html", context, status=status)
