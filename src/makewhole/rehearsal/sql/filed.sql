-- What was filed: notices, claims, files; one row each, in the order in which they are told.
select told.what, to_char(told.number, 'FM999,999,990')
  from (
    select 1 as n, 'notices' as what, count(*) as number from store_event where kind in ('ClaimFiled', 'NoticeRepeated')
    union all select 2, 'claims', count(*) from store_claim
    union all select 3, 'second notices merged, same content', count(*) from store_event
              where kind = 'NoticeRepeated' and (body::jsonb -> 'event' ->> 'same_content')::boolean
    union all select 4, 'second notices merged, other content', count(*) from store_event
              where kind = 'NoticeRepeated' and not (body::jsonb -> 'event' ->> 'same_content')::boolean
    union all select 5, 'incidents', count(*) from store_incident
    union all select 6, 'injury claims', count(*) from store_claim where injury
    union all select 7, 'evidence files', count(*) from store_evidence where claim_id is not null
    union all select 8, 'requests for proof', count(*) from store_event where kind = 'ProofRequested'
    union all select 9, 'safety reviews asked', count(*) from store_event where kind = 'SafetyReviewAsked'
    union all select 10, 'decisions waiting for a second person', count(*) from store_event where kind = 'DecisionProposed'
    union all select 11, 'of these sent back', count(*) from store_event
              where kind = 'ProposalReturned' and body::jsonb -> 'event' ->> 'why' = 'second_person_disagrees'
    union all select 12, 'releases signed', count(*) from store_event where kind = 'ReleaseSigned'
    union all select 13, 'payment orders', count(*) from store_payment
    union all select 14, 'payments returned by the bank', count(*) from store_payment where state = 'returned'
    union all select 15, 'appeals', count(*) from store_event where kind = 'AppealFiled'
    union all select 16, 'appeals that changed the decision', count(*) from store_event appeal
              where kind = 'AppealFiled' and exists (
                  select from store_event decided
                   where decided.claim_id = appeal.claim_id and decided.version > appeal.version
                     and decided.kind = 'ClaimDecided'
                     and exists (select from jsonb_array_elements(decided.body::jsonb -> 'event' -> 'lines') line
                                  where (line ->> 'approved_minor')::bigint > 0))
    union all select 17, 'claims reopened', count(*) from store_event where kind = 'ClaimReopened'
    union all select 18, 'what sellers sent', count(*) from store_event where kind = 'SellerEvidenceAdded'
  ) told
 order by told.n
