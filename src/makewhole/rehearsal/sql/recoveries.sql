-- Promise: what is recovered and withheld is within what was paid and owed, of payouts within their net amount, in rows as
-- in the books; and a small claim costs a seller that was insured on its day nothing. Each row is a break.
select 'recovery ' || claim_id || ' ' || no as what from store_recovery
 where held_minor + applied_minor + received_minor - repaid_minor not between 0 and paid_minor
    or owed_by_seller_minor + owed_by_others_minor > paid_minor
    or applied_minor + received_minor - repaid_minor + written_off_minor > owed_by_seller_minor + owed_by_others_minor
union all
select 'more demanded than paid ' || claim.id from store_claim claim
  join (select claim_id, sum(paid_minor) as demanded from store_recovery group by claim_id) recovery on recovery.claim_id = claim.id
 where recovery.demanded > claim.paid_minor
union all
select 'withholdings of ' || recovery.claim_id || ' ' || recovery.no from store_recovery recovery
  left join (select claim_id, no, sum(amount_minor - released_minor - applied_minor) as held, sum(applied_minor) as applied,
                    sum(released_minor) as released
               from store_withholding group by 1, 2) one on one.claim_id = recovery.claim_id and one.no = recovery.no
 where (recovery.held_minor, recovery.applied_minor, recovery.released_minor)
    <> (coalesce(one.held, 0), coalesce(one.applied, 0), coalesce(one.released, 0))
union all
select 'payout ' || id from store_disbursement where withheld_minor not between 0 and net_minor
union all
select 'books of ' || claim.id from store_claim claim
  left join (select claim_id, sum(owed_by_seller_minor + owed_by_others_minor - written_off_minor - applied_minor
                                  - received_minor + repaid_minor) as owed, sum(held_minor) as held
               from store_recovery group by claim_id) recovery on recovery.claim_id = claim.id
  left join (select claim_id,
                    sum(amount_minor) filter (where account in ('recoveries_receivable', 'insurer_receivables')) as owed,
                    -sum(amount_minor) filter (where account = 'withheld_owed') as held
               from store_posting group by claim_id) book on book.claim_id = claim.id
 where (coalesce(recovery.owed, 0), coalesce(recovery.held, 0)) <> (coalesce(book.owed, 0), coalesce(book.held, 0))
union all
select 'an insured seller owes for small claim ' || claim.id from store_recovery recovery
  join store_claim claim on claim.id = recovery.claim_id and claim.track = 'direct'
  join store_coverage cover on cover.seller_id = claim.seller_id
   and cover.starts_on <= claim.loss_date and claim.loss_date < cover.ends_on
 where recovery.owed_by_seller_minor > 0
