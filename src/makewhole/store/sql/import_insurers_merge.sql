-- Import of insurers, 2 of 2: new insurers are inserted, changed ones updated, equal ones not touched at all. Without a
-- column for it, an address that is known stays.
with incoming as (
    select staged.name, coalesce(case when 'email' = any(%(told)s) then staged.email else known.email end, '') as email,
           known.id as kept_id, known.email as kept_email
      from import_insurer staged
      left join store_insurer known on known.name = staged.name
), written as (
    insert into store_insurer as insurer (name, email)
    select name, email
      from incoming
     where kept_id is null or kept_email is distinct from email
     order by name
    on conflict (name) do update set email = excluded.email
     where insurer.email is distinct from excluded.email
    returning insurer.xmax = 0 as is_new
)
select count(*) filter (where is_new), count(*) filter (where not is_new) from written
