-- Claims whose accounts do not say what their current row says, account by account; and postings in another
-- currency than the claim's, or of no claim at all. Debits are positive: a liability stands with a minus.
with books as (
    select claim_id, currency,
           sum(amount_minor) filter (where account = 'outstanding_reserves') as reserves,
           sum(amount_minor) filter (where account = 'claims_expense') as expense,
           sum(amount_minor) filter (where account = 'claims_payable') as payable,
           sum(amount_minor) filter (where account = 'payments_in_transit') as in_transit,
           sum(amount_minor) filter (where account in ('bank', 'refunds_clearing', 'credit_clearing')) as paid
      from store_posting group by claim_id, currency
),
ordered as (select claim_id, sum(ordered_minor) as ordered_minor from store_exposure group by claim_id),
compared as (
    select coalesce(claim.id, books.claim_id) as claim_id, coalesce(claim.currency, books.currency) as currency,
           account.name, coalesce(account.booked, 0)::bigint as booked, coalesce(account.by_row, 0)::bigint as by_row
      from store_claim claim
      left join ordered on ordered.claim_id = claim.id
      full join books on books.claim_id = claim.id and books.currency = claim.currency
     cross join lateral (values
           ('outstanding_reserves', books.reserves, -claim.reserve_minor),
           ('claims_expense', books.expense, claim.approved_minor),
           ('claims_payable', books.payable, ordered.ordered_minor - claim.approved_minor),
           ('payments_in_transit', books.in_transit, claim.paid_minor - ordered.ordered_minor),
           ('paid out', books.paid, -claim.paid_minor)) as account (name, booked, by_row)
)
select claim_id, currency, name, booked, by_row from compared
 where booked <> by_row
 order by claim_id, currency, name
