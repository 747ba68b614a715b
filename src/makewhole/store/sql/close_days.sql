-- Sums up the next days that are over and not closed yet, of every marketplace in its own zone: at most so many at once,
-- from the first that anything was posted on. Writers are locked out meanwhile (the caller holds the lock), so that no
-- posting falls between this and the trigger for late ones.
with due as (
    select m.code, m.zone, c.through,
           least(timezone(m.zone, %(now)s)::date - 1, coalesce(c.through, %(before_all)s::date) + %(most_days)s) as until
      from store_marketplace m left join store_ledgerclosed c on c.marketplace_id = m.code
     where c.through is null or c.through < timezone(m.zone, %(now)s)::date - 1
),
summed as (
    insert into store_ledgerday (marketplace_id, currency, account, day, debit_minor, credit_minor, postings)
    select due.code, p.currency, p.account, timezone(due.zone, p.at)::date,
           coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0),
           coalesce(-sum(p.amount_minor) filter (where p.amount_minor < 0), 0), count(*)
      from store_posting p
      join store_seller s on s.id = p.seller_id
      join due on due.code = s.marketplace_id
     -- for the index: a day of any zone lies within these days of UTC
     where p.at >= (select min(coalesce(through, %(before_all)s::date))::timestamptz from due)
       and p.at < (select (max(until) + 2)::timestamptz from due)
       and timezone(due.zone, p.at)::date <= due.until
       and (due.through is null or timezone(due.zone, p.at)::date > due.through)
     group by 1, 2, 3, 4
),
closed as (
    insert into store_ledgerclosed (marketplace_id, through) select code, until from due
        on conflict (marketplace_id) do update set through = excluded.through
    returning 1
)
select count(*) from closed
