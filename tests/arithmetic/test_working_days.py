"""Working days over a given calendar: holidays and shifted weekends."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arithmetic.working_days import WorkCalendar, add_working_days, on_or_after, working_days_left

# The spring festival of 2024: 10–17 February off, the Sundays before and after worked.
FEBRUARY = WorkCalendar(
    frozenset(datetime.date(2024, 2, day) for day in range(10, 18)),
    frozenset({datetime.date(2024, 2, 4), datetime.date(2024, 2, 18)}),
)
PLAIN = WorkCalendar()


def day(number: int) -> datetime.date:
    return datetime.date(2024, 2, number)


@pytest.mark.parametrize(("number", "works"), [(4, True), (3, False), (9, True), (12, False), (18, True), (19, True)])
def test_a_shifted_sunday_is_worked_and_a_holiday_is_not(number: int, works: bool) -> None:
    assert FEBRUARY.is_working_day(day(number)) is works


@pytest.mark.parametrize(
    ("today", "deadline", "left"),
    [(9, 19, 2), (9, 9, 0), (9, 18, 1), (19, 9, -2), (10, 9, -1), (12, 18, 1), (3, 4, 1), (2, 9, 6)],
)
def test_days_left_count_working_days_only(today: int, deadline: int, left: int) -> None:
    assert working_days_left(day(today), day(deadline), FEBRUARY) == left


@pytest.mark.parametrize(("start", "number", "end"), [(9, 1, 18), (9, 2, 19), (18, -1, 9), (9, 0, 9)])
def test_adding_jumps_over_the_holiday_both_ways(start: int, number: int, end: int) -> None:
    assert add_working_days(day(start), number, FEBRUARY) == day(end)


def test_a_deadline_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert on_or_after(day(11), FEBRUARY) == day(18)
    assert on_or_after(day(9), FEBRUARY) == day(9)


def test_a_calendar_without_working_days_is_refused() -> None:
    never = WorkCalendar(frozenset(day(1) + datetime.timedelta(days=step) for step in range(200)))
    with pytest.raises(ValueError, match="calendar is wrong"):
        add_working_days(day(1), 1, never)


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2040, 1, 1)), st.integers(1, 300))
def test_adding_days_and_counting_them_agree(start: datetime.date, number: int) -> None:
    assert working_days_left(start, add_working_days(start, number, PLAIN), PLAIN) == number
