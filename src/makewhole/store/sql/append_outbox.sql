-- Notices to be sent; the same notice twice is one.
insert into store_outbox (claim_id, version, dedupe, recipient, template, facts, created_at, send_after)
select claim_id, version, dedupe, recipient, template, facts, created_at, send_after
  from json_populate_recordset(null::store_outbox, %(rows)s::json)
    on conflict (dedupe) do nothing
