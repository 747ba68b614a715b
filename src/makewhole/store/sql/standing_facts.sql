-- The dated facts of one seller's standing that lie in its claims and in the marketplace's reports, the oldest first.
-- What counts, and how long, is the policy's business: here is what happened from `since` until `at`.
with tender as (
    select c.id as claim_id, c.reference, t.no, t.answer, t.answered_at, coalesce(t.answered_at, t.ended_at) as over_at
      from store_tender t join store_claim c on c.id = t.claim_id
     where t.seller_id = %(seller)s and t.tendered_to = 'seller' and t.answer <> '' and t.tendered_at <= %(at)s
),
proof as (
    -- The last time that proof was asked for on each claim: what was sent, and what a person found it to prove.
    select distinct on (c.id) c.reference, k.turn, k.state, k.due_at, sent.at as sent_at, checked.at as checked_at,
           checked.covers, coalesce(sent.in_time, checked.at < k.due_at) as in_time
      from store_claim c
      join store_clock k on k.claim_id = c.id and k.name = 'seller_proof_of_insurance'
      left join lateral (select e.at, (e.body::jsonb #>> '{event,in_time}')::boolean as in_time from store_event e
                          where e.claim_id = c.id and e.kind = 'ProofOfInsuranceSent'
                          order by e.version desc limit 1) sent on true
      left join lateral (select e.at, e.body::jsonb #>> '{event,coverage_id}' is not null as covers from store_event e
                          where e.claim_id = c.id and e.kind = 'ProofOfInsuranceChecked'
                          order by e.version desc limit 1) checked on true
     where c.seller_id = %(seller)s and c.noticed_at >= %(since)s::timestamptz - interval '1 year'
     order by c.id, k.turn desc
),
fact as (
    select 'tender_unanswered' as kind, reference, no::bigint as no, over_at as at, '' as code, false as contested
      from tender where answer = 'silent'
    union all
    select 'tender_answered', reference, no, answered_at, '', false
      from tender where answer <> 'silent' and answered_at is not null
    union all
    -- The platform stepped in after a rejection: unfounded, unless a contest or a later finding says otherwise.
    select 'rejection_unfounded', tender.reference, tender.no, stepped.at, '', coalesce(contest.open, false)
      from tender
      join lateral (select e.at from store_event e
                     where e.claim_id = tender.claim_id and e.kind = 'SteppedIn'
                       and e.body::jsonb #>> '{event,why}' = 'rejected'
                     order by e.version desc limit 1) stepped on true
      left join lateral (select bool_or(x.decided_at is null) as open, bool_or(x.outcome in ('upheld', 'partly')) as won
                           from store_contest x where x.claim_id = tender.claim_id and x.kind = 'contest') contest on true
     where tender.answer = 'rejected' and not coalesce(contest.won, false)
       and not exists (select from store_event e where e.claim_id = tender.claim_id and e.kind = 'NoDefectFound')
    union all
    select case when covers and in_time then 'proof_in_time' when covers then 'proof_late' else 'proof_missing' end,
           reference, turn, case when covers then coalesce(sent_at, checked_at)
                                 when checked_at is not null then greatest(checked_at, sent_at) else due_at end, '', false
      from proof
     where covers or state = 'ran_out' or (checked_at is not null and state <> 'running')
    union all
    select r.kind, '', r.id, r.at, r.code, false
      from store_sellerreport r where r.seller_id = %(seller)s and r.reported_at <= %(at)s
)
select kind, reference, no, at, code, contested
  from fact
 where at <= %(at)s and (at >= %(since)s or kind in ('good_standing_lost', 'good_standing_regained'))
 order by at, kind, reference, no
