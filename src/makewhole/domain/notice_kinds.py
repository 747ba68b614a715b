"""Which kind each notice is of, and whether somebody may do without its mail. Start at KINDS.

A notice that asks, decides, takes money or restricts is always mailed: the law or the guarantee says that it is told,
and silence after it has a consequence. The others only confirm or keep somebody up to date; they stay in the inbox
and on the claim's page, and whoever is told chooses whether they come by mail as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from makewhole.domain.statement import sentence


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """`why`: why its mail cannot be switched off, empty where it can be; `source`: where that duty stands."""

    name: str
    title: str
    why: str = ""
    source: str = ""

    @property
    def optional(self) -> bool:
        return not self.why


KINDS: dict[str, NoticeKind] = {
    kind.name: kind
    for kind in (
        NoticeKind(
            "received", sentence("A claim came, or is open again"),
            sentence(
                "Who claims is told that the claim came, and who answers for the product is heard from the start."
            ),
            sentence("10 CCR 2695.5(e), as a benchmark; the guarantee's clocks “acknowledge” and “seller_answers”"),
        ),
        NoticeKind(
            "asked", sentence("Something waits for an answer"),
            sentence("A time runs, and what happens at its end depends on the answer."),
            sentence("the guarantee's clocks of claimants, sellers, producers and insurers"),
        ),
        NoticeKind(
            "decided", sentence("A decision and its reasons"),
            sentence("A decision is told in writing, with its reasons and how to contest it."),
            sentence(
                "10 CCR 2695.7(b)(1), as a benchmark; Regulation (EU) 2022/2065, articles 17 and 20; Regulation (EU) "
                "2019/1150, articles 4 and 11"
            ),
        ),
        NoticeKind(
            "delayed", sentence("A decision takes longer"),
            sentence("Whoever waits longer than was said is told why, in writing."),
            sentence("10 CCR 2695.7(c)(1), as a benchmark; the guarantee's clock “delay_letter”"),
        ),
        NoticeKind(
            "paid", sentence("Money on its way to the claimant"),
            sentence("The time to appeal runs from it, and an account may have to be mended."),
            sentence("10 CCR 2695.7(h), as a benchmark; the guarantee's clocks “pay” and “appeal”"),
        ),
        NoticeKind(
            "owed", sentence("Money asked back, held or due"),
            sentence("Who is asked for money, or has money held, is told how much, why and how to contest it."),
            sentence(
                "Regulation (EU) 2022/2065, article 17(1)(b) (payments held); the guarantee's clock “seller_contests”"
            ),
        ),
        NoticeKind(
            "standing", sentence("Violations and restrictions"),
            sentence("A restriction is told at or before its effect, with its reasons, on a durable medium."),
            sentence("Regulation (EU) 2022/2065, article 17; Regulation (EU) 2019/1150, article 4"),
        ),
        NoticeKind(
            "duties", sentence("What staff answer for"),
            sentence("A missed deadline or a hazard has to reach somebody who answers for it."),
            sentence("16 CFR 1115.14(d); the guarantee's clocks of staff"),
        ),
        NoticeKind(
            "account", sentence("Your way in"),
            sentence("Whoever was invited, or asked for a link, has no other way in."),
            sentence("the account or the claim itself"),
        ),
        NoticeKind("confirmations", sentence("We have what you sent")),
        NoticeKind("progress", sentence("How a claim goes on, with nothing to do")),
        NoticeKind("settled", sentence("Money that came in, came back or is no longer asked")),
    )
}  # fmt: skip
OPTIONAL = tuple(kind.name for kind in KINDS.values() if kind.optional)

_TEMPLATES: dict[str, str] = {
    "received": "claim_received claim_about_your_product claim_reopened claim_reopened_seller appeal_received "
    "appeal_filed",
    "asked": "proof_requested concern_raised release_requested reminder more_time offer_made settlement_reported "
    "seller_pays_you tender_to_seller tender_to_insurer tender_to_producer tender_passed_on tender_more_time "
    "tender_unanswered tender_returned party_reminder counter_offer_made you_settle_it you_pay_the_claimant "
    "proof_of_insurance_asked insurer_time_over seller_settles_with_you closed_unanswered",
    "decided": "claim_decided claim_decided_seller contest_decided stepped_in no_defect_found "
    "proof_of_insurance_checked standing_dispute_decided offer_accepted offer_accepted_seller settlement_confirmed "
    "claim_withdrawn",
    "delayed": "delay_explained",
    "paid": "payment_ordered payment_settled payment_returned",
    "owed": "recovery_demanded recovery_raised recovery_stands debt_shifted funds_withheld instalments_agreed "
    "instalment_missed insurer_was_silent",
    "standing": "standing_violation_reported standing_restricted standing_restriction_lifted",
    "duties": "deadline_missed safety_review_asked insurer_asks contest_to_decide repayment_to_make "
    "standing_dispute_filed standing_restriction_shaken",
    "account": "account_invited link_to_claims link_to_order link_to_draft",
    "confirmations": "seller_evidence_received rejection_received tender_accepted contest_received "
    "proof_of_insurance_received standing_dispute_received",
    "progress": "seller_is_asked seller_has_more_time seller_rejected claim_is_ours_again offer_refused "
    "offer_refused_seller claimant_paid claim_withdrawn_seller settlement_confirmed_seller insurer_answered",
    "settled": "funds_released repayment_ordered recovery_payment_received recovery_closed debt_written_off",
}
KIND_OF: dict[str, str] = {template: kind for kind, told in _TEMPLATES.items() for template in told.split()}
# What a party of each sort can be told at all: the choices that its page shows.
TOLD: dict[str, tuple[str, ...]] = {
    "claimant": ("received", "asked", "decided", "delayed", "paid", "progress"),
    "seller": ("received", "asked", "decided", "owed", "standing", "confirmations", "progress", "settled"),
    "insurer": ("asked", "decided", "owed", "confirmations", "settled"),
    "producer": ("received", "asked", "decided", "confirmations"),
    "marketplace": tuple(name for name in KINDS if name not in ("duties", "account", "standing")),
    "role": ("duties",),
    "account": ("account",),
}


def kind_of(template: str) -> NoticeKind:
    return KINDS[KIND_OF[template]]


def kinds_told_to(party: str) -> list[NoticeKind]:
    """Those that such a party ("seller:55") can be told, what it may do without last."""
    return [KINDS[name] for name in TOLD[party.partition(":")[0]]]
