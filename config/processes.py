"""Child processes that run beside each other until they are stopped: restarted when they die, gone when we are.

As a program, it is the watchdog that ``watchdog`` starts.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

LOG_LIMIT = 10_000_000  # bytes; a longer log is begun anew at the next start
STOP_SECONDS = 25
RESTARTS, WITHIN_SECONDS = 5, 60
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def end_with(parent: int) -> Callable[[], None]:
    """Return what a child does first so that it is asked to end when its parent is gone, however that was killed."""

    def ask_the_kernel() -> None:
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


@dataclass
class Child:
    name: str
    title: str
    command: Sequence[str]
    log: Path
    started_as: Callable[[int], None]
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.unlink()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is ours to pass on
                preexec_fn=end_with(os.getpid()),
            )
        self.started_as(self.process.pid)
        self.started = [*self.started[-RESTARTS:], time.monotonic()]

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def keeps_dying(self) -> bool:
        return len(self.started) > RESTARTS and time.monotonic() - self.started[0] < WITHIN_SECONDS


def stop(children: Sequence[Child]) -> None:
    """Ask all to end, and end those that don't."""
    alive = [child.process for child in children if child.process and child.process.poll() is None]
    for process in alive:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in alive:
        try:
            process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def watchdog() -> Iterator[Callable[[int], None]]:
    """Start a process that outlives this one and ends what it left: yields how it is told of a process group.

    The kernel asks children to end when this process is killed; one that hangs then (its broker may be gone before
    it) has nobody else to end it.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "config.processes"], stdin=subprocess.PIPE, start_new_session=True, text=True
    ) as dog:
        assert dog.stdin is not None
        pipe = dog.stdin

        def tell(group: int) -> None:
            with suppress(BrokenPipeError):  # somebody killed the watchdog; the kernel still asks
                print(group, file=pipe, flush=True)

        yield tell


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def outlive(told: int) -> None:
    """Read numbers of process groups until their owner is gone; then end those that don't end by themselves."""
    groups: set[int] = set()
    while True:
        groups = {group for group in groups if lives(group)}  # a number that is free again isn't ours
        if select.select([told], [], [], 1)[0]:
            read = os.read(told, 4096)
            if not read:
                break
            groups |= {int(line) for line in read.split()}
    until = time.monotonic() + STOP_SECONDS
    while (groups := {group for group in groups if lives(group)}) and time.monotonic() < until:
        time.sleep(0.2)
    for group in groups:
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    outlive(sys.stdin.fileno())
