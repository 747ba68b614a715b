-- Import of disbursements, 1 of 3: an empty table of this connection alone, into which a batch is copied.
create temporary table if not exists import_disbursement (
    place integer primary key,
    disbursement_ref text not null,
    seller_ref text not null,
    net_minor bigint not null,
    pays_on date not null
) on commit delete rows;
truncate import_disbursement;
