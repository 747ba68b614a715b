-- Mails to a party's contacts to be sent now, leased as notices are (waiting_notices.sql).
with waiting as (
    select id
      from store_delivery
     where sent_at is null and failed_at is null and endpoint_id is null and send_after <= %(now)s
     order by send_after, id
     limit %(batch)s
       for update skip locked
)
update store_delivery delivery
   set send_after = %(lease_until)s, attempts = delivery.attempts + 1
  from waiting
 where delivery.id = waiting.id
returning delivery.id
