"""A seller's answers to a tender, and a producer's: each is a card that says what it means before it is chosen."""

from __future__ import annotations

from typing import Any

from django import forms

from makewhole import asks, asks_tender
from makewhole.domain.actors import Actor
from makewhole.domain.claim import in_words
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.state import AwaitingSeller
from makewhole.domain.claim.tendering import ANSWER_CLOCK
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.ahead import until, until_with_more_time
from makewhole.portals.frame.fields import text_area, text_input
from makewhole.portals.frame.owing import insured_part_minor
from makewhole.portals.frame.showing import money
from makewhole.portals.frame.uploads import FilesField, Kept
from makewhole.reads.views import ClaimView

WORDS_NEEDED = {"required": "Please give your reasons in words."}


class _Answer(ActForm):
    answer = True

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        return isinstance(stage, AwaitingSeller) and stage.to == by.role

    @property
    def asked_minor(self) -> int:
        tender = self.view.claim.tender
        assert tender is not None
        return tender.amount_minor

    def sum(self, minor: int) -> str:
        return money(minor, self.view.claim.currency)


class AcceptAndWePay(_Answer):
    name, command = "accept-we-pay", td.AcceptTender
    title, button = "Accept, and we pay now", "Accept, and let the platform pay"
    done = "You accepted. We pay the customer, and send you the demand with its reasons once it is paid."

    words = forms.CharField(label="A word to us, if you like", required=False, widget=text_area(2))

    def means(self) -> str:
        asked = self.asked_minor
        if self.by.role == "producer":
            return f"We pay the customer, and you owe us {self.sum(asked)}. No interest, instalments can be agreed."
        insured = insured_part_minor(self.view.claim, asked)
        if not insured:
            return (
                f"We pay the customer, and you owe us {self.sum(asked)}: paid by you, or withheld of your payouts. "
                "No interest, instalments can be agreed."
            )
        own = self.sum(asked - insured)
        return (
            f"We pay the customer. You owe us {own}, your part up to the deductible; "
            f"your insurer owes {self.sum(insured)}."
        )

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.accept_tender("platform", self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


class AcceptAndPay(_Answer):
    name, command = "accept-i-pay", td.AcceptTender
    title, button = "Accept, and pay the customer yourself", "Accept, and pay it myself"
    done = "You accepted. Pay the customer, then tell us below, with the receipt."

    words = forms.CharField(label="A word to us, if you like", required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return by.role == "seller" and super().fits(view, by)

    def means(self) -> str:
        by = until(self.view, self.at, "seller_pays")
        return (
            f"You pay the customer {self.sum(self.asked_minor)} by {by}, and owe us nothing. "
            "If it is not paid by then, we pay and ask you for it."
        )

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.accept_tender("seller", self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


class Handle(_Answer):
    name, command = "settle-yourself", td.HandleClaim
    title, button = "Settle it with the customer yourself", "I settle it myself"
    done = "It is yours to settle now. When it is done, tell us below, with what shows it."

    words = forms.CharField(label="How you mean to settle it, if you like", required=False, widget=text_area(2))

    def means(self) -> str:
        by = until(self.view, self.at, "seller_handles")
        return (
            f"You have until {by}: a repair, a replacement or a sum, as the two of you agree. "
            "If nothing is settled by then, the claim comes back, and we pay and ask you for it."
        )

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.handle_claim(self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


class Reject(_Answer):
    name, command = "reject", td.RejectTender
    title, button = "Reject, with reasons", "Reject the claim"
    done = "We have your rejection. A person looks at each of your reasons."

    reasons = forms.MultipleChoiceField(
        label="Your reasons", widget=forms.CheckboxSelectMultiple,
        choices=[(code, in_words.DISPUTES[code].capitalize()) for code in td.REJECTION_REASONS],
        error_messages={"required": "Please choose at least one reason."},
    )  # fmt: skip
    words = forms.CharField(
        label="In your words", widget=text_area(4), error_messages=WORDS_NEEDED,
        help_text="What happened, as you see it. People who decide read exactly this.",
    )  # fmt: skip

    def build(self) -> None:
        self.fields["files"] = FilesField(
            kind="other", by=self.by.name, at=self.at, label="Documents",
            help_text="A test report, a manual, a delivery note, photos of your own.",
        )  # fmt: skip

    def means(self) -> str:
        return (
            "You owe nothing today. A person answers each of your reasons; only where two people believe the claim "
            "valid do we pay it, and you may contest what we then ask of you."
        )

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        files = sent(told["files"])
        command, said = asks_tender.reject_tender(
            tuple(told["reasons"]), told["words"], files, self.view.claim.currency
        )
        return self._act(command, *said, seen=seen)


class MoreTime(_Answer):
    name, command = "more-time", td.AskMoreTime
    title, button, done = "Ask once for more time", "Ask for more time", "You have more time; the date is above."

    words = forms.CharField(label="What you need it for", widget=text_area(2), error_messages=WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        if not super().fits(view, by) or by.role not in ANSWER_CLOCK:
            return False
        name = ANSWER_CLOCK["seller" if by.role == "seller" else "producer"]
        runs = view.claim.running(name) is not None
        return runs and not any(clock.name == name and clock.extended for clock in view.claim.clocks)

    def means(self) -> str:
        name = ANSWER_CLOCK["seller" if self.by.role == "seller" else "producer"]
        by = until_with_more_time(self.view, self.at, name)
        return f"You answer by {by} instead. It is given at once, once, and counted from the day you were asked."

    def ask(self, seen: int | None) -> Ask:
        command, said = asks_tender.ask_more_time(self.cleaned_data["words"])
        return self._act(command, *said, seen=seen)


class NameProducer(_Answer):
    name, command = "name-producer", td.NameProducer
    title, button = "It was made by someone else", "Pass it on to the producer"
    done = "The claim is passed on. The producer gets the file by mail, with a time of its own."

    producer_name = forms.CharField(
        label="Producer, importer or its insurer", max_length=200, widget=text_input(autocomplete="organization"),
        error_messages={"required": "Please give the name."},
    )  # fmt: skip
    producer_email = forms.EmailField(
        label="Its e-mail", widget=forms.EmailInput(attrs={"class": "form-control"}),
        error_messages={"required": "Please give an e-mail address.", "invalid": "That is not an e-mail address."},
    )  # fmt: skip
    words = forms.CharField(label="A word to us, if you like", required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return super().fits(view, by) and not any(tender.to == "producer" for tender in view.claim.tenders)

    def means(self) -> str:
        by = until(self.view, self.at, "producer_answers")
        return (
            f"It gets the same file as you, and answers by {by}. If it accepts, it owes; "
            "if not, the claim goes on, and is asked of you."
        )

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.name_producer(told["producer_name"], told["producer_email"], told["words"])
        return self._act(command, *said, seen=seen)


BEFORE_OFFER: list[type[ActForm]] = [AcceptAndWePay, AcceptAndPay, Handle]
AFTER_OFFER: list[type[ActForm]] = [Reject, NameProducer, MoreTime]


def sent(kept: list[Kept] | Any) -> tuple[asks.EvidenceTold, ...]:
    """The files of a form, for the whole claim."""
    return tuple(asks.EvidenceTold(file.evidence_id) for file in kept or [])
