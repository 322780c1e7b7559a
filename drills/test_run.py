"""make run, from the start to Ctrl-C, with its processes killed in between."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from config.local_services.ports import free_port
from config.run import health
from drills.conftest import PROJECT, processes_of
from tests.running import until

pytestmark = pytest.mark.timeout(300)
Start = Callable[..., subprocess.Popen[str]]
CLIENTS = {
    "web": "config.wsgi",
    "worker": "config worker",
    "beat": "config beat",
    "database": "bin/postgres -D",
    "broker": "valkey-server",
}


@pytest.fixture
def port() -> int:
    return free_port()


def run_until_ready(start: Start, port: int) -> subprocess.Popen[str]:
    run = start("-m", "config.run", PORT=str(port))
    said = []
    for line in run.stdout:
        said.append(line)
        if line.startswith("就绪"):
            assert line == f"就绪 http://127.0.0.1:{port}\n"
            return run
    raise AssertionError("".join(said))


def first_process(name: str, data: str) -> int:
    return min(pid for pid, command in processes_of(data).items() if CLIENTS[name] in command)


def test_whatever_is_killed_comes_back_and_nothing_is_left_after_ctrl_c(
    start: Start, port: int, environment: dict[str, str]
) -> None:
    run = run_until_ready(start, port)
    for name in CLIENTS:
        killed = first_process(name, environment["DATA_DIR"])
        os.kill(killed, signal.SIGKILL)
        until(lambda dead=killed: dead not in processes_of(environment["DATA_DIR"]))
        until(lambda: health(port) == {}, seconds=60)
    run.send_signal(signal.SIGINT)
    rest = run.communicate(timeout=60)[0]
    assert (run.returncode, rest.splitlines()[-1]) == (0, "已停止。")
    assert processes_of(environment["DATA_DIR"]) == {}

    began = time.monotonic()
    again = run_until_ready(start, port)
    print(f"second start: {time.monotonic() - began:.1f} s")
    again.kill()  # and whoever kills it leaves nothing either: the drill's end waits for that


def test_a_taken_port_is_told_in_one_line(environment: dict[str, str], port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            [sys.executable, "-m", "config.run"],
            cwd=PROJECT, env=environment | {"PORT": str(port)}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == f"端口 {port} 已被占用或不可用：请停止占用它的程序，或用 PORT 指定其他端口，如 PORT=8080 make run。"
    )


def test_a_process_that_does_not_end_when_its_owner_was_killed_is_ended(
    start: Start, port: int, environment: dict[str, str]
) -> None:
    run = run_until_ready(start, port)
    hanging = first_process("worker", environment["DATA_DIR"])
    os.kill(hanging, signal.SIGSTOP)  # hears nothing, ends by nothing but the last signal
    run.kill()
    until(lambda: hanging not in processes_of(environment["DATA_DIR"]), seconds=60)
