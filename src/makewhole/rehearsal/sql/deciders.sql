-- Decisions by who took them: a machine alone, one person, two.
with decided as (
    select body::jsonb -> 'event' as event from store_event where kind = 'ClaimDecided'
), summed as (
    select case when event -> 'deciders' ->> 0 like 'machine:%' then 'a machine'
                when jsonb_array_length(event -> 'deciders') = 1 then 'one person' else 'two people' end as who,
           (select sum((line ->> 'approved_minor')::bigint) from jsonb_array_elements(event -> 'lines') line) as approved,
           (select sum((line ->> 'refused_minor')::bigint) from jsonb_array_elements(event -> 'lines') line) as refused
      from decided
)
select who, to_char(count(*), 'FM999,999,990'), to_char(sum(approved) / 100.0, 'FM999,999,990.00'),
       to_char(sum(refused) / 100.0, 'FM999,999,990.00')
  from summed
 group by who
 order by who
