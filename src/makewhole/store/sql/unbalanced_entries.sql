-- Journal entries (claim, event version) of which the legs of one currency do not sum to zero.
select claim_id, version, currency, sum(amount_minor)::bigint
  from store_posting group by claim_id, version, currency having sum(amount_minor) <> 0
 order by claim_id, version, currency
