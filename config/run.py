"""The whole system on one machine, by one command: ``make run``."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from config.local_services import ServiceError, data_dir, kept_secret, revive, services
from config.local_services.folder import BASE_DIR, made
from config.processes import Child, end_with, stop, watchdog

READY_SECONDS = 90
HEALTH_SECONDS = 5


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ServiceError(
                f"端口 {port} 已被占用或不可用：请停止占用它的程序，或用 PORT 指定其他端口，如 PORT=8080 make run。"
            ) from error


def set_environment() -> int:
    """Set what the processes read, as an installation would; return the port."""
    given = os.environ.get("PORT", "8000")
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise ServiceError(f"PORT 应为 1 至 65535 的整数，现为“{given}”。")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "0")
    os.environ.setdefault("SECRET_KEY", kept_secret("secret_key"))
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    os.environ["PORT"] = given
    return int(given)


def children(started_as: Callable[[int], None]) -> list[Child]:
    logs = made(data_dir() / "logs")
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "config"]
    worker = ["worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    web = [python, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    return [
        Child("web", "网页服务", web, logs / "web.log", started_as),
        Child("worker", "后台任务", [*celery, *worker], logs / "worker.log", started_as),
        Child("beat", "定时任务", [*celery, "beat", "--pidfile=", "--loglevel=INFO"], logs / "beat.log", started_as),
    ]


def health(port: int) -> dict[str, str]:
    """Return the parts that aren't ``ok``, with the reasons."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=HEALTH_SECONDS) as answer:
            states = json.load(answer)
    except urllib.error.HTTPError as error:
        states = json.load(error) if error.code == 503 else {"web": f"HTTP {error.code}"}
    except (OSError, ValueError) as error:
        return {"web": str(error)}
    return {name: state for name, state in states.items() if state != "ok"}


def wait_until_ready(port: int, running: list[Child]) -> None:
    until = time.monotonic() + READY_SECONDS
    while wrong := health(port):
        for child in running:
            if child.has_died():
                raise ServiceError(f"{child.title}启动失败，详见 {child.log}。")
        if time.monotonic() > until:
            reasons = "；".join(f"{name}：{reason}" for name, reason in wrong.items())
            raise ServiceError(f"{READY_SECONDS} 秒内没有就绪（{reasons}），详见 {data_dir() / 'logs'}。")
        time.sleep(0.1)


def watch(running: list[Child], ours: list[str]) -> NoReturn:
    """Start again what dies, and say so; give up on what keeps dying."""
    while True:
        if revive(ours):
            print("本地服务已重启，地址有变，正在重启各进程。", flush=True)
            stop(running)
        for child in running:
            if child.has_died():
                if child.keeps_dying():
                    raise ServiceError(f"{child.title}反复退出，已停止运行，详见 {child.log}。")
                print(f"{child.title}已退出，正在重启，详见 {child.log}。", flush=True)
                child.start()
        time.sleep(0.5)


def prepare() -> str:
    """Bring tables, schedules, static files and first data up to date; return the demonstration's accounts."""
    command = [sys.executable, "-m", "config.first_start"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, preexec_fn=end_with(os.getpid()))
    if done.returncode:
        raise ServiceError("准备数据库失败，原因见上。")
    return done.stdout.strip()


def on_signal(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # once is enough: the stopping isn't interrupted
    raise KeyboardInterrupt


def run() -> None:
    port = set_environment()
    require_free(port)
    with services() as ours, watchdog() as started_as:
        accounts = prepare()
        running = children(started_as)
        try:
            for child in running:
                child.start()
            wait_until_ready(port, running)
            lines = [f"就绪 http://127.0.0.1:{port}", accounts, "按 Ctrl-C 停止。"]
            print("\n".join(line for line in lines if line), flush=True)
            watch(running, ours)
        finally:
            stop(running)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    os.chdir(BASE_DIR)
    try:
        run()
    except ServiceError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("已停止。", flush=True)


if __name__ == "__main__":
    main()
