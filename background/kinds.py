"""What can be handed to the worker: each room registers its kinds of work from its ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from files.models import StoredFile

Progress = Callable[[int, int], None]


class Cancelled(Exception):
    """The person who asked doesn't want it any more: the work stops where it is."""


@dataclass(frozen=True)
class Outcome:
    """How a piece of work ended, in a sentence for the person, and the file that came out of it, if one did."""

    words: str
    result: StoredFile | None = None


@dataclass(frozen=True)
class JobKind:
    """``work(job, progress)`` does it, in the name of ``job.asked_by``, by the verbs of its room.

    It calls ``progress(done, total)`` at least once a minute, which raises ``Cancelled``; a refusal that is for the
    person is a ``ValidationError``. Delivered twice it runs once; ended half way it isn't taken up again.
    """

    name: str
    work: Callable[[Any, Progress], Outcome]


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"kind of job {kind.name} is registered twice")
    _kinds[kind.name] = kind


def kind_of(name: str) -> JobKind:
    return _kinds[name]
