-- The same of claims with an event since an instant: the events of that time are found without looking at the others.
select c.id, coalesce(f.version, 0), c.version, c.marketplace_id, c.currency, m.zone
  from (select distinct claim_id from store_event where at > %(since)s) moved
  join store_claim c on c.id = moved.claim_id
  join store_marketplace m on m.code = c.marketplace_id
  left join store_figuredclaim f on f.claim_id = c.id
 where c.version > coalesce(f.version, 0)
 order by c.id
 limit %(batch)s
