"""The auditor has the whole history verified now: one run at a time, by a job, on record."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from audit.anchors import folder, take
from audit.checking import last
from audit.jobs import check_history
from audit.models import Entry
from audit.under_way import NAME, carry_out, claim, fail, under_way
from overview.actions import check_again
from tests.factories.organisations import auditor, leader, reviewer
from tests.factories.plans import plan
from tests.overview.pages import html_for, opened_by, signed_in
from tests.running import Worker, until


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"


@pytest.fixture
def lost_queue() -> Iterator[None]:
    app = check_history.app
    app.conf.broker_write_url, known = "redis://127.0.0.1:1/0", app.conf.broker_write_url
    app.amqp._producer_pool = None
    yield
    app.conf.broker_write_url = known
    app.amqp._producer_pool = None


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as connection:
        yield connection


def grow_old(**by: int) -> None:
    """Let the one under way have been heard of so long ago."""
    values = json.loads((folder() / NAME).read_text())
    values["heard_at"] = (timezone.now() - timedelta(**by)).isoformat()
    (folder() / NAME).write_text(json.dumps(values))


def desk(of: Any, **headers: str) -> str:
    return signed_in(auditor()).get(f"/{of.code}/audit/", headers=headers).content.decode()


@pytest.mark.django_db
class TestAsking:
    def test_is_on_record_with_who_asked(self) -> None:
        of, who = plan(), auditor()
        check_again(of, by=who)
        entry = Entry.objects.get(event="history.check")
        assert (entry.subject_id, entry.change.actor) == (of.pk, who)

    def test_a_second_time_is_refused_while_one_runs(self) -> None:
        of = plan()
        check_again(of, by=auditor())
        with pytest.raises(ValidationError, match="正在进行"):
            check_again(of, by=auditor())
        assert Entry.objects.filter(event="history.check").count() == 1

    @pytest.mark.parametrize("role", [reviewer, leader])
    def test_is_for_auditors(self, role: Any) -> None:
        with pytest.raises(PermissionDenied):
            check_again(plan(), by=role())
        assert under_way() is None

    def test_one_that_was_not_heard_of_for_too_long_stands_in_nobodys_way(self, settings: Any) -> None:
        of = plan()
        check_again(of, by=auditor())
        grow_old(seconds=settings.CELERY_TASK_TIME_LIMIT + 1)
        assert "没有核对完" in opened_by(auditor(), f"/{of.code}/audit/")
        check_again(of, by=auditor())

    def test_one_that_cannot_be_recorded_does_not_begin(self) -> None:
        of = plan()
        of.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            check_again(of, by=auditor())
        assert not under_way().is_running


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_cannot_be_reached_is_said(lost_queue: None) -> None:
    with pytest.raises(ValidationError, match="队列连不上"):
        check_again(plan(), by=auditor())
    assert not under_way().is_running


@pytest.mark.django_db
class TestThePage:
    def test_offers_the_button(self) -> None:
        assert "现在重新核对" in desk(plan())

    def test_says_how_far_it_is(self) -> None:
        of, run = plan(), claim("审计员甲")
        assert "等待后台任务开始" in desk(of)
        values = json.loads((folder() / NAME).read_text()) | {"done": 12_000, "length": 41_236}
        (folder() / NAME).write_text(json.dumps(values))
        html = desk(of)
        assert "已核对 12,000 个封印，共 41,236 个" in html
        assert "由 审计员甲 开始" in html
        assert "现在重新核对" not in html
        fail(run)
        assert "没有核对完" in desk(of)

    def test_gives_its_script_that_part_alone_and_a_way_without_a_script(self) -> None:
        of = plan()
        claim()
        part = desk(of, **{"HX-Request": "true"})
        assert part.lstrip().startswith('<section class="panel pad stack" id="seal">')
        assert 'href="?#seal"' in part
        assert 'hx-trigger="every 2s"' in part
        assert "<h1>" not in part

    def test_a_press_of_the_button_begins_it_and_comes_back_to_what_was_asked(self) -> None:
        of, client = plan(), signed_in(auditor())
        answer = client.post(f"/{of.code}/audit/check/", {"q": "退回"})
        assert answer["Location"] == f"/{of.code}/audit/?q=%E9%80%80%E5%9B%9E#seal"
        assert under_way().is_running

    def test_a_second_press_is_told_so(self) -> None:
        of, client = plan(), signed_in(auditor())
        claim()
        told = client.post(f"/{of.code}/audit/check/", follow=True).content.decode()
        assert "核对正在进行，请等它完成" in told


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestTheRun:
    def test_keeps_the_result_and_makes_room_for_the_next(self) -> None:
        carry_out(claim("审计员甲").token)
        assert last() is not None
        assert under_way() is None

    def test_names_each_bad_place(self, owner: Any) -> None:
        of = plan()
        owner.execute("UPDATE plans_historicalplan SET name = '别的'")
        carry_out(claim().token)
        assert "被改动：plans_historicalplan" in html_for(auditor(), f"/{of.code}/audit/")

    def test_of_a_claim_that_was_given_up_is_left(self) -> None:
        run = claim()
        fail(run)
        claim()
        carry_out(run.token)
        assert last() is None

    def test_of_each_day_leaves_it_to_the_one_under_way(self) -> None:
        claim("审计员甲")
        carry_out()
        assert last() is None

    def test_that_breaks_off_says_so(self, settings: Any) -> None:
        run = claim()
        (folder() / "last-check.json").mkdir()  # the result can't be kept
        with pytest.raises(OSError, match="last-check"):
            carry_out(run.token)
        assert under_way().has_failed


@pytest.mark.broker
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_real_worker_carries_it_out(broker: None, settings: Any) -> None:
    of = plan()
    call_command("signing_key", stdout=io.StringIO())
    take("daily")
    worker = Worker(SIGNING_KEY_DIR=str(settings.SIGNING_KEY_DIR), ANCHOR_DIR=str(settings.ANCHOR_DIR))
    try:
        signed_in(auditor()).post(f"/{of.code}/audit/check/")
        until(lambda: last() is not None and under_way() is None, seconds=30)
    finally:
        worker.stop()
    assert last().is_whole
    assert "完整" in opened_by(auditor(), f"/{of.code}/audit/")
