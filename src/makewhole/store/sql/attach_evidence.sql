-- Files become part of a claim, once: one that another claim took in the meantime is not written, and is missed in the count.
update store_evidence e set claim_id = a.claim_id, subject_id = coalesce(e.subject_id, a.subject_id)
  from jsonb_to_recordset(%(rows)s::jsonb) as a (id uuid, claim_id uuid, subject_id uuid)
 where e.id = a.id and (e.claim_id is null or e.claim_id = a.claim_id)
