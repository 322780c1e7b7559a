"""The working days of China: public holidays with their shifted weekends (调休), from the ``holidays`` library."""

from datetime import date, datetime, timedelta
from functools import cache

import holidays
from django.utils import timezone

from arithmetic.working_days import WorkCalendar, add_working_days
from arithmetic.working_days import working_days_left as left_in
from audit.clock import today as today_by_the_clock


@cache
def calendar_for(year: int) -> WorkCalendar:
    """Return the calendar of a year and its two neighbours, which covers any count that a deadline asks for."""
    known = holidays.country_holidays("CN", years=[year - 1, year, year + 1])
    return WorkCalendar(holidays=frozenset(known), working_weekends=frozenset(known.weekend_workdays))


def shifts_are_announced(year: int) -> bool:
    """Tell whether the year's shifted weekends are known; before the State Council's notice only the days by law are."""
    return any(day.year == year for day in calendar_for(year).working_weekends)


def is_working_day(day: date) -> bool:
    return calendar_for(day.year).is_working_day(day)


def local_day(moment: datetime | date) -> date:
    """Return the day of a moment in the time zone of the installation; a day is returned as it is."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def working_days_left(deadline: datetime | date, today: date | None = None) -> int:
    """Return the working days left until a deadline: 0 on the day itself, negative once it has passed."""
    today = today or today_by_the_clock()
    return left_in(today, local_day(deadline), calendar_for(today.year))


def working_day_after(day: date, number: int) -> date:
    """Return the day that lies ``number`` working days after ``day`` (before it when negative)."""
    return add_working_days(day, number, calendar_for(day.year))


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in the time zone of the installation, as an aware moment."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time())) - timedelta(seconds=1)


def is_past(deadline: datetime, moment: datetime) -> bool:
    """Whether a moment lies after a deadline, whose last second counts to its end."""
    return moment.replace(microsecond=0) > deadline
