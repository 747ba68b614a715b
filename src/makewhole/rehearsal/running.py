"""The rehearsal itself: a virtual clock walks from the first notice until nothing waits for time any more.

Start at rehearse(). A day has fixed moments (the sweep of due clocks, hours of the office, the bank's answer); what
parties do by themselves happens at its own instant between them. Nothing here reads the real time.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from uuid import UUID

from django.db import connection

from makewhole.domain.actors import Actor
from makewhole.domain.claim.state import AwaitingSecond, Claim, UnderReview, fold
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, Done, apart, handle_all
from makewhole.integrations.order_files.rows import Progress
from makewhole.reads.worklist import worklist
from makewhole.rehearsal import claimants, office
from makewhole.rehearsal.claimants import Planned
from makewhole.rehearsal.drawing import ZONE, File, Luck, draw_files
from makewhole.rehearsal.incidents import read_reports
from makewhole.rehearsal.office import Step
from makewhole.rehearsal.orders import PROGRAMME_START, insure_sellers, load_orders, open_marketplace
from makewhole.rehearsal.people import Cast, Scene, hire
from makewhole.store import facts
from makewhole.store.clocks import next_due_at
from makewhole.store.models import Claim as ClaimRow
from makewhole.workers.clocks import sweep_due_clocks

MARKETPLACE = "us-rehearsal"
# The orders of 2017, moved by five years, are all delivered by then: what the importer may not call the future.
ORDERS_KNOWN_AT = datetime(2023, 6, 1, tzinfo=UTC)
SWEEPS = (clock_time(8), clock_time(16))
OFFICE = (clock_time(9, 30), clock_time(11), clock_time(13), clock_time(15))
BANK = clock_time(18)
AT_MOST = 100
PAGE = 500
LONGEST = timedelta(days=365 * 4)


@dataclass(slots=True)
class Rehearsed:
    """What a rehearsal leaves beside the database: who was drawn, which claim became of whom, where the time went."""

    files: list[File]
    file_of: dict[UUID, File]
    cast: Cast
    ended_at: datetime
    repeated: int
    refused: Counter[str]
    seconds: dict[str, float]
    asks: Counter[str]


def rehearse(incidents: Path, orders: Path, *, seed: int, progress: Callable[[str], Progress]) -> Rehearsed:
    """Files every report as a claim and lets all clocks run, in the (empty) database that Django is connected to."""
    reports = read_reports(incidents)
    started = time.perf_counter()
    open_marketplace(MARKETPLACE)
    lines = load_orders(orders, MARKETPLACE, now=ORDERS_KNOWN_AT, progress=progress("orders"))
    insure_sellers(MARKETPLACE, seed=seed)
    run = Run(draw_files(reports, lines, seed), Scene(Luck(seed), hire(MARKETPLACE)))
    run.seconds["orders and draw"] = time.perf_counter() - started
    run.walk(progress("claims"))
    return Rehearsed(run.files, run.file_of, run.scene.cast, run.now, run.repeated, run.refused, run.seconds, run.asks)


@dataclass(slots=True)
class Run:
    """The world between two moments. `claims` mirrors the log; what the sweep changed is read again."""

    files: list[File]
    scene: Scene
    file_of: dict[UUID, File] = field(default_factory=dict)
    claims: dict[UUID, Claim] = field(default_factory=dict)
    agenda: list[Planned] = field(default_factory=list)
    now: datetime = PROGRAMME_START
    filed: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    asks: Counter[str] = field(default_factory=Counter)
    _notices: list[tuple[datetime, int, bool]] = field(default_factory=list)
    _busy: bool = True  # somebody in the office acted at the last moment of this day

    def walk(self, progress: Progress) -> None:
        for n, file in enumerate(self.files):
            self._notices.append((file.noticed_at, n, False))
            if file.again_at:
                self._notices.append((file.again_at, n, True))
        heapq.heapify(self._notices)
        first = _day(self._notices[0][0])
        day: date | None = first
        while day is not None:
            assert day < first + LONGEST, f"on {day} something still waits: {self._waiting()}"
            for moment, happens in self._moments(day):
                self._parties(moment)
                self.now = moment
                happens()
            progress(self.filed, len(self.files))
            day = self._next_day(day)

    def _moments(self, day: date) -> list[tuple[datetime, Callable[[], None]]]:
        found: list[tuple[datetime, Callable[[], None]]] = [(_at(day, hour), self._sweep) for hour in SWEEPS]
        found += [(_at(day, hour), self._safety) for hour in OFFICE[:1]]
        if day.weekday() < 5:
            found += [(_at(day, hour), self._office) for hour in OFFICE]
            found.append((_at(day, BANK), self._bank))
        found.append((_at(day, clock_time(23, 59)), lambda: None))
        return sorted(found, key=lambda moment: moment[0])

    def _next_day(self, day: date) -> date | None:
        """Tomorrow while anybody at work has something to do; else the day of what comes next; None at the end."""
        if any(_at_work(claim) for claim in self.claims.values()):
            return day + timedelta(days=1)
        coming = [next_due_at(), *(planned.at for planned in self.agenda[:1]), *(at for at, _, _ in self._notices[:1])]
        days = [_day(at) for at in coming if at is not None]
        return max(day + timedelta(days=1), min(days)) if days else None

    def _waiting(self) -> Counter[str]:
        return Counter(type(claim.stage).__name__ for claim in self.claims.values())

    # Parties ---------------------------------------------------------------------------------------------

    def _parties(self, until: datetime) -> None:
        """Notices and reactions due before this moment, each at its own instant."""
        while (self._notices and self._notices[0][0] <= until) or (self.agenda and self.agenda[0].at <= until):
            self._file_notices(until)
            self._react(until)

    def _file_notices(self, until: datetime) -> None:
        due: list[tuple[File, bool]] = []
        while self._notices and self._notices[0][0] <= until:
            _, n, again = heapq.heappop(self._notices)
            due.append((self.files[n], again))
        with self._timed("evidence and asks"):
            ready = [claimants.notice(file, self.scene, code=MARKETPLACE, again=again) for file, again in due]
        of_ask = {ask.claim_id: file for ask, (file, _) in zip(ready, due, strict=True)}
        self.filed += sum(1 for _, again in due if not again)
        for call in apart(ready, at_most=AT_MOST):
            for ask, answer in zip(call, self._handled(call, "filing"), strict=True):
                if isinstance(answer, Done):
                    self._filed(answer, of_ask[ask.claim_id])

    def _filed(self, done: Done, file: File) -> None:
        self.repeated += done.repeated
        known = self.file_of.setdefault(done.claim.claim_id, file)
        self._take_note(done.claim, known)

    def _react(self, until: datetime) -> None:
        due: list[Planned] = []
        while self.agenda and self.agenda[0].at <= until:
            due.append(heapq.heappop(self.agenda))
        with self._timed("evidence and asks"):
            ready = [
                claimants.do_planned(planned, self.claims[planned.claim_id], self.file_of[planned.claim_id], self.scene)
                for planned in due
            ]
        self._do(ask for ask in ready if ask is not None)

    # Moments ---------------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        with self._timed("sweep of clocks"):
            ran_out = sweep_due_clocks(self.now)
        self.asks["clock"] += ran_out
        if ran_out:
            self._read_again()

    def _read_again(self) -> None:
        """The claims that are not in the database as they are in memory: a clock of theirs has run out."""
        rows = ClaimRow.objects.filter(marketplace_id=MARKETPLACE).values_list("id", "version")
        moved = [claim_id for claim_id, version in rows if self.claims[claim_id].version != version]
        raw = connection.connection
        for claim_id, (past, _) in facts.histories(raw, moved).items():
            claim = fold(claim_id, past)
            assert claim is not None
            self._take_note(claim, self.file_of[claim_id])

    def _office(self) -> None:
        """Staff take what the worklist shows; the reviewers' holds all that adjusters see. Looked at only where
        something waits, and again on the same day only after somebody acted."""
        if not any(_for_office(claim) for claim in self.claims.values()) or not self._busy:
            return
        with self._timed("worklists"):
            waiting = self._waiting_for(self.scene.cast.reviewers[0])
        order = self._in_order(waiting)
        self._busy = self._steps(order, office.next_step) + self._steps(order, office.quality_step) > 0

    def _waiting_for(self, actor: Actor) -> set[UUID]:
        found: set[UUID] = set()
        after = ""
        while True:
            page = worklist(actor, now=self.now, after=after, size=PAGE)
            found.update(row.id for row in page.claims)
            after = page.next_after
            if not after:
                return found

    def _in_order(self, claim_ids: Iterable[UUID]) -> list[UUID]:
        """Ids are random: the reports' numbers decide who comes first, so that every run goes the same way."""
        return sorted(claim_ids, key=lambda claim_id: self.file_of[claim_id].number)

    def _safety(self) -> None:
        self._busy = True  # a new day
        if any("safety_review" in claim.tasks for claim in self.claims.values()):
            with self._timed("worklists"):
                waiting = self._waiting_for(self.scene.cast.safety)
            self._steps(self._in_order(waiting), office.safety_step)

    def _bank(self) -> None:
        under_way = [claim_id for claim_id, claim in self.claims.items() if claim.payment_under_way]
        self._steps(self._in_order(under_way), office.bank_step)

    def _steps(self, claim_ids: Iterable[UUID], step: Step) -> int:
        """How many of these were acted on."""
        steps = [step(self.claims[i], self.file_of[i], self.scene, self.now) for i in claim_ids]
        asks = [ask for ask in steps if ask is not None]
        self._do(asks)
        return len(asks)

    # Through the write door --------------------------------------------------------------------------------

    def _do(self, asks: Iterable[Ask]) -> None:
        """Asks on claims that exist, in calls in which no two share a claim, order line, person, account or seller."""
        calls: list[list[Ask]] = []
        latest: dict[str, int] = {}
        for ask in asks:
            file = self.file_of[ask.claim_id]
            names = (
                f"claim {ask.claim_id}", f"line {file.line.order_ref} {file.line.line_ref}",
                f"person {file.person.email}", f"account {file.account}", f"seller {file.line.seller_id}",
            )  # fmt: skip
            place = max(latest.get(name, 0) for name in names)
            if place == len(calls):
                calls.append([])
            calls[place].append(ask)
            latest.update(dict.fromkeys(names, place + 1))
        for call in calls:
            for answer in self._handled(call, "acts"):
                if isinstance(answer, Done):
                    self._take_note(answer.claim, self.file_of[answer.claim.claim_id])

    def _handled(self, call: list[Ask], kind: str) -> list[Done | Refused]:
        with self._timed(f"write door: {kind}"):
            answers = handle_all(call)
        self.asks[kind] += len(call)
        for ask, answer in zip(call, answers, strict=True):
            if isinstance(answer, Refused):
                self.refused[f"{type(ask.command).__name__}: {answer.code}"] += 1
        return answers

    def _take_note(self, claim: Claim, file: File) -> None:
        before = self.claims.get(claim.claim_id)
        self.claims[claim.claim_id] = claim
        for planned in claimants.reactions(before, claim, file, self.scene):
            heapq.heappush(self.agenda, planned)

    def _timed(self, name: str) -> _Timed:
        return _Timed(self.seconds, name)


@dataclass(slots=True)
class _Timed:
    seconds: dict[str, float]
    name: str
    since: float = 0.0

    def __enter__(self) -> None:
        self.since = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.name] = self.seconds.get(self.name, 0.0) + time.perf_counter() - self.since


def _at_work(claim: Claim) -> bool:
    """Whether somebody at work, rather than a party, a clock or nobody, is the next to act."""
    if claim.tasks & {"quality_review", "safety_review"} or claim.payment_under_way:
        return True
    return isinstance(claim.stage, UnderReview | AwaitingSecond) or claim.whose_turn() in ("adjuster", "finance")


def _for_office(claim: Claim) -> bool:
    """Whether it can be on the worklist of somebody who acts in the office, quality included."""
    turn = claim.whose_turn()
    let_time_pass = turn == "claimant" and "missed_claimant_answers" in claim.tasks
    return turn in ("adjuster", "reviewer") or "quality_review" in claim.tasks or let_time_pass


def _at(day: date, hour: clock_time) -> datetime:
    return datetime.combine(day, hour, ZONE).astimezone(UTC)


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()
