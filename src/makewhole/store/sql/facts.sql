-- All that a decision may ask of the world outside its claim: one JSON row an ask, for one ask or hundreds.
-- `asks` names the claim, and for a filing also its order line, claimant, account, files and loss date; of a claim
-- that exists these come from its row. Windows and limits are the policy's, and so the rules' business: here the newest
-- hundred of each are told, with their instants.
with ask as materialized (
    select a.n, a.claim_id, a.at, a.filing,
           line.id as order_line_id, coalesce(c.marketplace_id, a.marketplace) as marketplace,
           coalesce(c.loss_date, a.loss_date) as loss_date,
           coalesce(c.claimant_id, known.id) as claimant_id,
           coalesce(a.payee_digest::bytea, own_payee.digest) as payee_digest,
           a.contact_kinds, a.contact_digests, a.evidence, a.asker, a.key,
           a.disbursement_id,
           line.seller_id, coalesce(known.wrapped_key, own.wrapped_key) as wrapped_key
      from jsonb_to_recordset(%(asks)s::jsonb) as a (
               n int, claim_id uuid, at timestamptz, filing boolean, marketplace text, order_ref text, line_ref text,
               email_digest text, payee_digest text, contact_kinds text[], contact_digests text[], loss_date date,
               evidence uuid[], asker text, key text, disbursement_id bigint)
      left join store_claim c on c.id = a.claim_id
      left join lateral (
               select l.id, l.seller_id from store_orderline l
                where a.filing and l.marketplace_id = a.marketplace and l.order_ref = a.order_ref
                  and l.line_ref = a.line_ref
               union all
               select l.id, l.seller_id from store_orderline l where not a.filing and l.id = c.order_line_id
           ) line on true
      left join store_subject known
        on a.filing and known.marketplace_id = a.marketplace and known.email_digest = a.email_digest::bytea
      left join store_subject own on own.id = c.claimant_id
      left join lateral (select m.digest from store_matchdigest m
                          where m.claim_id = c.id and m.kind = 'payee' order by m.at desc limit 1) own_payee on true
)
select ask.n, (jsonb_build_object(
    'claimant_id', ask.claimant_id,
    'wrapped_key', encode(ask.wrapped_key, 'hex'),
    'version', (select p.version from store_policyversion p join store_marketplace m on m.policy = p.policy
                 where m.code = ask.marketplace and p.published_at <= ask.at order by p.seq desc limit 1),
    'line', (select jsonb_build_object(
                'order_line_id', l.id, 'marketplace', l.marketplace_id, 'seller_id', l.seller_id, 'currency', l.currency,
                'price_minor', l.price_minor, 'quantity', l.quantity, 'ordered_at', l.ordered_at,
                'delivered_at', l.delivered_at, 'physical', l.physical, 'buyer_ref', l.buyer_ref)
               from store_orderline l where l.id = ask.order_line_id),
    'seller', (select jsonb_build_object(
                'gone', case when s.insolvent_since is not null then 'bankruptcy'
                             when s.closed_at is not null and s.closed_at <= ask.at then 'account_gone' else '' end,
                'coverage', (select jsonb_build_object(
                                'coverage_id', v.id, 'insurer_id', v.insurer_account_id,
                                'deductible_minor', v.deductible_minor,
                                'limit_left_minor', v.limit_minor - v.eroded_minor,
                                'platform_is_insured', v.platform_is_insured)
                               from store_coverage v
                              where v.seller_id = s.id and v.starts_on <= ask.loss_date and ask.loss_date < v.ends_on
                              order by v.insurer_account_id is null, v.limit_minor - v.eroded_minor desc, v.id limit 1),
                -- A lost standing that was disputed and struck counts as kept.
                'good_standing', s.good_standing or exists (
                    select from store_standingdispute d
                     where d.seller_id = s.id and d.outcome = 'struck'
                       and d.about = (select r.kind || ':' || r.id from store_sellerreport r
                                       where r.seller_id = s.id and r.kind <> 'policy_violation'
                                       order by r.at desc, r.id desc limit 1)), 'requested', s.insurance_requested_at is not null,
                'insured', exists (select from store_coverage v where v.seller_id = s.id
                                    and v.starts_on <= ask.loss_date and ask.loss_date < v.ends_on),
                'had_automatic', exists (select from store_claim c where c.seller_id = s.id and c.machine_decided))
               from store_seller s where s.id = ask.seller_id),
    'disbursement', (select jsonb_build_object(
                'disbursement_id', d.id, 'marketplace', d.marketplace_id, 'seller_id', d.seller_id,
                'currency', d.currency, 'net_minor', d.net_minor, 'room_minor', d.net_minor - d.withheld_minor)
               from store_disbursement d where d.id = ask.disbursement_id),
    'same_line', coalesce((select jsonb_agg(jsonb_build_object(
                'claim_id', c.id, 'reference', c.reference, 'claimant_id', c.claimant_id, 'incident_id', c.incident_id,
                'loss_date', c.loss_date, 'stage', c.stage, 'outcome', c.outcome,
                'incident_minor', case when c.outcome in ('withdrawn', 'unanswered') then c.approved_minor
                                       else c.claimed_minor - c.refused_minor end,
                'approved_minor', c.approved_minor) order by c.noticed_at, c.id)
               from store_claim c where c.order_line_id = ask.order_line_id), '[]'),
    'claimant_claims', coalesce((select jsonb_agg(jsonb_build_object(
                'reference', c.reference, 'order_line_id', c.order_line_id, 'noticed_at', c.noticed_at,
                'loss_date', c.loss_date, 'outcome', c.outcome) order by c.noticed_at, c.id)
               from (select * from store_claim c where c.claimant_id = ask.claimant_id and c.id <> ask.claim_id
                      order by c.noticed_at desc limit 100) c), '[]'),
    'linked_claimants', (select count(distinct other.claimant_id)
                from (select kind, digest::bytea as digest
                        from unnest(ask.contact_kinds, ask.contact_digests) as given (kind, digest)
                      union
                      select m.kind, m.digest from store_matchdigest m
                       where not ask.filing and m.claim_id = ask.claim_id and m.kind <> 'payee') mine
                join store_matchdigest other on other.kind = mine.kind and other.digest = mine.digest
                where other.claimant_id is distinct from ask.claimant_id),
    'link_kinds', case when ask.filing then cardinality(ask.contact_kinds)
                       else (select count(*) from store_matchdigest m
                              where m.claim_id = ask.claim_id and m.kind <> 'payee') end,
    'payee_of_others', (select count(distinct m.claimant_id) from store_matchdigest m
                where m.kind = 'payee' and m.digest = ask.payee_digest
                  and m.claimant_id is distinct from ask.claimant_id),
    'payee_named_at', coalesce((select jsonb_agg(m.at) from (
                select m.at from store_matchdigest m
                 where m.kind = 'payee' and m.digest = ask.payee_digest and m.claim_id <> ask.claim_id
                 order by m.at desc limit 100) m), '[]'),
    'payee_orders', coalesce((select jsonb_agg(jsonb_build_array(p.ordered_at, p.amount_minor)) from (
                select p.ordered_at, p.amount_minor from store_matchdigest m
                  join store_payment p on p.claim_id = m.claim_id and p.state <> 'returned'
                 where m.kind = 'payee' and m.digest = ask.payee_digest and m.claim_id <> ask.claim_id
                 order by p.ordered_at desc limit 100) p), '[]'),
    'other_payee_open', exists (select from store_matchdigest m join store_claim c on c.id = m.claim_id
                where m.claimant_id = ask.claimant_id and m.kind = 'payee' and m.claim_id <> ask.claim_id
                  and m.digest <> ask.payee_digest and c.turn <> ''),
    'files', coalesce((select jsonb_agg(jsonb_build_object(
                'evidence_id', e.id, 'kind', e.kind, 'sha256', encode(e.sha256, 'hex'), 'uploaded_by', e.uploaded_by,
                'claim_id', e.claim_id, 'subject_id', e.subject_id))
               from store_evidence e where e.id = any (ask.evidence)), '[]'),
    'reused', coalesce((select jsonb_agg(distinct jsonb_build_array(mine.id, c.reference, other.bits))
                from store_evidence mine
                join lateral (
                    select other.claim_id, 0 as bits from store_evidence other
                     where other.sha256 = mine.sha256 and other.id <> mine.id
                    union
                    select other.claim_id, bit_count((other.photo_hash # mine.photo_hash)::bit(64))::int
                      from store_photoband here
                      join store_photoband there on there.band = here.band and there.bits = here.bits
                      join store_evidence other on other.id = there.evidence_id
                     where here.evidence_id = mine.id and other.id <> mine.id and other.photo_hash is not null
                ) other on other.bits <= 8 and other.claim_id <> ask.claim_id
                join store_claim c on c.id = other.claim_id
               where mine.id = any (ask.evidence) or mine.claim_id = ask.claim_id), '[]'),
    'earlier', (select jsonb_build_object('request_hash', encode(k.request_hash, 'hex'), 'claim_id', k.claim_id,
                                          'answer', k.answer)
                from store_idempotencykey k where k.asker = ask.asker and k.key = ask.key)
))::text
from ask order by ask.n
