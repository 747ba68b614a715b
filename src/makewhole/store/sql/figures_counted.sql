-- Up to which event each claim is in the figures now.
insert into store_figuredclaim (claim_id, version)
select claim_id, version from jsonb_to_recordset(%(rows)s::jsonb) as told (claim_id uuid, version integer)
on conflict (claim_id) do update set version = excluded.version
