-- Notices to be sent now, the oldest first, leased to whoever asks. The attempt counts from here, so that a notice
-- that kills its sender does not do so for ever. One that was not spread yet may still go to a party's contacts.
with waiting as (
    select id
      from store_outbox
     where sent_at is null and failed_at is null and spread_at is not null and send_after <= %(now)s
     order by send_after, id
     limit %(batch)s
       for update skip locked
)
update store_outbox notice
   set send_after = %(lease_until)s, attempts = notice.attempts + 1
  from waiting
 where notice.id = waiting.id
returning notice.id
