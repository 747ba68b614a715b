-- Import of coverages, 2 of 4: nobody pays under these until we are done, so that no limit falls below what was paid.
select coverage.id
  from store_coverage coverage
  join store_seller seller on seller.id = coverage.seller_id
  join import_coverage staged
    on seller.marketplace_id = %(marketplace)s and staged.seller_ref = seller.seller_ref
   and (staged.insurer, staged.policy_number, staged.starts_on)
     = (coverage.insurer, coverage.policy_number, coverage.starts_on)
 order by coverage.id
   for update of coverage
