"""A million stored claims of every kind, for pages to be measured on: a few thousand lived through the write door, and
then copied by SQL with new ids.

Copies are what pages look through: lists, counts, sums, indexes of their true size. They are no history that proves
anything: their digests repeat, and their sealed words are bound to the first claim's ids. So a claim's own page is
measured on a claim that came through the door, among a million others.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
from django.db.models import F

if TYPE_CHECKING:
    from bench.__main__ import Numbers
    from makewhole.domain.actors import Actor

# Of a thousand claims: paid and closed, waiting for proof, waiting for a person, tendered, stepped in.
MIX = {"paid": 970, "proof": 10, "doubtful": 10, "tendered": 6, "expired": 4}
# Each copy is so much older than the one before: closed claims at a million about a year, open ones about a week.
APART_HOURS = 17
OPEN_APART_MINUTES = 20

_NEW = "md5({c}::text || '/' || n)::uuid"
_TEXT = "{c} || '/' || n"
_DIGEST = "sha256({c} || n::text::bytea)"
# What must differ in a copy, besides its uuids (which all follow from the first one's): numbered keys, and what is
# unique. Tables that pages do not read, or that know no claim, are not copied.
TABLES: dict[str, dict[str, str]] = {
    "store_orderline": {"id": "t.id + n * lines", "order_ref": _TEXT, "buyer_ref": _TEXT},
    "store_subject": {"email_digest": _DIGEST},
    "store_incident": {"order_line_id": "t.order_line_id + n * lines"},
    "store_claim": {"reference": "t.reference || '-' || n", "order_line_id": "t.order_line_id + n * lines"},
    "store_exposure": {},
    "store_event": {},
    "store_clock": {},
    "store_payment": {},
    "store_posting": {},
    "store_tender": {},
    "store_recovery": {},
    "store_contest": {},
    "store_outbox": {"id": "t.id + n * notices", "dedupe": _TEXT},
    "store_evidence": {"sha256": _DIGEST},
    "store_vaultitem": {},
    "store_matchdigest": {"digest": _DIGEST},
    "store_figuredclaim": {},
    "store_decisiontaken": {},
    "store_decisionmark": {},
}
# Whose instants follow the claim's age.
_AGE = {
    "store_claim",
    "store_event",
    "store_clock",
    "store_payment",
    "store_posting",
    "store_tender",
    "store_recovery",
    "store_outbox",
}
# Uuids that name something outside the copied claims.
_KEPT = {("store_evidence", "superseded_by_id")}


def fill(stored: int, lines: Numbers, by: Actor, *, base: int = 2_000) -> None:
    """Until so many claims are stored. `base` of them go through the write door, and the rest are their copies."""
    from bench.__main__ import HOME, say, vacuum
    from makewhole.store import figures, ledger_days
    from makewhole.web import embedded_postgres

    _live(base, lines, by)
    while figures.sweep(datetime.now(UTC)):
        pass
    # The triggers of log and books would refuse copies, and only a superuser may pass them by.
    with psycopg.connect(embedded_postgres.address(HOME, role=embedded_postgres.OWNER)) as connection:
        cursor = connection.cursor()
        cursor.execute("set session_replication_role = replica")
        cursor.execute(
            "create temp table size as select (select max(id) - min(id) + 1 from store_orderline) as lines,"
            " (select max(id) - min(id) + 1 from store_outbox) as notices"
        )
        cursor.execute("create temp table closed as select id from store_claim where outcome <> ''")
        of_closed, of_open = _copying(cursor)
        copies = stored // base - 1
        # The oldest first: rows lie in the order of time, as they do where they came one by one. A table after the
        # other, so that its indexes are at hand.
        for table, statement in (*of_closed.items(), *of_open.items()):
            for n in range(copies, 0, -1):
                cursor.execute(statement, {"n": n})
            say(f"  {table}: {copies:,} times")
        _copy_figures(cursor, copies)
    vacuum()
    say("  closing the books' days")
    while ledger_days.close_days(datetime.now(UTC)):
        pass


def _live(base: int, lines: Numbers, by: Actor) -> None:
    from bench import bulk, world
    from makewhole.store.models import Coverage, Insurer

    # Ten insurers that answer for themselves; and of twenty sellers one without insurance, of whom money is asked back.
    for n in range(10):
        insurer = Insurer.objects.create(name=f"Mutual {n}", email=f"claims@mutual{n}.example")
        theirs = Coverage.objects.annotate(tenth=F("seller_id") % 10).filter(tenth=n)
        theirs.update(insurer_account=insurer, deductible_minor=500_00)
    Coverage.objects.annotate(one_of=F("seller_id") % 20).filter(one_of=0).delete()

    def some(kind: str, **sold: int) -> range:
        return lines.take(base * MIX[kind] // 1000, by.name, **sold)

    bulk.file_in_bulk(some("paid"), by)
    _the_bank_pays(datetime.now(UTC))
    _reviewers_look_afterwards(datetime.now(UTC))
    bulk.file_in_bulk(some("proof"), by, complete=False)
    bulk.file_in_bulk(some("doubtful"), by, over_the_limit=True)  # far above the price: a person looks
    bulk.file_in_bulk(some("expired", price_minor=world.DEAR_MINOR), by, over_the_limit=True)
    _time_is_over()
    bulk.file_in_bulk(some("tendered", price_minor=world.DEAR_MINOR), by, over_the_limit=True)


def _the_bank_pays(now: datetime) -> None:
    from bench.bulk import slices
    from makewhole import asks
    from makewhole.domain.actors import Actor
    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import handle_all
    from makewhole.store.models import Payment

    finance = Actor("person:1", "finance")
    ordered = list(Payment.objects.filter(state="ordered").values_list("claim_id", "id"))
    for some in slices(ordered, 200):
        handle_all(
            [
                asks.act(ConfirmPayment(payment_id, f"BANK-{payment_id}"), claim_id=claim_id, by=finance, at=now)
                for claim_id, payment_id in some
            ]
        )


def _reviewers_look_afterwards(now: datetime) -> None:
    """Where sellers are old, few claims are a seller's first and wait for a look. Here nearly all are: one in a hundred
    goes on waiting."""
    from bench.bulk import slices
    from makewhole import asks
    from makewhole.domain.actors import Actor
    from makewhole.domain.claim.commands import ReviewQuality
    from makewhole.handle import handle_all
    from makewhole.store.models import Claim

    reviewer = Actor("person:2", "reviewer")
    waiting = list(Claim.objects.filter(tasks__contains=["quality_review"]).order_by("id").values_list("id", flat=True))
    for some in slices(waiting[len(waiting) // 100 :], 200):
        handle_all([asks.act(ReviewQuality(agrees=True), claim_id=each, by=reviewer, at=now) for each in some])


def _time_is_over() -> None:
    from makewhole.store.models import Clock
    from makewhole.workers.clocks import sweep_due_clocks

    waiting = Clock.objects.filter(name="seller_answers", state="running")
    latest = max(waiting.values_list("due_at", flat=True))
    while sweep_due_clocks(latest):
        pass


def _copying(cursor: psycopg.Cursor[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """By table, the statement that inserts the %(n)s-th copy of its first rows, those that were lived: of closed claims
    (with what knows no claim), and of open ones."""
    of_closed, of_open = {}, {}
    for table in TABLES:
        cursor.execute(
            "select column_name, udt_name from information_schema.columns where table_schema = 'public'"
            " and table_name = %s and is_generated = 'NEVER' order by ordinal_position",
            [table],
        )
        columns = cursor.fetchall()
        known = {name for name, _ in columns}
        cursor.execute(f"create temp table lived_{table} as select * from {table}")
        copy = (
            f"insert into {table} ({', '.join(name for name, _ in columns)}) overriding system value"
            f" select {', '.join(_value(table, name, kind) for name, kind in columns)}"
            f" from lived_{table} t cross join size cross join (select %(n)s::bigint as n) copy"
        )
        claim = "id" if table == "store_claim" else "claim_id"
        if claim not in known:
            of_closed[table] = copy
            continue
        copy += f" left join closed on closed.id = t.{claim} where closed.id is"
        of_closed[table] = f"{copy} not null"
        of_open[table] = f"{copy} null"
    return of_closed, of_open


def _copy_figures(cursor: psycopg.Cursor[tuple[str, str]], copies: int) -> None:
    """The sums as the copies would have made them, each so much earlier."""
    cursor.execute(
        f"""
        insert into store_figure (name, grain, since, marketplace, currency, "of", value, number, amount_minor)
        select name, grain, day, marketplace, currency, "of", value, sum(number), sum(amount_minor)
          from (select f.*, case grain when 'd' then since - (n * {APART_HOURS} / 24)
                            else date_trunc('month', now() - n * interval '{APART_HOURS} hours')::date end as day
                  from store_figure f cross join generate_series(1, {copies}) n) told
         group by name, grain, day, marketplace, currency, "of", value
        on conflict (name, grain, since, marketplace, currency, "of", value) do update
           set number = store_figure.number + excluded.number,
               amount_minor = store_figure.amount_minor + excluded.amount_minor
        """
    )


def _value(table: str, name: str, kind: str) -> str:
    column = f"t.{name}"
    if name in TABLES[table]:
        return TABLES[table][name].format(c=column)
    if kind == "uuid" and (table, name) not in _KEPT:
        return _NEW.format(c=column)
    if kind == "timestamptz" and table in _AGE:
        minutes = f"case when closed.id is null then {OPEN_APART_MINUTES} else {60 * APART_HOURS} end"
        return f"{column} - n * {minutes} * interval '1 minute'"
    return column
