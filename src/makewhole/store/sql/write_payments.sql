-- Payment orders, and what the bank said of them. A trigger holds amount, payee and claim.
insert into store_payment (id, claim_id, seq, method, payee_id, currency, amount_minor, state, ordered_at, ended_at,
    bank_ref)
select id, claim_id, seq, method, payee_id, currency, amount_minor, state, ordered_at, ended_at, bank_ref
  from json_populate_recordset(null::store_payment, %(rows)s::json)
    on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, bank_ref = excluded.bank_ref
