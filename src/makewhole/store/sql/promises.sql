-- What the database itself refuses, whoever writes: raw SQL, a faulty release, an administrator.
-- Read beside docs/invariants.md, which names the promise, the test and the constraint.

-- Promise 5: the log is append-only. Nothing is edited, nothing is taken out.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, lower(tg_op)
        using errcode = 'restrict_violation';
end $$;

create trigger event_is_append_only before update or delete on store_event
    for each row execute function refuse_change();
create trigger event_is_not_truncated before truncate on store_event
    for each statement execute function refuse_change();
create trigger posting_is_append_only before update or delete on store_posting
    for each row execute function refuse_change();
create trigger posting_is_not_truncated before truncate on store_posting
    for each statement execute function refuse_change();
create trigger policy_version_is_immutable before update or delete on store_policyversion
    for each row execute function refuse_change();
create trigger checkpoint_is_append_only before update or delete on store_checkpoint
    for each row execute function refuse_change();

-- Promise 5: each event follows its own predecessor: versions without a gap, `prior` the digest before it.
create function check_event_follows() returns trigger language plpgsql as $$
declare broken bigint;
begin
    select count(*) into broken
      from added
      left join store_event before on before.claim_id = added.claim_id and before.version = added.version - 1
     where case when added.version = 1 then octet_length(added.prior) <> 0
                else before.digest is distinct from added.prior end;
    if broken > 0 then
        raise exception 'an event does not follow the one before it' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;

create trigger event_follows after insert on store_event
    referencing new table as added
    for each statement execute function check_event_follows();

-- Promise 1: each journal entry (claim, event version) balances per currency at every commit. Looks at the
-- old and the new parent, so that moving a leg (were it ever allowed) would be caught on both sides.
create function check_entry_balances() returns trigger language plpgsql as $$
declare
    entry_claim_id uuid := case tg_op when 'DELETE' then old.claim_id else new.claim_id end;
    entry_version integer := case tg_op when 'DELETE' then old.version else new.version end;
begin
    if exists (select from store_posting p where p.claim_id = entry_claim_id and p.version = entry_version
                group by p.currency having sum(p.amount_minor) <> 0)
       or (tg_op = 'UPDATE' and exists (
              select from store_posting p where p.claim_id = old.claim_id and p.version = old.version
               group by p.currency having sum(p.amount_minor) <> 0)) then
        raise exception 'entry % of claim % does not balance', entry_version, entry_claim_id
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;

create constraint trigger entry_balances after insert or update or delete on store_posting
    deferrable initially deferred for each row execute function check_entry_balances();

-- Promise 2: an exposure belongs to an order only once: what is ordered per exposure never passes what is
-- approved (checks on the tables), and a payment never changes its amount, its claim or its payee.
create function check_payment_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if (new.claim_id, new.seq, new.amount_minor, new.currency, new.payee_id, new.method)
       is distinct from (old.claim_id, old.seq, old.amount_minor, old.currency, old.payee_id, old.method)
       or old.state <> 'ordered' then
        raise exception 'payment % keeps its terms', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger payment_keeps_its_terms before update on store_payment
    for each row when (old.* is distinct from new.*) execute function check_payment_keeps_its_terms();
create trigger payment_is_not_deleted before delete on store_payment
    for each row execute function refuse_change();

-- Promise 2: a file proves one claim. It is attached once, and its content never changes.
create function check_evidence_stays() returns trigger language plpgsql as $$
begin
    if (old.claim_id is not null and new.claim_id is distinct from old.claim_id)
       or (new.sha256, new.uploaded_by, new.kind, new.uploaded_at)
          is distinct from (old.sha256, old.uploaded_by, old.kind, old.uploaded_at) then
        raise exception 'evidence % stays what it is and where it is', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger evidence_stays before update on store_evidence
    for each row execute function check_evidence_stays();
create trigger evidence_is_not_deleted before delete on store_evidence
    for each row execute function refuse_change();

-- Checkpoints and replay read the log by time; its rows lie in that order.
create index event_at on store_event using brin (at);

-- Requests of one token in one minute; lost in a crash, which is as it should be (no fsync for counting).
create unlogged table people_ratewindow (
    token_id bigint not null, minute bigint not null, requests integer not null,
    primary key (token_id, minute)
);

-- One checkpoint at a time, whatever number of workers.
create unique index checkpoint_one_per_hour on store_checkpoint (date_trunc('hour', at at time zone 'UTC'));
