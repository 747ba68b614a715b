-- Idempotency keys with the hash of what was asked and the answer that was given.
insert into store_idempotencykey (asker, key, request_hash, claim_id, answer, created_at)
select asker, key, request_hash, claim_id, answer, created_at
  from json_populate_recordset(null::store_idempotencykey, %(rows)s::json)
