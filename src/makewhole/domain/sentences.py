"""Refusals in people's words: one clear sentence each, that says what and where. Facts in braces.

A code without a sentence is a fault of ours, and a test finds it.
"""

from __future__ import annotations

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
    "above_authority": "This is above what you may approve ({authority_minor} in minor units).",
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
    "more_than_open": "Of part {exposure} only {open_minor} (minor units) is still open.",
    "above_cap": "The guarantee's cap for one incident leaves {room_minor} (minor units).",
    "reason_needed": "A refusal or reduction needs a reason with its clause.",
    "concern_not_shown": "Show the claimant this concern first ({reason}); then part {exposure} may be refused.",
    "claimant_may_still_answer": "The claimant may still answer the concern.",
    "no_concern_shown": "No concern waits for an answer.",
    "unknown_proof": "We do not know the proof “{what}”. There are: {known}.",
    "unknown_flag": "We do not know the check “{flag}”. There are: {known}.",
    "reserve_out_of_range": "A reserve lies between zero and what is still open ({open_minor} in minor units).",
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
    # vault
    "unknown_subject": "We do not find this person.",
    "claims_still_open": "Claims of this person are still open: {claims}.",
}


def sentence(refusal: Refused) -> str:
    """What we tell a person about a refusal."""
    template = SENTENCES.get(refusal.code)
    assert template is not None, f"no sentence for {refusal.code}"
    return template.format(**refusal.facts)
