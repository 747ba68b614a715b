"""What seller and claimant agree between themselves: offers, and a settlement that is reported and confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import asks_tender
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.state import AwaitingConfirmation, AwaitingOffer, AwaitingSeller, SellerSettles
from makewhole.domain.money import parse_money
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.ahead import until
from makewhole.portals.frame.fields import AmountField, text_area
from makewhole.portals.frame.showing import typed
from makewhole.portals.frame.uploads import FilesField
from makewhole.portals.seller.answers import Answer, sent
from makewhole.portals.seller.weighing import Weighed, asked_back
from makewhole.reads.views import ClaimView

_SELLER: frozenset[RoleName] = frozenset({"seller"})
_CLAIMANT: frozenset[RoleName] = frozenset({"claimant"})


class _Between(Answer):
    """The seller sends files with what it says; a claimant has a place of its own for its proof."""

    def build(self) -> None:
        if self.by.role == "seller":
            super().build()


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
    title, button = lazily("Accept the offer"), lazily("Accept")
    done = lazily("You agreed. The amount is on its way through our payment.")
    roles = _SELLER | _CLAIMANT

    def means(self) -> str:
        offered = self.offered_minor
        if self.by.role == "claimant":
            told = [_("We pay you %(sum)s, as a rule at once.") % {"sum": self.sum(offered)}]
            if self._needs_a_release:
                told.append(_("We ask for your signature first."))
            if left_minor := self.view.claim.open_minor - offered:
                told.append(_("You give up the other %(sum)s that you claimed.") % {"sum": self.sum(left_minor)})
            return " ".join(told)
        borne = self.outlook.of("accepted", offered)
        own, insured = self.sum(borne.by_seller_minor), self.sum(borne.by_insurer_minor)
        if borne.by_insurer_minor:
            return _(
                "We pay the customer, and you owe us %(own)s; your insurer owes %(insured)s. The claim is settled."
            ) % {"own": own, "insured": insured}
        return _("We pay the customer, and you owe us %(own)s. The claim is settled.") % {"own": own}

    @property
    def weighed(self) -> Weighed | None:
        if self.by.role != "seller":
            return None
        return asked_back(
            self.outlook, "accepted", self.offered_minor, at_most=False,
            way=_("to us, once we have paid"), defence=_("you agree on this sum"),
        )  # fmt: skip

    @property
    def _needs_a_release(self) -> bool:
        return self.offered_minor > self.view.rules_at(self.at).amount("release_above")

    def ask(self, seen: int | None) -> Ask:
        return self._act(asks_tender.accept_offer(*self.enclosed), seen=seen)


class RefuseOffer(_OnOffer):
    name, command = "refuse-offer", td.RefuseOffer
    title, button = lazily("Refuse, and let us decide"), lazily("Refuse")
    done = lazily("There is no agreement. We decide the claim.")
    roles = _SELLER | _CLAIMANT

    words = forms.CharField(label=lazily("Why, if you like to tell"), required=False, widget=text_area(2))

    def means(self) -> str:
        shown = {"sum": self.sum(self._shown_minor)}
        if self.by.role == "claimant":
            return (
                _(
                    "There is no agreement, and we decide. So far your papers show %(sum)s; "
                    "what we do not pay, we explain, and you may appeal."
                )
                % shown
            )
        return _("There is no agreement. We decide, pay what is assessed (%(sum)s so far), and ask you for it.") % shown

    @property
    def weighed(self) -> Weighed | None:
        if self.by.role != "seller":
            return None
        return asked_back(
            self.outlook, "silent", self._shown_minor, at_most=True,
            way=_("to us, if we pay what is assessed"), defence=_("kept; you may contest after"),
        )  # fmt: skip

    @property
    def _shown_minor(self) -> int:
        return sum(part.expected_minor for part in self.view.exposures)

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.refuse_offer(self.cleaned_data["words"], *self.enclosed)
        return self._act(command, *said, seen=seen)


class MakeOffer(_Between):
    name, command = "offer", td.MakeOffer
    title, button = lazily("Offer another amount"), lazily("Send the offer")
    done = lazily("Your offer is sent. The other side accepts, refuses, or answers with an amount of its own.")
    roles = _SELLER | _CLAIMANT

    words = forms.CharField(
        label=lazily("Your reasons"), required=False, widget=text_area(3),
        help_text=lazily("The other side reads exactly this."),
    )  # fmt: skip

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        if isinstance(stage, AwaitingOffer):
            return _OnOffer.fits(view, by)
        return by.role == "seller" and isinstance(stage, AwaitingSeller) and stage.to == "seller"

    def build(self) -> None:
        super().build()
        if self.by.role == "claimant":
            self.title, self.button = _("Ask for another amount"), _("Ask for this amount")  # type: ignore[misc, assignment]
        self.fields["amount"] = AmountField(
            currency=self.view.claim.currency, label=_("Amount, in full settlement"),
            help_text=_("At most %(sum)s.") % {"sum": self.sum(self.view.claim.open_minor)},
            error_messages={"required": _("Please give an amount.")},
        )  # fmt: skip
        self.order_fields(["amount", "words", "files"])

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data.get("amount")
        claim = self.view.claim
        if told and parse_money(told, claim.currency).minor > claim.open_minor:
            most = {"sum": self.sum(claim.open_minor)}
            self.add_error("amount", _("At most %(sum)s can be offered: that is what is claimed.") % most)
        return self.cleaned_data

    def means(self) -> str:
        most = self.view.rules_at(self.at).whole("offers_at_most")
        made = len(self.view.claim.offers)
        if self.by.role == "claimant":
            return _(
                "The seller accepts or refuses by %(until)s. This is offer %(number)s of at most %(most)s on a claim."
            ) % {"until": until(self.view, self.at, "seller_answers"), "number": made + 1, "most": most}
        return _(
            "The customer accepts, refuses or asks for another amount by %(until)s. If it accepts, we pay that amount "
            "and you owe no more than it."
        ) % {"until": until(self.view, self.at, "claimant_answers")}

    @property
    def weighed(self) -> Weighed | None:
        if self.by.role != "seller":
            return None
        none = self.sum(0) if self.view.claim.insurer else ""
        insurer = _("its part of it") if none else ""
        return Weighed(_("what you offer"), _("to us, if the customer accepts"), insurer, _("kept, if it is refused"))

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.make_offer(
            told["amount"], self.view.claim.currency, told["words"], self.enclosed[0]
        )
        return self._act(command, *said, seen=seen)


# Settlement -----------------------------------------------------------------------------------------------------


class ReportSettlement(ActForm):
    name, command = "report-settlement", td.ReportSettlement
    title, button = lazily("It is paid or settled"), lazily("Tell us")
    done = lazily("Thank you. We ask the customer whether it is so.")
    says = lazily(
        "We ask the customer. If no answer comes, a person judges by what you send here: a receipt, a message, a photo."
    )

    words = forms.CharField(label=lazily("What you agreed"), required=False, widget=text_area(3))

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
    title, button = lazily("Yes, it is settled"), lazily("Yes, it is settled")
    done = lazily("Thank you. The claim is closed as settled.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingConfirmation | SellerSettles)

    def means(self) -> str:
        stage = self.view.claim.stage
        assert isinstance(stage, AwaitingConfirmation | SellerSettles)
        return _("You have %(sum)s, or its worth, from the seller. We pay nothing on this claim.") % {
            "sum": self.sum(stage.amount_minor)
        }

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.confirm_settlement(True)
        return self._act(command, *said, seen=seen)


class NotSettled(_Between):
    name, command, roles = "not-settled", td.ConfirmSettlement, _CLAIMANT
    title, button = lazily("No, it is not"), lazily("No, it is not")
    done = lazily("Thank you. The claim is ours again, and we decide it.")

    words = forms.CharField(label=lazily("What is missing, if you like to tell"), required=False, widget=text_area(3))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingConfirmation)

    def means(self) -> str:
        return _("The claim comes back to us at once, and we decide it. You lose nothing by it.")

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.confirm_settlement(False, self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


ACTS: list[type[ActForm]] = [Settled, NotSettled, AcceptOffer, RefuseOffer, MakeOffer, ReportSettlement]
