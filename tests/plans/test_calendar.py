from datetime import UTC, date, datetime

import pytest

from plans.calendar import end_of_day, is_working_day, shifts_are_announced, working_day_after, working_days_left


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 9, 20), True),  # a Sunday worked for the National Day
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
    ],
)
def test_shifted_weekends_are_working_days(day: date, expected: bool) -> None:
    assert is_working_day(day) is expected


def test_the_spring_festival_is_not_counted() -> None:
    assert working_days_left(date(2026, 2, 25), today=date(2026, 2, 13)) == 3  # Saturday 14 is worked; 24 and 25


def test_a_deadline_of_today_has_no_days_left_and_a_past_one_is_negative() -> None:
    assert working_days_left(date(2026, 11, 24), today=date(2026, 11, 24)) == 0
    assert working_days_left(date(2026, 11, 20), today=date(2026, 11, 24)) == -2


def test_a_deadline_belongs_to_the_day_of_shanghai() -> None:
    assert working_days_left(datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC), today=date(2026, 11, 24)) == 0
    assert end_of_day(date(2026, 11, 24)) == datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)


def test_working_days_are_counted_forward_over_a_year_end() -> None:
    assert working_day_after(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_a_year_without_announced_shifts_is_known_as_such() -> None:
    assert shifts_are_announced(2026)
    assert not shifts_are_announced(2050)
