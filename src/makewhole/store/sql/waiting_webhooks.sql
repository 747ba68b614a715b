-- Webhooks to be delivered now, leased as notices are (waiting_notices.sql). An endpoint that did not answer at all
-- rests, and with it everything that waits for it.
with waiting as (
    select delivery.id
      from store_delivery delivery
      join store_webhookendpoint endpoint on endpoint.id = delivery.endpoint_id
     where delivery.sent_at is null and delivery.failed_at is null and delivery.contact_id is null
       and delivery.send_after <= %(now)s
       and (endpoint.rests_until is null or endpoint.rests_until <= %(now)s)
     order by delivery.send_after, delivery.id
     limit %(batch)s
       for update of delivery skip locked
)
update store_delivery delivery
   set send_after = %(lease_until)s, attempts = delivery.attempts + 1
  from waiting
 where delivery.id = waiting.id
returning delivery.id
