-- Import of disbursements, 2 of 3: out go rows of a seller that nobody knows, and those that tell something else of a
-- disbursement than was told before: a documented amount is never changed after the fact. What is known comes back.
with looked as (
    select staged.place, seller.id as seller_id, whose.seller_ref as known_seller, known.net_minor, known.pays_on
      from import_disbursement staged
      left join store_seller seller on seller.marketplace_id = %(marketplace)s and seller.seller_ref = staged.seller_ref
      left join lateral (
            select kept.seller_id, kept.net_minor, kept.pays_on from store_disbursement kept
             where kept.marketplace_id = %(marketplace)s and kept.disbursement_ref = staged.disbursement_ref
             limit 1
           ) known on true
      left join store_seller whose on whose.id = known.seller_id
     where seller.id is null
        or (known.seller_id is not null
            and (known.seller_id, known.net_minor, known.pays_on)
                is distinct from (seller.id, staged.net_minor, staged.pays_on))
)
delete from import_disbursement staged
 using looked
 where looked.place = staged.place
returning staged.place, looked.seller_id is null, staged.seller_ref, looked.known_seller, looked.net_minor, looked.pays_on
