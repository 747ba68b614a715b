-- Import of coverages, 4 of 4: new coverages are inserted, changed ones updated, equal ones not touched at all. A column
-- that the file does not tell (not in `told`) keeps what is known. When it was verified stays what it was.
with incoming as (
    select seller.id as seller_id, insurer.id as insurer_account_id, staged.insurer, staged.policy_number,
           staged.starts_on, staged.ends_on, staged.limit_minor,
           coalesce(case when 'deductible_minor' = any(%(told)s) then staged.deductible_minor
                         else (known.kept).deductible_minor end, 0) as deductible_minor,
           coalesce(case when 'platform_is_insured' = any(%(told)s) then staged.platform_is_insured
                         else (known.kept).platform_is_insured end, false) as platform_is_insured,
           case when not 'verified' = any(%(told)s) then (known.kept).verified_at
                when staged.verified then coalesce((known.kept).verified_at, %(at)s::timestamptz)
           end as verified_at,
           known.kept
      from import_coverage staged
      join store_seller seller on seller.marketplace_id = %(marketplace)s and seller.seller_ref = staged.seller_ref
      join store_insurer insurer on insurer.name = staged.insurer
      left join lateral (
            select coverage as kept from store_coverage coverage
             where coverage.seller_id = seller.id
               and (coverage.insurer, coverage.policy_number, coverage.starts_on)
                 = (staged.insurer, staged.policy_number, staged.starts_on)
             limit 1
           ) known on true
), written as (
    insert into store_coverage as coverage
           (seller_id, insurer, insurer_account_id, policy_number, starts_on, ends_on, limit_minor, deductible_minor,
            platform_is_insured, verified_at)
    select seller_id, insurer, insurer_account_id, policy_number, starts_on, ends_on, limit_minor, deductible_minor,
           platform_is_insured, verified_at
      from incoming
     where (kept).id is null
        or ((kept).insurer_account_id, (kept).ends_on, (kept).limit_minor, (kept).deductible_minor,
            (kept).platform_is_insured, (kept).verified_at)
           is distinct from
           (insurer_account_id, ends_on, limit_minor, deductible_minor, platform_is_insured, verified_at)
     order by seller_id, insurer, policy_number, starts_on
    on conflict (seller_id, insurer, policy_number, starts_on) do update
       set insurer_account_id = excluded.insurer_account_id, ends_on = excluded.ends_on,
           limit_minor = excluded.limit_minor, deductible_minor = excluded.deductible_minor,
           platform_is_insured = excluded.platform_is_insured, verified_at = excluded.verified_at
    returning coverage.xmax = 0 as is_new
)
select count(*) filter (where is_new), count(*) filter (where not is_new) from written
