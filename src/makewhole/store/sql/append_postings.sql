-- Legs of journal entries. A deferred trigger refuses an entry that does not balance.
insert into store_posting (claim_id, version, leg, account, seller_id, currency, amount_minor, at)
select claim_id, version, leg, account, seller_id, currency, amount_minor, at
  from json_populate_recordset(null::store_posting, %(rows)s::json)
