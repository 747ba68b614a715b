-- Each reason code: how often it was shown as a concern, and what stands refused for it at the end.
with shown as (
    select body::jsonb -> 'event' -> 'reason' ->> 'code' as code, count(*) as concerns
      from store_event where kind = 'ConcernRaised' group by 1
), refused as (
    select reason_code as code, count(*) as parts, sum(refused_minor) as minor
      from store_exposure where refused_minor > 0 group by 1
)
select replace(code, '_', ' '), coalesce(concerns, 0)::text, coalesce(parts, 0)::text,
       to_char(coalesce(minor, 0) / 100.0, 'FM999,999,990.00')
  from shown full join refused using (code)
 order by code
