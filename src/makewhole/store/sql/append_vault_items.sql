-- Sealed personal data.
insert into store_vaultitem (id, subject_id, claim_id, kind, sealed)
select id, subject_id, claim_id, kind, sealed
  from json_populate_recordset(null::store_vaultitem, %(rows)s::json)
