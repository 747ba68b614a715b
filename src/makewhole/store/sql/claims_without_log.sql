-- Current rows of claims of which the log knows nothing.
select c.id from store_claim c
 where (%(claim)s::uuid is null or c.id = %(claim)s)
   and not exists (select from store_event e where e.claim_id = c.id)
 order by c.id
