-- Which open recovery may still have something held back of which payout to its seller: payouts as they are paid out,
-- recoveries the oldest first. `payouts`: only of these; null: of every payout that is known. One whose day is over has
-- been paid, and nothing can be held back of it any more. The write door decides; here stands only what it would surely
-- refuse, so that nobody asks in vain. Of a debt that is paid the books say so: what is receivable of the claim, less
-- what is held for it.
select d.id, r.claim_id, d.net_minor - d.withheld_minor
  from store_recovery r
  join store_claim c on c.id = r.claim_id
  join store_seller s on s.id = r.seller_id
  join store_disbursement d on d.seller_id = r.seller_id and d.currency = r.currency
  join store_marketplace m on m.code = d.marketplace_id
 where r.stage in ('demanded', 'stands')
   and r.obstacle = ''
   and r.owed_by_seller_minor > 0
   and s.insolvent_since is null
   and (s.closed_at is null or s.closed_at > %(at)s)
   and 'proof_of_insurance' <> all (c.tasks)
   and d.withheld_minor < d.net_minor
   and d.pays_on >= (%(at)s at time zone m.zone)::date
   and (%(payouts)s::bigint[] is null or d.id = any (%(payouts)s::bigint[]))
   and not exists (select from store_withholding w
                    where w.claim_id = r.claim_id and w.no = r.no and w.disbursement_id = d.id)
   and not exists (select from store_clock k
                    where k.claim_id = r.claim_id and k.name = 'instalment' and k.state in ('running', 'paused'))
   and (select sum(p.amount_minor) from store_posting p
         where p.claim_id = r.claim_id and p.account in ('recoveries_receivable', 'withheld_owed')) > 0
 order by d.pays_on, d.id, r.opened_at, r.claim_id
