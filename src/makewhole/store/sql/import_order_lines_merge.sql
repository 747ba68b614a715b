-- Import of order lines, 3 of 3: new lines are inserted, changed ones updated, equal ones not touched at all.
-- A column that the file does not tell (not in `told`) keeps what is known. The lateral lookup keeps each row on the
-- unique index however large the table is; "on conflict" answers an import that runs at the same time.
with incoming as (
    select staged.order_ref, staged.line_ref, seller.id as seller_id, staged.buyer_ref, staged.product_ref,
           coalesce(case when 'product_title' = any(%(told)s) then staged.product_title else (known.kept).product_title end, '')
               as product_title,
           coalesce(case when 'category' = any(%(told)s) then staged.category else (known.kept).category end, '') as category,
           staged.quantity, staged.price_minor, staged.ordered_at,
           case when 'delivered_at' = any(%(told)s) then staged.delivered_at else (known.kept).delivered_at end as delivered_at,
           coalesce(case when 'channel' = any(%(told)s) then staged.channel else (known.kept).channel end, 'seller') as channel,
           coalesce(case when 'physical' = any(%(told)s) then staged.physical else (known.kept).physical end, true) as physical,
           known.kept
      from import_order_line staged
      join store_seller seller on seller.marketplace_id = %(marketplace)s and seller.seller_ref = staged.seller_ref
      left join lateral (
            select line as kept from store_orderline line
             where line.marketplace_id = %(marketplace)s
               and line.order_ref = staged.order_ref and line.line_ref = staged.line_ref
             limit 1
           ) known on true
), written as (
    insert into store_orderline as line
           (marketplace_id, order_ref, line_ref, seller_id, buyer_ref, product_ref, product_title, category, quantity,
            price_minor, currency, ordered_at, delivered_at, channel, physical)
    select %(marketplace)s, order_ref, line_ref, seller_id, buyer_ref, product_ref, product_title, category, quantity,
           price_minor, %(currency)s, ordered_at, delivered_at, channel, physical
      from incoming
     where (kept).id is null
        or ((kept).seller_id, (kept).buyer_ref, (kept).product_ref, (kept).product_title, (kept).category,
            (kept).quantity, (kept).price_minor, (kept).currency, (kept).ordered_at, (kept).delivered_at,
            (kept).channel, (kept).physical)
           is distinct from
           (seller_id, buyer_ref, product_ref, product_title, category, quantity,
            price_minor, %(currency)s, ordered_at, delivered_at, channel, physical)
     order by order_ref, line_ref
    on conflict (marketplace_id, order_ref, line_ref) do update
       set seller_id = excluded.seller_id, buyer_ref = excluded.buyer_ref, product_ref = excluded.product_ref,
           product_title = excluded.product_title, category = excluded.category, quantity = excluded.quantity,
           price_minor = excluded.price_minor, currency = excluded.currency, ordered_at = excluded.ordered_at,
           delivered_at = excluded.delivered_at, channel = excluded.channel, physical = excluded.physical,
           imported_at = now()
     where (line.seller_id, line.buyer_ref, line.product_ref, line.product_title, line.category, line.quantity,
            line.price_minor, line.currency, line.ordered_at, line.delivered_at, line.channel, line.physical)
           is distinct from
           (excluded.seller_id, excluded.buyer_ref, excluded.product_ref, excluded.product_title, excluded.category,
            excluded.quantity, excluded.price_minor, excluded.currency, excluded.ordered_at, excluded.delivered_at,
            excluded.channel, excluded.physical)
    -- A row inserted just now has never been locked or replaced: its xmax is zero.
    returning line.xmax = 0 as is_new
)
select count(*) filter (where is_new), count(*) filter (where not is_new) from written
