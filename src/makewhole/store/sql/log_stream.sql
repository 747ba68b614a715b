-- The whole log, claim by claim and in order, or that of one claim; beside each event its claim's current row.
select e.claim_id, e.version, e.kind, e.at, e.body, e.prior, e.digest, c.version, c.head
  from store_event e left join store_claim c on c.id = e.claim_id
 where %(claim)s::uuid is null or e.claim_id = %(claim)s
 order by e.claim_id, e.version
