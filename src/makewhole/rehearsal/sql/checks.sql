-- Screening checks that did not pass, over every screening (a claim is screened again when proof comes late).
select replace(told ->> 'name', '_', ' '), count(*) filter (where told ->> 'outcome' = 'refer')::text,
       count(*) filter (where told ->> 'outcome' = 'no_data')::text
  from store_event, jsonb_array_elements(body::jsonb -> 'event' -> 'checks') told
 where kind = 'ClaimScreened'
 group by told ->> 'name'
 order by told ->> 'name'
