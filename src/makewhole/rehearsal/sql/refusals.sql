-- Promise: no refusal and no reduction without people, a reason, and a concern of that code shown before. Each row breaks it.
select decided.claim_id || ' version ' || decided.version as what
  from store_event decided, jsonb_array_elements(decided.body::jsonb -> 'event' -> 'lines') line
 where decided.kind = 'ClaimDecided' and (line ->> 'refused_minor')::bigint > 0
   and (exists (select from jsonb_array_elements_text(decided.body::jsonb -> 'event' -> 'deciders') who
                 where who not like 'person:%')
        or coalesce(line -> 'reason' ->> 'code', '') = '' or coalesce(line -> 'reason' ->> 'clause', '') = ''
        or not exists (select from store_event shown
                        where shown.claim_id = decided.claim_id and shown.version < decided.version
                          and shown.kind = 'ConcernRaised'
                          and shown.body::jsonb -> 'event' -> 'reason' ->> 'code' = line -> 'reason' ->> 'code'
                          and shown.body::jsonb -> 'event' -> 'exposures' @> (line -> 'no')))
