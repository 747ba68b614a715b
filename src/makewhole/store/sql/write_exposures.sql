-- The current rows of exposures, new or changed.
insert into store_exposure (claim_id, no, head, claimed_minor, supported_minor, approved_minor, refused_minor,
    ordered_minor, paid_minor, reserve_minor, refused_by, reason_code, decided_under)
select claim_id, no, head, claimed_minor, supported_minor, approved_minor, refused_minor, ordered_minor, paid_minor,
    reserve_minor, refused_by, reason_code, decided_under
  from json_populate_recordset(null::store_exposure, %(rows)s::json)
    on conflict (claim_id, no) do update set supported_minor = excluded.supported_minor, approved_minor =
        excluded.approved_minor, refused_minor = excluded.refused_minor, ordered_minor = excluded.ordered_minor,
        paid_minor = excluded.paid_minor, reserve_minor = excluded.reserve_minor, refused_by = excluded.refused_by,
        reason_code = excluded.reason_code, decided_under = excluded.decided_under
