-- Import of insurers, 1 of 2: an empty table of this connection alone, into which a batch is copied.
create temporary table if not exists import_insurer (
    name text not null,
    email text
) on commit delete rows;
truncate import_insurer;
