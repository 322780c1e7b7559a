"""Days as people write them in a search: 2023年5月1日至7月18日, 2023-05, 2023年, 7月18日以来, 今天."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_ONE = re.compile(
    r"(?:今天|昨天|本月|今年|\d{4}\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2}[日号]?"
    r"|\d{4}\s*[-年./]\s*\d{1,2}(?:月|(?!\d))|\d{4}年|\d{1,2}月\d{1,2}[日号])"
)
_RANGE = re.compile(rf"(?P<since>{_ONE.pattern})\s*(?:至|到|—+|–|~|～)\s*(?P<until>{_ONE.pattern})")
_OPEN = re.compile(rf"(?P<day>{_ONE.pattern})\s*(?P<side>以来|以后|之后|起|以前|之前|为止|止)?")

YEARS = range(1900, 3000)  # of others no history speaks, and a day after the last of the calendar is none


@dataclass(frozen=True)
class Span:
    """Days, inclusive; None is open. ``typed`` is what was written."""

    typed: str
    since: date | None
    until: date | None

    @property
    def words(self) -> str:
        first = f"{self.since:%Y-%m-%d}" if self.since else "最早"
        last = f"{self.until:%Y-%m-%d}" if self.until else "现在"
        return first if first == last else f"{first} 至 {last}"


def spans_in(text: str, today: date) -> tuple[str, list[Span]]:
    """Take the times out of a text; return the rest and them. What is no day of the calendar stays in the text."""
    found: list[Span] = []

    def ranged(match: re.Match[str]) -> str:
        since = _days(match["since"], today)
        until = _days(match["until"], since[0] if since else today)
        if since is None or until is None:
            return match[0]
        first, last = sorted((since, until))
        found.append(Span(match[0].strip(), first[0], last[1]))
        return " "

    def open_ended(match: re.Match[str]) -> str:
        days = _days(match["day"], today)
        if days is None:
            return match[0]
        side = match["side"] or ""
        since = None if side in ("以前", "之前", "为止", "止") else days[0]
        until = None if side in ("以来", "以后", "之后", "起") else days[1]
        found.append(Span(match[0].strip(), since, until))
        return " "

    return _OPEN.sub(open_ended, _RANGE.sub(ranged, text)), found


def _days(text: str, near: date) -> tuple[date, date] | None:
    """The first and the last day of what was written; a day without its year is of the year of ``near``."""
    match text:
        case "今天":
            return near, near
        case "昨天":
            return near - timedelta(days=1), near - timedelta(days=1)
        case "本月":
            return _month(near.year, near.month)
        case "今年":
            return date(near.year, 1, 1), date(near.year, 12, 31)
    parts = re.findall(r"\d+", text)
    numbers = [int(part) for part in parts]
    if len(parts[0]) < 4:
        numbers.insert(0, near.year)
    try:
        return next(_read(numbers)) if numbers[0] in YEARS else None
    except ValueError:
        return None


def _read(numbers: list[int]) -> Iterator[tuple[date, date]]:
    match numbers:
        case [year]:
            yield date(year, 1, 1), date(year, 12, 31)
        case [year, month]:
            yield _month(year, month)
        case [year, month, day]:
            yield date(year, month, day), date(year, month, day)


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first.replace(day=monthrange(year, month)[1])
