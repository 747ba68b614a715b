-- Closed days whose sums are not those of their postings.
with posted as (
    select m.code as marketplace_id, p.currency, p.account, timezone(m.zone, p.at)::date as day,
           coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0) as debit_minor,
           coalesce(-sum(p.amount_minor) filter (where p.amount_minor < 0), 0) as credit_minor, count(*) as postings
      from store_posting p
      join store_seller s on s.id = p.seller_id
      join store_marketplace m on m.code = s.marketplace_id
      join store_ledgerclosed c on c.marketplace_id = m.code
     where timezone(m.zone, p.at)::date <= c.through
     group by 1, 2, 3, 4
)
select marketplace_id, currency, account, day, coalesce(d.debit_minor - d.credit_minor, 0)::bigint,
       coalesce(p.debit_minor - p.credit_minor, 0)::bigint
  from store_ledgerday d full join posted p using (marketplace_id, currency, account, day)
 where (d.debit_minor, d.credit_minor, d.postings) is distinct from (p.debit_minor, p.credit_minor, p.postings)
 order by marketplace_id, currency, account, day
