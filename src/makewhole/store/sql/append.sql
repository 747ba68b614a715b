-- Writes all that was decided, for one claim or for hundreds, in one statement: each part takes its rows as one JSON
-- document. The log's primary key refuses a version that somebody else wrote; foreign keys, sums, chains and balances
-- are looked at by constraints and triggers (promises.sql), most of them when the transaction commits.
with
-- People whose data the vault keeps, with their wrapped key; one that is known stays as it is.
subjects_written as (
    insert into store_subject (id, marketplace_id, email_digest, wrapped_key)
    select id, marketplace_id, email_digest, wrapped_key
      from json_populate_recordset(null::store_subject, %(subjects)s::json)
        on conflict (id) do nothing
),
-- New incidents, with what their first claim adds. A check holds paid <= ordered <= approved <= cap.
new_incidents_written as (
    insert into store_incident (id, marketplace_id, order_line_id, loss_date, currency, cap_minor, approved_minor,
        ordered_minor, paid_minor)
    select id, marketplace_id, order_line_id, loss_date, currency, cap_minor, approved_minor, ordered_minor, paid_minor
      from json_populate_recordset(null::store_incident, %(new_incidents)s::json)
),
-- What claims add to the sums of incidents that exist. Not an upsert: the check would be asked of the difference alone.
incident_sums_written as (
    update store_incident i
       set approved_minor = i.approved_minor + added.approved_minor,
           ordered_minor = i.ordered_minor + added.ordered_minor,
           paid_minor = i.paid_minor + added.paid_minor
      from json_populate_recordset(null::store_incident, %(incident_sums)s::json) added
     where i.id = added.id
),
-- Appends events. The primary key refuses a version that somebody else wrote first; a trigger checks the chain.
events_written as (
    insert into store_event (claim_id, version, kind, at, body, prior, digest)
    select claim_id, version, kind, at, body, prior, digest
      from json_populate_recordset(null::store_event, %(events)s::json)
),
-- The current rows of claims, new or changed. The log's primary key has refused a version that exists.
claims_written as (
    insert into store_claim (id, reference, marketplace_id, order_line_id, seller_id, incident_id, claimant_id, stage,
        outcome, track, turn, assigned_to, injury, tasks, waits_for, score, currency, claimed_minor, approved_minor,
        refused_minor, paid_minor, reserve_minor, loss_date, noticed_at, stage_since, due_at, policy_version,
        insurer_id, bearer, settled_minor, machine_decided, decided_at, version, head)
    select id, reference, marketplace_id, order_line_id, seller_id, incident_id, claimant_id, stage, outcome, track,
        turn, assigned_to, injury, tasks, waits_for, score, currency, claimed_minor, approved_minor, refused_minor,
        paid_minor, reserve_minor, loss_date, noticed_at, stage_since, due_at, policy_version, insurer_id,
        bearer, settled_minor, machine_decided, decided_at, version, head
      from json_populate_recordset(null::store_claim, %(claims)s::json)
        on conflict (id) do update set stage = excluded.stage, outcome = excluded.outcome, track = excluded.track, turn
            = excluded.turn, assigned_to = excluded.assigned_to, tasks = excluded.tasks, waits_for = excluded.waits_for,
            score = excluded.score, approved_minor = excluded.approved_minor, refused_minor = excluded.refused_minor,
            paid_minor = excluded.paid_minor, reserve_minor = excluded.reserve_minor, stage_since =
            excluded.stage_since, due_at = excluded.due_at, policy_version = excluded.policy_version, insurer_id = excluded.insurer_id, bearer =
            excluded.bearer, settled_minor = excluded.settled_minor, machine_decided =
            excluded.machine_decided, decided_at = excluded.decided_at, version = excluded.version, head = excluded.head
),
-- The current rows of exposures, new or changed.
exposures_written as (
    insert into store_exposure (claim_id, no, head, claimed_minor, supported_minor, approved_minor, refused_minor,
        waived_minor, ordered_minor, paid_minor, reserve_minor, refused_by, reason_code, decided_under)
    select claim_id, no, head, claimed_minor, supported_minor, approved_minor, refused_minor, waived_minor,
        ordered_minor, paid_minor, reserve_minor, refused_by, reason_code, decided_under
      from json_populate_recordset(null::store_exposure, %(exposures)s::json)
        on conflict (claim_id, no) do update set supported_minor = excluded.supported_minor, approved_minor =
            excluded.approved_minor, refused_minor = excluded.refused_minor, waived_minor = excluded.waived_minor,
            ordered_minor = excluded.ordered_minor,
            paid_minor = excluded.paid_minor, reserve_minor = excluded.reserve_minor, refused_by = excluded.refused_by,
            reason_code = excluded.reason_code, decided_under = excluded.decided_under
),
-- Payment orders, and what the bank said of them. A trigger holds amount, payee and claim.
payments_written as (
    insert into store_payment (id, claim_id, seq, method, payee_id, currency, amount_minor, state, ordered_at, ended_at,
        bank_ref)
    select id, claim_id, seq, method, payee_id, currency, amount_minor, state, ordered_at, ended_at, bank_ref
      from json_populate_recordset(null::store_payment, %(payments)s::json)
        on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, bank_ref = excluded.bank_ref
),
-- Clocks, started or ended with the event of the same transaction.
clocks_written as (
    insert into store_clock (claim_id, name, turn, started_at, due_at, state, ended_at, rule, retry_at)
    select claim_id, name, turn, started_at, due_at, state, ended_at, rule, retry_at
      from json_populate_recordset(null::store_clock, %(clocks)s::json)
        on conflict (claim_id, name, turn) do update set due_at = excluded.due_at, state = excluded.state, ended_at =
            excluded.ended_at, retry_at = excluded.retry_at
),
-- Legs of journal entries. A deferred trigger refuses an entry that does not balance.
postings_written as (
    insert into store_posting (claim_id, version, leg, account, seller_id, currency, amount_minor, at)
    select claim_id, version, leg, account, seller_id, currency, amount_minor, at
      from json_populate_recordset(null::store_posting, %(postings)s::json)
),
-- Tenders and what came of them.
tenders_written as (
    insert into store_tender (claim_id, no, tendered_to, seller_id, currency, amount_minor, tendered_at, answer,
        answered_at, ended_at)
    select claim_id, no, tendered_to, seller_id, currency, amount_minor, tendered_at, answer, answered_at, ended_at
      from json_populate_recordset(null::store_tender, %(tenders)s::json)
        on conflict (claim_id, no) do update set answer = excluded.answer, answered_at = excluded.answered_at,
            ended_at = excluded.ended_at
),
-- Recoveries. A check holds recovered + withheld <= paid.
recoveries_written as (
    insert into store_recovery (claim_id, no, seller_id, currency, basis, stage, outcome, obstacle, clause, paid_minor,
        owed_by_seller_minor, owed_by_others_minor, held_minor, applied_minor, released_minor, received_minor,
        repaid_minor, written_off_minor, opened_at, closed_at)
    select claim_id, no, seller_id, currency, basis, stage, outcome, obstacle, clause, paid_minor, owed_by_seller_minor,
        owed_by_others_minor, held_minor, applied_minor, released_minor, received_minor, repaid_minor,
        written_off_minor, opened_at, closed_at
      from json_populate_recordset(null::store_recovery, %(recoveries)s::json)
        on conflict (claim_id, no) do update set stage = excluded.stage, outcome = excluded.outcome, obstacle =
            excluded.obstacle, paid_minor = excluded.paid_minor, owed_by_seller_minor = excluded.owed_by_seller_minor,
            owed_by_others_minor = excluded.owed_by_others_minor, held_minor = excluded.held_minor, applied_minor =
            excluded.applied_minor, released_minor = excluded.released_minor, received_minor = excluded.received_minor,
            repaid_minor = excluded.repaid_minor, written_off_minor = excluded.written_off_minor, closed_at =
            excluded.closed_at
),
-- What is held back of disbursements. A trigger lets nothing that was released or applied come back.
withholdings_written as (
    insert into store_withholding (claim_id, no, seq, disbursement_id, amount_minor, released_minor, applied_minor,
        withheld_at, ended_at)
    select claim_id, no, seq, disbursement_id, amount_minor, released_minor, applied_minor, withheld_at, ended_at
      from json_populate_recordset(null::store_withholding, %(withholdings)s::json)
        on conflict (claim_id, no, seq) do update set released_minor = excluded.released_minor, applied_minor =
            excluded.applied_minor, ended_at = excluded.ended_at
),
-- What claims add to (or, released, take from) what is withheld of a disbursement. A check holds it to the net amount.
disbursement_sums_written as (
    update store_disbursement d set withheld_minor = d.withheld_minor + added.withheld_minor
      from json_populate_recordset(null::store_disbursement, %(disbursement_sums)s::json) added
     where d.id = added.id
),
-- What insurers paid erodes the limits of their policies.
coverage_sums_written as (
    update store_coverage v set eroded_minor = v.eroded_minor + added.eroded_minor
      from json_populate_recordset(null::store_coverage, %(coverage_sums)s::json) added
     where v.id = added.id
),
-- Contests and appeals, with what came of them.
contests_written as (
    insert into store_contest (claim_id, kind, no, marketplace_id, clause, first_decider, filed_at, decided_at, decider,
        outcome)
    select claim_id, kind, no, marketplace_id, clause, first_decider, filed_at, decided_at, decider, outcome
      from json_populate_recordset(null::store_contest, %(contests)s::json)
        on conflict (claim_id, kind, no) do update set decided_at = excluded.decided_at, decider = excluded.decider,
            outcome = excluded.outcome
),
-- Notices to be sent; the same notice twice is one.
outbox_written as (
    insert into store_outbox (claim_id, version, dedupe, recipient, template, facts, created_at, send_after)
    select claim_id, version, dedupe, recipient, template, facts, created_at, send_after
      from json_populate_recordset(null::store_outbox, %(outbox)s::json)
        on conflict (dedupe) do nothing
),
-- Sealed personal data.
vault_written as (
    insert into store_vaultitem (id, subject_id, claim_id, kind, sealed)
    select id, subject_id, claim_id, kind, sealed
      from json_populate_recordset(null::store_vaultitem, %(vault)s::json)
),
-- Keyed digests by which later claims find this one.
digests_written as (
    insert into store_matchdigest (kind, digest, claim_id, claimant_id, at)
    select kind, digest, claim_id, claimant_id, at
      from json_populate_recordset(null::store_matchdigest, %(digests)s::json)
        on conflict (kind, digest, claim_id) do nothing
),
-- Files become part of a claim. A trigger refuses one that belongs to another claim.
evidence_written as (
    update store_evidence e set claim_id = a.claim_id, subject_id = coalesce(e.subject_id, a.subject_id)
      from json_to_recordset(%(evidence)s::json) as a (id uuid, claim_id uuid, subject_id uuid)
     where e.id = a.id
),
-- Idempotency keys with the hash of what was asked and the answer that was given.
keys_written as (
    insert into store_idempotencykey (asker, key, request_hash, claim_id, answer, created_at)
    select asker, key, request_hash, claim_id, answer, created_at
      from json_populate_recordset(null::store_idempotencykey, %(keys)s::json)
)
select 1
