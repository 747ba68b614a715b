-- Beside each filter of a worklist and each of its values: how many claims choosing it would show, the other filters
-- left as they are. `waiting` is the query of the claims with the value that each has of every filter (of_due, ...),
-- made by reads/worklist.py from the same description that filters by them. A filter that is not chosen is ''.
--
-- A claim counts for a filter if it misses none of the others: if what it misses is at most that one. Claims alike in
-- everything but their seller are put together first; there are few kinds of them.
with waiting as materialized (/* waiting */),
judged as materialized (
    select w.*, due::int + whose::int + turn::int + task::int + why::int + stage::int + track::int + injury::int
              + amount::int + score::int + market::int + seller::int as misses,
           due, whose, turn, task, why, stage, track, injury, amount, score, market, seller
      from waiting w
      cross join lateral (select
               %(due)s <> '' and of_due <> %(due)s as due,
               %(whose)s <> '' and of_whose <> %(whose)s as whose,
               %(turn)s <> '' and of_turn <> %(turn)s as turn,
               %(task)s <> '' and not %(task)s = any (of_task) as task,
               %(why)s <> '' and not %(why)s = any (of_why) as why,
               %(stage)s <> '' and of_stage <> %(stage)s as stage,
               %(track)s <> '' and of_track <> %(track)s as track,
               %(injury)s <> '' and of_injury <> %(injury)s as injury,
               %(amount)s <> '' and of_amount <> %(amount)s as amount,
               %(score)s <> '' and of_score <> %(score)s as score,
               %(market)s <> '' and of_market <> %(market)s as market,
               %(seller)s <> '' and of_seller::text <> %(seller)s as seller) missed
),
kinds as materialized (
    select of_due, of_whose, of_turn, of_task, of_why, of_stage, of_track, of_injury, of_amount, of_score, of_market,
           due, whose, turn, task, why, stage, track, injury, amount, score, market, misses, count(*) as number
      from judged
     group by of_due, of_whose, of_turn, of_task, of_why, of_stage, of_track, of_injury, of_amount, of_score, of_market,
              due, whose, turn, task, why, stage, track, injury, amount, score, market, misses
)
select filter, value, number, coalesce(s.name, '') from (
  select filter, value, sum(number)::bigint as number from (
    select each.filter, each.value, number from kinds
     cross join lateral (values
               ('due', of_due, due), ('whose', of_whose, whose), ('turn', of_turn, turn), ('stage', of_stage, stage),
               ('track', of_track, track), ('injury', of_injury, injury), ('amount', of_amount, amount),
               ('score', of_score, score), ('market', of_market, market)
           ) each (filter, value, missed)
     where misses = each.missed::int
    union all
    select 'task', value, number from kinds cross join lateral unnest(of_task) as value where misses = task::int
    union all
    select 'why', value, number from kinds cross join lateral unnest(of_why) as value where misses = why::int
  ) shown group by filter, value
  union all
  select 'seller', of_seller::text, count(*) from judged where misses = seller::int group by of_seller
  union all
  select 'waiting', '', count(*) from waiting
) counted left join store_seller s on s.id = case when filter = 'seller' then value::bigint end
