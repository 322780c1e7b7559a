"""What is frozen is anchored, by a job, once it is committed; the verb itself never fails by it."""

import time
from typing import Any

import pytest
from django.db import transaction

from audit.anchors import kept, read
from audit.freezing import anchor_when_done
from audit.jobs import take_anchor
from audit.recording import recorded
from config.celery import app
from tests.audit.test_anchors import _folders, key  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.usefixtures("key")
def test_an_anchor_says_what_was_frozen() -> None:
    take_anchor("关闭报告期：第一季度")
    (file,) = kept()
    assert read(file).values["occasion"] == "关闭报告期：第一季度"


@pytest.mark.usefixtures("key")
def test_anchors_of_one_moment_lie_beside_each_other() -> None:
    for occasion in "abc":
        take_anchor(occasion)
    assert [read(file).values["occasion"] for file in kept()] == ["a", "b", "c"]


def test_a_missing_key_fails_nobody() -> None:
    take_anchor("关闭报告期：第一季度")
    assert kept() == []


def test_a_missing_broker_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    started = time.monotonic()
    with recorded(by=None, reason="关闭") as change:
        anchor_when_done("关闭报告期：第一季度")
    assert change
    assert time.monotonic() - started < 5


def test_what_is_rolled_back_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(take_anchor, "apply_async", lambda **how: sent.append(how))
    with transaction.atomic():
        anchor_when_done("关闭报告期：第一季度")
        transaction.set_rollback(True)
    assert sent == []
