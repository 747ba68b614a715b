"""What staff may do on a claim: take it, ask for proof, show a concern, decide, agree or send back, review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole import asks
from makewhole.domain.actors import STAFF, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.reviewing import REVIEWS
from makewhole.domain.claim.state import AwaitingAnswer, AwaitingSecond, Closed, Exposure, UnderReview
from makewhole.domain.claim.tendering import must_tender
from makewhole.domain.money import parse_money
from makewhole.handle import Ask
from makewhole.people.access import colleagues
from makewhole.portals.adjuster.prepared import concerns
from makewhole.portals.adjuster.tender_acts import AFTER_DECIDING, BEFORE_DECIDING, is_rejected
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import ActForm, Prepared
from makewhole.portals.frame.clauses import citable
from makewhole.portals.frame.fields import AmountField, choice, text_area
from makewhole.portals.frame.showing import money, typed
from makewhole.reads.views import ClaimView
from makewhole.store.ids import new_id

_WORDS_NEEDED = {"required": gettext_lazy("Please give your reasons in words.")}
_SEPARATOR = "|"


class Assign(ActForm):
    name, command = "assign", do.AssignClaim
    title, button = gettext_lazy("Take this claim"), gettext_lazy("Assign to me")
    done = gettext_lazy("The claim is assigned to you.")

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
    title, button = gettext_lazy("Give it back to the queue"), gettext_lazy("Give back")
    done = gettext_lazy("The claim is back in the queue.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return view.claim.assigned_to == by.name

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.AssignClaim(""), seen=seen)


class Give(ActForm):
    name, command = "give", do.AssignClaim
    quiet = True
    title, button = gettext_lazy("Give it to a colleague"), gettext_lazy("Give")
    done = gettext_lazy("The claim is your colleague's now.")

    to = forms.ChoiceField(label=gettext_lazy("To whom"), widget=choice())

    def build(self) -> None:
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        people = colleagues(sorted(STAFF), frozenset({self.view.marketplace}))
        with_ = {self.by.name, self.view.claim.assigned_to}
        field.choices = [(name, called) for name, called in people.items() if name not in with_]

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return not isinstance(view.claim.stage, Closed) or bool(view.claim.tasks)

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.AssignClaim(self.cleaned_data["to"]), seen=seen)


class Confirm(ActForm):
    name, command = "confirm", do.ConfirmDecision
    title, button = gettext_lazy("Agree as the second person"), gettext_lazy("Agree")
    done = gettext_lazy("The decision stands. The claimant and the seller are told.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        stage = view.claim.stage
        return isinstance(stage, AwaitingSecond) and stage.proposed_by != by.name

    def ask(self, seen: int | None) -> Ask:
        return self._act(do.ConfirmDecision(new_id()), seen=seen)


class Return(ActForm):
    name, command = "return", do.ReturnDecision
    quiet = True
    title, button = gettext_lazy("Send the proposal back"), gettext_lazy("Send back")
    done = gettext_lazy("The claim is under review again.")

    words = forms.CharField(label=gettext_lazy("Why"), widget=text_area(3), error_messages=_WORDS_NEEDED)

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
    title, button = gettext_lazy("Decide"), gettext_lazy("Decide")
    done = gettext_lazy("Your decision is recorded.")
    says = gettext_lazy("What you leave empty stays open. To refuse or reduce, show the claimant the concern first.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, UnderReview | AwaitingAnswer) and view.claim.open_minor > 0

    def build(self) -> None:
        # Before the seller was heard, or past its rejection without an answer, nothing can be approved.
        self.quiet = must_tender(self.view.claim) or is_rejected(self.view)
        currency = self.view.claim.currency
        for part in _open(self.view):
            self.fields[f"approve_{part.no}"] = AmountField(
                currency=currency, may_be_zero=True, required=False, label=_("Approve"),
                initial=typed(part.expected_minor, currency),
            )  # fmt: skip
            self.fields[f"approve_{part.no}"].widget.attrs |= {"data-approve": part.no, "data-open": part.open_minor}
            if concerns := _concerns(self.view, part.no):
                self.fields[f"refuse_{part.no}"] = AmountField(
                    currency=currency, may_be_zero=True, required=False, label=_("Refuse")
                )
                self.fields[f"refuse_{part.no}"].widget.attrs |= {"data-refuse": part.no}
                self.fields[f"reason_{part.no}"] = forms.ChoiceField(
                    label=_("Because of the concern shown"), choices=concerns, required=False, widget=choice()
                )
                self.fields[f"words_{part.no}"] = forms.CharField(
                    label=_("In your words, for the claimant"),
                    required=False,
                    widget=text_area(3),
                    initial=_as_shown(self.view, part.no),
                )

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for part in _open(self.view):
            currency = self.view.claim.currency
            said = {"head": words.said(part.head, words.HEADS), "open": money(part.open_minor, currency)}
            if part.supported_minor is None:
                legend = _("{head}: {open} open").format(**said)
            else:
                shown = money(part.supported_minor, currency)
                legend = _("{head}: {open} open, papers show {shown}").format(**said, shown=shown)
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
    title, button = gettext_lazy("Ask for proof"), gettext_lazy("Ask the claimant")
    done = gettext_lazy("The claimant is asked; its days run from now.")
    says = gettext_lazy("Ask for everything at once.")

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
        self.fields["words"] = forms.CharField(label=_("A word on it"), required=False, widget=text_area(2))

    def ask(self, seen: int | None) -> Ask:
        asked = tuple((part.no, what) for part in self.view.exposures for what in self.cleaned_data[f"what_{part.no}"])
        said = asks.say(self.cleaned_data["words"], required=False)
        return self._act(do.RequestProof(asked, said.sealed), said, seen=seen)


class RaiseConcern(ActForm):
    name, command = "concern", do.RaiseConcern
    quiet = True
    title, button = gettext_lazy("Show the claimant a concern"), gettext_lazy("Show it")
    done = gettext_lazy("The claimant reads your concern and may answer.")
    says = gettext_lazy(
        "The claimant reads exactly these words, with the clause, and may add proof before anything is refused."
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, UnderReview) and view.claim.open_minor > 0

    def build(self) -> None:
        parts = [(str(part.no), words.said(part.head, words.HEADS)) for part in _open(self.view)]
        self.fields["parts"] = forms.MultipleChoiceField(
            label=_("About"), choices=parts, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Please say which part it is about.")},
        )  # fmt: skip
        self.fields["code"] = forms.ChoiceField(label=_("Reason"), choices=list(words.REASONS.items()), widget=choice())
        self.fields["clause"] = forms.ChoiceField(
            label=_("Clause"), choices=citable(self.view, self.at), widget=choice()
        )
        self.fields["words"] = forms.CharField(
            label=_("In your words"), widget=text_area(4), error_messages=_WORDS_NEEDED
        )

    def prepared(self) -> list[Prepared]:
        return concerns(self.view, self.at)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        parts = tuple(int(no) for no in told["parts"])
        command, said = asks.concern(parts, told["code"], told["clause"], told["words"])
        return self._act(command, *said, seen=seen)


class SetReserve(ActForm):
    name, command = "reserve", do.SetReserve
    quiet = True
    title, button = gettext_lazy("Set a reserve"), gettext_lazy("Set")
    done = gettext_lazy("The reserve is set.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return not isinstance(view.claim.stage, Closed) and view.claim.open_minor > 0

    def build(self) -> None:
        parts = [(str(part.no), words.said(part.head, words.HEADS)) for part in _open(self.view)]
        self.fields["part"] = forms.ChoiceField(label=_("Part"), choices=parts, widget=choice())
        self.fields["amount"] = AmountField(
            currency=self.view.claim.currency, may_be_zero=True, label=_("Expected to be paid"),
            error_messages={"required": _("Please give an amount.")},
        )  # fmt: skip
        self.fields["words"] = forms.CharField(label=_("Why"), widget=text_area(2), error_messages=_WORDS_NEEDED)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        said = asks.say(told["words"])
        assert said.sealed is not None
        minor = parse_money(told["amount"], self.view.claim.currency).minor
        return self._act(do.SetReserve(int(told["part"]), minor, said.sealed), said, seen=seen)


class ReviewQuality(ActForm):
    name, command = "quality", do.ReviewQuality
    title, button = gettext_lazy("Quality review"), gettext_lazy("Record")
    done = gettext_lazy("Your review is recorded.")
    says = gettext_lazy("The machine approved this claim. Would you have? It changes no money.")

    agrees = forms.ChoiceField(
        label=gettext_lazy("Your finding"), choices=[
            ("yes", gettext_lazy("I would have approved it too")), ("no", gettext_lazy("I would not have")),
        ],
        widget=choice(),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("In your words"), required=False, widget=text_area(2))

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return "quality_review" in view.claim.tasks

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"], required=False)
        return self._act(do.ReviewQuality(self.cleaned_data["agrees"] == "yes", said.sealed), said, seen=seen)


class ReviewSafety(ActForm):
    name, command = "safety", do.ReviewSafety
    title, button = gettext_lazy("Safety review"), gettext_lazy("Record")
    done = gettext_lazy("Your finding is recorded.")

    finding = forms.ChoiceField(
        label=gettext_lazy("Your finding"),
        choices=[
            ("no_pattern", gettext_lazy("A single case so far")),
            ("watch", gettext_lazy("Watch this product")),
            ("stop_sale", gettext_lazy("The product should not be sold until it is examined")),
        ],
        widget=choice(),
    )
    words = forms.CharField(label=gettext_lazy("In your words"), widget=text_area(3), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return "safety_review" in view.claim.tasks

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        return self._act(do.ReviewSafety(self.cleaned_data["finding"], said.sealed), said, seen=seen)


class FinishTask(ActForm):
    name, command = "task", do.FinishTask
    title, button = gettext_lazy("Finish a task"), gettext_lazy("Finished")
    done = gettext_lazy("The task is finished.")

    task = forms.ChoiceField(label=gettext_lazy("What you looked at"), widget=choice())
    words = forms.CharField(label=gettext_lazy("What came of it"), widget=text_area(2), error_messages=_WORDS_NEEDED)

    def build(self) -> None:
        field = self.fields["task"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(task, capfirst(words.task(task))) for task in sorted(self._waiting(self.view))]

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
    title, button = gettext_lazy("Open the claim again"), gettext_lazy("Open again")
    done = gettext_lazy("The claim is under review again.")

    words = forms.CharField(label=gettext_lazy("Why"), widget=text_area(2), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, Closed) and view.outcome != "settled"

    def ask(self, seen: int | None) -> Ask:
        said = asks.say(self.cleaned_data["words"])
        assert said.sealed is not None
        return self._act(do.ReopenClaim(said.sealed), said, seen=seen)


ACTS: list[type[ActForm]] = [
    Confirm, Return, *BEFORE_DECIDING, Decide, *AFTER_DECIDING, Assign, ReviewQuality, ReviewSafety, FinishTask,
    RaiseConcern, RequestProof, SetReserve, Reopen, GiveBack, Give,
]  # fmt: skip


def _open(view: ClaimView) -> list[Exposure]:
    return [part for part in view.exposures if part.open_minor]


def _as_shown(view: ClaimView, no: int) -> str:
    """What the claimant read of the newest concern about a part: a refusal says the same, and what came of it."""
    shown = (
        step.words for step in reversed(view.timeline)
        if isinstance(step.event, ev.ConcernRaised) and no in step.event.exposures
    )  # fmt: skip
    return next(shown, "")


def _concerns(view: ClaimView, no: int) -> list[tuple[str, str]]:
    """The concerns that were shown about a part, each once: what a refusal of it may rest on."""
    shown: dict[str, Any] = {}
    for step in view.timeline:
        event = step.event
        if isinstance(event, ev.ConcernRaised) and no in event.exposures:
            told = f"{words.said(event.reason.code, words.REASONS)} ({event.reason.clause})"
            shown[f"{event.reason.code}{_SEPARATOR}{event.reason.clause}"] = told
    return list(shown.items())
