"""What seller and claimant agree between themselves: offers, and a settlement that is reported and confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from makewhole import asks_tender
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.state import AwaitingConfirmation, AwaitingOffer, AwaitingSeller, SellerSettles
from makewhole.domain.money import parse_money
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.ahead import rules_at, until
from makewhole.portals.frame.fields import AmountField, text_area
from makewhole.portals.frame.owing import insured_part_minor
from makewhole.portals.frame.showing import money, typed
from makewhole.portals.frame.uploads import FilesField
from makewhole.portals.seller.answers import sent
from makewhole.reads.views import ClaimView

_SELLER: frozenset[RoleName] = frozenset({"seller"})
_CLAIMANT: frozenset[RoleName] = frozenset({"claimant"})


class _Between(ActForm):
    answer = True

    def sum(self, minor: int) -> str:
        return money(minor, self.view.claim.currency)


class _OnOffer(_Between):
    """An answer to the other side's offer."""

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        return isinstance(stage, AwaitingOffer) and (stage.offer.by == "seller") != (by.role == "seller")

    @property
    def offered_minor(self) -> int:
        stage = self.view.claim.stage
        assert isinstance(stage, AwaitingOffer)
        return stage.offer.amount_minor


class AcceptOffer(_OnOffer):
    name, command = "accept-offer", td.AcceptOffer
    title, button, done = (
        _("Accept the offer"),
        _("Accept"),
        _("You agreed. The amount is on its way through our payment."),
    )
    roles = _SELLER | _CLAIMANT

    def means(self) -> str:
        offered = self.offered_minor
        if self.by.role == "claimant":
            told = [gettext("We pay you {amount}, as a rule at once.").format(amount=self.sum(offered))]
            if self._needs_a_release:
                told.append(gettext("We ask for your signature first."))
            if left_minor := self.view.claim.open_minor - offered:
                given_up = gettext("You give up the other {amount} that you claimed.")
                told.append(given_up.format(amount=self.sum(left_minor)))
            return " ".join(told)
        insured = insured_part_minor(self.view.claim, offered)
        owes = (
            gettext("We pay the customer, and you owe us {amount}; your insurer owes {insured}. The claim is settled.")
            if insured
            else gettext("We pay the customer, and you owe us {amount}. The claim is settled.")
        )
        return owes.format(amount=self.sum(offered - insured), insured=self.sum(insured))

    @property
    def _needs_a_release(self) -> bool:
        return self.offered_minor > rules_at(self.view, self.at).amount("release_above")

    def ask(self, seen: int | None) -> Ask:
        return self._act(asks_tender.accept_offer(), seen=seen)


class RefuseOffer(_OnOffer):
    name, command = "refuse-offer", td.RefuseOffer
    title, button, done = _("Refuse, and let us decide"), _("Refuse"), _("There is no agreement. We decide the claim.")
    roles = _SELLER | _CLAIMANT

    words = forms.CharField(label=_("Why, if you like to tell"), required=False, widget=text_area(2))

    def means(self) -> str:
        shown = self.sum(sum(part.expected_minor for part in self.view.exposures))
        if self.by.role == "claimant":
            return gettext(
                "There is no agreement, and we decide. So far your papers show {amount}; "
                "what we do not pay, we explain, and you may appeal."
            ).format(amount=shown)
        told = gettext("There is no agreement. We decide, pay what is assessed ({amount} so far), and ask you for it.")
        return told.format(amount=shown)

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.refuse_offer(self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


class MakeOffer(_Between):
    name, command = "offer", td.MakeOffer
    title, button = _("Offer another amount"), _("Send the offer")
    done = _("Your offer is sent. The other side accepts, refuses, or answers with an amount of its own.")
    roles = _SELLER | _CLAIMANT

    words = forms.CharField(
        label=_("Your reasons"), required=False, widget=text_area(3), help_text=_("The other side reads exactly this.")
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        if isinstance(stage, AwaitingOffer):
            return _OnOffer.fits(view, by)
        return by.role == "seller" and isinstance(stage, AwaitingSeller) and stage.to == "seller"

    def build(self) -> None:
        if self.by.role == "claimant":
            self.title, self.button = _("Ask for another amount"), _("Ask for this amount")  # type: ignore[misc]
        open_ = self.sum(self.view.claim.open_minor)
        self.fields["amount"] = AmountField(
            currency=self.view.claim.currency, label=_("Amount, in full settlement"),
            help_text=gettext("At most {amount}.").format(amount=open_),
            error_messages={"required": _("Please give an amount.")},
        )  # fmt: skip
        self.order_fields(["amount", "words"])

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data.get("amount")
        claim = self.view.claim
        if told and parse_money(told, claim.currency).minor > claim.open_minor:
            most = gettext("At most {amount} can be offered: that is what is claimed.")
            self.add_error("amount", most.format(amount=self.sum(claim.open_minor)))
        return self.cleaned_data

    def means(self) -> str:
        most = rules_at(self.view, self.at).whole("offers_at_most")
        made = len(self.view.claim.offers)
        if self.by.role == "claimant":
            by = until(self.view, self.at, "seller_answers")
            told = gettext(
                "The seller accepts or refuses by {instant}. This is offer {number} of at most {most} on a claim."
            )
            return told.format(instant=by, number=made + 1, most=most)
        by = until(self.view, self.at, "claimant_answers")
        return gettext(
            "The customer accepts, refuses or asks for another amount by {instant}. If it accepts, we pay that amount "
            "and you owe no more than it."
        ).format(instant=by)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.make_offer(told["amount"], self.view.claim.currency, told["words"])
        return self._act(command, *said, seen=seen)


# Settlement -----------------------------------------------------------------------------------------------------


class ReportSettlement(ActForm):
    name, command = "report-settlement", td.ReportSettlement
    title, button = _("It is paid or settled"), _("Tell us")
    done = _("Thank you. We ask the customer whether it is so.")
    says = _(
        "We ask the customer. If no answer comes, a person judges by what you send here: a receipt, a message, a photo."
    )

    words = forms.CharField(label=_("What you agreed"), required=False, widget=text_area(3))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, SellerSettles)

    def build(self) -> None:
        stage = self.view.claim.stage
        at = stage.amount_minor if isinstance(stage, SellerSettles) else 0
        self.fields["amount"] = AmountField(
            currency=self.view.claim.currency, label=_("What the customer got, as an amount"),
            initial=typed(at, self.view.claim.currency), error_messages={"required": _("Please give an amount.")},
            help_text=_("For a repair or a replacement, what it is worth."),
        )  # fmt: skip
        self.fields["files"] = FilesField(kind="message", by=self.by.name, at=self.at, label=_("What shows it"))
        self.order_fields(["amount", "files", "words"])

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.report_settlement(
            told["amount"], sent(told["files"]), self.view.claim.currency, told["words"]
        )
        return self._act(command, *said, seen=seen)


class Settled(_Between):
    name, command, roles = "settled", td.ConfirmSettlement, _CLAIMANT
    title, button, done = (
        _("Yes, it is settled"),
        _("Yes, it is settled"),
        _("Thank you. The claim is closed as settled."),
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingConfirmation | SellerSettles)

    def means(self) -> str:
        stage = self.view.claim.stage
        assert isinstance(stage, AwaitingConfirmation | SellerSettles)
        told = gettext("You have {amount}, or its worth, from the seller. We pay nothing on this claim.")
        return told.format(amount=self.sum(stage.amount_minor))

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.confirm_settlement(True)
        return self._act(command, *said, seen=seen)


class NotSettled(_Between):
    name, command, roles = "not-settled", td.ConfirmSettlement, _CLAIMANT
    title, button = _("No, it is not"), _("No, it is not")
    done = _("Thank you. The claim is ours again, and we decide it.")

    words = forms.CharField(label=_("What is missing, if you like to tell"), required=False, widget=text_area(3))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingConfirmation)

    def means(self) -> str:
        return gettext("The claim comes back to us at once, and we decide it. You lose nothing by it.")

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.confirm_settlement(False, self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


ACTS: list[type[ActForm]] = [Settled, NotSettled, AcceptOffer, RefuseOffer, MakeOffer, ReportSettlement]
