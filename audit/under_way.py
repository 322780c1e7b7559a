"""The verification that is under way, kept as a file beside its result: who asked for it, how far it is. One at a time."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit import anchors
from audit.checking import check

NAME = "check-under-way.json"
EVERY = 500_000_000  # nanoseconds between two signs of life


@dataclass(frozen=True)
class UnderWay:
    """``by`` is empty for the daily one; ``length`` is 0 while it waits in the queue; both count seals."""

    token: str
    by: str
    asked_at: datetime
    heard_at: datetime
    done: int = 0
    length: int = 0
    has_failed: bool = False

    @property
    def is_running(self) -> bool:
        """Failed, or silent for longer than a job may take, it is over."""
        longest = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
        return not self.has_failed and timezone.now() - self.heard_at < longest


def under_way() -> UnderWay | None:
    """Return the one that is running, or that did not come to its end; None where the last one did."""
    try:
        values = json.loads(_file().read_text(encoding="utf-8"))
        moments = {name: datetime.fromisoformat(values[name]) for name in ("asked_at", "heard_at")}
        return UnderWay(**values | moments)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def claim(by: str = "") -> UnderWay:
    """Be the one verification that is under way.

    Raises:
        ValidationError: another one is.
    """
    now = timezone.now()
    run = UnderWay(uuid4().hex, by, now, now)
    with _alone():
        last = under_way()
        if last is not None and last.is_running:
            raise ValidationError("核对正在进行，请等它完成；结果会显示在这里。")
        _keep(run)
    return run


def carry_out(token: str = "") -> None:
    """Verify the whole history: for the claim with a token, else as the daily one, which leaves it to any other."""
    if token:
        run = under_way()
        if run is None or run.token != token or run.has_failed:
            return
    else:
        try:
            run = claim()
        except ValidationError:
            return
    try:
        check(_teller(run))
    except BaseException:
        fail(run)
        raise
    with _alone():
        if _is_ours(run):
            _file().unlink()


def fail(run: UnderWay) -> None:
    """Say that it won't come to its end."""
    _tell(run, has_failed=True)


def _teller(run: UnderWay) -> Callable[[int, int], None]:
    told = -EVERY

    def tell(done: int, length: int) -> None:
        nonlocal told
        if time.monotonic_ns() - told >= EVERY:
            told = time.monotonic_ns()
            _tell(run, done=done, length=length)

    return tell


def _tell(run: UnderWay, *, done: int = 0, length: int = 0, has_failed: bool = False) -> None:
    with _alone():
        if _is_ours(run):
            _keep(replace(run, heard_at=timezone.now(), done=done, length=length, has_failed=has_failed))


def _is_ours(run: UnderWay) -> bool:
    last = under_way()
    return last is not None and last.token == run.token


@contextmanager
def _alone() -> Iterator[None]:
    anchors.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _file().with_name(f".{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keep(run: UnderWay) -> None:
    draft = _file().with_name(f".{NAME}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(run), default=datetime.isoformat, ensure_ascii=False), encoding="utf-8")
    draft.rename(_file())


def _file() -> Path:
    return anchors.folder() / NAME
