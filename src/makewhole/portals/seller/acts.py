"""What a seller may do on a claim about its product: answer a tender, contest a debt, prove insurance, send evidence.

The answers stand in answers.py and settling/acts.py, what follows a payment in owing.py.
"""

from __future__ import annotations

from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import asks
from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.handle import Ask
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import choice, text_area
from makewhole.portals.frame.uploads import FilesField
from makewhole.portals.frame.words import CHECKS
from makewhole.portals.seller.answers import AFTER_OFFER, BEFORE_OFFER
from makewhole.portals.seller.owing import Contest, SendProofOfInsurance
from makewhole.portals.settling.acts import ACTS as SETTLING
from makewhole.reads.views import ClaimView


class SendEvidence(ActForm):
    name, command = "seller-evidence", do.AddSellerEvidence
    title, button, done = lazily("Send evidence"), lazily("Send"), lazily("Thank you. We keep it with the claim.")
    says = lazily("At any time, also after the claim is paid. Adjusters read it; the claimant keeps what was paid.")

    words = forms.CharField(label=lazily("What you want to say"), required=False, widget=text_area(4))
    kind = forms.ChoiceField(
        label=lazily("What your files show"), required=False,
        choices=[("message", lazily("Message")), ("photo", lazily("Photo")), ("other", lazily("Other"))],
        widget=choice(),
    )  # fmt: skip
    flags = forms.MultipleChoiceField(
        label=lazily("Something you want us to look at"), required=False, choices=list(CHECKS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return view.claim.seller_notified

    def build(self) -> None:
        # While something is asked of the seller, that comes first.
        self.quiet = self.view.turn == "seller" or self.view.claim.recovery is not None
        posted = str(self.data.get("kind", "message"))
        kind = cast(ev.EvidenceKind, posted if posted in ("message", "photo") else "other")
        self.fields["files"] = FilesField(kind=kind, by=self.by.name, at=self.at, label=_("Files"))

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        said = asks.say(told["words"], required=False)
        files = tuple(asks.EvidenceTold(file.evidence_id) for file in told["files"])
        evidence = asks.evidence_items(files, self.view.claim.currency)
        return self._act(do.AddSellerEvidence(evidence, said.sealed, tuple(told["flags"])), said, seen=seen)


ACTS: list[type[ActForm]] = [*BEFORE_OFFER, *SETTLING, *AFTER_OFFER, Contest, SendProofOfInsurance, SendEvidence]
