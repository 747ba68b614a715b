"""Is each deadline the one that the policy's clock and the marketplace's calendar give? Start at Deadlines.checks()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from makewhole.domain.calendar import Calendar, due_at
from makewhole.domain.claim import clocks
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.events import Recorded, StartedClock
from makewhole.domain.policy.rules import Rules
from makewhole.domain.recovery.events import Instalment, InstalmentsAgreed
from makewhole.domain.recovery.rules import INSTALMENT_HOUR
from makewhole.proof.findings import Check, Checks, held

# Longer than anybody was ever given: an extension beyond it is told as one that cannot be computed.
_LONGEST_EXTENSION = 3_650


class Deadlines:
    """The clocks of a claim as they were told, event by event."""

    def __init__(self, rules: Callable[[str, datetime], Rules], calendar: Calendar) -> None:
        self._rules = rules
        self._calendar = calendar
        self._told: dict[str, StartedClock] = {}
        self._pauses: dict[str, timedelta] = {}
        self._paused_at: datetime | None = None
        self._instalments: tuple[Instalment, ...] = ()

    def checks(self, place: str, recorded: Recorded) -> Checks:
        """The checks of one event; of one that moves no clock, none."""
        match recorded.event:
            case InstalmentsAgreed(instalments=agreed):
                self._instalments = agreed
            case ev.ClocksStarted(started):
                for clock in started:
                    yield self._started(place, clock, recorded.at, {each.name: each for each in started})
                for clock in started:
                    self._told[clock.name] = clock
                    self._pauses.pop(clock.name, None)
            case ev.ClockExtended(name, due):
                yield self._extended(place, name, due, recorded.at)
            case ev.ClocksPaused():
                self._paused_at = recorded.at
            case ev.ClocksResumed(resumed):
                for clock in resumed:
                    yield self._resumed(place, clock, recorded.at)
                self._paused_at = None
            case ev.ClockRanOut(name, due):
                known = self._told.get(name)
                holds = known is not None and due == known.due_at <= recorded.at
                yield held(holds, f"{place}, {name}", f"ran out {_when(due)}, and not before",
                           "ran out before its time, or is not the deadline that was told")  # fmt: skip
            case _:
                pass

    def _started(self, place: str, clock: StartedClock, at: datetime, beside: dict[str, StartedClock]) -> Check:
        policy, _, name = clock.rule.partition(" · ")
        where = f"{place}, {clock.name}"
        rules = self._rules(policy, at)
        if name not in rules.document.clocks:
            return Check("note", where, f"{clock.rule} is no clock of the policy: its end was not computed again")
        if clocks.is_reminder(clock.name):
            of, days = clocks.reminds_of(clock.name)
            main = beside.get(of) or self._told.get(of)
            if main is None or days not in rules.reminders(name):
                return Check("failed", where, f"{clock.rule} sends no such reminder")
            due = main.due_at - timedelta(days=days)
        elif clock.name == "instalment":
            return self._instalment(where, clock, rules)
        else:
            if clock.name != name or clock.started_at != at:
                return Check("failed", where, "does not start here, or not by this rule")
            due = due_at(clock.started_at, rules.clock(name), self._calendar)
        return _due(where, clock.due_at, due, clock.rule)

    def _instalment(self, where: str, clock: StartedClock, rules: Rules) -> Check:
        """Its end was agreed on: the day of one of the instalments, and the policy's grace."""
        if not self._instalments:
            return Check("note", where, "counts from the day of an instalment, which the file does not have")
        ends = {
            due_at(self._calendar.instant(each.due_on, INSTALMENT_HOUR), rules.clock(clock.name), self._calendar)
            for each in self._instalments
        }
        return held(clock.due_at in ends, where, f"due {_when(clock.due_at)}, after an instalment's day",
                    f"{_when(clock.due_at)} is not due after any instalment")  # fmt: skip

    def _extended(self, place: str, name: str, due: datetime, at: datetime) -> Check:
        """So many whole days more from the original start: how many, a person chose."""
        where, known = f"{place}, {name}", self._told.get(name)
        if known is None:
            return Check("failed", where, "extends a clock that never started")
        policy, _, rule_name = known.rule.partition(" · ")
        rule = self._rules(policy, at).clock(rule_name)
        paused = self._pauses.get(name, timedelta())
        ends = (
            due_at(known.started_at, replace(rule, days=rule.days + days), self._calendar) + paused
            for days in range(1, _LONGEST_EXTENSION)
        )
        end = next((end for end in ends if end >= due), None)
        self._told[name] = replace(known, due_at=due)
        return held(end == due > known.due_at, where, f"extended to {_when(due)}: whole days, counted from its start",
                    "is not some days more, counted from its start")  # fmt: skip

    def _resumed(self, place: str, clock: StartedClock, at: datetime) -> Check:
        where, known = f"{place}, {clock.name}", self._told.get(clock.name)
        if known is None or self._paused_at is None:
            return Check("failed", where, "resumes a clock that was not paused")
        pause = at - self._paused_at
        self._told[clock.name] = clock
        self._pauses[clock.name] = self._pauses.get(clock.name, timedelta()) + pause
        return _due(where, clock.due_at, known.due_at + pause, "moved by the pause")


def _due(where: str, told: datetime, computed: datetime, rule: str) -> Check:
    return held(told == computed, where, f"due {_when(told)} by {rule}",
                f"is told as due {_when(told)}; by {rule} it is {_when(computed)}")  # fmt: skip


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
