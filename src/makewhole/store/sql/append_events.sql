-- Appends events. The primary key refuses a version that somebody else wrote first; a trigger checks the chain.
insert into store_event (claim_id, version, kind, at, body, prior, digest)
select claim_id, version, kind, at, body, prior, digest
  from json_populate_recordset(null::store_event, %(rows)s::json)
