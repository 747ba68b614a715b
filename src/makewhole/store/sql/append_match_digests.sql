-- Keyed digests by which later claims find this one.
insert into store_matchdigest (kind, digest, claim_id, claimant_id, at)
select kind, digest, claim_id, claimant_id, at
  from json_populate_recordset(null::store_matchdigest, %(rows)s::json)
    on conflict (kind, digest, claim_id) do nothing
