"""Working days 工作日, over a given set of holidays and of weekends shifted into working days (调休).

The calendar itself is data: the room that owns deadlines hands it in.
"""

import datetime
from dataclasses import dataclass

_ONE_DAY = datetime.timedelta(days=1)
_LONGEST_BREAK = 60


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Public holidays, and the Saturdays and Sundays on which people work all the same.

    A day in both sets is a working day.
    """

    holidays: frozenset[datetime.date] = frozenset()
    working_weekends: frozenset[datetime.date] = frozenset()

    def is_working_day(self, day: datetime.date) -> bool:
        """Whether offices are open."""
        if day in self.working_weekends:
            return True
        return day.weekday() < 5 and day not in self.holidays


def working_days_left(today: datetime.date, deadline: datetime.date, calendar: WorkCalendar) -> int:
    """Working days after today up to and with the deadline; 0 on the day itself, negative once it has passed.

    Overdue counts the working days after the deadline up to and with today: on the weekend after a Friday's
    deadline it is already 1, since a date that has passed is never shown as due today.
    """
    if today == deadline:
        return 0
    if today < deadline:
        return max(_working_days_after(today, deadline, calendar), 1)
    return -max(_working_days_after(deadline, today, calendar), 1)


def _working_days_after(first: datetime.date, last: datetime.date, calendar: WorkCalendar) -> int:
    days = (last - first).days
    return sum(calendar.is_working_day(first + _ONE_DAY * step) for step in range(1, days + 1))


def add_working_days(day: datetime.date, number: int, calendar: WorkCalendar) -> datetime.date:
    """The day that lies `number` working days after `day` (before it, when negative); `day` itself for 0.

    Raises:
        ValueError: the calendar has no working day for two months: it is wrong.
    """
    step = _ONE_DAY if number >= 0 else -_ONE_DAY
    for _ in range(abs(number)):
        day = _next(day, step, calendar)
    return day


def on_or_after(day: datetime.date, calendar: WorkCalendar) -> datetime.date:
    """The day itself if people work on it, else the next working day: a deadline on a holiday moves there."""
    return day if calendar.is_working_day(day) else _next(day, _ONE_DAY, calendar)


def _next(day: datetime.date, step: datetime.timedelta, calendar: WorkCalendar) -> datetime.date:
    for _ in range(_LONGEST_BREAK):
        day += step
        if calendar.is_working_day(day):
            return day
    raise ValueError("no working day for two months: the calendar is wrong")
