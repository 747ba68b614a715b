"""When the cost is asked back: a debtor contests, a seller proves that it was insured."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import asks_recovery, asks_tender
from makewhole.domain.actors import Actor
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.state import AwaitingSeller
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.state import Contested, Demanded
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import text_area
from makewhole.portals.frame.uploads import FilesField
from makewhole.portals.frame.words import DISPUTES
from makewhole.portals.seller.answers import WORDS_NEEDED, sent
from makewhole.reads.views import ClaimView


class Contest(ActForm):
    """A seller, its insurer or the producer, while its days run, once."""

    name, command = "contest", rd.ContestRecovery
    title, button = lazily("Contest what is asked of you"), lazily("Contest")
    done = lazily("We have your contest. A person who took no part decides; nothing more is withheld until then.")
    says = lazily(
        "Somebody who took no part in the claim decides, and answers you in writing. Until then nothing more is "
        "withheld. If you are right, what you paid or what is held goes back to you."
    )

    reasons = forms.MultipleChoiceField(
        label=lazily("Your reasons"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, capfirst(DISPUTES[code])) for code in rd.CONTEST_REASONS],
        error_messages={"required": lazily("Please choose at least one reason.")},
    )  # fmt: skip
    words = forms.CharField(label=lazily("In your words"), widget=text_area(4), error_messages=WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        if recovery is None or by.role not in ("seller", "insurer", "producer"):
            return False
        owes = recovery.debt(by.role).owed_minor > 0
        first = not any(contest.by == by.role for contest in recovery.contests)
        return (
            isinstance(recovery.stage, Demanded) and owes and first and view.claim.held("seller_contests") is not None
        )

    def build(self) -> None:
        self.fields["files"] = FilesField(kind="other", by=self.by.name, at=self.at, label=_("Documents"))

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_recovery.contest_recovery(
            tuple(told["reasons"]), told["words"], sent(told["files"]), self.view.claim.currency
        )
        return self._act(command, *said, seen=seen)


class SendProofOfInsurance(ActForm):
    name, command = "proof-of-insurance", td.SendProofOfInsurance
    title, button = lazily("Show proof of insurance"), lazily("Send")
    done = lazily("Thank you. A person looks at it; nothing is asked of you meanwhile.")
    says = lazily(
        "A certificate or the policy itself that was in force on the day of the incident. Insurance bought anywhere "
        "counts. If it proves cover, what is asked of you ends, or goes to your insurer, and what is held goes back."
    )

    words = forms.CharField(label=lazily("A word on it, if you like"), required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        claim = view.claim
        over = claim.recovery is not None and not claim.recovery.is_open
        return claim.proof_asked and "proof_of_insurance" not in claim.tasks and not over and claim.bearer != "platform"

    def build(self) -> None:
        claim = self.view.claim
        contested = claim.recovery is not None and isinstance(claim.recovery.stage, Contested)
        self.quiet = contested or isinstance(claim.stage, AwaitingSeller)  # what is asked first comes first
        self.fields["files"] = FilesField(
            kind="other", by=self.by.name, at=self.at, label=_("Certificate or policy"), required=True
        )
        self.order_fields(["files", "words"])

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.send_proof_of_insurance(
            sent(told["files"]), self.view.claim.currency, told["words"]
        )
        return self._act(command, *said, seen=seen)
