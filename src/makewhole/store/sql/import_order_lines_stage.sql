-- Import of order lines, 1 of 3: an empty table of this connection alone, into which a batch is copied.
create temporary table if not exists import_order_line (
    order_ref text not null,
    line_ref text not null,
    seller_ref text not null,
    buyer_ref text not null,
    product_ref text not null,
    product_title text,
    category text,
    quantity integer not null,
    price_minor bigint not null,
    ordered_at timestamptz not null,
    delivered_at timestamptz,
    channel text,
    physical boolean
) on commit delete rows;
truncate import_order_line;
