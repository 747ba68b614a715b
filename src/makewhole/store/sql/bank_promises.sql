-- What the database itself refuses of batches for the bank, whoever writes; and how the books' days stay true.

-- A payment order comes into a batch only while it waits for the bank, and only one of the batch's own currency that
-- goes by bank transfer. What is signed keeps what it is.
create function check_batched_payment() returns trigger language plpgsql as $$
declare of_batch store_paymentbatch;
begin
    select * into of_batch from store_paymentbatch where id = new.batch_id for share;
    if tg_op = 'INSERT' then
        if of_batch.signed_at is not null or of_batch.withdrawn_at is not null then
            raise exception 'batch % takes no more payments', of_batch.id using errcode = 'restrict_violation';
        end if;
        if not exists (select from store_payment p
                        where p.id = new.payment_id and p.state = 'ordered' and p.method = 'bank_transfer'
                          and p.currency = of_batch.currency) then
            raise exception 'payment % does not fit into batch %', new.payment_id, of_batch.id
                using errcode = 'restrict_violation';
        end if;
    elsif old.out_at is not null
       or (new.batch_id, new.payment_id, new.no) is distinct from (old.batch_id, old.payment_id, old.no) then
        raise exception 'a payment in batch % keeps its place', old.batch_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger batched_payment_fits before insert or update on store_batchedpayment
    for each row execute function check_batched_payment();
create trigger batched_payment_is_not_deleted before delete on store_batchedpayment
    for each row execute function refuse_change();

create function check_batch_keeps_its_terms() returns trigger language plpgsql as $$
begin
    if (new.id, new.marketplace_id, new.currency, new.day, new.seq, new.made_by, new.made_at)
       is distinct from (old.id, old.marketplace_id, old.currency, old.day, old.seq, old.made_by, old.made_at)
       or old.withdrawn_at is not null
       or (old.signed_at is not null
           and (new.number, new.total_minor, new.signed_by, new.signed_at, new.content_sha256, new.paid_from::text)
               is distinct from
               (old.number, old.total_minor, old.signed_by, old.signed_at, old.content_sha256, old.paid_from::text))
       or (old.fetched_at is not null
           and (new.fetched_at, new.fetched_by) is distinct from (old.fetched_at, old.fetched_by)) then
        raise exception 'batch % keeps its terms', old.id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger batch_keeps_its_terms before update on store_paymentbatch
    for each row execute function check_batch_keeps_its_terms();
create trigger batch_is_not_deleted before delete on store_paymentbatch
    for each row execute function refuse_change();

-- What a bank said is kept as it was said; only an explanation is added, once.
create function check_bank_line_stays() returns trigger language plpgsql as $$
begin
    if old.explained_at is not null
       or (new.file_id, new.no, new.reference, new.payment_id, new.bank_ref, new.says, new.reason, new.amount_minor,
           new.currency, new.outcome, new.refusal)
          is distinct from
          (old.file_id, old.no, old.reference, old.payment_id, old.bank_ref, old.says, old.reason, old.amount_minor,
           old.currency, old.outcome, old.refusal) then
        raise exception 'a bank''s answer stays as it was read' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger bank_line_stays before update on store_bankline for each row execute function check_bank_line_stays();
create trigger bank_line_is_not_deleted before delete on store_bankline for each row execute function refuse_change();
create trigger bank_file_is_append_only before update or delete on store_bankfile
    for each row execute function refuse_change();

-- Postings and orders are written in the order of time: a block index of some kilobytes finds a day, and costs a write
-- next to nothing.
create index posting_at on store_posting using brin (at) with (autosummarize = on, pages_per_range = 16);
create index payment_ordered_at on store_payment using brin (ordered_at) with (autosummarize = on, pages_per_range = 16);

-- A posting into a day that is closed is added to that day's sums, in its own transaction. Postings of today, which is
-- nearly all, leave after one comparison. The sweep that closes a day locks out writers while it sums (close_days.sql),
-- so that each posting is counted by it or here, and by one of them only.
create function add_late_postings() returns trigger language plpgsql as $$
begin
    if not exists (select from store_ledgerclosed c
                    where (c.through + 2)::timestamptz > (select min(added.at) from added)) then
        return null;
    end if;
    insert into store_ledgerday as d (marketplace_id, currency, account, day, debit_minor, credit_minor, postings)
    select m.code, a.currency, a.account, timezone(m.zone, a.at)::date,
           coalesce(sum(a.amount_minor) filter (where a.amount_minor > 0), 0),
           coalesce(-sum(a.amount_minor) filter (where a.amount_minor < 0), 0), count(*)
      from added a
      join store_seller s on s.id = a.seller_id
      join store_marketplace m on m.code = s.marketplace_id
      join store_ledgerclosed c on c.marketplace_id = m.code
     where timezone(m.zone, a.at)::date <= c.through
     group by 1, 2, 3, 4 order by 1, 2, 3, 4
        on conflict (marketplace_id, currency, account, day) do update
           set debit_minor = d.debit_minor + excluded.debit_minor,
               credit_minor = d.credit_minor + excluded.credit_minor,
               postings = d.postings + excluded.postings;
    return null;
end $$;

create trigger late_postings_are_added after insert on store_posting
    referencing new table as added
    for each statement execute function add_late_postings();
