-- Import of sellers, 2 of 2: new sellers are inserted, changed ones updated, equal ones not touched at all.
-- A column that the file does not tell (not in `told`) keeps what is known; without a name the key stands for it.
-- Each change of the good standing is a dated fact of the seller's standing, which it can see and dispute.
with incoming as (
    select staged.seller_ref,
           coalesce(nullif(staged.name, ''), (known.kept).name, staged.seller_ref) as name,
           coalesce(case when 'legal_name' = any(%(told)s) then staged.legal_name else (known.kept).legal_name end, '')
               as legal_name,
           coalesce(case when 'email' = any(%(told)s) then staged.email else (known.kept).email end, '') as email,
           coalesce(case when 'country' = any(%(told)s) then staged.country else (known.kept).country end, '') as country,
           coalesce(case when 'good_standing' = any(%(told)s) then staged.good_standing else (known.kept).good_standing end, true)
               as good_standing,
           case when 'insurance_requested_at' = any(%(told)s) then staged.insurance_requested_at
                else (known.kept).insurance_requested_at end as insurance_requested_at,
           case when 'closed_at' = any(%(told)s) then staged.closed_at else (known.kept).closed_at end as closed_at,
           case when 'insolvent_since' = any(%(told)s) then staged.insolvent_since
                else (known.kept).insolvent_since end as insolvent_since,
           known.kept
      from import_seller staged
      left join lateral (
            select seller as kept from store_seller seller
             where seller.marketplace_id = %(marketplace)s and seller.seller_ref = staged.seller_ref
             limit 1
           ) known on true
), written as (
    insert into store_seller as seller
           (marketplace_id, seller_ref, name, legal_name, email, country, good_standing, insurance_requested_at, closed_at,
            insolvent_since)
    select %(marketplace)s, seller_ref, name, legal_name, email, country, good_standing, insurance_requested_at, closed_at,
           insolvent_since
      from incoming
     where (kept).id is null
        or ((kept).name, (kept).legal_name, (kept).email, (kept).country, (kept).good_standing,
            (kept).insurance_requested_at, (kept).closed_at, (kept).insolvent_since)
           is distinct from
           (name, legal_name, email, country, good_standing, insurance_requested_at, closed_at, insolvent_since)
     order by seller_ref
    on conflict (marketplace_id, seller_ref) do update
       set name = excluded.name, legal_name = excluded.legal_name, email = excluded.email, country = excluded.country,
           good_standing = excluded.good_standing, insurance_requested_at = excluded.insurance_requested_at,
           closed_at = excluded.closed_at, insolvent_since = excluded.insolvent_since, imported_at = now()
     where (seller.name, seller.legal_name, seller.email, seller.country, seller.good_standing,
            seller.insurance_requested_at, seller.closed_at, seller.insolvent_since)
           is distinct from
           (excluded.name, excluded.legal_name, excluded.email, excluded.country, excluded.good_standing,
            excluded.insurance_requested_at, excluded.closed_at, excluded.insolvent_since)
    returning seller.xmax = 0 as is_new, seller.id, seller.seller_ref, seller.good_standing
), dated as (
    insert into store_sellerreport (seller_id, kind, code, at, reported_at, reported_by)
    select written.id,
           case when written.good_standing then 'good_standing_regained' else 'good_standing_lost' end,
           '', now(), now(), 'import'
      from written join incoming using (seller_ref)
     where written.good_standing is distinct from coalesce((incoming.kept).good_standing, true)
)
select count(*) filter (where is_new), count(*) filter (where not is_new) from written
