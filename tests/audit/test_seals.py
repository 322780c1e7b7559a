"""Each change gets one seal at the end of its transaction, over all that it wrote, hung on the seal before."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.utils import OperationalError

from audit.canonical import present
from audit.models import Change, Entry, Epoch, Seal, WrittenRows
from audit.recording import REASON_LIMIT, record, record_each, recorded
from audit.tracking import tracked_models
from audit.verification import verify
from plans.models import Plan

EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


def a_plan(code: str = "p", **values: Any) -> Plan:
    return Plan.objects.create(
        code=code, **{"name": "规划", "base_year": 2020, "first_year": 2021, "last_year": 2025} | values
    )


def sealed_plan(code: str = "p", reason: str = "新建") -> tuple[Plan, Seal]:
    with recorded(by=None, reason=reason) as change:
        plan = a_plan(code)
        record("plan.create", plan, note="甲")
    return plan, Seal.objects.get(change_id=change)


def execute(sql: str, parameters: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH_START) // timedelta(microseconds=1)


def plain(field: models.Field, value: Any) -> str | None:
    """A value as docs/history-format.md says it is written."""
    if value is None:
        return None
    if isinstance(field, models.DateTimeField):
        return str(microseconds(value))
    if isinstance(field, models.BooleanField):
        return str(value).lower()
    if isinstance(field, models.DecimalField):
        return f"{value:.{field.decimal_places}f}"
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def text_of(row: models.Model, columns: list[list[str]]) -> bytes:
    fields = {field.column: field for field in row._meta.local_concrete_fields}
    values = [plain(fields[name], getattr(row, fields[name].attname)) for name, _ in columns]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.django_db(transaction=True)
class TestASeal:
    def test_there_is_one_for_each_change_in_the_order_of_commits(self) -> None:
        seals = [sealed_plan(code)[1] for code in "abc"]
        assert [seal.sequence for seal in seals] == [2, 3, 4]
        assert [bytes(seal.previous) for seal in seals[1:]] == [bytes(seal.digest) for seal in seals[:-1]]
        assert [seal.row_count for seal in seals] == [3, 3, 3]
        assert Seal.objects.get(sequence=1).epoch == Epoch.objects.get()

    def test_its_digests_follow_from_the_plain_values(self) -> None:
        _, seal = sealed_plan()
        models_by_table = {model._meta.db_table: model for model in (Change, Entry, Plan.history.model)}
        digests = []
        for written in WrittenRows.objects.filter(change=seal.change_id).order_by("id"):
            model, columns = models_by_table[written.shape.table_name], written.shape.columns
            rows = [model.objects.get(pk=key) for key in written.row_ids]
            leaves = b"".join(sha256(text_of(row, columns)).digest() for row in rows)
            assert leaves == bytes(written.digests)
            digest = sha256(present().rows_bytes(written.shape.table_name, columns, written.row_ids, leaves)).digest()
            assert digest == bytes(written.digest)
            digests.append(digest)
        content = sha256(present().content_bytes(digests)).digest()
        assert content == bytes(seal.content)
        own = present().seal_bytes(seal.sequence, seal.epoch_id, microseconds(seal.at), bytes(seal.previous), content)
        assert sha256(own).digest() == bytes(seal.digest)

    def test_a_zero_is_written_as_the_database_prints_it(self) -> None:
        field = models.DecimalField(max_digits=24, decimal_places=6)
        assert plain(field, Decimal("0E-6")) == "0.000000"

    def test_a_change_that_wrote_nothing_has_one_too(self) -> None:
        with recorded(by=None, reason="看看") as change:
            pass
        assert Seal.objects.get(change_id=change).row_count == 1

    def test_what_is_undone_leaves_none(self) -> None:
        with transaction.atomic():
            with recorded(by=None, reason="作废"):
                a_plan()
            transaction.set_rollback(True)
        assert Seal.objects.count() == 1
        assert not WrittenRows.objects.filter(epoch=None).exists()

    def test_two_changes_of_one_transaction_have_two(self) -> None:
        with transaction.atomic():
            for code in "ab":
                with recorded(by=None, reason="分开"):
                    a_plan(code)
        assert Seal.objects.exclude(change=None).count() == 2

    def test_an_undone_savepoint_is_not_in_it(self) -> None:
        with recorded(by=None, reason="部分") as change:
            a_plan("a")
            with transaction.atomic():
                a_plan("b")
                transaction.set_rollback(True)
        assert Seal.objects.get(change_id=change).row_count == 2


@pytest.mark.django_db(transaction=True)
class TestRoundTheSeal:
    """Ways to write after the seal, or without one."""

    def test_a_write_after_the_constraints_were_made_immediate_is_refused(self) -> None:
        with recorded(by=None, reason="绕过"):
            a_plan("a")
            connection.check_constraints()
            with pytest.raises(DatabaseError, match="sealed already"), transaction.atomic():
                a_plan("b")
        assert [plan.code for plan in Plan.objects.all()] == ["a"]

    def test_what_was_written_before_that_is_sealed_at_once(self) -> None:
        with recorded(by=None, reason="提前封存") as change:
            a_plan("a")
            connection.check_constraints()
        assert Seal.objects.get(change_id=change).row_count == 2

    def test_immediate_from_the_start_a_change_takes_no_row(self) -> None:
        with transaction.atomic():
            execute("SET CONSTRAINTS ALL IMMEDIATE")
            with recorded(by=None, reason="绕过"), pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
                a_plan("a")

    def test_an_entry_of_another_change_is_refused(self) -> None:
        _, seal = sealed_plan()
        entry = Entry.objects.get(change=seal.change_id)
        entry.pk, entry._state.adding = None, True
        with pytest.raises(DatabaseError, match="of its own transaction"), recorded(by=None, reason="补记"):
            entry.save()

    def test_an_older_change_cannot_be_taken_up_again(self) -> None:
        _, seal = sealed_plan()
        with transaction.atomic():
            execute("SELECT set_config('audit.change', %s, true)", [str(seal.change_id)])
            with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
                a_plan("b")

    @pytest.mark.parametrize("table", ["audit_seal", "audit_writtenrows", "audit_epoch", "audit_shape"])
    def test_the_application_cannot_write_the_chain(self, table: str) -> None:
        for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                execute(statement)

    def test_the_application_can_neither_seal_nor_hold_the_head(self) -> None:
        for statement in ("SELECT audit_add_seal(1, NULL)", "LOCK TABLE audit_epoch IN SHARE ROW EXCLUSIVE MODE"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                execute(statement)

    def test_a_stale_head_is_no_fork_but_a_failure_to_serialise(self) -> None:
        with pytest.raises(OperationalError, match=r"try again|could not serialize"), transaction.atomic():
            write_behind_another()
        assert [seal.sequence for seal in Seal.objects.all()] == [1, 2]


def write_behind_another() -> None:
    execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    Plan.objects.exists()
    with psycopg.connect(**connections["default"].get_connection_params()) as other:
        other.execute("SELECT audit_open_change(NULL, '系统', '', '', '先行', 'command', '')")
    with recorded(by=None, reason="落后"):
        a_plan("late")


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_jumped_back_is_told_and_the_order_is_the_sequence() -> None:
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
        (function,) = owner.execute("SELECT pg_get_functiondef('audit_add_seal'::regproc)").fetchone()
        clock = "moment := clock_timestamp()"
        assert clock in function
        owner.execute(function.replace(clock, clock + " + interval '1 day'"))
        try:
            _, tomorrow = sealed_plan("a")
        finally:
            owner.execute(function)
    (_, today), (_, later) = sealed_plan("b"), sealed_plan("c")
    assert [seal.clock_went_back for seal in (tomorrow, today, later)] == [False, True, False]
    assert tomorrow.sequence < today.sequence < later.sequence
    assert tomorrow.at > today.at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ahead", [1, 2, 3], ids=["before the first row", "between two", "before the seal"])
def test_a_clock_that_jumped_back_within_a_change_is_told(ahead: int) -> None:
    """The owner sets what was written so far an hour ahead, as if the clock had been set right then."""
    sealed_plan("a")
    with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
        opened = owner.execute("SELECT audit_open_change(NULL, '系统', '', '', '倒退', 'command', '')").fetchone()
        for step in (1, 2, 3):
            if step == ahead:
                owner.execute("UPDATE audit_writtenrows SET at = at + interval '1 hour' WHERE change_id = %s", opened)
            if step < 3:
                owner.execute("UPDATE plans_plan SET name = %s", [f"第{step}次"])
    sealed_plan("b")
    assert list(Seal.objects.order_by("sequence").values_list("clock_went_back", flat=True))[-2:] == [True, False]
    assert verify().findings.listed == []


@pytest.mark.django_db(transaction=True)
def test_a_mark_of_a_clock_that_went_back_is_not_taken_away_or_added() -> None:
    _, seal = sealed_plan("a")
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
        owner.execute("UPDATE audit_seal SET clock_went_back = true WHERE sequence = %s", [seal.sequence])
        assert [each.words for each in verify().findings.listed] == ["时钟倒退的标记与时间不符"]
        owner.execute(
            "UPDATE audit_writtenrows SET at = now() + interval '1 hour' WHERE change_id = %s", [seal.change_id]
        )
        assert verify().findings.listed == []


@pytest.mark.django_db
class TestAReasonThatCannotBeKept:
    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            ("长" * 100_000, f"最多 {REASON_LIMIT} 字"),
            ("空\x00字符", "无法保存的字符"),
            ("半个\ud83d", "无法保存的字符"),
            ("  ", "请填写理由"),
        ],
    )
    def test_is_refused_in_words_and_nothing_is_half_written(self, reason: str, words: str) -> None:
        with pytest.raises(ValidationError, match=words), recorded(by=None, reason=reason):
            a_plan()
        assert not Change.objects.exists()
        assert not Plan.objects.exists()


@pytest.mark.django_db
class TestWordsThatCannotBeKept:
    @pytest.mark.parametrize(
        ("behalf", "words"),
        [("长" * 100_000, "最多 200 字"), ("空\x00字符", "无法保存的字符"), ("半个\ud83d", "无法保存的字符")],
    )
    def test_on_whose_behalf_is_refused_in_words(self, behalf: str, words: str) -> None:
        with pytest.raises(ValidationError, match=words), recorded(by=None, reason="代录", on_behalf_of=behalf):
            a_plan()
        assert not Change.objects.exists()

    @pytest.mark.parametrize("text", ["空\x00字符", "半个\ud83d"])
    @pytest.mark.parametrize("wrap", [str, lambda text: [1, [text]], lambda text: {"a": {text: None}}])
    @pytest.mark.parametrize("event", ["plan.edit", "role.grant"])
    def test_a_detail_is_refused_in_words_and_nothing_is_half_written(self, event: str, wrap: Any, text: str) -> None:
        with pytest.raises(ValidationError, match="无法保存的字符"), recorded(by=None, reason="内容"):
            record(event, a_plan(), told=wrap(text))
        assert not Change.objects.exists()
        assert not Plan.objects.exists()

    def test_details_of_many_rows_are_refused_too(self) -> None:
        with pytest.raises(ValidationError, match="无法保存的字符"), recorded(by=None, reason="内容"):
            record_each("plan.edit", [(a_plan(), {"told": "空\x00字符"})])
        assert not Change.objects.exists()

    def test_the_longest_one_is_kept_whole(self) -> None:
        with recorded(by=None, reason="理" * REASON_LIMIT) as change:
            a_plan()
        assert Plan.history.get().history_change_reason == Change.objects.get(pk=change).reason == "理" * REASON_LIMIT


@pytest.mark.django_db
def test_checking_constraints_at_the_end_of_a_test_breaks_nothing() -> None:
    with recorded(by=None, reason="测试") as change:
        a_plan()
    connection.check_constraints()
    assert Seal.objects.get(change_id=change).row_count == 2
    with recorded(by=None, reason="之后"):
        a_plan("q")


@pytest.mark.django_db
def test_a_plan_that_was_made_for_one_row_is_none_with_nested_loops() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT proname FROM pg_proc WHERE proname ~ '^audit_(write|guard)_' AND prosrc ~ 'old_rows'"
            " AND NOT coalesce(proconfig @> ARRAY['enable_nestloop=off'], false)"
        )
        assert cursor.fetchall() == []
        cursor.execute(r"SELECT count(*) FROM pg_proc WHERE proname ~ '^audit_write_'")
        assert cursor.fetchone()[0] == len(list(tracked_models()))
