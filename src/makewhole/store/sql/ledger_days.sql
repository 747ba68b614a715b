-- What one account moved, day by day, from a day to a day; and (day null) what it stood at before. Closed days from their
-- sums, the days after them from the postings in [since, until).
with moved as (
    select d.day, d.debit_minor, d.credit_minor, d.postings
      from store_ledgerday d
     where d.marketplace_id = %(marketplace)s and d.currency = %(currency)s and d.account = %(account)s
       and d.day <= least(%(through)s::date, %(to_day)s::date)
    union all
    select timezone(%(zone)s, p.at)::date, greatest(p.amount_minor, 0), greatest(-p.amount_minor, 0), 1
      from store_posting p join store_seller s on s.id = p.seller_id
     where s.marketplace_id = %(marketplace)s and p.currency = %(currency)s and p.account = %(account)s
       and p.at >= %(since)s and p.at < %(until)s
)
select case when day >= %(from_day)s::date then day end as told, sum(debit_minor)::bigint, sum(credit_minor)::bigint,
       sum(postings)::bigint
  from moved group by told order by told nulls first
