-- One after the other, whoever touches the same order line, claim, claimant, account or idempotency key: locks until
-- the transaction ends. For a claim that exists, the names of its order line, claimant and accounts come from its rows,
-- spelled as a filing spells them (handle.py, _locks).
with named as (
    select unnest(%(locks)s::text[]) as name
    union
    select 'order:' || l.marketplace_id || ':' || l.order_ref || ':' || l.line_ref
      from store_claim c join store_orderline l on l.id = c.order_line_id where c.id = any (%(claims)s::uuid[])
    union
    select 'person:' || encode(s.email_digest, 'hex')
      from store_claim c join store_subject s on s.id = c.claimant_id where c.id = any (%(claims)s::uuid[])
    union
    -- Who pays under one policy comes one after the other: its limit is shared by all claims of the seller.
    select 'insured:' || c.seller_id from store_claim c
     where c.id = any (%(claims)s::uuid[]) and c.insurer_id is not null
    union
    select 'payee:' || encode(m.digest, 'hex') from store_matchdigest m
     where m.kind = 'payee' and m.claim_id = any (%(claims)s::uuid[])
),
keys as materialized (select distinct hashtextextended(name, 0) as key from named where name is not null order by key)
select count(pg_advisory_xact_lock(key)) from keys
