-- Import of coverages, 1 of 4: an empty table of this connection alone, into which a batch is copied.
create temporary table if not exists import_coverage (
    place integer primary key,
    seller_ref text not null,
    insurer text not null,
    policy_number text not null,
    starts_on date not null,
    ends_on date not null,
    limit_minor bigint not null,
    deductible_minor bigint,
    platform_is_insured boolean,
    verified boolean
) on commit delete rows;
truncate import_coverage;
