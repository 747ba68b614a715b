-- Claims with events that are not in the figures yet, the oldest first: up to which event it was counted, and is now.
select c.id, coalesce(f.version, 0), c.version, c.marketplace_id, c.currency, m.zone
  from store_claim c
  join store_marketplace m on m.code = c.marketplace_id
  left join store_figuredclaim f on f.claim_id = c.id
 where c.version > coalesce(f.version, 0)
 order by c.id
 limit %(batch)s
