-- What one account moved, day by day, in [from_day, to_day]; and (day null) what it stood at before.
with place as (
    select m.code, m.zone, coalesce(c.through, date '1900-01-01') as through
      from store_marketplace m left join store_ledgerclosed c on c.marketplace_id = m.code
     where m.code = %(marketplace)s
),
moved as (
    select case when d.day >= %(from_day)s::date then d.day end as day, d.debit_minor, d.credit_minor, d.postings
      from store_ledgerday d, place
     where d.marketplace_id = place.code and d.currency = %(currency)s and d.account = %(account)s
       and d.day <= least(place.through, %(to_day)s::date)
    union all
    select case when timezone(place.zone, p.at)::date >= %(from_day)s::date then timezone(place.zone, p.at)::date end,
           greatest(p.amount_minor, 0), greatest(-p.amount_minor, 0), 1
      from store_posting p join store_seller s on s.id = p.seller_id, place
     where s.marketplace_id = place.code and p.currency = %(currency)s and p.account = %(account)s
       and p.at >= timezone(place.zone, (place.through + 1)::timestamp)
       and p.at < timezone(place.zone, (%(to_day)s::date + 1)::timestamp)
)
select day, sum(debit_minor)::bigint, sum(credit_minor)::bigint, sum(postings)::bigint
  from moved group by day order by day nulls first
