"""What finance does with a debt: a receipt, withholding, instalments, an obstacle, a write-off, a repayment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import asks_recovery
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.state import Contested, Recovery
from makewhole.handle import Ask
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.fields import AmountField, choice, day_input, text_area, text_input
from makewhole.portals.frame.showing import day, money, typed
from makewhole.reads.payouts import withholdable_payouts
from makewhole.reads.views import ClaimView

_FINANCE: frozenset[RoleName] = frozenset({"finance"})
_INSTALMENTS = 6
_AMOUNT_NEEDED = {"required": lazily("Please give an amount.")}
_REF_NEEDED = {"required": lazily("Please give the bank's reference.")}


class _OfRecovery(ActForm):
    quiet = True

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return view.claim.recovery is not None and view.claim.recovery.is_open

    @property
    def recovery(self) -> Recovery:
        recovery = self.view.claim.recovery
        assert recovery is not None
        return recovery

    @property
    def currency(self) -> str:
        return self.view.claim.currency

    def left_minor(self, debtor: Any) -> int:
        """What could still be paid or given up, as far as nothing is held for it."""
        held = self.recovery.held_minor if debtor == "seller" else 0
        return max(0, self.recovery.outstanding_minor(debtor) - held)

    def debtors(self) -> list[tuple[str, str]]:
        return [
            (
                debt.debtor,
                _("{debtor}: {amount} outstanding").format(
                    debtor=words.said(debt.debtor, words.DEBTORS), amount=money(left, self.currency)
                ),
            )
            for debt in self.recovery.debts
            if (left := self.recovery.outstanding_minor(debt.debtor)) > 0
        ]


def _ref() -> forms.CharField:
    return forms.CharField(
        label=lazily("The bank's reference"), max_length=asks_recovery.LONGEST_REF,
        widget=text_input(autocomplete="off"),
        error_messages=_REF_NEEDED,
    )  # fmt: skip


class Receipt(_OfRecovery):
    name, command, roles = "receipt", rd.ReceiveRecovery, _FINANCE
    quiet = False
    title, button, done = (
        lazily("A debtor paid"),
        lazily("Record the receipt"),
        lazily("Recorded. What was held beyond the rest goes back."),
    )
    says = lazily("The same bank reference told twice is one receipt.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        open_ = recovery is not None and recovery.is_open
        return open_ and any(recovery.outstanding_minor(debt.debtor) > 0 for debt in recovery.debts)  # type: ignore[union-attr]

    def build(self) -> None:
        self.fields["debtor"] = forms.ChoiceField(label=lazily("Who paid"), choices=self.debtors(), widget=choice())
        self.fields["amount"] = AmountField(
            currency=self.currency, label=lazily("Amount"), error_messages=_AMOUNT_NEEDED
        )
        self.fields["ref"] = _ref()

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command = asks_recovery.receive_recovery(
            self.view.claim.claim_id, told["debtor"], told["amount"], self.currency, told["ref"]
        )
        return self._act(command, seen=seen)


class Withhold(_OfRecovery):
    """Of a payout that the marketplace told us of."""

    name, command, roles = "withhold", rd.WithholdFunds, _FINANCE
    title, button, done = (
        lazily("Withhold of a payout"),
        lazily("Withhold"),
        lazily("Recorded: held back, with a statement to the seller."),
    )
    says = lazily(
        "At most what the payout is documented at, and what is owed. It is held, and pays the debt once it stands."
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        if recovery is None or not recovery.is_open or isinstance(recovery.stage, Contested) or recovery.obstacle:
            return False
        return not recovery.instalments and recovery.outstanding_minor("seller") > recovery.held_minor

    def build(self) -> None:
        claim = self.view.claim
        known = frozenset(one.disbursement_id for one in self.recovery.withholdings)
        options = [
            (
                each.ref,
                _("{payout}, {day}: {amount} of it free").format(
                    payout=each.ref, day=day(each.pays_on), amount=money(each.room_minor, self.currency)
                ),
            )
            for each in withholdable_payouts(claim.filed.seller_id, self.currency, self.view.calendar.day_of(self.at))
            if each.disbursement_id not in known
        ]
        self.fields["payout"] = forms.ChoiceField(
            label=lazily("Payout"), choices=options, widget=choice(),
            help_text="" if options else _("No payout of this seller is known that lies ahead."),
            error_messages={"required": lazily("Please choose a payout.")},
        )  # fmt: skip
        self.fields["amount"] = AmountField(
            currency=self.currency,
            required=False,
            label=lazily("Amount"),
            help_text=lazily("Empty: as much as is owed and there."),
        )

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command = asks_recovery.withhold_funds(
            self.view.claim.claim_id, told["payout"], self.currency, told["amount"] or None
        )
        return self._act(command, seen=seen)


class Instalments(_OfRecovery):
    name, command, roles = "instalments", rd.AgreeInstalments, _FINANCE
    title, button, done = (
        lazily("Agree on instalments"),
        lazily("Agree"),
        lazily("Agreed. While they are kept, nothing is withheld."),
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        if recovery is None or not recovery.is_open or isinstance(recovery.stage, Contested):
            return False
        return recovery.outstanding_minor("seller") > recovery.held_minor

    def build(self) -> None:
        for n in range(1, _INSTALMENTS + 1):
            self.fields[f"day_{n}"] = forms.DateField(label=lazily("Due on"), required=n == 1, widget=day_input())
            self.fields[f"amount_{n}"] = AmountField(
                currency=self.currency, required=n == 1, label=lazily("Amount"), error_messages=_AMOUNT_NEEDED
            )

    @property
    def says(self) -> str:  # type: ignore[override]
        owed = money(self.left_minor("seller"), self.currency)
        return _(
            "They add up to {owed}, which the seller still owes. No interest. Leave empty what you do not need."
        ).format(owed=owed)

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for n in range(1, _INSTALMENTS + 1):
            yield _("Instalment {number}").format(number=n), [self[f"day_{n}"], self[f"amount_{n}"]]

    def clean(self) -> dict[str, Any]:
        for n in range(2, _INSTALMENTS + 1):
            on, amount = self.cleaned_data.get(f"day_{n}"), self.cleaned_data.get(f"amount_{n}")
            if amount and not on and f"day_{n}" not in self.errors:
                self.add_error(f"day_{n}", _("Please give its day."))
            if on and not amount and f"amount_{n}" not in self.errors:
                self.add_error(f"amount_{n}", _("Please give its amount."))
        return self.cleaned_data

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        parts = tuple(
            (told[f"day_{n}"], told[f"amount_{n}"]) for n in range(1, _INSTALMENTS + 1) if told.get(f"day_{n}")
        )
        return self._act(asks_recovery.agree_instalments(parts, self.currency), seen=seen)


class NoteObstacle(_OfRecovery):
    name, command, roles = "obstacle", rd.NoteObstacle, _FINANCE
    title, button, done = lazily("Note an obstacle"), lazily("Record"), lazily("Recorded.")
    says = lazily("What is owed stays owed. While an obstacle stands, nothing is withheld.")

    words = forms.CharField(label=lazily("In your words"), required=False, widget=text_area(2))

    def build(self) -> None:
        here = self.recovery.obstacle
        options = [("none", _("No obstacle any more"))] if here else []
        options += [(code, told) for code, told in words.OBSTACLES.items() if code != here]
        self.fields["obstacle"] = forms.ChoiceField(
            label=lazily("What stands against it"), choices=options, widget=choice()
        )
        self.order_fields(["obstacle", "words"])

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        obstacle = "" if told["obstacle"] == "none" else told["obstacle"]
        command, said = asks_recovery.note_obstacle(obstacle, told["words"])
        return self._act(command, *said, seen=seen)


class WriteOff(_OfRecovery):
    name, command, roles = "write-off", rd.WriteOff, frozenset({"finance", "programme_owner"})
    title, button, done = lazily("Write off"), lazily("Write off"), lazily("Written off, with its reason in the books.")
    says = lazily("What is held is not given up: it covers its part.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        return Receipt.fits(view, by) and recovery is not None and not isinstance(recovery.stage, Contested)

    def build(self) -> None:
        self.fields["debtor"] = forms.ChoiceField(label=lazily("Whose debt"), choices=self.debtors(), widget=choice())
        self.fields["amount"] = AmountField(
            currency=self.currency, label=lazily("Amount"), error_messages=_AMOUNT_NEEDED,
            initial=typed(self.left_minor("seller"), self.currency) if self.left_minor("seller") else None,
        )  # fmt: skip
        self.fields["code"] = forms.ChoiceField(
            label=lazily("Why"), choices=[(code, capfirst(str(told))) for code, told in words.WRITE_OFFS.items()],
            widget=choice(),
        )  # fmt: skip
        self.fields["words"] = forms.CharField(label=lazily("In your words"), required=False, widget=text_area(2))

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_recovery.write_off(
            told["debtor"], told["amount"], self.currency, told["code"], told["words"]
        )
        return self._act(command, *said, seen=seen)


class Repaid(_OfRecovery):
    name, command, roles = "repaid", rd.ConfirmRepayment, _FINANCE
    quiet = False
    title, button, done = (
        lazily("It was repaid"),
        lazily("Record the repayment"),
        lazily("Recorded: the money has gone back."),
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        return recovery is not None and recovery.repaid_minor > recovery.repayments_made_minor

    def build(self) -> None:
        due = self.recovery.repaid_minor - self.recovery.repayments_made_minor
        self.fields["amount"] = AmountField(
            currency=self.currency,
            label=lazily("Amount"),
            initial=typed(due, self.currency),
            error_messages=_AMOUNT_NEEDED,
        )
        self.fields["ref"] = _ref()

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        return self._act(asks_recovery.confirm_repayment(told["amount"], self.currency, told["ref"]), seen=seen)


ACTS: list[type[ActForm]] = [Repaid, Receipt, Withhold, Instalments, NoteObstacle, WriteOff]
