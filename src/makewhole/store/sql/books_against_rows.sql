-- Claims whose accounts do not say what their current rows say, account by account; and postings in another
-- currency than the claim's, or of no claim at all. Debits are positive: a liability stands with a minus. Rows of a
-- recovery do not part what the seller received from what its insurer did: two pairs of accounts are looked at together.
with books as (
    select claim_id, currency,
           sum(amount_minor) filter (where account = 'outstanding_reserves') as reserves,
           sum(amount_minor) filter (where account = 'claims_expense') as expense,
           sum(amount_minor) filter (where account = 'claims_payable') as payable,
           sum(amount_minor) filter (where account = 'payments_in_transit') as in_transit,
           sum(amount_minor) filter (where account in ('bank', 'refunds_clearing', 'credit_clearing')) as paid,
           sum(amount_minor) filter (where account in ('recoveries_receivable', 'insurer_receivables')) as receivable,
           sum(amount_minor) filter (where account = 'claims_recovered') as recovered,
           sum(amount_minor) filter (where account = 'withheld_funds') as withheld,
           sum(amount_minor) filter (where account = 'withheld_owed') as held,
           sum(amount_minor) filter (where account in ('recoveries_bank', 'repayments_payable')) as received,
           sum(amount_minor) filter (where account = 'write_offs') as written_off
      from store_posting group by claim_id, currency
),
ordered as (select claim_id, sum(ordered_minor) as ordered_minor from store_exposure group by claim_id),
recovery as (
    select claim_id, sum(owed_by_seller_minor + owed_by_others_minor) as owed, sum(held_minor) as held,
           sum(applied_minor) as applied, sum(received_minor) as received, sum(repaid_minor) as repaid,
           sum(written_off_minor) as written_off
      from store_recovery group by claim_id
),
kept as (select claim_id, sum(amount_minor - released_minor) as kept from store_withholding group by claim_id),
compared as (
    select coalesce(claim.id, books.claim_id) as claim_id, coalesce(claim.currency, books.currency) as currency,
           account.name, coalesce(account.booked, 0)::bigint as booked, coalesce(account.by_row, 0)::bigint as by_row
      from store_claim claim
      left join ordered on ordered.claim_id = claim.id
      left join recovery r on r.claim_id = claim.id
      left join kept on kept.claim_id = claim.id
      full join books on books.claim_id = claim.id and books.currency = claim.currency
     cross join lateral (values
           ('outstanding_reserves', books.reserves, -claim.reserve_minor),
           ('claims_expense', books.expense, claim.approved_minor),
           ('claims_payable', books.payable, ordered.ordered_minor - claim.approved_minor),
           ('payments_in_transit', books.in_transit, claim.paid_minor - ordered.ordered_minor),
           ('paid out', books.paid, -claim.paid_minor),
           ('receivables', books.receivable, r.owed - r.written_off - r.applied - r.received + r.repaid),
           ('claims_recovered', books.recovered, -r.owed),
           ('withheld_funds', books.withheld, r.held + r.applied),
           ('withheld of payouts', books.withheld, kept.kept),
           ('withheld_owed', books.held, -r.held),
           ('received and repaid', books.received, r.received - r.repaid),
           ('write_offs', books.written_off, r.written_off)) as account (name, booked, by_row)
)
select claim_id, currency, name, booked, by_row from compared
 where booked <> by_row
 order by claim_id, currency, name
