-- Who bears what was paid, by the policy's table, with what is demanded of others. Nobody pays a demand in a rehearsal.
select replace(claim.bearer, '_', ' '), claim.track, to_char(count(*), 'FM999,990'),
       to_char(sum(claim.paid_minor) / 100.0, 'FM999,999,990.00'),
       to_char(coalesce(sum(demanded), 0) / 100.0, 'FM999,999,990.00')
  from store_claim claim
  left join (select claim_id, sum(owed_by_seller_minor + owed_by_others_minor) as demanded from store_recovery group by 1) recovery
    on recovery.claim_id = claim.id
 where claim.bearer <> '' group by claim.bearer, claim.track order by claim.bearer, claim.track
