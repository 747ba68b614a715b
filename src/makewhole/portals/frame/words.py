"""The words for what the rules name by codes: heads of loss, proofs, reasons, clocks, stages, roles; in the language of
whoever reads. Within a sentence, take them through said(), and where they follow other words through within()."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import cast

from django.utils.translation import gettext, gettext_lazy, ngettext

from makewhole.domain.claim import in_words
from makewhole.domain.standing.words import LEVELS
from makewhole.reads.showing import language


def _(text: str) -> str:
    """Said in the reader's language whenever it is shown, and typed as the text that it then is."""
    return cast(str, gettext_lazy(text))


HEADS = {
    "property_damage": _("Damaged property"),
    "purchase_price": _("Price of the product"),
    "medical_expense": _("Medical expense"),
    "lost_wages": _("Lost wages"),
    "pain_and_suffering": _("Pain and suffering"),
    "commercial": _("Commercial loss"),
    "consequential": _("Consequential loss"),
    "incidental": _("Incidental loss"),
    "punitive": _("Punitive damages"),
    "attorney_fees": _("Lawyer's fees"),
}
EVIDENCE = {
    "photo": _("Photo"),
    "receipt": _("Receipt"),
    "repair_estimate": _("Repair estimate"),
    "medical_bill": _("Medical bill"),
    "wage_statement": _("Wage statement"),
    "message": _("Message"),
    "release": _("Release"),
    "other": _("Other file"),
}
# What may be asked for, and as which kind of evidence it then comes.
PROOFS = {
    "photo": (_("a photo of the damage"), "photo"),
    "more_photos": (_("more photos, from other sides"), "photo"),
    "product_kept": (_("a photo of the product as it is now"), "photo"),
    "receipt_or_estimate": (_("a receipt or a repair estimate"), "receipt"),
    "receipt": (_("a receipt"), "receipt"),
    "repair_estimate": (_("a repair estimate"), "repair_estimate"),
    "bill": (_("the bill of the doctor, hospital or pharmacy"), "medical_bill"),
    "wage_statement": (_("a statement of the wages lost"), "wage_statement"),
    "proof_of_cause": (_("something that shows how the product caused it"), "other"),
}
PAPERS = frozenset({"receipt", "repair_estimate", "medical_bill", "wage_statement"})
# Why something is refused or reduced. A machine's concerns carry the policy's own outcomes; people choose here.
REASONS = {
    "not_supported": _("The papers show less than is claimed"),
    "worth_less": _("The thing was worth less when it was damaged"),
    "not_caused": _("The product did not cause it"),
    "not_as_told": _("The evidence does not fit what was told"),
    "paid_elsewhere": _("It was paid elsewhere already"),
    "not_payable": _("The guarantee does not pay this kind of loss"),
    "too_late": _("The claim came after the filing days"),
    "digital": _("It is not a physical product"),
    "not_bought_here": _("It was not bought on this marketplace"),
}
STAGES = {
    "awaiting_proof": _("Waiting for proof"),
    "under_review": _("Under review"),
    "awaiting_answer": _("Waiting for an answer"),
    "awaiting_second": _("Waiting for a second person"),
    "awaiting_release": _("Waiting for a signature"),
    "approved": _("Approved"),
    "paying": _("With the bank"),
    "awaiting_payee": _("Waiting for another account"),
    "awaiting_seller": _("Tendered, waiting for an answer"),
    "seller_settles": _("The seller settles it"),
    "awaiting_confirmation": _("Settled, waiting to be confirmed"),
    "awaiting_offer": _("An offer waits for an answer"),
    "closed": _("Closed"),
}
OUTCOMES = {
    "paid": _("Paid"),
    "refused": _("Refused"),
    "unanswered": _("Closed, no answer came"),
    "withdrawn": _("Withdrawn"),
    "out_of_scope": _("Outside the guarantee"),
    "settled": _("Settled with the seller"),
}
RECOVERY_STAGES = {
    "demanded": _("Demanded, may be contested"),
    "contested": _("Contested"),
    "stands": _("Stands"),
    "closed": _("Closed"),
}
RECOVERY_OUTCOMES = {
    "recovered": _("Recovered"),
    "insured": _("Insured, nothing is owed"),
    "contest_won": _("Contest won, nothing is owed"),
    "no_defect": _("No defect, nothing is owed"),
    "written_off": _("Written off"),
}
DEBTORS = {"seller": _("The seller"), "insurer": _("The insurer"), "producer": _("The producer")}
# The sides of a claim, within a sentence.
SIDES = {
    "seller": _("the seller"),
    "insurer": _("the insurer"),
    "producer": _("the producer"),
    "claimant": _("the claimant"),
    "marketplace": _("the marketplace"),
}
OBSTACLES = {"account_gone": _("The account is gone"), "bankruptcy": _("Bankruptcy was opened")}
INSURER_ANSWERS = {
    "": _("has not answered yet"),
    "accepts": _("accepts cover"),
    "reserves_rights": _("reserves its rights"),
    "asks": _("asks for more"),
    "denies": _("denies cover"),
    "silent": _("did not answer in its time"),
}
ROLES = {
    "claimant": _("Claimant"),
    "seller": _("Seller"),
    "marketplace": _("Marketplace"),
    "adjuster": _("Adjuster"),
    "reviewer": _("Reviewer"),
    "finance": _("Finance"),
    "safety_officer": _("Safety officer"),
    "programme_owner": _("Programme owner"),
    "administrator": _("Administrator"),
    "auditor": _("Auditor"),
    "insurer": _("Insurer"),
    "producer": _("Producer"),
}
METHODS = {
    "bank_transfer": _("Bank transfer"),
    "refund": _("Refund to the way the order was paid"),
    "credit": _("Credit with the marketplace"),
}
HAZARDS = {
    "fire": _("Fire"),
    "shock": _("Electric shock"),
    "burn": _("Burn or scald"),
    "choking": _("Choking"),
    "laceration": _("Cut"),
    "chemical": _("Chemical harm"),
    "fall": _("Fall"),
    "grave_injury": _("Grave injury"),
    "death": _("Death"),
    "other": _("Something else"),
}
TASKS = {
    "safety_review": _("safety review"),
    "quality_review": _("quality review"),
    "seller_evidence": _("evidence of the seller"),
    "repeated_notice": _("notice sent again with other content"),
    "payment_returned": _("payment came back"),
    "proof_of_insurance": _("proof of insurance to look at"),
    "subrogation_check": _("anti-subrogation check"),
    "insurer_asks": _("question of the insurer"),
    "contest": _("contest to decide"),
    "repayment": _("repayment to make"),
    "instalment_missed": _("instalment missed"),
}
CHECKS = {
    "duplicate_order_line": _("Order line claimed before"),
    "same_day_elsewhere": _("Claims about the same days"),
    "reused_photo": _("Photo used before"),
    "repeat_claimant": _("Claims of this person"),
    "amount_against_price": _("Amount against price"),
    "amount_against_receipts": _("Amount against papers"),
    "incident_before_delivery": _("Incident after delivery"),
    "linked_accounts": _("Shared contacts"),
    "linked_payee": _("Shared account"),
    "different_bank_details": _("One account per person"),
    "payee_velocity": _("Claims per account"),
    "grave_harm": _("Grave harm"),
}
# The parts of a statement of reasons, as the short list on a claim's page calls them.
STATEMENT = {
    "facts": _("Fact"),
    "wrote": _("In words"),
    "clauses": _("Clause"),
    "decided": _("Decided"),
    "then": _("Next"),
    "contest": _("To contest"),
}
RESTRICTION_STATES = {
    "announced": _("Announced"),
    "in_force": _("In force"),
    "ended": _("Ended"),
    "lifted": _("Lifted"),
}
FACT_STATES = {"stands": _("Stands"), "disputed": _("Disputed"), "struck": _("Struck")}
STANDING_LEVELS: dict[str, str] = {level: _(words) for level, words in LEVELS.items()}
# The words of the rules themselves, as they stand within a sentence.
DISPUTES = {code: _(words) for code, words in in_words.DISPUTES.items()}
ENDS = {code: _(words) for code, words in in_words.ENDS.items()}
# Why what was held goes back, as anybody but the seller reads it.
RELEASED = {code: _(words) for code, words in in_words.RELEASES.items()} | {
    "contest_won": _("the contest succeeded"),
    "cover": _("the insurer owes that part"),
}
WRITE_OFFS = {code: _(words) for code, words in in_words.WRITE_OFFS.items()}
BASES = {code: _(words) for code, words in in_words.BASES.items()}
WHILE_OBSTACLE = {code: _(words) for code, words in in_words.OBSTACLES.items()}
STEP_IN = {code: _(to_claimant) for code, (_seller, to_claimant) in in_words.STEP_IN.items()}
CONTEST_OUTCOMES = {
    "upheld": _("Upheld"),
    "partly": _("Upheld in part"),
    "dismissed": _("Dismissed"),
}
# Whose turn it is, where it is nobody's.
TURNS = ROLES | {"nobody's": _("nobody's")}
CHECK_OUTCOMES = {"pass": _("Passed"), "refer": _("A person looks"), "no_data": _("No data")}
# Clocks: what each is called, and what happens at its end.
CLOCKS = {
    "claimant_answers": (
        _("The claimant's answer"),
        _("If nothing comes, the claim is closed; it opens again when proof comes."),
    ),
    "seller_proof_of_insurance": (
        _("The seller's proof of insurance"),
        _("Without it, the cost may be recovered from the seller."),
    ),
    "decision": (_("Our decision"), _("If we miss it, it is recorded and the programme owner is told.")),
    "delay_letter": (_("Our letter on the delay"), _("While there is no decision, we write why.")),
    "whole_claim": (_("The end of the whole claim"), _("If it is still open then, the programme owner takes it up.")),
    "pay": (_("Our payment"), _("If we miss it, it is recorded and finance is told.")),
    "appeal": (_("Your appeal"), _("After that, the decision stands for good.")),
    "safety_review": (_("The safety review"), _("If we miss it, it is recorded and escalated.")),
    "acknowledge": (_("Our acknowledgement"), _("If we miss it, it is recorded.")),
    "seller_answers": (
        _("The seller's answer"),
        _("If none comes, the platform pays what was assessed and asks the seller for it."),
    ),
    "producer_answers": (_("The producer's answer"), _("If none comes, the claim goes on without it.")),
    "seller_handles": (
        _("The seller's settlement with the customer"),
        _("If nothing is settled by then, the claim comes back to us."),
    ),
    "seller_pays": (
        _("The seller's payment to the customer"),
        _("If it is not paid by then, the platform pays and asks the seller for it."),
    ),
    "seller_contests": (_("The time to contest what is asked back"), _("If nobody contests, the demand stands.")),
    "insurer_answers": (
        _("The insurer's answer"),
        _("If none comes, what it would have owed is asked of the seller."),
    ),
    "step_in": (_("Our look at the tender's end"), _("If we miss it, it is recorded and the programme owner is told.")),
    "contest_decision": (
        _("Our decision on the contest"),
        _("If we miss it, it is recorded and the programme owner is told. Nothing is withheld meanwhile."),
    ),
    "instalment": (_("The next instalment"), _("If it does not come, withholding goes on.")),
}
# What the claimant's time is for, and what follows, while it is not proof that is waited for.
CLAIMANTS_TIME = {
    "awaiting_answer": (_("The claimant's answer"), _("If none comes, a person decides with what is there.")),
    "awaiting_offer": (
        _("The claimant's answer to the offer"),
        _("If none comes, there is no agreement, and we decide."),
    ),
    "awaiting_confirmation": (
        _("The claimant's word on the settlement"),
        _("If none comes, a person judges by the seller's evidence."),
    ),
    "awaiting_release": (_("The claimant's signature"), _("If none comes, one of us calls.")),
    "awaiting_payee": (_("The claimant's other account"), _("If none is named, one of us calls.")),
}
# What the claimant's clocks are called to the claimant.
YOUR_CLOCKS = {
    "awaiting_answer": _("Your answer"),
    "awaiting_offer": _("Your answer to the offer"),
    "awaiting_confirmation": _("Your word on the settlement"),
    "awaiting_release": _("Your signature"),
    "awaiting_payee": _("Your other account"),
}
# A seller's or insurer's own clocks, as its inbox calls them.
OWN_CLOCKS = {
    "seller_answers": (_("Your answer"), _("If none comes, we may pay the customer and ask you for it.")),
    "seller_handles": (
        _("Your settlement with the customer"),
        _("If nothing is settled by then, the claim returns to us."),
    ),
    "seller_pays": (_("Your payment to the customer"), _("If it is not paid by then, we may pay and ask you for it.")),
    "seller_proof_of_insurance": (_("Your proof of insurance"), _("Without it, the cost may be recovered from you.")),
    "seller_contests": (_("Your time to contest"), _("If you do not contest, the demand stands.")),
    "insurer_answers": (_("Your answer"), _("If none comes, what you would have owed is asked of the seller.")),
    "producer_answers": (_("Your answer"), _("If none comes, the claim goes on without you.")),
    "instalment": (_("Your next instalment"), _("If it does not come, withholding goes on.")),
}
# What a seller or insurer was told, in its inbox, by the notice's template. Amounts of its facts stand in braces.
NOTICES = {
    "claim_about_your_product": _("A customer claims {claimed} for harm by your product"),
    "claim_decided_seller": _("The claim was decided: {approved} approved"),
    "claimant_paid": _("The customer was paid {amount}"),
    "claim_withdrawn_seller": _("The customer withdrew the claim"),
    "appeal_filed": _("The customer appealed"),
    "claim_reopened_seller": _("The claim was opened again"),
    "seller_evidence_received": _("We received your evidence"),
    # standing
    "standing_violation_reported": _("The marketplace reported a violation"),
    "standing_dispute_received": _("We received your dispute"),
    "standing_dispute_decided": _("Your dispute was decided"),
    "standing_restricted": _("A restriction is announced, with its reasons"),
    "standing_restriction_lifted": _("A restriction was lifted"),
    # the tender
    "tender_to_seller": _("Please answer: {amount} is claimed, as far as papers show"),
    "tender_to_insurer": _("Notice of loss under your policy"),
    "tender_accepted": _("You accepted {amount}"),
    "tender_passed_on": _("The claim was passed on to the producer"),
    "tender_more_time": _("You have more time to answer"),
    "tender_unanswered": _("Your time to answer is over"),
    "tender_returned": _("The claim is ours again"),
    "rejection_received": _("We have your rejection"),
    "you_pay_the_claimant": _("You pay the customer {amount}"),
    "you_settle_it": _("You settle it with the customer yourself"),
    "settlement_confirmed_seller": _("It is settled at {amount}"),
    "counter_offer_made": _("The customer asks for {amount}"),
    "offer_accepted_seller": _("You and the customer agreed on {amount}"),
    "offer_refused_seller": _("There is no agreement with the customer"),
    "stepped_in": _("We pay the customer {amount}"),
    "no_defect_found": _("No defect was found"),
    "party_reminder": _("A reminder: your time is running"),
    # insurance
    "insurer_answered": _("Your insurer answered"),
    "insurer_was_silent": _("Your insurer did not answer"),
    "insurer_time_over": _("Your time to answer is over"),
    "proof_of_insurance_asked": _("Please show proof of your insurance"),
    "proof_of_insurance_received": _("We have your proof of insurance"),
    "proof_of_insurance_checked": _("Your proof of insurance was looked at"),
    # money asked back
    "recovery_demanded": _("We ask {amount} of you"),
    "recovery_raised": _("More was paid: {amount} is asked of you"),
    "recovery_stands": _("What is asked of you stands: {amount}"),
    "recovery_closed": _("Nothing is asked of you any more"),
    "recovery_payment_received": _("We have your {amount}"),
    "debt_shifted": _("What is asked of you is now {amount}"),
    "debt_written_off": _("{amount} is no longer asked of you"),
    "funds_withheld": _("{amount} is withheld of a payout"),
    "funds_released": _("{amount} is released to you"),
    "repayment_ordered": _("{amount} goes back to you"),
    "instalments_agreed": _("Instalments are agreed"),
    "instalment_missed": _("An instalment did not come: {amount}"),
    "contest_received": _("We have your contest"),
    "contest_decided": _("Your contest is decided"),
}


# Why a person is asked to look.
REFERRALS = {
    "rule:tendered": _("over the small-claim limit"),
    "rule:checks": _("not every check passed"),
    "rule:injury_in_part": _("somebody was hurt"),
    "rule:over_authority": _("above what a machine may approve"),
    "rule:proof": _("the proof is not complete"),
    "rule:disputed": _("a party disputes the claim"),
    "concern_answered": _("the claimant answered the concern"),
    "proof_came": _("the proof that was asked for came"),
    "amount_not_supported": _("the papers support only a part"),
    "rest_open": _("a part is still open"),
    "appeal": _("the claimant appeals"),
    "payee_changed": _("the account was changed"),
    "second_person_disagrees": _("the second person sent it back"),
    "reopened_by_person": _("opened again"),
    "tender_accepted": _("the seller accepted"),
    "tender_rejected": _("the seller rejected it, with reasons"),
    "seller_silent": _("the seller did not answer"),
    "offer_refused": _("no amount was agreed with the seller"),
    "offer_accepted": _("both sides agreed on an amount"),
    "not_settled": _("the seller did not settle it in time"),
    "not_paid": _("the seller accepted, and did not pay in time"),
    "seller_gone": _("the account of the seller is gone"),
    "rule:rejected": _("a rejection is answered by people"),
    "rule:cap": _("the cap of the incident is reached"),
    "rule:in_part": _("not everything is supported as claimed"),
    "rule:accepted_large": _("above what is paid without a person"),
    "rule:injury": _("somebody was hurt"),
    "rule:step_in_large": _("above what the platform pays without a person"),
}


def notice(template: str, amounts: dict[str, str]) -> str:
    """One notice in a line; as it is called, where it has no words, or not the amounts that they name."""
    try:
        return str(NOTICES[template]).format(**amounts)
    except KeyError:
        return template.replace("_", " ").capitalize()


def said(code: str, known: dict[str, str]) -> str:
    """A code's words; a code without words is shown as it is, with spaces."""
    return str(known[code]) if code in known else code.replace("_", " ").capitalize()


def within(words: str) -> str:
    """Words that begin with a capital letter, as they stand within a sentence. German keeps it: most are nouns."""
    return words if language() == "de" else words[:1].lower() + words[1:]


def proof(what: str) -> str:
    return str(PROOFS[what][0]) if what in PROOFS else what.replace("_", " ")


def listed(things: Iterable[str]) -> str:
    """ "a, b and c"."""
    told = list(things)
    if len(told) < 2:
        return "".join(told)
    return gettext("{things} and {last}").format(things=", ".join(told[:-1]), last=told[-1])


def files(number: int) -> str:
    return ngettext("{number} file", "{number} files", number).format(number=number)


def task(code: str) -> str:
    if code.startswith("missed_"):
        return gettext("late: {clock}").format(clock=clock_name(code.removeprefix("missed_")))
    return str(TASKS.get(code, code))


def clock_name(name: str) -> str:
    """A clock as it is called within a sentence."""
    return within(str(CLOCKS[name][0])) if name in CLOCKS else name.replace("_", " ")


def referral(code: str) -> str:
    """Why a person is asked: "check:reused_photo", "rule:checks", "appeal"."""
    kind, _colon, name = code.partition(":")
    if kind == "check":
        return within(said(name, CHECKS))
    return str(REFERRALS[code]) if code in REFERRALS else (name or kind).replace("_", " ")


def side(code: str) -> str:
    """A side within a sentence: "the seller"; whoever is no side is one of us."""
    return str(SIDES[code]) if code in SIDES else gettext("us")


def by_whom(name: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Who acted, as the log names it; by name where `names` has it, on pages that only staff read."""
    if told := names.get(name):
        return told
    if name.startswith("machine:"):
        return gettext("the system")
    if name.startswith("person:"):
        return gettext("staff {name}").format(name=name.partition(":")[2])
    kind = name.partition(":")[0]
    known = {
        "staff": _("our staff"),
        "seller": _("the seller"),
        "insurer": _("the seller's insurer"),
        "producer": _("the producer"),
        "claimant": _("the claimant"),
        "marketplace": _("the marketplace"),
    }
    return str(known.get(kind, kind))
