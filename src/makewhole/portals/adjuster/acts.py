"""What staff may do on a claim: take it, ask for proof, show a concern, decide, agree or send back, review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from makewhole import asks
from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.reviewing import REVIEWS
from makewhole.domain.claim.state import AwaitingAnswer, AwaitingSecond, Closed, Exposure, UnderReview
from makewhole.domain.claim.tendering import must_tender
from makewhole.domain.money import parse_money
from makewhole.handle import Ask
from makewhole.portals.adjuster.tender_acts import AFTER_DECIDING, BEFORE_DECIDING, is_rejected
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.frame.clauses import citable
from makewhole.portals.frame.fields import AmountField, choice, text_area
from makewhole.portals.frame.showing import money, typed
from makewhole.reads.views import ClaimView
from makewhole.store.ids import new_id

_WORDS_NEEDED = {"required": "Please give your reasons in words."}
_SEPARATOR = "|"


class Assign(ActForm):
    name, command = "assign", do.AssignClaim
    title, button, done = "Take this claim", "Assign to me", "The claim is assigned to you."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        open_ = not isinstance(view.claim.stage, Closed) or bool(view.claim.tasks)
        return open_ and view.claim.assigned_to != by.name

    def build(self) -> None:
        self.quiet = bool(self.view.claim.assigned_to) or isinstance(self.view.claim.stage, AwaitingSecond)

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.AssignClaim(self.by.name), seen=seen)


class GiveBack(ActForm):
    name, command = "give-back", do.AssignClaim
    quiet = True
    title, button, done = "Give it back to the queue", "Give back", "The claim is back in the queue."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return view.claim.assigned_to == by.name

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.AssignClaim(""), seen=seen)


class Confirm(ActForm):
    name, command = "confirm", do.ConfirmDecision
    title, button = "Agree as the second person", "Agree"
    done = "The decision stands. The claimant and the seller are told."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        return isinstance(stage, AwaitingSecond) and stage.proposed_by != by.name

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.ConfirmDecision(new_id()), seen=seen)


class Return(ActForm):
    name, command = "return", do.ReturnDecision
    quiet = True
    title, button, done = "Send the proposal back", "Send back", "The claim is under review again."

    words = forms.CharField(label="Why", widget=text_area(3), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return Confirm.fits(view, by)

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        return self._act(do.ReturnDecision(said.sealed), said, seen=seen)


class Decide(ActForm):
    """A line per open part. A refusal rests on a concern that the claimant was shown: its code and clause."""

    name, command = "decide", do.Decide
    title, button, done = "Decide", "Decide", "Your decision is recorded."
    says = "What you leave empty stays open. To refuse or reduce, show the claimant the concern first."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, UnderReview | AwaitingAnswer) and view.claim.open_minor > 0

    def build(self) -> None:
        # Before the seller was heard, or past its rejection without an answer, nothing can be approved.
        self.quiet = must_tender(self.view.claim) or is_rejected(self.view)
        currency = self.view.claim.currency
        for part in _open(self.view):
            self.fields[f"approve_{part.no}"] = AmountField(
                currency=currency, may_be_zero=True, required=False, label="Approve",
                initial=typed(part.expected_minor, currency),
            )  # fmt: skip
            if concerns := _concerns(self.view, part.no):
                self.fields[f"refuse_{part.no}"] = AmountField(
                    currency=currency, may_be_zero=True, required=False, label="Refuse"
                )
                self.fields[f"reason_{part.no}"] = forms.ChoiceField(
                    label="Because of the concern shown", choices=concerns, required=False, widget=choice()
                )
                self.fields[f"words_{part.no}"] = forms.CharField(
                    label="In your words, for the claimant", required=False, widget=text_area(3)
                )

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for part in _open(self.view):
            currency = self.view.claim.currency
            supported = (
                f", papers show {money(part.supported_minor, currency)}" if part.supported_minor is not None else ""
            )
            legend = f"{words.said(part.head, words.HEADS)}: {money(part.open_minor, currency)} open{supported}"
            names = [f"{kind}_{part.no}" for kind in ("approve", "refuse", "reason", "words")]
            yield legend, [self[name] for name in names if name in self.fields]

    def ask(self, seen: int | None) -> Ask:
        lines = tuple(self._line(part) for part in _open(self.view) if self._says_something(part))
        command, said = asks.decision(lines, self.view.claim.currency)
        return self._act(command, *said, seen=seen)

    def _says_something(self, part: Exposure) -> bool:
        amounts = (self.cleaned_data.get(f"{kind}_{part.no}") for kind in ("approve", "refuse"))
        return any(amount and parse_money(amount, self.view.claim.currency).minor for amount in amounts)

    def _line(self, part: Exposure) -> asks.LineTold:
        told, no = self.cleaned_data, part.no
        refused = told.get(f"refuse_{no}") or "0"
        code, _, clause = (told.get(f"reason_{no}") or "").partition(_SEPARATOR)
        refuses = parse_money(refused, self.view.claim.currency).minor > 0
        return asks.LineTold(
            exposure=no,
            approve=told[f"approve_{no}"] or "0",
            refuse=refused,
            code=code if refuses else "",
            clause=clause if refuses else "",
            words=told.get(f"words_{no}", "") if refuses else "",
        )


class RequestProof(ActForm):
    name, command = "request-proof", do.RequestProof
    quiet = True
    title, button, done = "Ask for proof", "Ask the claimant", "The claimant is asked; its days run from now."
    says = "Ask for everything at once."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, UnderReview)

    def build(self) -> None:
        options = [(what, told[0][0].upper() + told[0][1:]) for what, told in words.PROOFS.items()]
        for part in self.view.exposures:
            self.fields[f"what_{part.no}"] = forms.MultipleChoiceField(
                label=words.said(part.head, words.HEADS), choices=options, required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        self.fields["words"] = forms.CharField(label="A word on it", required=False, widget=text_area(2))

    def ask(self, seen: int | None) -> Ask:
        asked = tuple((part.no, what) for part in self.view.exposures for what in self.cleaned_data[f"what_{part.no}"])
        said = asks.say(self.cleaned_data["words"], required=False)
        return self._act(do.RequestProof(asked, said.sealed), said, seen=seen)


class RaiseConcern(ActForm):
    name, command = "concern", do.RaiseConcern
    quiet = True
    title, button, done = "Show the claimant a concern", "Show it", "The claimant reads your concern and may answer."
    says = "The claimant reads exactly these words, with the clause, and may add proof before anything is refused."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, UnderReview) and view.claim.open_minor > 0

    def build(self) -> None:
        parts = [(str(part.no), words.said(part.head, words.HEADS)) for part in _open(self.view)]
        self.fields["parts"] = forms.MultipleChoiceField(
            label="About", choices=parts, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Please say which part it is about."},
        )  # fmt: skip
        self.fields["code"] = forms.ChoiceField(label="Reason", choices=list(words.REASONS.items()), widget=choice())
        self.fields["clause"] = forms.ChoiceField(label="Clause", choices=citable(self.view, self.at), widget=choice())
        self.fields["words"] = forms.CharField(label="In your words", widget=text_area(4), error_messages=_WORDS_NEEDED)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        parts = tuple(int(no) for no in told["parts"])
        command, said = asks.concern(parts, told["code"], told["clause"], told["words"])
        return self._act(command, *said, seen=seen)


class SetReserve(ActForm):
    name, command = "reserve", do.SetReserve
    quiet = True
    title, button, done = "Set a reserve", "Set", "The reserve is set."

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return not isinstance(view.claim.stage, Closed) and view.claim.open_minor > 0

    def build(self) -> None:
        parts = [(str(part.no), words.said(part.head, words.HEADS)) for part in _open(self.view)]
        self.fields["part"] = forms.ChoiceField(label="Part", choices=parts, widget=choice())
        self.fields["amount"] = AmountField(
            currency=self.view.claim.currency, may_be_zero=True, label="Expected to be paid",
            error_messages={"required": "Please give an amount."},
        )  # fmt: skip
        self.fields["words"] = forms.CharField(label="Why", widget=text_area(2), error_messages=_WORDS_NEEDED)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        said = asks.say(told["words"])
        assert said.sealed is not None
        minor = parse_money(told["amount"], self.view.claim.currency).minor
        return self._act(do.SetReserve(int(told["part"]), minor, said.sealed), said, seen=seen)


class ReviewQuality(ActForm):
    name, command = "quality", do.ReviewQuality
    title, button, done = "Quality review", "Record", "Your review is recorded."
    says = "The machine approved this claim. Would you have? It changes no money."

    agrees = forms.ChoiceField(
        label="Your finding", choices=[("yes", "I would have approved it too"), ("no", "I would not have")],
        widget=choice(),
    )  # fmt: skip
    words = forms.CharField(label="In your words", required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return "quality_review" in view.claim.tasks

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"], required=False)
        return self._act(do.ReviewQuality(self.cleaned_data["agrees"] == "yes", said.sealed), said, seen=seen)


class ReviewSafety(ActForm):
    name, command = "safety", do.ReviewSafety
    title, button, done = "Safety review", "Record", "Your finding is recorded."

    finding = forms.ChoiceField(
        label="Your finding",
        choices=[
            ("no_pattern", "A single case so far"),
            ("watch", "Watch this product"),
            ("stop_sale", "The product should not be sold until it is examined"),
        ],
        widget=choice(),
    )
    words = forms.CharField(label="In your words", widget=text_area(3), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return "safety_review" in view.claim.tasks

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        return self._act(do.ReviewSafety(self.cleaned_data["finding"], said.sealed), said, seen=seen)


class FinishTask(ActForm):
    name, command = "task", do.FinishTask
    title, button, done = "Finish a task", "Finished", "The task is finished."

    task = forms.ChoiceField(label="What you looked at", widget=choice())
    words = forms.CharField(label="What came of it", widget=text_area(2), error_messages=_WORDS_NEEDED)

    def build(self) -> None:
        field = self.fields["task"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(task, task.replace("_", " ").capitalize()) for task in sorted(self._waiting(self.view))]

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return bool(cls._waiting(view))

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        return self._act(do.FinishTask(self.cleaned_data["task"], said.sealed), said, seen=seen)

    @staticmethod
    def _waiting(view: ClaimView) -> frozenset[str]:
        return view.claim.tasks - REVIEWS


class Reopen(ActForm):
    name, command = "reopen", do.ReopenClaim
    quiet = True
    title, button, done = "Open the claim again", "Open again", "The claim is under review again."

    words = forms.CharField(label="Why", widget=text_area(2), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, Closed) and view.outcome != "settled"

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        return self._act(do.ReopenClaim(said.sealed), said, seen=seen)


ACTS: list[type[ActForm]] = [
    Confirm, Return, *BEFORE_DECIDING, Decide, *AFTER_DECIDING, Assign, ReviewQuality, ReviewSafety, FinishTask,
    RaiseConcern, RequestProof, SetReserve, Reopen, GiveBack,
]  # fmt: skip


def _open(view: ClaimView) -> list[Exposure]:
    return [part for part in view.exposures if part.open_minor]


def _concerns(view: ClaimView, no: int) -> list[tuple[str, str]]:
    """The concerns that were shown about a part, each once: what a refusal of it may rest on."""
    shown: dict[str, Any] = {}
    for step in view.timeline:
        event = step.event
        if isinstance(event, ev.ConcernRaised) and no in event.exposures:
            told = f"{words.said(event.reason.code, words.REASONS)} ({event.reason.clause})"
            shown[f"{event.reason.code}{_SEPARATOR}{event.reason.clause}"] = told
    return list(shown.items())
