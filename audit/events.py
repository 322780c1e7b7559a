"""The register of events: each room tells the name, the words and the shape of what can happen in it."""

from dataclasses import dataclass

EXPORTS, VIEWS = "导出", "查看"  # groups of the security trail that several rooms fill


@dataclass(frozen=True)
class Event:
    """``name`` is ``thing.verb``; ``words`` is what a person reads; ``kind`` is the class of its mark in a trail.

    An event with a ``security`` group belongs to the security trail; where an entry of history speaks of it, it stands
    in both.
    """

    name: str
    words: str
    kind: str = ""
    security: str = ""


_events: dict[str, Event] = {}


def register(*events: Event) -> None:
    """Add a room's events (called from its ``AppConfig.ready``); a name can be registered once only."""
    for event in events:
        if _events.get(event.name, event) != event:
            raise ValueError(f"event {event.name} is registered twice")
        _events[event.name] = event


def words_for(name: str) -> str:
    """Return an event's words, or its bare name where no room registered it."""
    return _events[name].words if name in _events else name


def kind_of(name: str) -> str:
    """Return the class of an event's mark in a trail: ok, bad, fix, plain-step or nothing."""
    return _events[name].kind if name in _events else ""


def is_security(name: str) -> bool:
    return name in _events and bool(_events[name].security)


def registered() -> dict[str, Event]:
    return dict(_events)
