-- Settles once for each new notice who is told of it: a delivery for each active contact of its party, and for each
-- active endpoint of the party or of the claim's marketplace (which hears what parties are told, not what staff are).
-- A notice that goes to contacts is sent by that; one without contacts is mailed by itself, to the one address known.
-- Who chose to do without mails of its kind finds it in the inbox. %(kinds)s says of each template which kind it is.
with unspread as (
    select id, claim_id, recipient, send_after, %(kinds)s::jsonb ->> template as kind
      from store_outbox
     where spread_at is null
     order by id
     limit %(batch)s
       for update skip locked
),
mails as (
    insert into store_delivery (id, notice_id, contact_id, created_at, send_after)
    select gen_random_uuid(), unspread.id, contact.id, %(now)s, unspread.send_after
      from unspread
      join store_contact contact on contact.party = unspread.recipient and contact.active
     where (unspread.kind = any(contact.inbox_only)) is not true
        on conflict do nothing
),
endpoints as (
    select unspread.id as notice_id, endpoint.id as endpoint_id, unspread.send_after
      from unspread
      join store_webhookendpoint endpoint on endpoint.party = unspread.recipient and endpoint.active
     where (unspread.kind = any(endpoint.not_told)) is not true
    union
    select unspread.id, endpoint.id, unspread.send_after
      from unspread
      join store_claim claim on claim.id = unspread.claim_id
      join store_webhookendpoint endpoint
        on endpoint.party = 'marketplace:' || claim.marketplace_id and endpoint.active
     where split_part(unspread.recipient, ':', 1) <> 'role' and (unspread.kind = any(endpoint.not_told)) is not true
),
webhooks as (
    insert into store_delivery (id, notice_id, endpoint_id, created_at, send_after)
    select gen_random_uuid(), notice_id, endpoint_id, %(now)s, send_after from endpoints
        on conflict do nothing
)
update store_outbox notice
   set spread_at = %(now)s,
       sent_at = case
           when exists (select from store_contact contact where contact.party = notice.recipient and contact.active)
             or exists (select from store_mailchoice choice
                         where choice.recipient = notice.recipient and unspread.kind = any(choice.inbox_only))
           then coalesce(notice.sent_at, %(now)s)
           else notice.sent_at end
  from unspread
 where notice.id = unspread.id
