-- Promise: a clock's effect happens once, at or after its instant, and no clock that is over waits. Each row breaks it.
select 'early: ' || claim_id || ' version ' || version as what from store_event
 where kind = 'ClockRanOut' and at < (body::jsonb -> 'event' ->> 'due_at')::timestamptz
union all
select 'not once: ' || clock.claim_id || ' ' || clock.name
  from (select claim_id, name, count(*) as ended from store_clock where state = 'ran_out' group by 1, 2) clock
  full join (select claim_id, body::jsonb -> 'event' ->> 'name' as name, count(*) as events
               from store_event where kind = 'ClockRanOut' group by 1, 2) event
    on event.claim_id = clock.claim_id and event.name = clock.name
 where clock.ended is distinct from event.events
union all
select 'overdue: ' || claim_id || ' ' || name from store_clock where state = 'running' and due_at <= %s
