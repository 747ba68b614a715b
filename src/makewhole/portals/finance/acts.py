"""What finance says of a payment on its way: the bank paid, or the bank sent it back. Of debts: recovery_acts.py."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.handle import Ask
from makewhole.portals.finance.recovery_acts import ACTS as RECOVERY_ACTS
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import choice, text_input
from makewhole.portals.frame.showing import money
from makewhole.reads.views import ClaimView

_FINANCE: frozenset[RoleName] = frozenset({"finance"})


class _OfPayment(ActForm):
    roles = _FINANCE

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return view.claim.payment_under_way

    def build(self) -> None:
        waiting = [payment.order for payment in self.view.claim.payments if payment.state == "ordered"]
        options = [
            (
                str(order.payment_id),
                _("Payment {number}: {amount}").format(
                    number=order.seq, amount=money(order.amount_minor, self.view.claim.currency)
                ),
            )
            for order in waiting
        ]
        self.fields["payment"] = forms.ChoiceField(label=lazily("Payment"), choices=options, widget=choice())
        self.fields["bank_ref"] = forms.CharField(
            label=lazily("The bank's reference"), max_length=60, widget=text_input(autocomplete="off"),
            error_messages={"required": lazily("Please give the bank's reference.")},
        )  # fmt: skip

    @property
    def payment_id(self) -> UUID:
        return UUID(self.cleaned_data["payment"])


class ConfirmPayment(_OfPayment):
    name, command = "payment-made", do.ConfirmPayment
    title, button, done = lazily("The bank paid"), lazily("Record as paid"), lazily("Recorded: the bank paid.")

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.ConfirmPayment(self.payment_id, self.cleaned_data["bank_ref"]), seen=seen)


class ReturnPayment(_OfPayment):
    name, command = "payment-returned", do.ReturnPayment
    quiet = True
    title, button, done = (
        lazily("The bank sent it back"),
        lazily("Record as returned"),
        lazily("Recorded: the payment came back."),
    )

    why = forms.ChoiceField(
        label=lazily("Why"),
        choices=[
            ("account closed", lazily("The account is closed")),
            ("account unknown", lazily("The account does not exist")),
            ("holder differs", lazily("The holder has another name")),
            ("other", lazily("Another reason")),
        ],
        widget=choice(),
    )

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        return self._act(do.ReturnPayment(self.payment_id, told["bank_ref"], told["why"]), seen=seen)


ACTS: list[type[ActForm]] = [ConfirmPayment, ReturnPayment, *RECOVERY_ACTS]
