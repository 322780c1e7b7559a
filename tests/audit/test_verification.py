"""Whoever holds the database can change anything in it; verification finds each change, and names the place."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from audit.anchors import kept, read, take
from audit.models import Change, Entry, Seal
from audit.recording import record, recorded
from audit.verification import Kind, verify
from audit.verification.findings import SHOWN
from audit.verification.words import ADVICE, what_to_do
from plans.models import Plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

VERSIONS = "plans_historicalplan"
Owner = psycopg.Connection[Any]


@pytest.fixture
def owner() -> Iterator[Owner]:
    """A connection that may do what the owner of the tables may; its triggers can be put out of the way."""
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as connection:
        yield connection


@pytest.fixture(autouse=True)
def history() -> list[Plan]:
    """Three plans, of which the second was renamed: four changes, four versions, four entries."""
    plans = []
    for code in "abc":
        with recorded(by=None, reason=f"新建{code}"):
            plan = Plan.objects.create(code=code, name="规划", base_year=2020, first_year=2021, last_year=2025)
            record("plan.create", plan)
        plans.append(plan)
    with recorded(by=None, reason="改名"):
        plans[1].name = "新规划"
        plans[1].save()
        record("plan.rename", plans[1])
    return plans


@pytest.fixture
def key(settings: Any, tmp_path: Any) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"
    call_command("signing_key", stdout=io.StringIO())


def nth(number: int) -> int:
    """The key of the version that was written as the first, second …"""
    return Plan.history.order_by("history_id").values_list("history_id", flat=True)[number - 1]


def found(**how: Any) -> set[tuple[Kind, str]]:
    return {(finding.kind, finding.place) for finding in verify(**how).findings.listed}


def without_triggers(owner: Owner, table: str, sql: str, *values: Any) -> None:
    owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.execute(sql, values or None)
    owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_history_passes() -> None:
    report = verify()
    assert not report.findings
    assert (report.seals, report.rows) == (5, 13)


class TestARowOfHistory:
    def test_altered(self, owner: Owner) -> None:
        row = nth(2)
        owner.execute(f"UPDATE {VERSIONS} SET name = '别的' WHERE history_id = {row}")
        assert found() == {(Kind.ALTERED, f"{VERSIONS} {row}")}

    @pytest.mark.parametrize(
        "column",
        ["history_date = history_date - interval '1 day'", "history_type = '~'", "history_change_reason = '无'"],
    )
    def test_altered_in_its_circumstances(self, owner: Owner, column: str) -> None:
        row = nth(1)
        owner.execute(f"UPDATE {VERSIONS} SET {column} WHERE history_id = {row}")
        assert found() == {(Kind.ALTERED, f"{VERSIONS} {row}")}

    def test_removed(self, owner: Owner) -> None:
        row = nth(2)
        owner.execute(f"DELETE FROM {VERSIONS} WHERE history_id = {row}")
        assert found() == {(Kind.REMOVED, f"{VERSIONS} {row}")}

    def test_inserted(self, owner: Owner) -> None:
        owner.execute(f"CREATE TEMP TABLE forged AS SELECT * FROM {VERSIONS} LIMIT 1")
        owner.execute("UPDATE forged SET history_id = 99999, name = '伪造'")
        owner.execute(f"INSERT INTO {VERSIONS} SELECT * FROM forged")
        assert (Kind.INSERTED, f"{VERSIONS} 99999") in found()

    def test_reordered(self, owner: Owner) -> None:
        second, fourth = nth(2), nth(4)
        for old, new in ((second, -2), (fourth, second), (-2, fourth)):
            owner.execute(f"UPDATE {VERSIONS} SET history_id = {new} WHERE history_id = {old}")
        assert found() >= {(Kind.REORDERED, f"{VERSIONS} {second}"), (Kind.REORDERED, f"{VERSIONS} {fourth}")}


class TestAnEntryOrAChange:
    def test_an_altered_entry(self, owner: Owner) -> None:
        entry = Entry.objects.get(event="plan.rename")
        owner.execute("UPDATE audit_entry SET detail = '{\"a\": 1}' WHERE id = %s", [entry.pk])
        assert found() == {(Kind.ALTERED, f"audit_entry {entry.pk}")}

    def test_a_removed_entry(self, owner: Owner) -> None:
        entry = Entry.objects.get(event="plan.rename")
        owner.execute("DELETE FROM audit_entry WHERE id = %s", [entry.pk])
        assert found() == {(Kind.REMOVED, f"audit_entry {entry.pk}")}

    def test_a_change_in_another_name(self, owner: Owner) -> None:
        change = Change.objects.get(reason="改名")
        owner.execute("UPDATE audit_change SET actor_name = '别人' WHERE id = %s", [change.pk])
        assert found() == {(Kind.ALTERED, f"audit_change {change.pk}")}

    def test_a_change_that_nobody_opened(self, owner: Owner) -> None:
        sql = "INSERT INTO audit_change (id, at, actor_name, actor_organisation, on_behalf_of, reason, door, request, transaction_id) VALUES (99999, now(), '系统', '', '', '伪造', 'page', '', 1)"
        without_triggers(owner, "audit_change", sql)
        assert found() == {(Kind.INSERTED, "audit_change 99999")}


class TestTheChain:
    def test_a_hole(self, owner: Owner) -> None:
        owner.execute("DELETE FROM audit_seal WHERE sequence = 3")
        assert (Kind.HOLE, "封印 第4号") in found()

    def test_a_hole_that_was_closed_up(self, owner: Owner) -> None:
        owner.execute("DELETE FROM audit_seal WHERE sequence = 3")
        owner.execute("UPDATE audit_seal SET sequence = sequence - 1 WHERE sequence > 3")
        assert (Kind.BROKEN, "封印 第3号") in found()

    def test_reordered_seals(self, owner: Owner) -> None:
        for old, new in ((3, -3), (4, 3), (-3, 4)):
            owner.execute(f"UPDATE audit_seal SET sequence = {new} WHERE sequence = {old}")
        assert found() >= {(Kind.REORDERED, "封印 第3号"), (Kind.REORDERED, "封印 第4号")}

    @pytest.mark.parametrize(
        "column",
        ["at = at + interval '1 second'", "digest = decode(repeat('ab', 32), 'hex')", "row_count = 7", "epoch_id = 2"],
    )
    def test_an_altered_seal(self, owner: Owner, column: str) -> None:
        owner.execute(f"UPDATE audit_seal SET {column} WHERE sequence = 3")
        assert (Kind.ALTERED, "封印 第3号") in found()

    def test_altered_digests(self, owner: Owner) -> None:
        (number,) = owner.execute("SELECT min(id) FROM audit_writtenrows WHERE change_id IS NOT NULL").fetchone()
        owner.execute("UPDATE audit_writtenrows SET row_ids = '{77}' WHERE id = %s", [number])
        assert (Kind.ALTERED, f"audit_writtenrows {number}") in found()

    def test_a_row_with_its_digest_but_without_a_seal(self, owner: Owner) -> None:
        owner.execute(
            "CREATE TEMP TABLE forged AS SELECT * FROM audit_writtenrows WHERE change_id IS NOT NULL LIMIT 1"
        )
        owner.execute("UPDATE forged SET id = 99999, change_id = 99999")
        owner.execute("INSERT INTO audit_writtenrows SELECT * FROM forged")
        assert found() == {(Kind.INSERTED, "audit_writtenrows 99999")}

    def test_an_altered_rule(self, owner: Owner) -> None:
        owner.execute("UPDATE audit_epoch SET opened_at = now()")
        assert found() == {(Kind.ALTERED, "audit_epoch 1")}

    def test_all_of_it_gone(self, owner: Owner) -> None:
        owner.execute("DELETE FROM audit_seal")
        assert (Kind.BROKEN, "封印") in found()


@pytest.mark.usefixtures("tables_back")
class TestATableThatIsGone:
    @pytest.mark.parametrize("table", ["plans_plan", VERSIONS, "audit_entry", "audit_seal", "audit_securityrecord"])
    def test_is_named(self, owner: Owner, table: str) -> None:
        owner.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
        assert (Kind.REMOVED, table) in found()

    def test_so_is_a_column(self, owner: Owner) -> None:
        owner.execute("ALTER TABLE plans_plan RENAME place TO elsewhere")
        assert (Kind.ALTERED, "plans_plan") in found()
        owner.execute("ALTER TABLE plans_plan RENAME elsewhere TO place")

    @pytest.fixture
    def tables_back(self, request: pytest.FixtureRequest, owner: Owner) -> Iterator[None]:
        yield
        if table := getattr(request.node, "callspec", None) and request.node.callspec.params["table"]:
            owner.execute(f"ALTER TABLE elsewhere RENAME TO {table}")


class TestALiveRow:
    def test_changed_past_the_triggers(self, owner: Owner, history: list[Plan]) -> None:
        without_triggers(owner, "plans_plan", "UPDATE plans_plan SET name = '偷改' WHERE id = %s", history[0].pk)
        assert found() == {(Kind.LIVE, f"plans_plan {history[0].pk}")}

    def test_removed_past_the_triggers(self, owner: Owner, history: list[Plan]) -> None:
        without_triggers(owner, "plans_plan", "DELETE FROM plans_plan WHERE id = %s", history[0].pk)
        assert found() == {(Kind.LIVE, f"plans_plan {history[0].pk}")}

    def test_added_past_the_triggers(self, owner: Owner) -> None:
        owner.execute("CREATE TEMP TABLE forged AS SELECT * FROM plans_plan LIMIT 1")
        owner.execute("UPDATE forged SET id = 99999, code = 'z'")
        columns = ", ".join(f'"{field.column}"' for field in Plan._meta.local_fields if not field.generated)
        without_triggers(owner, "plans_plan", f"INSERT INTO plans_plan ({columns}) SELECT {columns} FROM forged")
        assert found() == {(Kind.LIVE, "plans_plan 99999")}


@pytest.mark.usefixtures("triggers_written_anew")
class TestWhatWritesHistory:
    @pytest.mark.parametrize(
        ("sql", "place"),
        [
            ("ALTER TABLE plans_plan DISABLE TRIGGER audit_update", "触发器 plans_plan.audit_update"),
            ("DROP TRIGGER audit_update ON plans_plan", "触发器 plans_plan.audit_update"),
            ("DROP TRIGGER audit_seal ON audit_change", "触发器 audit_change.audit_seal"),
            ("ALTER TABLE audit_entry DISABLE TRIGGER audit_keep", "触发器 audit_entry.audit_keep"),
            (
                "DROP TRIGGER audit_guard_update ON submissions_submission",
                "触发器 submissions_submission.audit_guard_update",
            ),
            (
                "ALTER TABLE submissions_review DISABLE TRIGGER audit_guard_insert",
                "触发器 submissions_review.audit_guard_insert",
            ),
            (
                "CREATE OR REPLACE FUNCTION audit_write_plans_plan() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "函数 audit_write_plans_plan",
            ),
            ("DROP FUNCTION submissions_state_of(bigint)", "函数 submissions_state_of"),
            ("DROP TRIGGER audit_keep_whole ON audit_securityrecord", "触发器 audit_securityrecord.audit_keep_whole"),
            (
                "CREATE OR REPLACE TRIGGER audit_update AFTER INSERT ON plans_plan EXECUTE FUNCTION audit_write_plans_plan()",
                "触发器 plans_plan.audit_update",
            ),
            (
                "CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON plans_plan REFERENCING OLD TABLE AS old_rows"
                " NEW TABLE AS new_rows FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION audit_write_plans_plan()",
                "触发器 plans_plan.audit_update",
            ),
            (
                "DROP TRIGGER audit_seal ON audit_change; CREATE TRIGGER audit_seal AFTER UPDATE ON audit_change"
                " FOR EACH ROW WHEN (NEW.is_closed AND NOT OLD.is_closed) EXECUTE FUNCTION audit_seal_change()",
                "触发器 audit_change.audit_seal",
            ),
        ],
    )
    def test_is_missed_when_gone_or_changed(self, owner: Owner, sql: str, place: str) -> None:
        owner.execute(sql)
        assert found() == {(Kind.UNGUARDED, place)}

    def test_is_there_again_after_migrate(self) -> None:
        assert found() == set()


@pytest.fixture
def triggers_written_anew() -> Iterator[None]:
    yield
    with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
        for table in ("plans_plan", "audit_entry", "audit_change"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    call_command("migrate", verbosity=0)


class TestTheEnd:
    """A chain that was shortened with all that belongs to it is whole in itself: only the anchor tells."""

    @pytest.fixture
    def anchor(self, key: None) -> Any:
        with recorded(by=None, reason="最后一项"):
            Plan.objects.create(code="z", name="规划", base_year=2020, first_year=2021, last_year=2025)
        take("daily")
        return read(kept()[-1])

    def shorten(self, owner: Owner) -> None:
        last = Seal.objects.last()
        for table, column in (("audit_writtenrows", "change_id"), (VERSIONS, "change_id"), ("audit_change", "id")):
            owner.execute(f"DELETE FROM {table} WHERE {column} = %s", [last.change_id])
        owner.execute("DELETE FROM audit_seal WHERE sequence = %s", [last.sequence])
        without_triggers(owner, "plans_plan", "DELETE FROM plans_plan WHERE code = 'z'")

    def test_is_as_the_anchor_says(self, anchor: Any) -> None:
        assert found(anchors=[anchor]) == set()

    def test_may_have_come_further_since(self, anchor: Any) -> None:
        with recorded(by=None, reason="之后"):
            pass
        assert found(anchors=[anchor]) == set()

    def test_shortened_without_the_anchor_passes(self, anchor: Any, owner: Owner) -> None:
        self.shorten(owner)
        assert found() == set()

    def test_shortened_with_the_anchor_is_found(self, anchor: Any, owner: Owner) -> None:
        self.shorten(owner)
        assert found(anchors=[anchor]) == {(Kind.SHORTENED, "封印")}

    def test_shortened_and_grown_again_is_found(self, anchor: Any, owner: Owner) -> None:
        self.shorten(owner)
        with recorded(by=None, reason="补上"):
            pass
        assert found(anchors=[anchor]) == {(Kind.REWRITTEN, f"封印 第{anchor.count}号")}

    def test_an_anchor_by_a_key_that_the_chain_does_not_know_is_found(
        self, anchor: Any, settings: Any, owner: Owner
    ) -> None:
        owner.execute("UPDATE audit_epoch SET key = %s WHERE number = 2", ["00" * 32])
        assert (Kind.REWRITTEN, f"锚点 {anchor.key[:16]}") in found(anchors=[anchor])


class TestSince:
    def test_only_later_seals_are_checked(self, owner: Owner) -> None:
        owner.execute(f"UPDATE {VERSIONS} SET name = '别的' WHERE history_id = {nth(2)}")
        third = Seal.objects.get(sequence=4)
        report = verify(since=third.at)
        assert (report.seals, report.findings.listed) == (2, [])

    def test_a_later_row_is_found(self, owner: Owner) -> None:
        row = nth(4)
        owner.execute(f"UPDATE {VERSIONS} SET name = '别的' WHERE history_id = {row}")
        assert (Kind.ALTERED, f"{VERSIONS} {row}") in found(since=Seal.objects.get(sequence=4).at)

    def test_nothing_later_is_nothing_to_check(self) -> None:
        assert verify(since=Seal.objects.last().at + timedelta(days=1)).seals == 0


def test_places_beyond_the_first_are_counted(owner: Owner, history: list[Plan]) -> None:
    for number in range(SHOWN + 5):
        with recorded(by=None, reason="改名"):
            Plan.objects.filter(pk=history[0].pk).update(name=f"第{number}次")
    owner.execute(f"UPDATE {VERSIONS} SET code = 'x' WHERE history_id > {nth(4)}")
    report = verify()
    assert report.findings.left_out == {(Kind.ALTERED, VERSIONS): 5}


def test_there_is_something_to_do_about_every_kind() -> None:
    assert set(ADVICE) == set(Kind)
    assert what_to_do([Kind.ALTERED, Kind.HOLE, Kind.ALTERED]) == [f"被改动、序号有缺漏——{ADVICE[Kind.HOLE]}"]


class TestCommand:
    def told(self, *arguments: Any) -> str:
        out = io.StringIO()
        call_command("verify_history", *arguments, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    def test_says_since_when_and_that_all_is_well(self) -> None:
        told = self.told()
        assert "自此开始封存" in told
        assert "核对了 5 个封印、13 行历史" in told
        assert "没有发现问题。（没有给锚点" in told

    def test_a_database_of_an_older_version_is_told_to_migrate_first(self, owner: Owner) -> None:
        assert "请先运行 manage.py migrate" not in self.told()
        row = owner.execute(
            "DELETE FROM django_migrations WHERE app = 'audit' RETURNING app, name, applied"
        ).fetchall()
        try:
            assert "数据库还没有升级到本版程序：请先运行 manage.py migrate" in self.told()
        finally:
            for each in row:
                owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", each)

    def test_with_an_anchor(self, key: None) -> None:
        take("daily")
        assert self.told("--anchor", str(kept()[-1])).endswith("没有发现问题。\n")

    def test_ends_with_1_and_names_the_place(self, owner: Owner, capsys: Any) -> None:
        row = nth(1)
        owner.execute(f"DELETE FROM {VERSIONS} WHERE history_id = {row}")
        with pytest.raises(SystemExit) as ended:
            call_command("verify_history")
        assert ended.value.code == 1
        told = capsys.readouterr().out
        assert f"被删除：{VERSIONS} {row}（“规划”的历史）" in told
        assert "怎么办：\n· 被删除——先不要改动数据库" in told

    @pytest.mark.parametrize("typed", ["昨天", "2023-13-01", "1"])
    def test_what_is_no_date_is_refused_in_words(self, typed: str) -> None:
        with pytest.raises(CommandError, match="不是日期或时刻"):
            self.told("--since", typed)

    def test_a_date_after_all_seals_is_told(self) -> None:
        assert "从这一时刻起没有封存过历史" in self.told("--since", "2999-01-01")

    def test_a_date_is_taken(self) -> None:
        assert "核对了 5 个封印" in self.told("--since", "2020-01-01")

    def test_what_is_no_anchor_is_refused_in_words(self, tmp_path: Any) -> None:
        with pytest.raises(CommandError, match="读不了锚点文件"):
            self.told("--anchor", str(tmp_path / "x"))
