"""What staff do around a tender: hand it over, step in, judge a settlement, look at insurance, decide a contest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole import asks, asks_recovery, asks_tender
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.state import AwaitingConfirmation, UnderReview
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.state import Contested, Recovery
from makewhole.handle import Ask
from makewhole.portals.adjuster import prepared_answers
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import ActForm, Prepared, Told
from makewhole.portals.frame.clauses import citable, rows_of
from makewhole.portals.frame.fields import AmountField, choice, radios, text_area
from makewhole.portals.frame.showing import money, typed
from makewhole.reads.views import ClaimView

_WORDS_NEEDED = {"required": gettext_lazy("Please give your reasons in words.")}
_CHOOSE = {"required": gettext_lazy("Please choose one.")}
_ADJUSTERS: frozenset[RoleName] = frozenset({"adjuster", "reviewer", "programme_owner"})


class Tender(ActForm):
    name, command = "tender", td.TenderClaim
    title, button = gettext_lazy("Hand it to the seller"), gettext_lazy("Tender the claim")
    done = gettext_lazy("The seller has the file, the amount and its time to answer.")
    says = gettext_lazy("The machine left this to you. Over the limit nothing is approved before the seller was heard.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        claim = view.claim
        return isinstance(claim.stage, UnderReview) and claim.track == "tendered" and not claim.seller_heard

    def ask(self, seen: int | None) -> Ask:
        return self._act(td.TenderClaim(), seen=seen)


class StepIn(ActForm):
    """An answer for each reason of the rejection, and what the platform would pay of each part."""

    name, command = "step-in", td.StepIn
    title, button = gettext_lazy("Step in after the rejection"), gettext_lazy("Propose to step in")
    done = gettext_lazy("Proposed. A second person agrees or sends it back; then the seller reads your answers.")
    says = gettext_lazy(
        "Answer each of the seller's reasons. The seller reads your answers once a second person agreed."
    )

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, UnderReview) and is_rejected(view) and view.claim.open_minor > 0

    def build(self) -> None:
        clauses = {"": _("No clause"), **dict(self._clauses)}
        for code in self._reasons:
            self.fields[f"words_{code}"] = forms.CharField(
                label=_("Your answer"),
                widget=text_area(3),
                error_messages={"required": _("Please answer this reason.")},
            )
            self.fields[f"clause_{code}"] = forms.ChoiceField(
                label=_("Clause that it rests on"), choices=list(clauses.items()), required=False, widget=choice()
            )
        for part in self._parts:
            self.fields[f"approve_{part.no}"] = AmountField(
                currency=self.view.claim.currency, may_be_zero=True, required=False, label=_("Pay"),
                initial=typed(part.expected_minor, self.view.claim.currency),
            )  # fmt: skip

    def prepared(self) -> list[Prepared]:
        return prepared_answers.to_rejection(self.view, self._clauses)

    @property
    def _clauses(self) -> list[tuple[str, str]]:
        return rows_of(self.view, self.at, ("payable_heads",)) + citable(self.view, self.at)

    @property
    def _reasons(self) -> tuple[str, ...]:
        tender = self.view.claim.tender
        return tender.reasons if tender else ()

    @property
    def _parts(self) -> list[Any]:
        return [part for part in self.view.exposures if part.open_minor]

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for code in self._reasons:
            yield (
                f"“{capfirst(words.said(code, words.DISPUTES))}”",
                [
                    self[f"words_{code}"],
                    self[f"clause_{code}"],
                ],
            )
        for part in self._parts:
            open_ = money(part.open_minor, self.view.claim.currency)
            yield (
                _("{head}: {open} open").format(head=words.said(part.head, words.HEADS), open=open_),
                [self[f"approve_{part.no}"]],
            )

    def ask(self, seen: int | None) -> Ask:
        told, currency = self.cleaned_data, self.view.claim.currency
        lines = tuple(
            asks.LineTold(part.no, approve=told[f"approve_{part.no}"])
            for part in self._parts
            if told.get(f"approve_{part.no}")
        )
        answers = tuple(
            asks_tender.AnswerTold(code, told[f"words_{code}"], told[f"clause_{code}"]) for code in self._reasons
        )
        command, said = asks_tender.step_in(lines, answers, currency)
        return self._act(command, *said, seen=seen)


class JudgeSettlement(ActForm):
    """The claimant is silent, or says nothing useful: an adjuster judges by the seller's evidence."""

    name, command, roles = "judge-settlement", td.ConfirmSettlement, frozenset({"adjuster"})
    title, button = gettext_lazy("Judge the settlement"), gettext_lazy("Record")
    done = gettext_lazy("Recorded.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return isinstance(view.claim.stage, AwaitingConfirmation)

    def build(self) -> None:
        options = [
            ("yes", _("It was settled: the claim is closed")),
            ("no", _("It was not: the claim comes back to us")),
        ]
        claimants = self.view.claim.held("claimant_answers")
        self.quiet = claimants is not None
        self.fields["settled"] = forms.ChoiceField(
            label=_("By the evidence"), widget=radios(), error_messages=_CHOOSE,
            choices=options[1:] if claimants else options,
        )  # fmt: skip
        self.fields["words"] = forms.CharField(
            label=_("In your words"), widget=text_area(3), error_messages=_WORDS_NEEDED
        )

    def prepared(self) -> list[Prepared]:
        return prepared_answers.on_settlement(self.view, may_close=not self.view.claim.held("claimant_answers"))

    @property
    def says(self) -> Told:  # type: ignore[override]
        if self.view.claim.held("claimant_answers"):
            return _("While the claimant may still say that it was settled, you can only find that it was not.")
        return _("The claimant did not say whether it is so. Judge by what the seller sent.")

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.confirm_settlement(told["settled"] == "yes", told["words"])
        return self._act(command, *said, seen=seen)


class FindNoDefect(ActForm):
    name, command = "no-defect", td.FindNoDefect
    quiet = True
    title, button = gettext_lazy("Find that there was no defect"), gettext_lazy("Record the finding")
    done = gettext_lazy("Recorded. The customer keeps what was paid, and nothing is asked of the seller.")
    says = gettext_lazy("By the seller's evidence. The seller then owes nothing, and what is held goes back to it.")

    code = forms.ChoiceField(
        label=gettext_lazy("What the evidence shows"), widget=choice(),
        choices=[(code, capfirst(words.DISPUTES[code])) for code in ("no_defect", "misuse", "not_our_product")],
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("In your words"), widget=text_area(3), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        claim = view.claim
        ended = claim.recovery is not None and not claim.recovery.is_open
        return claim.paid_minor > 0 and not claim.no_defect and not ended

    def prepared(self) -> list[Prepared]:
        return prepared_answers.no_defect(self.view)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        clause = next(clause for clause, _ in rows_of(self.view, self.at, ("bearer",)) if clause.endswith(".no_defect"))
        files = tuple(item.evidence_id for item in self.view.evidence if item.sent_by == "seller")
        command, said = asks_tender.find_no_defect(told["code"], clause, files, told["words"])
        return self._act(command, *said, seen=seen)


class CheckProof(ActForm):
    name, command = "check-proof", td.CheckProofOfInsurance
    title, button = gettext_lazy("Look at the proof of insurance"), gettext_lazy("Record")
    done = gettext_lazy("Recorded. The seller is told.")
    says = gettext_lazy(
        "It proves cover only where the cover is on file for the day of the incident. Until you say, nothing is asked."
    )

    proves = forms.ChoiceField(
        label=gettext_lazy("What it proves"), widget=radios(), error_messages=_CHOOSE,
        choices=[
            ("yes", gettext_lazy("Cover on the day of the incident")), ("no", gettext_lazy("It does not prove that")),
        ],
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In your words"), required=False, widget=text_area(3),
        help_text=gettext_lazy("What is missing, where it proves nothing. The seller reads it."),
    )  # fmt: skip

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return "proof_of_insurance" in view.claim.tasks

    def prepared(self) -> list[Prepared]:
        return prepared_answers.to_proof_of_insurance(self.view)

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.check_proof_of_insurance(told["proves"] == "yes", told["words"])
        return self._act(command, *said, seen=seen)


class CheckSubrogation(ActForm):
    name, command = "subrogation", td.CheckSubrogation
    title, button = gettext_lazy("Anti-subrogation check"), gettext_lazy("Record")
    done = gettext_lazy("Recorded.")
    says = gettext_lazy(
        "The insurer's policy names the platform as an insured too. An insurer is not asked for what it would owe "
        "to its own insured: say whether it may be asked here."
    )

    clear = forms.ChoiceField(
        label=gettext_lazy("May the insurer be asked?"), widget=radios(), error_messages=_CHOOSE,
        choices=[
            ("yes", gettext_lazy("Yes, nothing stands against it")),
            ("no", gettext_lazy("No, it is barred: its part is the seller's")),
        ],
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("In your words"), widget=text_area(3), error_messages=_WORDS_NEEDED)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        return view.claim.insurer is not None and view.claim.insurer.to_be_checked

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        command, said = asks_tender.check_subrogation(told["clear"] == "yes", told["words"])
        return self._act(command, *said, seen=seen)


class DecideContest(ActForm):
    name, command = "decide-contest", rd.DecideContest
    title, button = gettext_lazy("Decide the contest"), gettext_lazy("Decide")
    done = gettext_lazy("The contest is decided. Both sides read your reasons.")
    says = gettext_lazy("Both sides' evidence stands above. Your words are the reasons that the debtor reads.")

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        recovery = view.claim.recovery
        contested = recovery is not None and isinstance(recovery.stage, Contested)
        return contested and not took_part(view, by)

    def prepared(self) -> list[Prepared]:
        return prepared_answers.to_contest(self.view, self._recovery.contests[-1])

    def build(self) -> None:
        recovery = self._recovery
        currency, contest = self.view.claim.currency, recovery.contests[-1]
        debt = recovery.debt(contest.by)
        owed = money(debt.owed_minor - debt.written_off_minor, currency)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Your decision"), widget=radios(), error_messages=_CHOOSE,
            choices=[
                ("upheld", _("Upheld: nothing of {owed} is owed; what is held or paid goes back").format(owed=owed)),
                ("partly", _("Upheld in part: less is owed")),
                ("dismissed", _("Dismissed: the {owed} stays owed").format(owed=owed)),
            ],
        )  # fmt: skip
        self.fields["off"] = AmountField(
            currency=currency, required=False, label=_("Less by"), help_text=_("Only where it is upheld in part.")
        )
        codes = dict.fromkeys((*contest.reasons, *rd.CONTEST_REASONS))
        self.fields["code"] = forms.ChoiceField(
            label=_("About"), choices=[(code, capfirst(words.said(code, words.DISPUTES))) for code in codes],
            widget=choice(),
        )  # fmt: skip
        contested = recovery.opened.clause
        rows = [(contested.clause, _("the clause of the demand: {clause}").format(clause=contested.clause))]
        rows += rows_of(self.view, self.at, ("payable_heads", "bearer")) + citable(self.view, self.at)
        self.fields["clause"] = forms.ChoiceField(
            label=_("Clause that it rests on"), choices=_once(rows),
            widget=choice(),
        )  # fmt: skip
        self.fields["words"] = forms.CharField(
            label=_("Your reasons, for both sides"), widget=text_area(5), error_messages=_WORDS_NEEDED
        )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("outcome") == "partly" and not told.get("off") and "off" not in self.errors:
            self.add_error("off", _("Please say by how much less is owed."))
        return told

    def ask(self, seen: int | None) -> Ask:
        told = self.cleaned_data
        off = told["off"] if told["outcome"] == "partly" else None
        command, said = asks_recovery.decide_contest(
            told["outcome"], told["code"], told["clause"], (), told["words"], self.view.claim.currency, off
        )
        return self._act(command, *said, seen=seen)

    @property
    def _recovery(self) -> Recovery:
        recovery = self.view.claim.recovery
        assert recovery is not None
        return recovery


def _once(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each clause once, as it is called first."""
    first: dict[str, str] = {}
    for clause, told in rows:
        first.setdefault(clause, told)
    return list(first.items())


BEFORE_DECIDING: list[type[ActForm]] = [Tender, StepIn, DecideContest, JudgeSettlement]
AFTER_DECIDING: list[type[ActForm]] = [CheckProof, CheckSubrogation, FindNoDefect]


def is_rejected(view: ClaimView) -> bool:
    """Whether a rejection waits for the platform's answer."""
    tender = view.claim.tender
    return tender is not None and tender.answer == "rejected" and not view.claim.rejection_answered


def took_part(view: ClaimView, by: Actor) -> bool:
    """Whether this person had a say in what is contested: somebody else decides the contest then."""
    claim = view.claim
    demanded_by = claim.recovery.demanded_by if claim.recovery else ""
    return by.name in claim.taken_part or by.name in (claim.filed_by, demanded_by)
