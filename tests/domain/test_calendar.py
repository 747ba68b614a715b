"""Days and deadlines: clock changes both ways, working days, the end-of-day hour, leap days, and whose day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from makewhole.domain.calendar import Calendar, ClockRule, days_between, due_at

NEW_YORK = Calendar("America/New_York")
LONDON = Calendar(
    "Europe/London", frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 28)})
)
BERLIN = Calendar("Europe/Berlin")
FOUR = time(16, 0)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_an_instant_is_not_yet_a_day() -> None:
    late_in_new_york = utc(2026, 3, 2, 3, 30)
    assert NEW_YORK.day_of(late_in_new_york) == date(2026, 3, 1)
    assert LONDON.day_of(late_in_new_york) == date(2026, 3, 2)


def test_an_instant_without_a_zone_is_our_mistake() -> None:
    with pytest.raises(AssertionError, match="has a zone"):
        due_at(datetime(2026, 3, 1), ClockRule(1), NEW_YORK)  # noqa: DTZ001 - the very thing


class TestClockChanges:
    def test_a_week_over_the_spring_change_ends_at_the_same_hour_and_is_an_hour_shorter(self) -> None:
        started = utc(2026, 3, 5, 17, 0)  # noon in winter
        due = due_at(started, ClockRule(7), NEW_YORK)
        assert due == utc(2026, 3, 12, 16, 0)
        assert due - started == timedelta(days=7, hours=-1)

    def test_a_week_over_the_autumn_change_is_an_hour_longer(self) -> None:
        started = utc(2026, 10, 29, 16, 0)
        due = due_at(started, ClockRule(7), NEW_YORK)
        assert due == utc(2026, 11, 5, 17, 0)
        assert due - started == timedelta(days=7, hours=1)

    def test_an_hour_that_does_not_exist_counts_as_an_hour_later(self) -> None:
        # On 8 March 2026 New York has no 02:30.
        assert due_at(utc(2026, 3, 7, 7, 30), ClockRule(1), NEW_YORK) == utc(2026, 3, 8, 7, 30)
        assert utc(2026, 3, 8, 7, 30).astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)

    def test_an_hour_that_comes_twice_is_the_first_of_the_two(self) -> None:
        # On 25 October 2026 Berlin has 02:30 twice: first at 00:30 UTC, then at 01:30 UTC.
        assert BERLIN.instant(date(2026, 10, 25), time(2, 30)) == utc(2026, 10, 25, 0, 30)


class TestCounting:
    def test_the_day_of_the_start_does_not_count_unless_the_rule_says_so(self) -> None:
        started = utc(2026, 3, 2, 15, 0)
        assert due_at(started, ClockRule(7, ends=FOUR), NEW_YORK) == utc(2026, 3, 9, 20, 0)
        assert due_at(started, ClockRule(7, ends=FOUR, count_first_day=True), NEW_YORK) == utc(2026, 3, 8, 20, 0)

    def test_one_minute_before_and_after_midnight_start_two_different_days(self) -> None:
        before, after = utc(2026, 1, 6, 4, 59), utc(2026, 1, 6, 5, 0)
        rule = ClockRule(1, ends=FOUR)
        assert due_at(after, rule, NEW_YORK) - due_at(before, rule, NEW_YORK) == timedelta(days=1)

    def test_without_an_end_of_day_hour_a_day_is_over_at_the_hour_it_began(self) -> None:
        assert due_at(utc(2026, 1, 6, 22, 31), ClockRule(1), LONDON) == utc(2026, 1, 7, 22, 31)

    def test_day_ninety_and_day_ninety_one(self) -> None:
        loss = date(2026, 1, 1)
        assert days_between(loss, date(2026, 4, 1)) == 90
        assert days_between(loss, date(2026, 4, 2)) == 91
        assert days_between(loss, loss) == 0

    def test_a_leap_day_is_a_day(self) -> None:
        assert days_between(date(2028, 2, 28), date(2028, 3, 1)) == 2
        assert days_between(date(2027, 2, 28), date(2027, 3, 1)) == 1
        assert due_at(utc(2028, 2, 28, 12, 0), ClockRule(1), LONDON) == utc(2028, 2, 29, 12, 0)
        assert due_at(utc(2028, 2, 29, 12, 0), ClockRule(365), LONDON).date() == date(2029, 2, 28)


class TestWorkingDays:
    def test_weekends_and_holidays_do_not_count(self) -> None:
        # Thursday before Easter 2026; Good Friday and Easter Monday are free.
        thursday = utc(2026, 4, 2, 9, 0)
        assert due_at(thursday, ClockRule(1, "working"), LONDON).date() == date(2026, 4, 7)
        assert due_at(thursday, ClockRule(2, "working"), LONDON).date() == date(2026, 4, 8)
        assert due_at(thursday, ClockRule(1, "calendar"), LONDON).date() == date(2026, 4, 3)

    def test_a_last_day_that_is_free_moves_on_only_where_the_rule_says_so(self) -> None:
        thursday = utc(2026, 4, 2, 9, 0)
        assert due_at(thursday, ClockRule(1, roll_to_working_day=True), LONDON).date() == date(2026, 4, 7)
        assert due_at(thursday, ClockRule(5, roll_to_working_day=True), LONDON).date() == date(2026, 4, 7)
        assert due_at(thursday, ClockRule(6, roll_to_working_day=True), LONDON).date() == date(2026, 4, 8)

    def test_a_holiday_on_a_weekday_between_two_weekends(self) -> None:
        # Christmas 2026 is a Friday; its Monday is a substitute day.
        assert due_at(utc(2026, 12, 24, 9, 0), ClockRule(1, "working"), LONDON).date() == date(2026, 12, 29)

    def test_another_marketplace_has_other_free_days(self) -> None:
        thursday = utc(2026, 4, 2, 9, 0)
        assert due_at(thursday, ClockRule(1, "working"), NEW_YORK).date() == date(2026, 4, 3)
