-- What the books say between us and one seller: what it owes, what is held back of its payouts, what goes back to it.
-- First what each account opened with (no instant), then every line of the period, in the order in which it happened.
-- An account holds a producer's debts beside the seller's: whose a posting is, its event says; a repayment is that of
-- the order before it.
with posted as (
    select claim.currency, posting.account, posting.at, claim.reference, event.kind, posting.claim_id, posting.version,
           posting.leg, posting.amount_minor, event.body::jsonb -> 'event' as told
      from (select distinct claim_id from store_recovery where seller_id = %(seller)s) owing
      join store_claim claim on claim.id = owing.claim_id
      join store_posting posting on posting.claim_id = owing.claim_id
      join store_event event on event.claim_id = posting.claim_id and event.version = posting.version
     where posting.account in ('recoveries_receivable', 'withheld_owed', 'repayments_payable')
       and posting.at < %(until)s
),
ours as (
    select posted.*,
           case kind
               when 'RecoveryReceived' then told ->> 'ref'
               when 'RepaymentMade' then told ->> 'ref'
               when 'FundsWithheld' then (select disbursement_ref from store_disbursement
                                           where id = (told ->> 'disbursement_id')::bigint)
               when 'RecoveryWrittenOff' then told #>> '{reason,code}'
               else coalesce(told ->> 'why', '') end as detail
      from posted
     where coalesce(
               told ->> 'debtor',
               told #>> '{share,debtor}',
               (select share ->> 'debtor' from jsonb_array_elements(told -> 'shares') share
                 where share ->> 'debtor' <> 'insurer' limit 1),
               case when kind = 'RepaymentMade' then (
                   select ordered.body::jsonb #>> '{event,debtor}' from store_event ordered
                    where ordered.claim_id = posted.claim_id and ordered.kind = 'RepaymentOrdered'
                      and ordered.version < posted.version order by ordered.version desc limit 1) end,
               'seller') = 'seller'
)
select currency, account, null::timestamptz as at, '' as reference, '' as kind, '' as detail,
       sum(amount_minor)::bigint as amount_minor, 0 as version, 0 as leg
  from ours where at < %(since)s group by currency, account
 union all
select currency, account, at, reference, kind, detail, amount_minor, version, leg from ours where at >= %(since)s
 order by currency, account, at nulls first, reference, version, leg
