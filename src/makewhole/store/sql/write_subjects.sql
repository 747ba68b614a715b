-- People whose data the vault keeps, with their wrapped key; one that is known stays as it is.
insert into store_subject (id, marketplace_id, email_digest, wrapped_key)
select id, marketplace_id, email_digest, wrapped_key
  from json_populate_recordset(null::store_subject, %(rows)s::json)
    on conflict (id) do nothing
