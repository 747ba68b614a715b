-- The current rows of claims: new ones, and changed ones only by a later
-- version. A row that was overtaken is not written, and the caller sees it in the count.
insert into store_claim (id, reference, marketplace_id, order_line_id, seller_id, incident_id, claimant_id, stage,
    outcome, track, turn, assigned_to, injury, tasks, waits_for, score, currency, claimed_minor, approved_minor,
    refused_minor, paid_minor, reserve_minor, loss_date, noticed_at, stage_since, due_at, policy_version,
    machine_decided, decided_at, version, head)
select id, reference, marketplace_id, order_line_id, seller_id, incident_id, claimant_id, stage, outcome, track,
    turn, assigned_to, injury, tasks, waits_for, score, currency, claimed_minor, approved_minor, refused_minor,
    paid_minor, reserve_minor, loss_date, noticed_at, stage_since, due_at, policy_version, machine_decided,
    decided_at, version, head
  from json_populate_recordset(null::store_claim, %(rows)s::json)
    on conflict (id) do update set stage = excluded.stage, outcome = excluded.outcome, track = excluded.track, turn
        = excluded.turn, assigned_to = excluded.assigned_to, tasks = excluded.tasks, waits_for = excluded.waits_for,
        score = excluded.score, approved_minor = excluded.approved_minor, refused_minor = excluded.refused_minor,
        paid_minor = excluded.paid_minor, reserve_minor = excluded.reserve_minor, stage_since =
        excluded.stage_since, due_at = excluded.due_at, policy_version = excluded.policy_version, machine_decided =
        excluded.machine_decided, decided_at = excluded.decided_at, version = excluded.version, head = excluded.head
    where store_claim.version < excluded.version
