"""What a claimant may do on its claim: send proof, answer, sign, name another account, withdraw, appeal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from makewhole import asks
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.state import AwaitingAnswer, AwaitingPayee, AwaitingProof, AwaitingRelease, Closed
from makewhole.handle import Ask
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import AmountField, choice, text_area, text_input
from makewhole.portals.frame.uploads import FilesField, Kept
from makewhole.reads.views import ClaimView
from makewhole.store import vault
from makewhole.store.ids import new_id

_CLAIMANT: frozenset[RoleName] = frozenset({"claimant"})


class SendProof(ActForm):
    """A place for each thing that was asked for, and one for anything else."""

    name, command, roles = "proof", do.AddProof, _CLAIMANT
    title, button = _("Send what is asked for"), _("Send")
    says = _(
        "Photos as your phone takes them, or PDF files, at most 20 MB each. "
        "The seller sees your photos and the amounts, not your name or address."
    )
    done = _("Thank you, we have your files.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingProof) or view.outcome == "unanswered"

    def build(self) -> None:
        self.slots = proof_slots(self.view)
        for slot, (_no, what) in enumerate(self.slots):
            kind = cast(ev.EvidenceKind, words.PROOFS.get(what, ("", "other"))[1])
            label = words.proof(what)
            self.fields[f"file_{slot}"] = FilesField(
                kind=kind, by=self.by.name, at=self.at, label=label[0].upper() + label[1:]
            )
            if kind in words.PAPERS:
                self.fields[f"amount_{slot}"] = AmountField(
                    currency=self.view.claim.currency, required=False, label=_("Amount that the paper shows")
                )

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for slot, (no, _what) in enumerate(self.slots):
            names = [name for name in (f"file_{slot}", f"amount_{slot}") if name in self.fields]
            yield _part(self.view, no), [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        for slot in range(len(self.slots)):
            papers, amount = f"file_{slot}", f"amount_{slot}"
            asked = amount in self.fields and amount not in self.errors
            if asked and self.cleaned_data.get(papers) and not self.cleaned_data.get(amount):
                self.add_error(amount, _("Please tell us the amount that the paper shows."))
        return self.cleaned_data

    def ask(self, seen: int | None) -> Ask:
        told = tuple(item for slot in range(len(self.slots)) for item in self._slot(slot))
        return self._act(asks.proof(told, self.view.claim.currency), seen=seen)

    def _slot(self, slot: int) -> list[asks.EvidenceTold]:
        no, _what = self.slots[slot]
        return evidence_told(self.cleaned_data[f"file_{slot}"], no, self.cleaned_data.get(f"amount_{slot}", ""))


class MoreProof(ActForm):
    """While the claim runs, anything more may be sent."""

    name, command, roles = "more-proof", do.AddProof, _CLAIMANT
    quiet = True
    title, button, done = _("Send something more"), _("Send"), _("Thank you, we have your files.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return not isinstance(view.claim.stage, AwaitingProof | AwaitingAnswer | Closed)

    def build(self) -> None:
        add_any_file(self)

    def ask(self, seen: int | None) -> Ask:
        return self._act(asks.proof(any_file(self), self.view.claim.currency), seen=seen)


class AnswerConcern(ActForm):
    name, command, roles = "answer", do.AnswerConcern, _CLAIMANT
    title, button, done = _("Answer the concern"), _("Send my answer"), _("Thank you. A person reads your answer.")
    says = _("Tell us how you see it, or send more proof, or both.")

    words = forms.CharField(required=False, label=_("Your answer"), widget=text_area(5))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingAnswer)

    def build(self) -> None:
        add_any_file(self)

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"], required=False)
        evidence = asks.evidence_items(any_file(self), self.view.claim.currency)
        return self._act(do.AnswerConcern(evidence, said.sealed), said, seen=seen)


class SignRelease(ActForm):
    name, command, roles = "release", do.SignRelease, _CLAIMANT
    title, button, done = _("Sign the release"), _("Sign, and pay me"), _("Thank you. The payment is ordered.")

    signature = forms.CharField(
        label=_("Your full name"), max_length=200, widget=text_input(autocomplete="name"),
        help_text=_("Typing your name here signs the text above."),
        error_messages={"required": _("Please type your full name.")},
    )  # fmt: skip

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingRelease) and view.claim.stage.release.self_service

    def ask(self, seen: int | None) -> Ask:
        signature = vault.personal("signature", asks.text(self.cleaned_data["signature"], "signature"))
        command = do.SignRelease(release_digest(self.view.claim), signature.sealed, new_id())
        return self._act(command, asks.Words((signature,)), seen=seen)


class ChangeAccount(ActForm):
    name, command, roles = "account", do.ChangePayee, _CLAIMANT
    title, button, done = (
        _("Change where the money goes"),
        _("Use this account"),
        _("We pay to the new account from now on."),
    )
    says = _(
        "What is approved and not yet paid is looked at once more, so that nobody else can lead your money astray."
    )

    method = forms.ChoiceField(label=_("How we pay you"), choices=list(words.METHODS.items()), widget=choice())
    account = forms.CharField(
        label=_("Account number or IBAN"), required=False, max_length=60, widget=text_input(autocomplete="off")
    )
    holder = forms.CharField(label=_("Who holds the account"), required=False, max_length=200, widget=text_input())

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return not isinstance(view.claim.stage, Closed) and not view.claim.payment_under_way

    def build(self) -> None:
        self.quiet = not isinstance(self.view.claim.stage, AwaitingPayee)

    def clean(self) -> dict[str, Any]:
        needs_account(self)
        return self.cleaned_data

    def ask(self, seen: int | None) -> Ask:
        payout = asks.PayoutTold(*(self.cleaned_data[name] for name in ("method", "account", "holder")))
        placeholder = do.ChangePayee(ev.Payee(new_id(), "credit"))
        return asks.other_payee(payout, self._act(placeholder, seen=seen))


class Appeal(ActForm):
    name, command, roles = "appeal", do.Appeal, _CLAIMANT
    title, button = _("Appeal"), _("Send my appeal")
    done = _("We have your appeal. Somebody who took no part in the first decision decides.")
    says = _("Somebody who took no part in the first decision looks at everything again. What was paid stays yours.")

    words = forms.CharField(
        label=_("Why you see it differently"),
        widget=text_area(5),
        error_messages={"required": _("Please give your reasons.")},
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        return isinstance(stage, Closed) and view.claim.refused_minor > 0 and view.claim.running("appeal") is not None

    def build(self) -> None:
        add_any_file(self)

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        evidence = asks.evidence_items(any_file(self), self.view.claim.currency)
        return self._act(do.Appeal(said.sealed, evidence), said, seen=seen)


class Withdraw(ActForm):
    name, command, roles = "withdraw", do.WithdrawClaim, _CLAIMANT
    quiet = True
    title, button, done = _("Withdraw the claim"), _("Withdraw"), _("You withdrew the claim. It is closed.")
    says = _("What was paid stays yours. You can file again for the same loss while its time runs.")

    words = forms.CharField(required=False, label=_("Why, if you like to tell"), widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return not isinstance(view.claim.stage, Closed) and not view.claim.payment_under_way

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"], required=False)
        return self._act(do.WithdrawClaim(said.sealed), said, seen=seen)


ACTS: list[type[ActForm]] = [SendProof, AnswerConcern, SignRelease, ChangeAccount, Appeal, MoreProof, Withdraw]


# Files ----------------------------------------------------------------------------------------------------


def proof_slots(view: ClaimView) -> list[tuple[int, str]]:
    """(part, what) for each thing asked for now; of a claim closed unanswered, what was asked last."""
    asked = list(view.missing) or next(
        (list(step.event.missing) for step in reversed(view.timeline) if isinstance(step.event, ev.ProofRequested)), []
    )
    return [(each.exposure_no, each.what) for each in asked]


def evidence_told(kept: list[Kept], part: int, amount: str) -> list[asks.EvidenceTold]:
    """Files of one place. The amount belongs to the first: it is one paper on several pages, not several papers."""
    return [asks.EvidenceTold(file.evidence_id, part, amount if n == 0 else "") for n, file in enumerate(kept)]


def add_any_file(form: ActForm) -> None:
    """Fields for files of a kind and for a part that the sender names."""
    kinds = [(kind, name) for kind, name in words.EVIDENCE.items() if kind != "release"]
    posted = str(form.data.get("kind", "photo"))
    kind = cast(ev.EvidenceKind, posted if posted in dict(kinds) else "other")
    form.fields["files"] = FilesField(
        kind=kind, by=form.by.name, at=form.at, label=_("Files"), required=form.name == "more-proof"
    )
    form.fields["kind"] = forms.ChoiceField(label=_("What they show"), choices=kinds, widget=choice(), required=False)
    parts = [("0", _("The whole claim"))] + [
        (str(each.no), words.said(each.head, words.HEADS)) for each in form.view.exposures
    ]
    form.fields["part"] = forms.ChoiceField(label=_("For which part"), choices=parts, widget=choice(), required=False)
    form.fields["amount"] = AmountField(
        currency=form.view.claim.currency, required=False, label=_("Amount on the paper, if it shows one")
    )


def any_file(form: ActForm) -> tuple[asks.EvidenceTold, ...]:
    told = form.cleaned_data
    return tuple(evidence_told(told["files"] or [], int(told["part"] or 0), told["amount"]))


def needs_account(form: forms.Form) -> None:
    """A bank transfer goes to an account that somebody holds."""
    if form.cleaned_data.get("method") != "bank_transfer":
        return
    for name, what in (("account", _("Please give the account.")), ("holder", _("Please say who holds the account."))):
        if name not in form.errors and not form.cleaned_data.get(name):
            form.add_error(name, what)


def _part(view: ClaimView, no: int) -> str:
    exposure = view.claim.exposure(no)
    return words.said(exposure.head, words.HEADS) if exposure else str(_("The whole claim"))
