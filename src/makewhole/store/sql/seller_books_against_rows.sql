-- A seller's accounts as the rows of its claims, recoveries and withholdings have them, beside what the books say.
-- Debits are positive: a liability stands with a minus.
with books as (
    select claim.currency,
           sum(amount_minor) filter (where account = 'claims_expense') as expense,
           sum(amount_minor) filter (where account in ('recoveries_receivable', 'insurer_receivables')) as receivable,
           sum(amount_minor) filter (where account = 'claims_recovered') as recovered,
           sum(amount_minor) filter (where account = 'withheld_funds') as withheld,
           sum(amount_minor) filter (where account = 'withheld_owed') as held,
           sum(amount_minor) filter (where account in ('recoveries_bank', 'repayments_payable')) as received,
           sum(amount_minor) filter (where account = 'write_offs') as written_off
      from store_claim claim join store_posting posting on posting.claim_id = claim.id
     where claim.seller_id = %(seller)s group by claim.currency
),
claims as (
    select currency, sum(approved_minor) as approved_minor from store_claim
     where seller_id = %(seller)s group by currency
),
recoveries as (
    select currency, sum(owed_by_seller_minor + owed_by_others_minor) as owed, sum(held_minor) as held,
           sum(applied_minor) as applied, sum(received_minor) as received, sum(repaid_minor) as repaid,
           sum(written_off_minor) as written_off
      from store_recovery where seller_id = %(seller)s group by currency
),
kept as (
    select claim.currency, sum(w.amount_minor - w.released_minor) as kept
      from store_claim claim join store_withholding w on w.claim_id = claim.id
     where claim.seller_id = %(seller)s group by claim.currency
)
select claims.currency, account.name, coalesce(account.booked, 0)::bigint, coalesce(account.by_row, 0)::bigint
  from claims
  left join books on books.currency = claims.currency
  left join recoveries r on r.currency = claims.currency
  left join kept on kept.currency = claims.currency
 cross join lateral (values
       ('claims_expense', books.expense, claims.approved_minor),
       ('recoveries_receivable and insurer_receivables', books.receivable,
        r.owed - r.written_off - r.applied - r.received + r.repaid),
       ('claims_recovered', books.recovered, -r.owed),
       ('withheld_funds', books.withheld, r.held + r.applied),
       ('withheld_funds, payout by payout', books.withheld, kept.kept),
       ('withheld_owed', books.held, -r.held),
       ('recoveries_bank less repayments_payable', books.received, r.received - r.repaid),
       ('write_offs', books.written_off, r.written_off)) as account (name, booked, by_row)
 order by claims.currency, account.name
