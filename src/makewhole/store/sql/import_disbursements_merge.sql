-- Import of disbursements, 3 of 3: new ones are inserted, known ones stay as they are; the ids of both come back, each
-- with whether it is new. Imports of one marketplace come one after the other, so that no other one inserts meanwhile.
with written as (
    insert into store_disbursement (marketplace_id, seller_id, disbursement_ref, currency, net_minor, pays_on, told_at)
    select %(marketplace)s, seller.id, staged.disbursement_ref, %(currency)s, staged.net_minor, staged.pays_on, %(at)s
      from import_disbursement staged
      join store_seller seller on seller.marketplace_id = %(marketplace)s and seller.seller_ref = staged.seller_ref
     where not exists (
            select from store_disbursement kept
             where kept.marketplace_id = %(marketplace)s and kept.disbursement_ref = staged.disbursement_ref
           )
     order by staged.place
    returning id
)
select id, true as is_new from written
union all
select kept.id, false
  from import_disbursement staged
  join store_disbursement kept
    on kept.marketplace_id = %(marketplace)s and kept.disbursement_ref = staged.disbursement_ref
 order by 1
