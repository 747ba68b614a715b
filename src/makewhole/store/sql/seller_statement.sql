-- Every posting on a seller's claims, with the event that asked for it, in the order in which it happened.
select claim.currency, posting.account, posting.at, claim.reference, event.kind, posting.amount_minor
  from store_claim claim
  join store_posting posting on posting.claim_id = claim.id
  join store_event event on event.claim_id = posting.claim_id and event.version = posting.version
 where claim.seller_id = %(seller)s and posting.at < %(until)s
 order by claim.currency, posting.account, posting.at, claim.reference, posting.version, posting.leg
