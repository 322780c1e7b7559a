"""Rows that stand in some state: they get there by the declared moves, as the database asks; only the verbs are left out."""

from collections import deque
from collections.abc import Callable
from typing import Any

from audit.moves import Move
from audit.recording import recorded
from organisations.models import User


def walked(
    row: Any,
    to: str,
    *,
    by: dict[str, User] | None = None,
    then: Callable[[str], object] = lambda verb: None,
    **stamps: object,
) -> Any:
    """Move a row to a state, each move in the name of the person that ``by`` has for its verb; ``stamps`` with the last.

    ``then`` is told each verb in the change that made the move.
    """
    way = _way(row.MOVES, str(row.state), str(to))
    for verb in way:
        move, person = row.MOVES[verb], (by or {}).get(verb)
        with recorded(by=person, reason="测试"):
            row.state = move.target
            written = ["state"]
            if move.by and person is not None:
                setattr(row, move.by, person)
                written.append(move.by)
            if verb == way[-1]:
                for name, value in stamps.items():
                    setattr(row, name, value)
                written += stamps
            row.save(update_fields=written)
            then(verb)
    return row


def _way(moves: dict[str, Move], start: str, end: str) -> list[str]:
    """The fewest verbs that lead from one state to another."""
    ways = deque([(start, [])])
    seen = {start}
    while ways:
        state, way = ways.popleft()
        if state == end:
            return way
        for verb, move in moves.items():
            if state in move.sources and str(move.target) not in seen:
                seen.add(str(move.target))
                ways.append((str(move.target), [*way, verb]))
    raise LookupError(f"no moves lead from {start} to {end}")
