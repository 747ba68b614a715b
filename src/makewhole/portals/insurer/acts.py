"""What the seller's insurer may answer to a notice of loss: each answer is a card that says what follows from it."""

from __future__ import annotations

from django import forms

from makewhole import asks_tender
from makewhole.domain.actors import Actor
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.recovery.insurance import FINAL
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import text_area, text_input
from makewhole.portals.frame.showing import instant, money
from makewhole.portals.frame.uploads import FilesField
from makewhole.portals.seller.answers import sent
from makewhole.reads.views import ClaimView


class _InsurerAnswer(ActForm):
    answer = True
    command = td.AnswerAsInsurer
    says_what = ""

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        insurer = view.claim.insurer
        return insurer is not None and insurer.answer not in FINAL and view.claim.held("insurer_answers") is not None

    def build(self) -> None:
        denies, asks = self.says_what == "denies", self.says_what == "asks"
        self.fields["clause"] = forms.CharField(
            label="Clause of your policy", required=denies, max_length=asks_tender.LONGEST_CLAUSE, widget=text_input(),
            error_messages={"required": "Please cite the clause of your policy."},
        )  # fmt: skip
        self.fields["words"] = forms.CharField(
            label="Your question" if asks else "In your words", required=asks, widget=text_area(3),
            error_messages={"required": "Please say what you ask for."},
        )  # fmt: skip
        self.fields["files"] = FilesField(kind="other", by=self.by.name, at=self.at, label="Documents")

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.answer_as_insurer(
            self.says_what, told["clause"], sent(told["files"]), self.view.claim.currency, told["words"]
        )
        return self._act(command, *said, seen=seen)

    @property
    def part(self) -> str:
        insurer = self.view.claim.insurer
        assert insurer is not None
        return money(insurer.covered_minor(insurer.told.amount_minor), self.view.claim.currency)

    @property
    def until(self) -> str:
        clock = self.view.claim.running("insurer_answers")
        return f" by {instant(clock.due_at, self.view.zone)}" if clock else ""


class Accept(_InsurerAnswer):
    name, says_what = "insurer-accepts", "accepts"
    title, button, done = "Accept cover", "Accept cover", "You accept cover. We ask you for your part once it is paid."

    def means(self) -> str:
        return f"You owe {self.part}, above the deductible, once we have paid the customer. It cannot be taken back."


class Reserve(_InsurerAnswer):
    name, says_what = "insurer-reserves", "reserves_rights"
    title, button, done = "Reserve your rights", "Reserve our rights", "Recorded. Your time to answer runs on."

    def means(self) -> str:
        return (
            f"You owe nothing by this, and lose no defence. Accept or deny{self.until}; else your part is the seller's."
        )


class AskForMore(_InsurerAnswer):
    name, says_what = "insurer-asks", "asks"
    title, button, done = "Ask for something", "Send the question", "An adjuster has your question. Your time runs on."

    def means(self) -> str:
        return f"An adjuster answers you. Accept or deny{self.until}; else your part is asked of the seller."


class Deny(_InsurerAnswer):
    name, says_what = "insurer-denies", "denies"
    title, button, done = "Deny cover", "Deny cover", "You deny cover. What you would have owed is asked of the seller."

    def means(self) -> str:
        return f"You owe nothing; the {self.part} is asked of the seller, who reads your words. It is final."


ACTS: list[type[ActForm]] = [Accept, Reserve, AskForMore, Deny]
