-- The claims that an event moved in (after, until], each with the newest of those events and how many there were.
select distinct on (claim_id) claim_id, version, digest, count(*) over (partition by claim_id)
  from store_event
 where at <= %(until)s and (%(after)s::timestamptz is null or at > %(after)s)
 order by claim_id, version desc
