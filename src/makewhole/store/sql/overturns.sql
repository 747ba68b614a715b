-- Disputes of decisions and what came of them: contests (a seller's, its insurer's, a producer's) and appeals (a
-- claimant's). Told three times: per marketplace, per clause of the disputed decision, and per who decided first. By the
-- day on which a dispute was filed, in its marketplace's zone; from the first day to the last one, both in it.
select grouping(c.clause, c.first_decider), c.kind, c.marketplace_id, c.clause, c.first_decider,
       count(*), count(c.decided_at),
       count(*) filter (where c.outcome = 'upheld'), count(*) filter (where c.outcome = 'partly'),
       count(*) filter (where c.outcome = 'dismissed')
  from store_contest c join store_marketplace m on m.code = c.marketplace_id
 where (%(marketplaces)s::text[] is null or c.marketplace_id = any (%(marketplaces)s::text[]))
   and (%(from_day)s::date is null or (c.filed_at at time zone m.zone)::date >= %(from_day)s::date)
   and (%(to_day)s::date is null or (c.filed_at at time zone m.zone)::date <= %(to_day)s::date)
 group by grouping sets ((c.kind, c.marketplace_id), (c.kind, c.marketplace_id, c.clause),
                         (c.kind, c.marketplace_id, c.first_decider))
 order by 1, c.kind, c.marketplace_id, c.clause, c.first_decider
