-- Import of sellers, 1 of 2: an empty table of this connection alone, into which a batch is copied.
create temporary table if not exists import_seller (
    seller_ref text not null,
    name text,
    legal_name text,
    email text,
    country text,
    good_standing boolean,
    insurance_requested_at timestamptz,
    closed_at timestamptz,
    insolvent_since date
) on commit delete rows;
truncate import_seller;
