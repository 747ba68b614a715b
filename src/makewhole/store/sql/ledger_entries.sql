-- The legs of one account of one marketplace in [since, until), in the order of time, after a place; with the event and
-- claim that each is of. Bounded by its day: the block index on `at` finds it.
select p.at, p.claim_id, p.version, p.leg, p.amount_minor, c.reference, e.kind
  from store_posting p
  join store_seller s on s.id = p.seller_id
  join store_claim c on c.id = p.claim_id
  join store_event e on e.claim_id = p.claim_id and e.version = p.version
 where s.marketplace_id = %(marketplace)s and p.currency = %(currency)s and p.account = %(account)s
   and p.at >= %(since)s and p.at < %(until)s
   and (p.at, p.claim_id, p.version, p.leg) > (%(after_at)s, %(after_claim)s, %(after_version)s, %(after_leg)s)
 order by p.at, p.claim_id, p.version, p.leg
 limit %(most)s
