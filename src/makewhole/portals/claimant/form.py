"""The form of a first notice of loss: everything that is missing is said at once, each at its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from makewhole import asks
from makewhole.domain.actors import Actor
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.refusal import Refused
from makewhole.people.links import OrderNamed
from makewhole.portals.claimant.acts import evidence_told, needs_account
from makewhole.portals.frame import words
from makewhole.portals.frame.fields import AmountField, text_area, text_input
from makewhole.portals.frame.showing import money
from makewhole.portals.frame.uploads import FilesField, Kept
from makewhole.store.models import OrderLine


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for files of one kind; a paper has an amount on it."""

    name: str
    kind: EvidenceKind
    label: str
    hint: str
    paper: bool


# What may be claimed, with the places for its proof. Proof may be missing: the claim is opened all the same.
PARTS: dict[str, tuple[Slot, ...]] = {
    "property_damage": (
        Slot("photos", "photo", "Photos of the damage", "One from near, one of the whole, one of the product.", False),
        Slot("paper", "receipt", "Receipt of the damaged thing", "Or any paper that shows what it cost.", True),
        Slot("estimate", "repair_estimate", "Repair estimate, if you have one", "From a workshop or craftsman.", True),
    ),
    "purchase_price": (),
    "medical_expense": (
        Slot("bill", "medical_bill", "Bill of the doctor or hospital", "Only those who decide can read it.", True),
    ),
    "lost_wages": (Slot("wages", "wage_statement", "Statement of the wages lost", "Your employer writes it.", True),),
}  # fmt: skip
# Heads that the guarantee does not pay: who claims them gets the reason and the other ways that are open.
OTHER_PARTS = ("pain_and_suffering", "commercial", "consequential", "attorney_fees")
# Refusals of the write door that belong to one field.
_FIELDS = {
    "loss_date_in_future": "loss_date",
    "loss_date_before_order": "loss_date",
    "email_not_usable": "email",
    "account_not_usable": "account",
}


def field_of(refusal: Refused) -> str | None:
    """The field that a refusal speaks of; None where it is about the whole."""
    named = str(refusal.facts.get("field", ""))
    return _FIELDS.get(refusal.code) or (
        named if named in ("story", "health", "name", "phone", "address", "account", "holder") else None
    )


class NoticeForm(forms.Form):
    """What happened, what it cost, the proof, who you are, and how you are paid."""

    loss_date = forms.DateField(
        label="When did it happen?",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control short"}, format="%Y-%m-%d"),
        error_messages={"required": "Please give the day.", "invalid": "Please give a day like 2026-11-18."},
    )
    story = forms.CharField(
        label="What happened?", widget=text_area(6), max_length=20_000,
        help_text="In your own words: what you did with the product, what it did, what was damaged or who was hurt.",
        error_messages={"required": "Please tell us what happened."},
    )  # fmt: skip
    hazards = forms.MultipleChoiceField(
        label="Was any of this part of it?", choices=list(words.HAZARDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    injury = forms.BooleanField(label="Somebody was hurt", required=False)
    health = forms.CharField(
        label="If somebody was hurt: how?", required=False, widget=text_area(3), max_length=20_000,
        help_text="Only those who decide your claim can read this. The seller cannot.",
    )  # fmt: skip
    claimant_is_minor = forms.BooleanField(label="The person who claims is under 18", required=False)

    name = forms.CharField(
        label="Your name", max_length=200, widget=text_input(autocomplete="name"),
        error_messages={"required": "Please give your name."},
    )  # fmt: skip
    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
        help_text="Every step comes to this address, with a link to your claim.",
        error_messages={"required": "Please give an e-mail address.", "invalid": "That is not an e-mail address."},
    )  # fmt: skip
    phone = forms.CharField(
        label="Phone, if we may call", required=False, max_length=60, widget=text_input(autocomplete="tel", type="tel")
    )
    address = forms.CharField(
        label="Address", required=False, max_length=300, widget=text_input(autocomplete="street-address")
    )
    method = forms.ChoiceField(
        label="How shall we pay you?", choices=list(words.METHODS.items()), widget=forms.RadioSelect,
        error_messages={"required": "Please say how we pay you."},
    )  # fmt: skip
    account = forms.CharField(
        label="Account number or IBAN", required=False, max_length=60, widget=text_input(autocomplete="off"),
        help_text="For a bank transfer.",
    )  # fmt: skip
    holder = forms.CharField(label="Who holds the account", required=False, max_length=200, widget=text_input())

    def __init__(self, *, line: OrderLine, by: Actor, at: datetime, **given: Any) -> None:
        super().__init__(auto_id="%s", label_suffix="", **given)
        self.line, self.by, self.at = line, by, at
        for head in (*PARTS, *OTHER_PARTS):
            self._add_part(head)

    def _add_part(self, head: str) -> None:
        price = money(self.line.price_minor * self.line.quantity, self.line.currency)
        self.fields[f"amount_{head}"] = AmountField(
            currency=self.line.currency, required=False, label=f"{words.HEADS[head]}: amount",
            help_text=f"You paid {price}." if head == "purchase_price" else "",
        )  # fmt: skip
        for slot in PARTS.get(head, ()):
            self.fields[slot.name] = FilesField(
                kind=slot.kind, by=self.by.name, at=self.at, label=slot.label, help_text=slot.hint
            )
            if slot.paper:
                self.fields[f"{slot.name}_amount"] = AmountField(
                    currency=self.line.currency, required=False, label="Amount that the paper shows"
                )

    # For the page

    def parts(self) -> Iterator[tuple[str, forms.BoundField, list[list[forms.BoundField]]]]:
        """Each payable part: its name, its amount, and its places for proof (files, and the amount on them)."""
        for head, slots in PARTS.items():
            places = [[self[slot.name], *([self[f"{slot.name}_amount"]] if slot.paper else [])] for slot in slots]
            yield words.HEADS[head], self[f"amount_{head}"], places

    def other_parts(self) -> list[forms.BoundField]:
        return [self[f"amount_{head}"] for head in OTHER_PARTS]

    def others_typed(self) -> bool:
        return any(field.value() for field in self.other_parts())

    # What is wrong, all at once

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        amounts = [f"amount_{head}" for head in (*PARTS, *OTHER_PARTS)]
        if not any(told.get(name) or name in self.errors for name in amounts):
            self.add_error("amount_property_damage", "Please name at least one amount.")
        for head, slots in PARTS.items():
            for slot in slots:
                self._paper(head, slot)
        needs_account(self)
        return told

    def _paper(self, head: str, slot: Slot) -> None:
        amount, told = f"{slot.name}_amount", self.cleaned_data
        sent = bool(told.get(slot.name))
        if slot.paper and sent and not told.get(amount) and amount not in self.errors:
            self.add_error(amount, "Please tell us the amount that the paper shows.")
        claimed = f"amount_{head}"
        if sent and not told.get(claimed) and claimed not in self.errors:
            self.add_error(claimed, "You sent proof for this part: please give its amount.")

    # What was told

    def told(self, order: OrderNamed) -> asks.NoticeTold:
        told = self.cleaned_data
        return asks.NoticeTold(
            marketplace=order.marketplace,
            order_ref=order.order_ref,
            line_ref=order.line_ref,
            loss_date=told["loss_date"],
            story=told["story"],
            exposures=tuple(asks.ExposureTold(head, told[f"amount_{head}"]) for head in self._claimed()),
            contact=asks.Contact(told["name"], told["email"], told["phone"], told["address"]),
            payout=asks.PayoutTold(told["method"], told["account"], told["holder"])
            if told["method"] == "bank_transfer"
            else asks.PayoutTold(told["method"]),
            evidence=tuple(item for _, items in self._files() for item in items),
            injury=told["injury"],
            health=told["health"],
            claimant_is_minor=told["claimant_is_minor"],
            hazards=tuple(told["hazards"]),
        )

    def files_told(self) -> tuple[tuple[str, str, str], ...]:
        """The files by content: (place, digest, amount)."""
        told = self.cleaned_data
        return tuple(
            (slot.name, kept.sha256, told.get(f"{slot.name}_amount", ""))
            for slots in PARTS.values()
            for slot in slots
            for kept in told[slot.name]
        )

    def _claimed(self) -> list[str]:
        return [head for head in (*PARTS, *OTHER_PARTS) if self.cleaned_data[f"amount_{head}"]]

    def _files(self) -> Iterator[tuple[Slot, list[asks.EvidenceTold]]]:
        for part, head in enumerate(self._claimed(), start=1):
            for slot in PARTS.get(head, ()):
                kept: list[Kept] = self.cleaned_data[slot.name]
                yield slot, evidence_told(kept, part, self.cleaned_data.get(f"{slot.name}_amount", ""))
