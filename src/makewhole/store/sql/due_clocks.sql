-- Running clocks whose instant has come, the oldest first, leased to whoever asks: another worker passes them by
-- until `lease_until`, and finds them again after it where this one was killed. The effect itself waits for decide().
with due as (
    select claim_id, name, turn
      from store_clock
     where state = 'running' and due_at <= %(now)s and (retry_at is null or retry_at <= %(now)s)
     order by due_at, claim_id
     limit %(batch)s
       for update skip locked
)
update store_clock clock
   set retry_at = %(lease_until)s
  from due join store_claim claim on claim.id = due.claim_id
 where (clock.claim_id, clock.name, clock.turn) = (due.claim_id, due.name, due.turn)
returning clock.claim_id, clock.name, clock.turn, clock.due_at, claim.order_line_id, claim.claimant_id
