-- Import of order lines, 2 of 3: sellers that the batch names and nobody imported, known by their key alone.
-- In order, so that two imports at once wait for each other rather than lock each other out.
insert into store_seller (marketplace_id, seller_ref, name, legal_name, email, country, good_standing)
select %(marketplace)s, staged.seller_ref, staged.seller_ref, '', '', '', true
  from (select distinct seller_ref from import_order_line) staged
 where not exists (
        select from store_seller known
         where known.marketplace_id = %(marketplace)s and known.seller_ref = staged.seller_ref
       )
 order by staged.seller_ref
on conflict (marketplace_id, seller_ref) do nothing
