-- Import of coverages, 3 of 4: out go rows of a seller or an insurer that nobody knows, and those whose limit lies below
-- what was paid under the coverage already.
with looked as (
    select staged.place, seller.id as seller_id, insurer.id as insurer_id, known.eroded_minor
      from import_coverage staged
      left join store_seller seller on seller.marketplace_id = %(marketplace)s and seller.seller_ref = staged.seller_ref
      left join store_insurer insurer on insurer.name = staged.insurer
      left join store_coverage known
        on known.seller_id = seller.id
       and (known.insurer, known.policy_number, known.starts_on)
         = (staged.insurer, staged.policy_number, staged.starts_on)
     where seller.id is null or insurer.id is null or known.eroded_minor > staged.limit_minor
)
delete from import_coverage staged
 using looked
 where looked.place = staged.place
returning staged.place, looked.seller_id is null, staged.seller_ref, looked.insurer_id is null, staged.insurer,
          staged.limit_minor, looked.eroded_minor
