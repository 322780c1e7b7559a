"""Child processes that run beside each other until they are stopped: restarted when they die, gone when we are."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
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
