-- Days from first notice to the first decision and to the first settled payment, by who decided first and by track.
with first_decision as (
    select claim_id, min(at) as at from store_event where kind = 'ClaimDecided' group by claim_id
), first_payment as (
    select claim_id, min(at) as at from store_event where kind = 'PaymentSettled' group by claim_id
), waited as (
    select 1 as n, 'first decision' as step, claim.track, extract(epoch from d.at - claim.noticed_at) / 86400 as days
      from store_claim claim join first_decision d on d.claim_id = claim.id
    union all
    select 2, 'first payment', claim.track, extract(epoch from p.at - claim.noticed_at) / 86400
      from store_claim claim join first_payment p on p.claim_id = claim.id
)
select step, case track when '' then 'not routed' else track end, to_char(count(*), 'FM999,999,990'),
       to_char(percentile_cont(0.5) within group (order by days), 'FM990.0'),
       to_char(percentile_cont(0.95) within group (order by days), 'FM990.0')
  from waited
 group by n, step, track
 order by n, track
