-- Is there a marketplace of which a day is over that is not summed up yet; and one of which no day ever was?
select exists (
    select from store_marketplace m left join store_ledgerclosed c on c.marketplace_id = m.code
     where c.through is null or c.through < timezone(m.zone, %(now)s)::date - 1),
    exists (
    select from store_marketplace m left join store_ledgerclosed c on c.marketplace_id = m.code
     where c.through is null)
