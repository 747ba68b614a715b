-- Clocks, started or ended with the event of the same transaction.
insert into store_clock (claim_id, name, turn, started_at, due_at, state, ended_at, rule, retry_at)
select claim_id, name, turn, started_at, due_at, state, ended_at, rule, retry_at
  from json_populate_recordset(null::store_clock, %(rows)s::json)
    on conflict (claim_id, name, turn) do update set due_at = excluded.due_at, state = excluded.state, ended_at =
        excluded.ended_at, retry_at = excluded.retry_at
