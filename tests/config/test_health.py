"""The health page, with real processes behind it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from config.heartbeat import forget
from tests.running import Worker, environment, until

SILENT = "最近 30 秒没有心跳"


@pytest.fixture(autouse=True)
def nobody_has_signed(broker: None) -> None:
    forget("worker", "beat")


@pytest.fixture
def beat(transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "-A", "config", "beat", "--pidfile="]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(), stderr=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait()


def states() -> dict[str, str]:
    return Client().get("/healthz").json()


@pytest.mark.broker
@pytest.mark.django_db
def test_processes_that_never_signed_are_told() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "broker": "ok", "worker": SILENT, "beat": SILENT}


@pytest.mark.broker
def test_a_worker_and_beat_that_run_are_ok(worker: Worker, beat: subprocess.Popen[bytes]) -> None:
    until(lambda: states() == {"database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"})
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_lost_broker_is_told_and_answered_quickly(settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broker"].startswith("连接不上消息队列")
    assert answer.json()["database"] == "ok"


def test_a_lost_database_is_told_in_json_too(transactional_db: None, settings: object) -> None:
    connection.close()
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "not_there"
    try:
        answer = Client().get("/healthz")
    finally:
        connection.settings_dict["NAME"] = name
    assert answer.status_code == 503
    assert answer.json()["database"].startswith("连接不上数据库")


def test_only_reading_is_answered() -> None:
    assert Client().post("/healthz").status_code == 405
