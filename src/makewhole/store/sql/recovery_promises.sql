-- What the database itself refuses of recoveries, whoever writes. Read beside docs/invariants.md; sums stand in checks.

-- Promise 3: what is released is released once, and what was applied stays applied or goes back as a repayment.
create function check_withholding_ends_once() returns trigger language plpgsql as $$
begin
    if (new.disbursement_id, new.amount_minor, new.withheld_at)
       is distinct from (old.disbursement_id, old.amount_minor, old.withheld_at)
       or new.released_minor < old.released_minor or new.applied_minor < old.applied_minor then
        raise exception 'a withholding of claim % keeps its terms and ends once', old.claim_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger withholding_ends_once before update on store_withholding
    for each row when (old.* is distinct from new.*) execute function check_withholding_ends_once();
create trigger withholding_is_not_deleted before delete on store_withholding
    for each row execute function refuse_change();

-- Promise 3: what a disbursement paid is documented once: its net amount bounds what is withheld, and never moves.
create function check_disbursement_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if (new.marketplace_id, new.seller_id, new.disbursement_ref, new.currency, new.net_minor)
       is distinct from (old.marketplace_id, old.seller_id, old.disbursement_ref, old.currency, old.net_minor) then
        raise exception 'disbursement % keeps its terms', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger disbursement_keeps_its_terms before update on store_disbursement
    for each row execute function check_disbursement_keeps_its_terms();
