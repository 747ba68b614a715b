-- The balance of every account of one marketplace at the end of a day: closed days from their sums, the days after them
-- from the postings. Debits positive. With what moved on that day itself.
with place as (
    select m.code, m.zone, coalesce(c.through, date '1900-01-01') as through
      from store_marketplace m left join store_ledgerclosed c on c.marketplace_id = m.code
     where m.code = %(marketplace)s
),
moved as (
    select d.currency, d.account, d.debit_minor, d.credit_minor, d.day
      from store_ledgerday d, place
     where d.marketplace_id = place.code and d.day <= least(place.through, %(day)s::date)
    union all
    select p.currency, p.account, greatest(p.amount_minor, 0), greatest(-p.amount_minor, 0),
           timezone(place.zone, p.at)::date
      from store_posting p join store_seller s on s.id = p.seller_id, place
     where s.marketplace_id = place.code
       and p.at >= timezone(place.zone, (place.through + 1)::timestamp)
       and p.at < timezone(place.zone, (%(day)s::date + 1)::timestamp)
)
select currency, account, sum(debit_minor)::bigint, sum(credit_minor)::bigint,
       coalesce(sum(debit_minor) filter (where day = %(day)s::date), 0)::bigint,
       coalesce(sum(credit_minor) filter (where day = %(day)s::date), 0)::bigint
  from moved group by currency, account order by currency, account
