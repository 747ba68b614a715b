"""A draft collects what one command makes happen, with the claim as it stands after each event.

Rules read `draft.claim`, add events, and go on. Clocks that start or stop on the way are gathered and become
one event each at the end, so that a clock which starts and stops within one request leaves no trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.domain.actors import Actor
from makewhole.domain.calendar import Calendar
from makewhole.domain.claim import clocks
from makewhole.domain.claim.commands import Facts
from makewhole.domain.claim.events import ClaimEvent, ClocksStarted, ClocksStopped, Recorded, StartedClock
from makewhole.domain.claim.state import Claim, evolve
from makewhole.domain.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class Case:
    """The circumstances of a command: who asks, when, under which rules and days, and what is known."""

    by: Actor
    at: datetime
    rules: Rules
    calendar: Calendar
    facts: Facts


class Draft:
    """The claim as it would be, and the events that make it so."""

    def __init__(self, claim_id: UUID, claim: Claim | None, case: Case) -> None:
        self.claim_id = claim_id
        self.case = case
        self.events: list[Recorded] = []
        self.claims: list[Claim] = []  # the claim after each event
        self._claim = claim
        self._starts: list[StartedClock] = []
        self._stops: set[str] = set()

    @property
    def claim(self) -> Claim:
        assert self._claim is not None, "the claim is not filed yet"
        return self._claim

    def add(self, event: ClaimEvent, *, by: str | None = None) -> None:
        recorded = Recorded(event, self.case.at, by or self.case.by.name)
        self._claim = evolve(self._claim, recorded, self.claim_id)
        self.events.append(recorded)
        self.claims.append(self._claim)

    def start_clock(self, name: str) -> None:
        """Starts it now, unless it already runs or is paused."""
        if any(clock.name == name for clock in self._starts):
            return
        if self.claim.held(name) and name not in self._stops:
            return
        self._starts += clocks.start(name, self.case.at, self.case.rules, self.case.calendar)

    def will_run(self, name: str) -> bool:
        """Whether that clock is not over once this draft is finished: it runs, is paused, or starts with it."""
        starts = any(clock.name == name for clock in self._starts)
        return starts or (self.claim.held(name) is not None and name not in self._stops)

    def start_given(self, clock: StartedClock) -> None:
        """Starts a clock whose end somebody agreed on (an instalment), not the policy."""
        self._starts = [*(each for each in self._starts if each.name != clock.name), clock]

    def stop_clocks(self, *names: str) -> None:
        """Stops these clocks and their reminders, where they run or are paused."""
        wanted = tuple(names)
        self._starts = [clock for clock in self._starts if not _is_of(clock.name, wanted)]
        self._stops |= {clock.name for clock in self.claim.clocks if clock.held and _is_of(clock.name, wanted)}

    def start_decision_clock(self) -> None:
        """Our days to decide; not again while letters already explain the delay of this decision."""
        if self.claim.open_minor and not self.claim.held("delay_letter"):
            self.start_clock("decision")

    def restart_clock(self, name: str) -> None:
        """Starts it now, whether or not it runs: its whole time counts from here."""
        self.stop_clocks(name)
        self.start_clock(name)

    def move_reminders(self, clock: StartedClock) -> None:
        """The reminders of a clock whose end moved: the old ones stop, new ones come before the new end."""
        mine = {f"{clock.name}{clocks.REMINDER}{days}" for days in self.case.rules.reminders(clock.name)}
        self._stops |= {known.name for known in self.claim.clocks if known.held and known.name in mine}
        self._starts += clocks.reminders(clock, self.case.rules, after=self.case.at)

    def stop_all_clocks(self, *, but: tuple[str, ...] = ()) -> None:
        names = {clock.name.partition(clocks.REMINDER)[0] for clock in self.claim.clocks}
        names |= {clock.name.partition(clocks.REMINDER)[0] for clock in self._starts}
        self.stop_clocks(*(names - set(but)))

    def finish(self) -> Draft:
        """The whole draft, clocks last."""
        if self._stops:
            self.add(ClocksStopped(tuple(sorted(self._stops))))
        if self._starts:
            self.add(ClocksStarted(tuple(self._starts)))
        self._starts, self._stops = [], set()
        return self


def _is_of(name: str, wanted: tuple[str, ...]) -> bool:
    return name.partition(clocks.REMINDER)[0] in wanted
