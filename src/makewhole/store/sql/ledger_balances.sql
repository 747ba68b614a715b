-- The balance of every account of one marketplace at the end of a day: closed days from their sums, the days after them
-- from the postings in [since, until). Debits positive. With what moved on that day itself.
with moved as (
    select d.currency, d.account, d.debit_minor, d.credit_minor, d.day = %(day)s::date as that_day
      from store_ledgerday d
     where d.marketplace_id = %(marketplace)s and d.day <= least(%(through)s::date, %(day)s::date)
    union all
    select p.currency, p.account, greatest(p.amount_minor, 0), greatest(-p.amount_minor, 0), p.at >= %(that_day)s
      from store_posting p join store_seller s on s.id = p.seller_id
     where s.marketplace_id = %(marketplace)s and p.at >= %(since)s and p.at < %(until)s
)
select currency, account, sum(debit_minor)::bigint, sum(credit_minor)::bigint,
       coalesce(sum(debit_minor) filter (where that_day), 0)::bigint,
       coalesce(sum(credit_minor) filter (where that_day), 0)::bigint
  from moved group by currency, account order by currency, account
