"""Refusals in people's words: one clear sentence each, that says what and where. Facts in braces.

An amount among the facts (`open_minor`, with the `currency` beside it) stands in the sentence as money: {open}.
A code without a sentence is a fault of ours, and a test finds it. Start at sentence(); pages say the same in the
reader's language (portals/frame/refusals.py).
"""

from __future__ import annotations

from makewhole.domain.money import Money
from makewhole.domain.refusal import Refused

SENTENCES: dict[str, str] = {
    # money, text and keys
    "unknown_currency": "We do not know the currency {currency}.",
    "not_an_amount": "“{given}” is not an amount. Write it like 184.20.",
    "too_many_decimals": "“{given}” has more decimals than the currency has ({allowed}).",
    "amount_too_large": "“{given}” is larger than any amount we can record.",
    "amount_negative": "“{given}” is below zero.",
    "amount_not_positive": "Part {exposure} of the claim must be above zero.",
    "text_has_null_bytes": "The text in “{field}” has null bytes in it.",
    "text_too_long": "The text in “{field}” has {length} signs; at most {longest} fit.",
    "text_missing": "“{field}” is empty.",
    "words_needed": "Please give your reasons in words.",
    "key_not_usable": "An idempotency key has 1 to {longest} printable signs.",
    "key_used_for_other_content": "The idempotency key “{key}” was used before, for other content.",
    "email_not_usable": "That is not an e-mail address.",
    "account_not_usable": "That is not an account number: 4 to 40 letters and digits.",
    "unknown_payout": "We do not know the payout “{method}”. There are: {known}.",
    "unknown_marketplace": "There is no marketplace “{marketplace}”.",
    "no_policy": "No policy is published for {marketplace} at that time.",
    "no_rule_in_force": "The guarantee had no rule in force on that day.",
    "unknown_policy_version": "There is no policy version {version}.",
    # filing
    "unknown_order_line": "We do not find this order line. Check the order number and the line.",
    "loss_date_in_future": "The incident is dated {loss_date}, which has not come yet (today is {today}).",
    "loss_date_before_order": "The incident is dated {loss_date}, before the order of {ordered_on}.",
    "nothing_claimed": "Name at least one part of the loss, with its amount.",
    "same_head_twice": "Each kind of loss is named once, with its whole amount.",
    "unknown_head": "We do not know the kind of loss “{head}”. There are: {known}.",
    "unknown_hazard": "We do not know the hazard “{hazard}”. There are: {known}.",
    # evidence
    "unknown_evidence": "We do not find the file {evidence} among those that you sent.",
    "evidence_used_before": "The file {evidence} belongs to another claim already.",
    "evidence_named_twice": "A file is named twice.",
    "evidence_for_no_exposure": "The file {evidence} names a part that the claim does not have.",
    "evidence_erased": "The file {evidence} was erased.",
    "no_such_variant": "This file has no {variant} picture.",
    "evidence_empty": "“{name}” is empty.",
    "evidence_too_large": "“{name}” has {size_bytes} bytes; at most {limit_bytes} can be sent.",
    "evidence_type_not_allowed": "“{name}” is in truth: {found}. We can take: {allowed}.",
    "evidence_truncated": "“{name}” is cut off or damaged. Please send it again.",
    "image_too_many_pixels": "“{name}” has more than {limit_pixels} pixels. Please send a smaller one.",
    "pdf_needs_password": "“{name}” is locked with a password. Please send it unlocked.",
    "draft_is_full": "“{name}” was not taken: a claim starts with at most {most} files. More can be sent later.",
    "evidence_store_full": "We cannot store files at this moment. Nothing was lost; please try again later.",
    # who may
    "unknown_claim": "We do not find this claim.",
    "unknown_statement": "Entry {version} of this claim has no statement of reasons for you.",
    "role_may_not": "As {role} you may not do this ({act}).",
    "role_decides_nothing": "As {role} you may not decide claims.",
    "own_work": "You filed this claim; somebody else decides it.",
    "payee_changer_may_not_approve": "You changed where the money goes; somebody else approves it.",
    "took_part_before": "You took part in the first decision; somebody else hears the appeal.",
    "second_person_needed": "You proposed this; a second person agrees or sends it back.",
    "above_authority": "This is above what you may approve ({authority}).",
    "not_your_claim": "This claim is not about your product, or you have not been told of it yet.",
    "claimant_erased": "The claimant's data were erased; nothing can be added to this claim.",
    # stages
    "page_is_stale": "Somebody acted on this claim after you opened it (version {seen}, now {now}). Look again.",
    "claim_is_closed": "The claim is closed ({outcome}).",
    "claim_is_open": "The claim is still open.",
    "not_under_review": "It is not our turn on this claim, but: {turn}.",
    "nothing_asked": "Say what you ask for.",
    "nothing_sent": "Send a file or say something.",
    "nothing_decided": "Decide at least one part, by an amount above zero.",
    "nothing_proposed": "No decision waits for a second person.",
    "exposure_twice": "Each part is decided once.",
    "exposure_decided": "Part {exposure} is decided already.",
    "unknown_exposure": "The claim has no part {exposure}.",
    "more_than_open": "Of part {exposure} only {open} is still open.",
    "above_cap": "The guarantee's cap for one incident leaves {room}.",
    "reason_needed": "A refusal or reduction needs a reason with its clause.",
    "concern_not_shown": "Show the claimant this concern first ({reason}); then part {exposure} may be refused.",
    "claimant_may_still_answer": "The claimant may still answer the concern.",
    "no_concern_shown": "No concern waits for an answer.",
    "unknown_proof": "We do not know the proof “{what}”. There are: {known}.",
    "unknown_flag": "We do not know the check “{flag}”. There are: {known}.",
    "reserve_out_of_range": "A reserve lies between zero and what is still open ({open}).",
    "no_quality_review_asked": "No quality review is asked for on this claim.",
    "no_such_task": "No such task waits on this claim: {task}.",
    "no_safety_review_asked": "No safety review is asked for on this claim.",
    # money on its way
    "no_release_asked": "No release waits for a signature.",
    "release_text_changed": "The text of the release changed. Read it again before you sign.",
    "release_needs_adjuster": "For somebody under age the release is signed together with an adjuster.",
    "unknown_payment": "The claim has no payment {payment}.",
    "payment_was_returned": "That payment came back ({bank_ref}).",
    "payment_is_settled": "That payment was made ({bank_ref}).",
    "payment_under_way": "A payment is on its way to the bank. Wait until the bank has answered.",
    # tender and settlement
    "seller_not_heard": "Over the limit the seller is heard first: tender the claim, then decide.",
    "seller_heard_before": "The seller was heard on this claim already.",
    "seller_is_gone": "The seller is gone: nobody can answer a tender. Decide the claim.",
    "nothing_to_tender": "There is nothing to tender: {why}.",
    "no_tender_waits": "No tender waits for an answer now. It is this side's turn: {turn}.",
    "tender_is_not_yours": "This tender waits for another party's answer: {to}.",
    "answer_too_late": "The time to answer ended ({due_at} UTC). What you send as evidence is still looked at.",
    "producer_named_before": "The producer was named before; the tender passes on once.",
    "producer_lets_the_platform_pay": "A producer accepts or rejects; the platform pays the claimant.",
    "unknown_reason": "We do not know the reason “{reason}”. There are: {known}.",
    "answer_the_rejection": "Answer each of the seller's reasons first. Still without an answer: {missing}.",
    "nothing_rejected": "The seller did not reject this claim.",
    "offer_not_positive": "An offer must be above zero.",
    "offer_above_claim": "At most {open} of the claim is open, and the amount must be above zero.",
    "offer_waits_for_the_other_side": "You made the last offer; the other side answers it.",
    "no_offer_waits": "No offer waits for your answer. It is this side's turn: {turn}.",
    "offers_exhausted": "No more than {most} offers are made on a claim: accept or refuse the last one.",
    "nothing_to_settle": "You are not settling this claim yourself. It is this side's turn: {turn}.",
    "accepted_another_amount": "You accepted {amount}: that is what is to be paid.",
    "unknown_payer": "We do not know who “{payer}” is to be. The claimant is paid by: {known}.",
    "nothing_to_confirm": "No settlement waits to be confirmed. It is this side's turn: {turn}.",
    "claimant_may_still_confirm": "The claimant may still say whether it was settled; then you judge the evidence.",
    "settled_with_the_seller": "The claimant settled with the seller and confirmed it: this claim stays closed.",
    # insurance
    "insurer_answered_before": "You answered already: {answer}.",
    "unknown_answer": "We do not know the answer “{answer}”. There are: {known}.",
    "clause_needed": "A denial cites the clause of your policy.",
    "no_proof_asked": "No proof of insurance is asked of you on this claim.",
    "proof_is_looked_at": "Your proof of insurance is being looked at; nothing is asked of you meanwhile.",
    "no_cover_on_file": "No cover of this seller is on file for the day of the incident. Enter it first.",
    "no_defect_found_before": "That there was no defect was found before.",
    "nothing_paid_yet": "Nothing was paid on this claim yet.",
    # recovery
    "no_recovery": "Nothing is asked back on this claim.",
    "recovery_is_closed": "This recovery is closed ({outcome}).",
    "unknown_disbursement": "We do not know this disbursement of this seller.",
    "disbursement_in_other_currency": "The disbursement is in {currency}; what is owed is in {needed}.",
    "contest_is_open": "This is contested; until that is decided nothing more is done.",
    "nothing_can_be_withheld": "Nothing can be withheld from this seller ({obstacle}).",
    "instalments_run": "Instalments are agreed and kept; nothing is withheld meanwhile.",
    "above_the_payout": "That is above the payout: {room} of it can still be withheld.",
    "amount_not_above_zero": "The amount must be above zero.",
    "more_than_owed": "That is more than what is owed: {owed}.",
    "receipt_told_differently": "The receipt {ref} was told before, with {amount}.",
    "above_the_policy_limit": "That is above what is left of the policy's limit: {limit_left}.",
    "no_repayment_due": "No such repayment is due; {due} is.",
    "you_owe_nothing": "Nothing is asked of you on this claim.",
    "contested_before": "This was contested before.",
    "contest_too_late": "The time to contest is over.",
    "nothing_contested": "Nothing is contested on this claim.",
    "unknown_outcome": "We do not know the outcome “{outcome}”. There are: {known}.",
    "unknown_debtor": "We do not know the debtor “{debtor}”. There are: {known}.",
    "unknown_obstacle": "We do not know the obstacle “{obstacle}”. There are: {known}.",
    "off_out_of_range": "In part means above zero and below {owed}.",
    "instalments_not_in_order": "Instalments have days that lie ahead, each later than the one before.",
    "instalments_do_not_add_up": "The instalments do not add up to what is owed: {owed}.",
    # time
    "clock_not_running": "The clock “{clock}” does not run.",
    "clock_is_over": "The time of “{clock}” is over.",
    "days_not_positive": "Give at least one day.",
    "extension_already_given": "The clock “{clock}” was extended before, by as much or more.",
    "already_paused": "The clocks are paused already.",
    "not_paused": "No clock is paused.",
    "appeal_too_late": "The time for an appeal is over.",
    "nothing_to_appeal": "Nothing was refused or reduced (the claim is closed: {outcome}).",
    # people, tokens and links
    "token_unknown": "We do not know this token.",
    "no_role": "The account of this token has no role.",
    "role_not_held": "The account of this token does not have the role “{role}”. It has: {held}.",
    "which_role": "The account of this token has several roles ({held}). Name one in the header Makewhole-Role.",
    "unknown_token": "There is no token {token}.",
    "unknown_scope": "We do not know the scope “{scope}”. There are: {known}.",
    "no_scope": "Name at least one scope. There are: {known}.",
    "rate_out_of_range": "A token may ask 1 to {most} times a minute.",
    "link_expired": "This link was good for {valid_days} days and has expired. Ask for a new one.",
    "link_not_valid": "This link is not whole. Open it again from the mail, or copy all of it.",
    # standing
    "unknown_seller": "We do not find this seller.",
    "no_standing_rules": "The policy in force ({version}) says nothing of the standing of sellers.",
    "report_not_usable": "A report names its key (1 to 100 signs) and a code of letters, digits and plain signs.",
    "violation_in_future": "The violation is dated {on}, which has not come yet (today is {today}).",
    "report_ref_used_for_other_content": "The report “{ref}” was sent before, with other content.",
    "unknown_fact": "We do not find this fact in the standing: {about}.",
    "fact_not_disputable": "Only a fact that speaks against the seller, and that nobody hears now, can be disputed.",
    "disputed_already": "This is disputed already; a person decides.",
    "struck_already": "This was struck already, and does not count.",
    "too_many_files": "At most {most} files can be sent with a dispute.",
    "unknown_dispute": "We do not find this dispute.",
    "dispute_decided_already": "This dispute is decided already ({outcome}).",
    "only_a_person_may": "Only a person may do this ({act}).",
    "unknown_restriction": "We do not find this restriction.",
    "unknown_restriction_kind": "We cannot restrict “{kind}”. There are: {known}.",
    "restriction_needs_reasons": "The standing gives no reason to restrict anything (it is: {level}).",
    "clause_allows_no_restriction": "The clause “{clause}” gives no reason to restrict, as the standing is today.",
    "restricted_already": "A restriction of {kind} is announced or in force already.",
    "effect_before_notice": "A restriction takes effect when its seller is told, not before ({notice_at}).",
    "restriction_ends_before_effect": "The restriction would end ({ends_at}) before its effect ({takes_effect_at}).",
    "restriction_too_far_ahead": "A restriction is planned for the next {days} days at most.",
    "restriction_lifted_already": "This restriction was lifted already.",
    # contacts and webhooks
    "which_party": "Say whose it is: {known}.",
    "unknown_party": "We do not find the party “{party}”.",
    "party_without_contacts": "{party} has no contacts: its people are told by the roles that they hold.",
    "unknown_notice": "There is no notice {notice}.",
    "unknown_contact": "There is no contact {contact}.",
    "too_many_contacts": "At most {most} contacts can be told.",
    "name_not_printable": "The name has a line break or another sign in it that cannot be shown.",
    "webhook_url_not_usable": (
        "That is no address for a webhook: a whole one like https://example.com/hooks, at most {longest} signs, "
        "without a name, password or # in it."
    ),
    "webhook_not_https": "A webhook's address begins with https://.",
    "webhook_address_private": "That address is in a private network. Webhooks go to public addresses only.",
    "webhook_known": "There is a webhook to this address already. Rotate its secret, or remove it first.",
    "too_many_webhooks": "At most {most} webhooks can be told.",
    "unknown_webhook": "There is no webhook {webhook}.",
    "webhook_removed": "This webhook was removed. Add it again to be told there.",
    "unknown_delivery": "There is no delivery {delivery}.",
    # vault
    "unknown_subject": "We do not find this person.",
    "claims_still_open": "Claims of this person are still open: {claims}.",
}


def sentence(refusal: Refused) -> str:
    """What we tell a person about a refusal."""
    template = SENTENCES.get(refusal.code)
    assert template is not None, f"no sentence for {refusal.code}"
    return template.format(**facts_told(refusal))


def facts_told(refusal: Refused) -> dict[str, object]:
    """The facts as sentences name them: minor units are money of the currency that stands beside them."""
    facts, currency = dict(refusal.facts), refusal.facts.get("currency")
    for name, fact in refusal.facts.items():
        if name.endswith("_minor") and isinstance(fact, int) and isinstance(currency, str):
            facts[name.removesuffix("_minor")] = Money(fact, currency)
    return facts
