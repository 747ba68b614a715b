-- What the database itself refuses about a seller's standing, whoever writes. Read beside docs/guides/standing.md.

-- What a marketplace reported stays as it was reported: what was wrong is struck by a person, not edited away.
create trigger seller_report_is_append_only before update or delete on store_sellerreport
    for each row execute function refuse_change();
create trigger seller_report_is_not_truncated before truncate on store_sellerreport
    for each statement execute function refuse_change();

-- A dispute keeps what the seller said, and is decided once.
create function check_dispute_stays() returns trigger language plpgsql as $$
begin
    if old.outcome <> ''
       or (new.id, new.seller_id, new.about, new.words, new.evidence, new.filed_by, new.filed_at)
          is distinct from (old.id, old.seller_id, old.about, old.words, old.evidence, old.filed_by, old.filed_at) then
        raise exception 'dispute % stays what it is and is decided once', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger dispute_stays before update on store_standingdispute
    for each row execute function check_dispute_stays();
create trigger dispute_is_not_deleted before delete on store_standingdispute
    for each row execute function refuse_change();
create trigger dispute_is_not_truncated before truncate on store_standingdispute
    for each statement execute function refuse_change();

-- A restriction keeps its terms and its statement; it is lifted once.
create function check_restriction_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if old.lifted_at is not null
       or (new.id, new.seller_id, new.kind, new.decided_at, new.takes_effect_at, new.ends_at, new.clauses,
           new.policy_version, new.facts, new.decided_by, new.machine, new.statement)
          is distinct from
          (old.id, old.seller_id, old.kind, old.decided_at, old.takes_effect_at, old.ends_at, old.clauses,
           old.policy_version, old.facts, old.decided_by, old.machine, old.statement) then
        raise exception 'restriction % keeps its terms and is lifted once', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger restriction_keeps_its_terms before update on store_restriction
    for each row execute function check_restriction_keeps_its_terms();
create trigger restriction_is_not_deleted before delete on store_restriction
    for each row execute function refuse_change();
create trigger restriction_is_not_truncated before truncate on store_restriction
    for each statement execute function refuse_change();

-- No restriction without its notice to the seller, written in the same transaction and at or before its effect.
create function check_restriction_has_its_notice() returns trigger language plpgsql as $$
begin
    if not exists (select from store_outbox notice
                    where notice.dedupe = 'restriction:' || new.id
                      and notice.recipient = 'seller:' || new.seller_id
                      and notice.created_at <= new.takes_effect_at) then
        raise exception 'restriction % has no notice to its seller', new.id
            using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end $$;

create constraint trigger restriction_has_its_notice after insert on store_restriction
    deferrable initially deferred for each row execute function check_restriction_has_its_notice();
