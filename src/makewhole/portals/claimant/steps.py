"""The questions of a first notice of loss, one a page. Read STEPS first: it is their order.

Each step is a form that reads its answer from what was told so far and puts a new one there. What was told is a plain
record (store/drafts.py keeps it sealed); notice.py makes the notice of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makewhole import asks
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.refusal import Refused
from makewhole.portals.claimant import postal
from makewhole.portals.claimant.acts import needs_account
from makewhole.portals.frame import words
from makewhole.portals.frame.fields import AmountField, day_input, text_area, text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.showing import money, typed
from makewhole.store import policies
from makewhole.store.drafts import Told
from makewhole.store.models import OrderLine

GROUPS = 6  # "Step 3 of 6": questions about one subject share a number


# Places for files ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for files of one kind. A paper has an amount on it. `picture`: how a good one looks."""

    name: str
    kind: EvidenceKind
    label: str | Promise
    hint: str | Promise
    picture: str
    paper: bool = True


PHOTOS = Slot(
    "photos", "photo", _("Photos of the damage"), _("One from near, one of the whole, one of the product."),
    "photo-near", paper=False,
)  # fmt: skip
RECEIPT = Slot(
    "receipt", "receipt", _("Receipt of the damaged thing"), _("Or any paper that shows what it cost."), "receipt"
)
ESTIMATE = Slot(
    "estimate", "repair_estimate", _("Repair estimate, if you have one"), _("From a workshop or craftsman."), "estimate"
)
BILL = Slot(
    "bill", "medical_bill", _("Bill of the doctor or hospital"), _("Only those who decide can read it."), "bill"
)
WAGES = Slot("wages", "wage_statement", _("Statement of the wages lost"), _("Your employer writes it."), "wages")

# What may be claimed, with the places for its proof. Proof may be missing: the claim is opened all the same.
PAPERS: dict[str, tuple[Slot, ...]] = {
    "property_damage": (RECEIPT, ESTIMATE),
    "purchase_price": (),
    "medical_expense": (BILL,),
    "lost_wages": (WAGES,),
}
# Heads that the guarantee does not pay: who claims them gets the reason and the other ways that are open.
NOT_PAID = ("pain_and_suffering", "commercial", "consequential", "attorney_fees")
HEADS = (*PAPERS, *NOT_PAID)
SLOTS = {slot.name: slot for slot in (PHOTOS, RECEIPT, ESTIMATE, BILL, WAGES)}

_OF_THINGS = ("fire", "shock", "chemical", "other")
_OF_PEOPLE = ("burn", "laceration", "choking", "fall", "grave_injury", "death")


# The form of a step ---------------------------------------------------------------------------------------


class Step(forms.Form):
    """One question. `told` is what was told so far; keep() puts this answer into it."""

    name: ClassVar[str]
    group: ClassVar[int]
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise] = ""
    slots: tuple[Slot, ...] = ()

    def __init__(self, line: OrderLine, told: Told, at: datetime, data: Any = None) -> None:
        super().__init__(data, auto_id="%s", label_suffix="")
        self.line, self.told, self.at = line, told, at
        self.build()
        for name, value in self.answer().items():
            if name in self.fields and value is not None:
                self.initial[name] = value

    @classmethod
    def asked(cls, told: Told) -> bool:
        """Whether this question is asked at all, as far as is told."""
        return True

    def build(self) -> None:
        """Fields that depend on the order or on what was told."""

    def answer(self) -> dict[str, Any]:
        """What is answered already, by field."""
        found: dict[str, Any] = self.told.get(self.name, {})
        return found

    def keep(self, told: Told) -> None:
        told[self.name] = self.cleaned_data

    @property
    def template(self) -> str:
        return f"portals/claimant/steps/{self.name}.html"


class Photos(Step):
    name, group = "photos", 1
    title = _("Show us what happened")
    lead = _("Photos help most. Send what you have; you can add more later.")
    slots = (PHOTOS,)


class What(Step):
    name, group = "what", 2
    title = _("What happened?")

    story = forms.CharField(
        label=_("What happened?"), widget=text_area(6, autofocus=True), max_length=20_000,
        help_text=_("In your own words: what you did with the product, what it did, what was damaged or who was hurt."),
        error_messages={"required": _("Please tell us what happened.")},
    )  # fmt: skip
    hazards = forms.MultipleChoiceField(
        label=_("Was any of this part of it?"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each, words.HAZARDS[each]) for each in _OF_THINGS],
    )  # fmt: skip


class When(Step):
    """Today and yesterday are one press; any other day is typed."""

    name, group = "when", 2
    title = _("When did it happen?")

    loss_date = forms.DateField(
        label=_("Another day"), widget=day_input(),
        error_messages={"required": _("Please give the day."), "invalid": _("Please give a day like 2026-11-18.")},
    )  # fmt: skip

    def build(self) -> None:
        calendar = policies.calendar_of(self.line.marketplace_id)
        self.today, self.ordered_on = calendar.day_of(self.at), calendar.day_of(self.line.ordered_at)
        self.fields["loss_date"].widget.attrs |= {"max": self.today.isoformat(), "min": self.ordered_on.isoformat()}
        if self.is_bound and self.data.get("day"):
            self.data = {"loss_date": self.data["day"]}

    def days(self) -> list[tuple[date, str | Promise]]:
        """The days that one press answers."""
        near = [(self.today, _("Today")), (self.today - timedelta(days=1), _("Yesterday"))]
        return [(day, told) for day, told in near if day >= self.ordered_on]

    def clean_loss_date(self) -> str:
        on: date = self.cleaned_data["loss_date"]
        if on > self.today:
            raise forms.ValidationError(sentence(Refused("loss_date_in_future", loss_date=on, today=self.today)))
        if on < self.ordered_on:
            refusal = Refused("loss_date_before_order", loss_date=on, ordered_on=self.ordered_on)
            raise forms.ValidationError(sentence(refusal))
        return on.isoformat()


class Hurt(Step):
    name, group = "hurt", 2
    title = _("Was anybody hurt?")

    injury = forms.TypedChoiceField(
        label=_("Was anybody hurt?"), choices=[("no", _("No, nobody was hurt")), ("yes", _("Yes, somebody was hurt"))],
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )  # fmt: skip


class Injury(Step):
    name, group = "injury", 2
    title = _("I am sorry that somebody was hurt.")
    lead = _("Your health comes first. Tell us what you can; you can leave this empty and tell us later.")

    health = forms.CharField(
        label=_("How was somebody hurt?"), required=False, widget=text_area(4), max_length=20_000,
        help_text=_("Only those who decide your claim can read this. The seller cannot."),
    )  # fmt: skip
    hazards = forms.MultipleChoiceField(
        label=_("Was any of this part of it?"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each, words.HAZARDS[each]) for each in _OF_PEOPLE],
    )  # fmt: skip

    @classmethod
    def asked(cls, told: Told) -> bool:
        return was_hurt(told)


class Loss(Step):
    name, group = "loss", 3
    title = _("What did it cost you?")
    lead = _("Choose all that apply. The amounts and the papers come next.")

    heads = forms.MultipleChoiceField(
        label=_("What did it cost you?"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one.")},
    )  # fmt: skip

    def build(self) -> None:
        choices = [(head, words.HEADS[head]) for head in HEADS]
        self.fields["heads"].choices = choices  # type: ignore[attr-defined]
        self.initial["heads"] = ["medical_expense"] if was_hurt(self.told) else ["property_damage"]

    def options(self) -> Iterator[tuple[str, str, str | Promise, bool]]:
        """(head, its words, what it means, whether it is chosen), those that the guarantee pays."""
        yield from self._options(tuple(PAPERS))

    def not_paid(self) -> list[tuple[str, str, str | Promise, bool]]:
        return list(self._options(NOT_PAID))

    def _options(self, heads: tuple[str, ...]) -> Iterator[tuple[str, str, str | Promise, bool]]:
        chosen = self["heads"].value() or []
        for head in heads:
            yield head, words.HEADS[head], _MEANS.get(head, ""), head in chosen

    def price(self) -> str:
        return money(price_minor(self.line), self.line.currency)

    def keep(self, told: Told) -> None:
        super().keep(told)
        if "purchase_price" in told["loss"]["heads"]:  # known from the order: not asked, and may be changed
            told.setdefault("cost", {}).setdefault(
                "purchase_price", {"amount": typed(price_minor(self.line), self.line.currency)}
            )


class Cost(Step):
    """The amount of one head of loss, and the papers that show it. One class; a page for each head."""

    group = 3
    head: ClassVar[str]
    title = _("How much was it?")

    @classmethod
    def asked(cls, told: Told) -> bool:
        return cls.head in claimed(told)

    def build(self) -> None:
        self.slots = PAPERS.get(self.head, ())
        self.fields["amount"] = AmountField(
            currency=self.line.currency, label=_("Amount"), error_messages={"required": _("Please give an amount.")},
        )  # fmt: skip
        self.fields["amount"].widget.attrs["autofocus"] = True
        for slot in self.slots:
            self.fields[f"{slot.name}_amount"] = AmountField(
                currency=self.line.currency, required=False, label=_("Amount on the paper, if it shows another one"),
            )  # fmt: skip

    @property
    def head_words(self) -> str:
        return words.HEADS[self.head]

    @property
    def paid(self) -> bool:
        return self.head in PAPERS

    @property
    def price(self) -> str:
        return money(price_minor(self.line), self.line.currency) if self.head == "purchase_price" else ""

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = self.told.get("cost", {}).get(self.head, {})
        return found

    def clean(self) -> dict[str, Any]:
        sent = [slot for slot in self.slots if files_of(self.told, slot)]
        for slot in sent if len(sent) > 1 else []:
            amount = f"{slot.name}_amount"
            if not self.cleaned_data.get(amount) and amount not in self.errors:
                self.add_error(amount, _("Please tell us the amount that the paper shows."))
        return self.cleaned_data

    def places(self) -> list[tuple[Slot, forms.BoundField]]:
        return [(slot, self[f"{slot.name}_amount"]) for slot in self.slots]

    def keep(self, told: Told) -> None:
        told.setdefault("cost", {})[self.head] = self.cleaned_data

    @property
    def template(self) -> str:
        return "portals/claimant/steps/cost.html"


class You(Step):
    name, group = "you", 4
    title = _("Who are you?")
    lead = _("The seller does not see your name or your address.")

    full_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=text_input(autocomplete="name", autofocus=True),
        error_messages={"required": _("Please give your name.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
        help_text=_("Every step comes to this address, with a link to your claim."),
        error_messages={
            "required": _("Please give an e-mail address."),
            "invalid": _("That is not an e-mail address."),
        },
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone, if we may call"), required=False, max_length=60,
        widget=text_input(autocomplete="tel", type="tel"),
    )  # fmt: skip
    claimant_is_minor = forms.BooleanField(label=_("The person who claims is under 18"), required=False)

    def build(self) -> None:
        """The address as its country writes it: the one that was chosen, at first the shop's own."""
        self.home = self.line.marketplace.country
        self.postal = postal.form_of(self.data.get("country") or self.answer().get("country"), home=self.home)
        self.fields.update(postal.fields_of(self.postal))

    def answer(self) -> dict[str, Any]:
        told = super().answer()
        if told.get("address") and not told.get("street_address"):  # from before it was asked for in parts
            return {**told, "street_address": told["address"]}
        return told

    @property
    def address(self) -> list[forms.BoundField]:
        """What an address has in its country, in the order of a letter."""
        return [self[name] for name in self.postal.parts]

    @property
    def has_address(self) -> bool:
        """Whether something is told of it, so that it stands open."""
        return any(self[name].value() or self[name].errors for name in self.postal.parts)

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        parts = {name: told.get(name, "") for name in self.postal.parts}
        told["address"] = ""
        if any(parts.values()):
            for part, fault in self.postal.faults(parts).items():
                self.add_error(part, postal.sentence(self.postal, part, fault))
            told["address"] = self.postal.written(parts, abroad=self.postal.country != self.home)
        return told


class Payout(Step):
    name, group = "payout", 5
    title = _("How shall we pay you?")

    method = forms.ChoiceField(
        label=_("How shall we pay you?"), choices=list(words.METHODS.items()), widget=forms.RadioSelect,
        initial="refund",
        error_messages={"required": _("Please say how we pay you."), "invalid_choice": _("Please choose one.")},
    )  # fmt: skip
    account = forms.CharField(
        label=_("Account number or IBAN"), required=False, max_length=60, widget=text_input(autocomplete="off")
    )
    holder = forms.CharField(
        label=_("Who holds the account"), required=False, max_length=200, widget=text_input(autocomplete="name")
    )

    def options(self) -> Iterator[tuple[str, str, str | Promise, bool]]:
        """(method, its words, how soon and where, whether it is chosen); what needs no details comes first."""
        chosen = self["method"].value()
        for method in ("refund", "credit", "bank_transfer"):
            yield method, words.METHODS[method], _ARRIVES[method], method == chosen

    def clean(self) -> dict[str, Any]:
        needs_account(self)
        account = self.cleaned_data.get("account")
        if self.cleaned_data.get("method") == "bank_transfer" and account:
            try:
                asks.account_number(account)
            except Refused as refusal:
                self.add_error("account", sentence(refusal))
        return self.cleaned_data


def _cost(head_: str) -> type[Cost]:
    return type(f"Cost_{head_}", (Cost,), {"head": head_, "name": f"cost-{head_}"})


STEPS: tuple[type[Step], ...] = (
    Photos, What, When, Hurt, Injury, Loss, *(_cost(head) for head in HEADS), You, Payout,
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}

_MEANS: dict[str, str | Promise] = {
    "property_damage": _("Things that were broken, burned or soiled."),
    "purchase_price": _("What you paid for the product itself."),
    "medical_expense": _("Doctor, hospital, pharmacy."),
    "lost_wages": _("Pay that you lost because you could not work."),
}
_ARRIVES: dict[str, str | Promise] = {
    "refund": _("No details needed. It shows where you paid, as soon as the marketplace has booked it."),
    "credit": _("No details needed. You can spend it on the marketplace once it is booked."),
    "bank_transfer": _("To any account of yours. Banks take one to three working days."),
}


# What was told, read ------------------------------------------------------------------------------------------


def was_hurt(told: Told) -> bool:
    return bool(told.get("hurt", {}).get("injury") == "yes")


def claimed(told: Told) -> list[str]:
    """The heads of loss that were chosen, in the order of the form."""
    chosen = told.get("loss", {}).get("heads", [])
    return [head for head in HEADS if head in chosen]


def files_of(told: Told, slot: Slot) -> list[dict[str, Any]]:
    return [each for each in told.get("files", []) if each["slot"] == slot.name]


def price_minor(line: OrderLine) -> int:
    return line.price_minor * line.quantity


def asked(told: Told) -> list[type[Step]]:
    """The questions of this claim, in order."""
    return [step for step in STEPS if step.asked(told)]


def answered(step: type[Step], told: Told) -> bool:
    """Photos are answered once the page was left; everything else by its answer."""
    if issubclass(step, Cost):
        return bool(told.get("cost", {}).get(step.head, {}).get("amount"))
    return step.name in told


def next_unanswered(told: Told) -> str:
    """The first question without an answer; "check" where there is none."""
    return next((step.name for step in asked(told) if not answered(step, told)), "check")


def before(name: str, told: Told) -> str:
    """The question before this one; "" before the first."""
    names = [step.name for step in asked(told)]
    at = names.index(name) if name in names else len(names)
    return names[at - 1] if at else ""
