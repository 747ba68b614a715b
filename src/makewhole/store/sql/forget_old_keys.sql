-- Idempotency keys whose time is over. In slices, so that no request waits for a long delete.
delete from store_idempotencykey
 where (asker, key) in (select asker, key from store_idempotencykey where created_at < %(before)s limit %(batch)s
                           for update skip locked)
