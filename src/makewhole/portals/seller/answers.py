"""A seller's answers to a tender, and a producer's: each is a card that says what it means before it is chosen.

Every answer takes files: photos, a test report, a receipt. They are kept with the claim, before the answer.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import asks, asks_tender
from makewhole.domain.actors import Actor
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.state import AwaitingSeller
from makewhole.domain.claim.tendering import ANSWER_CLOCK
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.ahead import due, due_with_more_time, until, until_with_more_time
from makewhole.portals.frame.fields import text_area, text_input
from makewhole.portals.frame.showing import hour, money
from makewhole.portals.frame.uploads import FilesField, Kept
from makewhole.portals.frame.words import DISPUTES
from makewhole.portals.seller.weighing import Weighed, asked_back, nothing
from makewhole.reads.outlook import Outlook
from makewhole.reads.views import ClaimView

WORDS_NEEDED = {"required": lazily("Please give your reasons in words.")}
_A_WORD = lazily("A word to us, if you like")


class Answer(ActForm):
    """An answer that its giver weighs against the others. `outlook` is shared by the answers of a page."""

    answer = True
    takes_files = True

    def build(self) -> None:
        if self.takes_files:
            self.fields["files"] = FilesField(
                kind="other", by=self.by.name, at=self.at, label=_("Photos or papers, if they help"),
                help_text=_("A test report, a receipt, photos of your own. We keep them with the claim."),
            )  # fmt: skip

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.view.claim, self.view.rules_at(self.at))

    @property
    def weighed(self) -> Weighed | None:
        """What it costs, beside the other answers; None for who has nothing to compare."""
        return None

    def sum(self, minor: int) -> str:
        return money(minor, self.view.claim.currency)

    def hour(self, at: datetime) -> str:
        return hour(at, self.view.zone)

    @property
    def enclosed(self) -> tuple[asks_tender.Files, str]:
        """The files of the form and the claim's currency, as the functions of asks_tender take them."""
        return sent(self.cleaned_data.get("files")), self.view.claim.currency


class _ToTender(Answer):
    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        return isinstance(stage, AwaitingSeller) and stage.to == by.role

    @property
    def asked_minor(self) -> int:
        tender = self.view.claim.tender
        assert tender is not None
        return tender.amount_minor


class AcceptAndWePay(_ToTender):
    name, command = "accept-we-pay", td.AcceptTender
    title, button = lazily("Accept, and we pay now"), lazily("Accept, and let the platform pay")
    done = lazily("You accepted. We pay the customer, and send you the demand with its reasons once it is paid.")

    words = forms.CharField(label=_A_WORD, required=False, widget=text_area(2))

    def means(self) -> str:
        asked = self.asked_minor
        if self.by.role == "producer":
            return _("We pay the customer, and you owe us %(sum)s. No interest, instalments can be agreed.") % {
                "sum": self.sum(asked)
            }
        borne = self.outlook.of("accepted", asked)
        if not borne.by_insurer_minor:
            return _(
                "We pay the customer, and you owe us %(sum)s: paid by you, or withheld of your payouts. "
                "No interest, instalments can be agreed."
            ) % {"sum": self.sum(borne.by_seller_minor)}
        return _(
            "We pay the customer. You owe us %(own)s, your part up to the deductible; your insurer owes %(insured)s."
        ) % {"own": self.sum(borne.by_seller_minor), "insured": self.sum(borne.by_insurer_minor)}

    @property
    def weighed(self) -> Weighed:
        way, defence = _("to us, once we have paid"), _("you accept the claim; the sum may be contested")
        if self.by.role == "producer":
            return Weighed(self.sum(self.asked_minor), way, "", defence)
        return asked_back(self.outlook, "accepted", self.asked_minor, way=way, defence=defence, at_most=False)

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.accept_tender("platform", self.cleaned_data["words"], *self.enclosed)
        return self._act(command, *said, seen=seen)


class AcceptAndPay(_ToTender):
    name, command = "accept-i-pay", td.AcceptTender
    title, button = lazily("Accept, and pay the customer yourself"), lazily("Accept, and pay it myself")
    done = lazily("You accepted. Pay the customer, then tell us below, with the receipt.")

    words = forms.CharField(label=_A_WORD, required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return by.role == "seller" and super().fits(view, by)

    def means(self) -> str:
        return _(
            "You pay the customer %(sum)s by %(until)s, and owe us nothing. "
            "If it is not paid by then, we pay and ask you for it."
        ) % {"sum": self.sum(self.asked_minor), "until": until(self.view, self.at, "seller_pays")}

    @property
    def weighed(self) -> Weighed:
        none = self.sum(0) if self.view.claim.insurer else ""
        way = _("to the customer, by %(until)s") % {"until": self.hour(due(self.view, self.at, "seller_pays"))}
        return Weighed(self.sum(self.asked_minor), way, none, _("you accept the claim"))

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.accept_tender("seller", self.cleaned_data["words"], *self.enclosed)
        return self._act(command, *said, seen=seen)


class Handle(_ToTender):
    name, command = "settle-yourself", td.HandleClaim
    title, button = lazily("Settle it with the customer yourself"), lazily("I settle it myself")
    done = lazily("It is yours to settle now. When it is done, tell us below, with what shows it.")

    words = forms.CharField(label=lazily("How you mean to settle it, if you like"), required=False, widget=text_area(2))

    def means(self) -> str:
        return _(
            "You have until %(until)s: a repair, a replacement or a sum, as the two of you agree. "
            "If nothing is settled by then, the claim comes back, and we pay and ask you for it."
        ) % {"until": until(self.view, self.at, "seller_handles")}

    @property
    def weighed(self) -> Weighed:
        none = self.sum(0) if self.view.claim.insurer else ""
        way = _("to the customer, by %(until)s") % {"until": self.hour(due(self.view, self.at, "seller_handles"))}
        return Weighed(_("what you agree"), way, none, _("kept, if it comes back"))

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.handle_claim(self.cleaned_data["words"], *self.enclosed)
        return self._act(command, *said, seen=seen)


class Reject(_ToTender):
    name, command = "reject", td.RejectTender
    title, button = lazily("Reject, with reasons"), lazily("Reject the claim")
    done = lazily("We have your rejection. A person looks at each of your reasons.")

    reasons = forms.MultipleChoiceField(
        label=lazily("Your reasons"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, capfirst(DISPUTES[code])) for code in td.REJECTION_REASONS],
        error_messages={"required": lazily("Please choose at least one reason.")},
    )  # fmt: skip
    words = forms.CharField(
        label=lazily("In your words"), widget=text_area(4), error_messages=WORDS_NEEDED,
        help_text=lazily("What happened, as you see it. People who decide read exactly this."),
    )  # fmt: skip

    def build(self) -> None:
        self.fields["files"] = FilesField(
            kind="other", by=self.by.name, at=self.at, label=_("Documents"),
            help_text=_("A test report, a manual, a delivery note, photos of your own."),
        )  # fmt: skip

    def means(self) -> str:
        return _(
            "You owe nothing today. A person answers each of your reasons; only where two people believe the claim "
            "valid do we pay it, and you may contest what we then ask of you."
        )

    @property
    def weighed(self) -> Weighed:
        way, defence = _("today; if two people find the claim valid, up to %(sum)s"), _("kept, in full")
        if self.by.role == "producer":
            return Weighed(self.sum(0), _("today"), "", defence)
        at_most = self.outlook.of("rejected", self.asked_minor).by_seller_minor
        return nothing(self.outlook, way=way % {"sum": self.sum(at_most)}, defence=defence)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        files, currency = self.enclosed
        command, said = asks_tender.reject_tender(tuple(told["reasons"]), told["words"], files, currency)
        return self._act(command, *said, seen=seen)


class MoreTime(_ToTender):
    name, command = "more-time", td.AskMoreTime
    title, button = lazily("Ask once for more time"), lazily("Ask for more time")
    done = lazily("You have more time; the date is above.")

    words = forms.CharField(label=lazily("What you need it for"), widget=text_area(2), error_messages=WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        if not super().fits(view, by) or by.role not in ANSWER_CLOCK:
            return False
        name = ANSWER_CLOCK["seller" if by.role == "seller" else "producer"]
        runs = view.claim.running(name) is not None
        return runs and not any(clock.name == name and clock.extended for clock in view.claim.clocks)

    def means(self) -> str:
        name = ANSWER_CLOCK["seller" if self.by.role == "seller" else "producer"]
        return _(
            "You answer by %(until)s instead. It is given at once, once, and counted from the day you were asked."
        ) % {"until": until_with_more_time(self.view, self.at, name)}

    @property
    def weighed(self) -> Weighed:
        name = ANSWER_CLOCK["seller" if self.by.role == "seller" else "producer"]
        later = {"until": self.hour(due_with_more_time(self.view, self.at, name))}
        return _today_nothing(self, _("you answer by %(until)s") % later)

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.ask_more_time(self.cleaned_data["words"], *self.enclosed)
        return self._act(command, *said, seen=seen)


class NameProducer(_ToTender):
    name, command = "name-producer", td.NameProducer
    title, button = lazily("It was made by someone else"), lazily("Pass it on to the producer")
    done = lazily("The claim is passed on. The producer gets the file by mail, with a time of its own.")

    producer_name = forms.CharField(
        label=lazily("Producer, importer or its insurer"), max_length=200,
        widget=text_input(autocomplete="organization"), error_messages={"required": lazily("Please give the name.")},
    )  # fmt: skip
    producer_email = forms.EmailField(
        label=lazily("Its e-mail"), widget=forms.EmailInput(attrs={"class": "form-control"}),
        error_messages={
            "required": lazily("Please give an e-mail address."),
            "invalid": lazily("That is not an e-mail address."),
        },
    )  # fmt: skip
    words = forms.CharField(label=_A_WORD, required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return super().fits(view, by) and not any(tender.to == "producer" for tender in view.claim.tenders)

    def means(self) -> str:
        return _(
            "It gets the same file as you, and answers by %(until)s. If it accepts, it owes; "
            "if not, the claim goes on, and is asked of you."
        ) % {"until": until(self.view, self.at, "producer_answers")}

    @property
    def weighed(self) -> Weighed:
        return _today_nothing(self, _("the producer is asked; if it does not accept, you are"))

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.name_producer(
            told["producer_name"], told["producer_email"], told["words"], *self.enclosed
        )
        return self._act(command, *said, seen=seen)


BEFORE_OFFER: list[type[ActForm]] = [AcceptAndWePay, AcceptAndPay, Handle]
AFTER_OFFER: list[type[ActForm]] = [Reject, NameProducer, MoreTime]


def _today_nothing(answer: _ToTender, way: str) -> Weighed:
    if answer.by.role == "producer":
        return Weighed(answer.sum(0), _("today; %(then)s") % {"then": way}, "", _("kept"))
    return nothing(answer.outlook, way=_("today; %(then)s") % {"then": way}, defence=_("kept"))


def sent(kept: list[Kept] | Any) -> asks_tender.Files:
    """The files of a form, for the whole claim."""
    return tuple(asks.EvidenceTold(file.evidence_id) for file in kept or [])
