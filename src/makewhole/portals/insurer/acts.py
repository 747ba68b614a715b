"""What the seller's insurer may answer to a notice of loss: each answer is a card that says what follows from it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import asks_tender
from makewhole.domain.actors import Actor
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.recovery.insurance import FINAL
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import text_area, text_input
from makewhole.portals.frame.showing import instant
from makewhole.portals.frame.uploads import FilesField
from makewhole.portals.seller.answers import Answer, sent
from makewhole.portals.seller.weighing import Weighed
from makewhole.reads.views import ClaimView


class _InsurerAnswer(Answer):
    command = td.AnswerAsInsurer
    says_what = ""

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        insurer = view.claim.insurer
        return insurer is not None and insurer.answer not in FINAL and view.claim.held("insurer_answers") is not None

    def build(self) -> None:
        denies, asks = self.says_what == "denies", self.says_what == "asks"
        self.fields["clause"] = forms.CharField(
            label=_("Clause of your policy"), required=denies, max_length=asks_tender.LONGEST_CLAUSE,
            widget=text_input(), error_messages={"required": _("Please cite the clause of your policy.")},
        )  # fmt: skip
        self.fields["words"] = forms.CharField(
            label=_("Your question") if asks else _("In your words"), required=asks, widget=text_area(3),
            error_messages={"required": _("Please say what you ask for.")},
        )  # fmt: skip
        self.fields["files"] = FilesField(kind="other", by=self.by.name, at=self.at, label=_("Documents"))

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.answer_as_insurer(
            self.says_what, told["clause"], sent(told["files"]), self.view.claim.currency, told["words"]
        )
        return self._act(command, *said, seen=seen)

    @property
    def part(self) -> str:
        """What it would pay: above the deductible, within the limit."""
        return self.sum(self._part_minor)

    @property
    def _part_minor(self) -> int:
        insurer = self.view.claim.insurer
        assert insurer is not None
        return insurer.covered_minor(insurer.told.amount_minor)

    @property
    def sellers(self) -> str:
        """What is left to the seller of it."""
        insurer = self.view.claim.insurer
        assert insurer is not None
        return self.sum(insurer.told.amount_minor - self._part_minor)

    @property
    def whole(self) -> str:
        insurer = self.view.claim.insurer
        assert insurer is not None
        return self.sum(insurer.told.amount_minor)

    @property
    def until(self) -> str:
        """When its time is over; a time that is paused has no end."""
        clock = self.view.claim.running("insurer_answers")
        return instant(clock.due_at, self.view.zone) if clock else ""


class Accept(_InsurerAnswer):
    name, says_what = "insurer-accepts", "accepts"
    title, button = lazily("Accept cover"), lazily("Accept cover")
    done = lazily("You accept cover. We ask you for your part once it is paid.")

    def means(self) -> str:
        return _("You owe %(part)s, above the deductible, once we have paid the customer. It cannot be taken back.") % {
            "part": self.part
        }

    @property
    def weighed(self) -> Weighed:
        return Weighed(self.part, _("to us, once we have paid"), self.sellers, _("you accept cover; final"))


class Reserve(_InsurerAnswer):
    name, says_what = "insurer-reserves", "reserves_rights"
    title, button = lazily("Reserve your rights"), lazily("Reserve our rights")
    done = lazily("Recorded. Your time to answer runs on.")

    def means(self) -> str:
        if not self.until:
            return _("You owe nothing by this, and lose no defence. Accept or deny; else your part is the seller's.")
        return _(
            "You owe nothing by this, and lose no defence. Accept or deny by %(until)s; else your part is the seller's."
        ) % {"until": self.until}

    @property
    def weighed(self) -> Weighed:
        return Weighed(self.sum(0), _("by this; you still accept or deny"), _("not settled yet"), _("kept, in full"))


class AskForMore(_InsurerAnswer):
    name, says_what = "insurer-asks", "asks"
    title, button = lazily("Ask for something"), lazily("Send the question")
    done = lazily("An adjuster has your question. Your time runs on.")

    def means(self) -> str:
        if not self.until:
            return _("An adjuster answers you. Accept or deny; else your part is asked of the seller.")
        return _("An adjuster answers you. Accept or deny by %(until)s; else your part is asked of the seller.") % {
            "until": self.until
        }

    @property
    def weighed(self) -> Weighed:
        return Weighed(self.sum(0), _("by this; you still accept or deny"), _("not settled yet"), _("kept"))


class Deny(_InsurerAnswer):
    name, says_what = "insurer-denies", "denies"
    title, button = lazily("Deny cover"), lazily("Deny cover")
    done = lazily("You deny cover. What you would have owed is asked of the seller.")

    def means(self) -> str:
        return _("You owe nothing; the %(part)s is asked of the seller, who reads your words. It is final.") % {
            "part": self.part
        }

    @property
    def weighed(self) -> Weighed:
        return Weighed(self.sum(0), _("final"), self.whole, _("you deny cover, with a clause"))


ACTS: list[type[ActForm]] = [Accept, Reserve, AskForMore, Deny]
