"""What writes and guards history was made by one list of SQL; whoever may change it is found out.

The owner's transaction is rolled back at the end, and looked at from inside.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from audit.models import Shape
from audit.verification.expected import functions, sql_of_migrate, triggers
from audit.verification.findings import Findings, Kind
from audit.verification.structure import check_structure

pytestmark = pytest.mark.django_db

OWN = "CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"


@pytest.fixture
def owner() -> Iterator[psycopg.Cursor[Any]]:
    with psycopg.connect(**connections["owner"].get_connection_params()) as connection:
        yield connection.cursor()
        connection.rollback()


@pytest.fixture
def shapes() -> dict[str, int]:
    return dict(Shape.objects.order_by("pk").values_list("table_name", "pk"))


def found(owner: psycopg.Cursor[Any], shapes: dict[str, int]) -> list[tuple[Kind, str, str]]:
    findings = Findings()
    check_structure(owner, shapes, findings)
    return [(each.kind, each.place, each.words) for each in findings.listed]


class TestTheList:
    def test_has_every_function_of_ours(self, owner: Any, shapes: Any) -> None:
        there = owner.execute(
            "SELECT proname, pg_get_function_arguments(oid) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        ).fetchall()
        assert set(functions("\n".join(sql_of_migrate(shapes)))) == set(there)

    def test_has_every_trigger_of_ours(self, owner: Any, shapes: Any) -> None:
        there = owner.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
        ).fetchall()
        assert set(triggers("\n".join(sql_of_migrate(shapes)))) == set(there)

    def test_is_what_is_there(self, owner: Any, shapes: Any) -> None:
        assert found(owner, shapes) == []


def replaced(signature: str, rest: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {signature} {rest} SET search_path = pg_catalog, public, pg_temp AS $$ {body} $$"
    )


OPEN = "audit_open_change(actor bigint, actor_name text, actor_organisation text, on_behalf_of text, reason text, door text, request text)"
FUNCTIONS = {
    "audit_open_change": replaced(
        OPEN, "RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER", "BEGIN RETURN max(id) FROM audit_change; END"
    ),
    "organisations_actor_as_recorded": replaced(
        "organisations_actor_as_recorded()",
        "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER",
        "BEGIN RETURN NEW; END",
    ),
    "audit_note_security": replaced(
        "audit_note_security(event text, person bigint, username text, name text, organisation text, address text,"
        " request text, about text, detail jsonb)",
        "RETURNS bigint LANGUAGE sql SECURITY DEFINER",
        "SELECT 1::bigint",
    ),
    "audit_keep_security": replaced(
        "audit_keep_security()", "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER", "BEGIN RETURN OLD; END"
    ),
    "audit_keep_security_whole": replaced(
        "audit_keep_security_whole()", "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER", "BEGIN RETURN NULL; END"
    ),
    "audit_clear_security": replaced(
        "audit_clear_security()", "RETURNS bigint LANGUAGE sql SECURITY DEFINER", "SELECT 0::bigint"
    ),
    "audit_add_seal": replaced(
        "audit_add_seal(sealed_change bigint, sealed_epoch smallint)",
        "RETURNS void LANGUAGE plpgsql SECURITY DEFINER",
        "BEGIN END",
    ),
    "organisations_reads_security": replaced(
        "organisations_reads_security(reader bigint)",
        "RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER",
        "SELECT true",
    ),
    "submissions_filled_by": replaced(
        "submissions_filled_by(form bigint, person bigint)", "RETURNS boolean LANGUAGE sql STABLE", "SELECT false"
    ),
    "submissions_reviewed_by": replaced(
        "submissions_reviewed_by(form bigint, person bigint)", "RETURNS boolean LANGUAGE sql STABLE", "SELECT false"
    ),
    "submissions_correction_agreed": replaced(
        "submissions_correction_agreed(form bigint, cell bigint)", "RETURNS boolean LANGUAGE sql STABLE", "SELECT true"
    ),
    "submissions_says_what_was_reviewed": replaced(
        "submissions_says_what_was_reviewed(key bigint)", "RETURNS boolean LANGUAGE sql STABLE", "SELECT true"
    ),
    "audit_guard_submissions_submission": replaced(
        "audit_guard_submissions_submission()",
        "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER",
        "BEGIN RETURN NULL; END",
    ),
}


class TestAFunction:
    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_with_another_body_is_named(self, owner: Any, shapes: Any, name: str) -> None:
        owner.execute(FUNCTIONS[name])
        assert found(owner, shapes) == [(Kind.UNGUARDED, f"函数 {name}", "内容与程序不符")]

    @pytest.mark.parametrize(
        "how",
        [
            "SECURITY INVOKER",
            "SET search_path = pg_temp, public",
            "RESET search_path",
            "SET session_replication_role = replica",
            "IMMUTABLE",
        ],
    )
    def test_that_runs_another_way_is_named(self, owner: Any, shapes: Any, how: str) -> None:
        try:
            owner.execute(f"ALTER FUNCTION audit_current_change() {how}")
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("the owner here is no superuser, and may not set this")
        assert found(owner, shapes) == [(Kind.UNGUARDED, "函数 audit_current_change", "内容与程序不符")]

    def test_that_is_gone_is_named_though_another_has_its_name(self, owner: Any, shapes: Any) -> None:
        owner.execute("DROP FUNCTION submissions_correction_agreed(bigint, bigint)")
        assert found(owner, shapes) == [(Kind.UNGUARDED, "函数 submissions_correction_agreed", "缺失")]


class TestATrigger:
    @pytest.mark.parametrize(
        ("table", "name"),
        [
            ("audit_change", "organisations_actor_as_recorded"),
            ("audit_securityrecord", "audit_keep"),
            ("audit_securityrecord", "audit_keep_whole"),
            ("submissions_figure", "audit_guard_update"),
        ],
    )
    def test_that_is_gone_or_off_is_named(self, owner: Any, shapes: Any, table: str, name: str) -> None:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        assert found(owner, shapes) == [(Kind.UNGUARDED, f"触发器 {table}.{name}", "停用")]
        owner.execute(f"DROP TRIGGER {name} ON {table}")
        assert found(owner, shapes) == [(Kind.UNGUARDED, f"触发器 {table}.{name}", "缺失")]

    @pytest.mark.parametrize(
        ("table", "how"),
        [
            ("audit_change", "audit_close AFTER UPDATE ON audit_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"),
            ("audit_change", "audit_close AFTER INSERT ON audit_change DEFERRABLE FOR EACH ROW"),
            (
                "audit_change",
                "audit_close AFTER INSERT ON audit_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id < 0)",
            ),
        ],
    )
    def test_that_fires_otherwise_is_named(self, owner: Any, shapes: Any, table: str, how: str) -> None:
        owner.execute(f"DROP TRIGGER audit_close ON {table}")
        owner.execute(f"CREATE CONSTRAINT TRIGGER {how} EXECUTE FUNCTION audit_close_change()")
        assert found(owner, shapes) == [(Kind.UNGUARDED, f"触发器 {table}.audit_close", "被改写")]

    def test_under_another_condition_is_named(self, owner: Any, shapes: Any) -> None:
        owner.execute("DROP TRIGGER audit_seal ON audit_change")
        owner.execute(
            "CREATE CONSTRAINT TRIGGER audit_seal AFTER UPDATE ON audit_change DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW WHEN (NEW.is_closed AND OLD.is_closed) EXECUTE FUNCTION audit_seal_change()"
        )
        assert found(owner, shapes) == [(Kind.UNGUARDED, "触发器 audit_change.audit_seal", "被改写")]


class TestWhatIsNotOurs:
    @pytest.mark.parametrize(
        "table", ["plans_plan", "plans_historicalplan", "audit_change", "audit_seal", "audit_securityrecord"]
    )
    def test_a_trigger_is_named(self, owner: Any, shapes: Any, table: str) -> None:
        owner.execute(OWN)
        owner.execute(f"CREATE TRIGGER first BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION own()")
        assert found(owner, shapes) == [(Kind.FOREIGN, f"触发器 {table}.first", "")]

    @pytest.mark.parametrize("table", ["plans_plan", "submissions_historicalfigure", "audit_entry"])
    @pytest.mark.parametrize("event", ["INSERT", "UPDATE", "DELETE"])
    def test_a_rule_is_named(self, owner: Any, shapes: Any, table: str, event: str) -> None:
        owner.execute(f"CREATE RULE away AS ON {event} TO {table} DO INSTEAD NOTHING")
        assert found(owner, shapes) == [(Kind.FOREIGN, f"规则 {table}.away", "")]

    def test_rows_that_are_hidden_are_named(self, owner: Any, shapes: Any) -> None:
        owner.execute("ALTER TABLE audit_seal ENABLE ROW LEVEL SECURITY")
        assert found(owner, shapes) == [(Kind.FOREIGN, "行级安全 audit_seal", "")]

    def test_a_table_that_inherits_from_ours_is_named(self, owner: Any, shapes: Any) -> None:
        owner.execute("CREATE TABLE beside () INHERITS (plans_plan)")
        assert found(owner, shapes) == [(Kind.FOREIGN, "分表 beside", "")]

    def test_on_a_table_without_history_a_trigger_is_none_of_ours_to_judge(self, owner: Any, shapes: Any) -> None:
        owner.execute(OWN)
        owner.execute("CREATE TRIGGER first BEFORE INSERT ON django_session FOR EACH ROW EXECUTE FUNCTION own()")
        assert found(owner, shapes) == []


class TestAConstraint:
    @pytest.mark.parametrize(
        ("table", "name"),
        [
            ("submissions_submission", "nobody_decides_on_a_form_of_their_own"),
            ("submissions_publishedvalue", "published_value_once_a_figure_and_review"),
            ("organisations_rolegrant", "administrators_hold_one_role_only"),
        ],
    )
    def test_that_is_gone_is_named(self, owner: Any, shapes: Any, table: str, name: str) -> None:
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        assert found(owner, shapes) == [(Kind.LOOSENED, f"约束 {table}.{name}", "缺失")]

    @pytest.mark.parametrize("condition", ["true", "decided_by_id IS NULL OR decided_by_id > 0"])
    def test_that_asks_something_else_is_named(self, owner: Any, shapes: Any, condition: str) -> None:
        name = "nobody_decides_on_a_form_of_their_own"
        owner.execute(f"ALTER TABLE submissions_submission DROP CONSTRAINT {name}")
        owner.execute(f"ALTER TABLE submissions_submission ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
        assert found(owner, shapes) == [(Kind.LOOSENED, f"约束 submissions_submission.{name}", "内容与程序不符")]

    @pytest.mark.parametrize(
        ("place", "sql"),
        [
            (
                "submissions_submission.nobody_decides_on_a_form_of_their_own",
                "ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK (decided_by_id IS NULL"
                " OR submitted_by_id IS NULL OR decided_by_id <> submitted_by_id OR decided_by_id = submitted_by_id)",
            ),
            (
                "background_backgroundjob.ended_job_has_its_time",
                "ALTER TABLE {table} DROP CONSTRAINT {name},"
                " ADD CONSTRAINT {name} CHECK (state IN ('waiting', 'running', 'done') OR ended_at IS NOT NULL)",
            ),
            (
                "organisations_rolegrant.one_live_grant_of_a_role",
                "DROP INDEX {name}; CREATE UNIQUE INDEX {name} ON {table} (user_id, role)"
                " WHERE withdrawn_at IS NULL AND role <> 'leader'",
            ),
            (
                "organisations_rolegrant.one_live_grant_of_a_role",
                "DROP INDEX {name}; CREATE UNIQUE INDEX {name} ON {table} (user_id, role, id) WHERE withdrawn_at IS NULL",
            ),
            (
                "organisations_rolegrant.one_live_grant_of_a_role",
                "DROP INDEX {name}; CREATE UNIQUE INDEX {name} ON {table} (user_id, role)",
            ),
            (
                "responsibilities_responsibility.responsibility_once_for_task",
                "DROP INDEX {name}; CREATE UNIQUE INDEX {name} ON {table}"
                " (organisation_id, part, task_id, (coalesce(valid_from, '0002-01-01')))",
            ),
            (
                "organisations_rolegrant.administrators_hold_one_role_only",
                "ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name}"
                " EXCLUDE USING gist (user_id WITH =, sphere WITH =) WHERE (withdrawn_at IS NULL)",
            ),
            (
                "organisations_rolegrant.administrators_hold_one_role_only",
                "ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name}"
                " EXCLUDE USING gist (user_id WITH =, sphere WITH <>) WHERE (withdrawn_at IS NULL AND user_id > 9)",
            ),
            (
                "submissions_publishedvalue.published_value_once_a_figure_and_review",
                "ALTER TABLE {table} DROP CONSTRAINT {name},"
                " ADD CONSTRAINT {name} UNIQUE (figure_id, review_id) DEFERRABLE INITIALLY DEFERRED",
            ),
        ],
    )
    def test_that_asks_less_of_the_same_columns_is_named(self, owner: Any, shapes: Any, place: str, sql: str) -> None:
        table, name = place.split(".")
        owner.execute(sql.format(table=table, name=name))
        assert found(owner, shapes) == [(Kind.LOOSENED, f"约束 {place}", "内容与程序不符")]

    @pytest.mark.parametrize(
        "rest",
        [
            "REFERENCES organisations_user",
            "REFERENCES organisations_user DEFERRABLE",
            "REFERENCES organisations_user ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            "REFERENCES organisations_user DEFERRABLE INITIALLY DEFERRED NOT VALID",
            "REFERENCES plans_plan DEFERRABLE INITIALLY DEFERRED",
        ],
    )
    def test_of_a_key_that_points_otherwise_is_named(self, owner: Any, shapes: Any, rest: str) -> None:
        (name,) = owner.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'submissions_review'::regclass AND contype = 'f'"
            " AND confrelid = 'organisations_user'::regclass"
        ).fetchone()
        owner.execute(f"ALTER TABLE submissions_review DROP CONSTRAINT {name}")
        owner.execute(f"ALTER TABLE submissions_review ADD CONSTRAINT {name} FOREIGN KEY (by_id) {rest}")
        assert found(owner, shapes) == [(Kind.LOOSENED, "约束 submissions_review.by_id", "不再指向另一张表的行")]

    @pytest.mark.parametrize(
        ("place", "sql", "words"),
        [
            ("audit_change.reason", "ALTER TABLE {table} ALTER {name} DROP NOT NULL", "可以为空"),
            ("audit_seal.change_id", "ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_key", "可以重复"),
            ("organisations_user.username", "ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_key", "可以重复"),
            ("audit_seal.row_count", "ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_check", "缺失"),
            (
                "audit_seal.row_count",
                "ALTER TABLE {table} DROP CONSTRAINT {table}_{name}_check,"
                " ADD CONSTRAINT {table}_{name}_check CHECK ({name} > -5)",
                "内容与程序不符",
            ),
        ],
    )
    def test_of_a_column_is_named(self, owner: Any, shapes: Any, place: str, sql: str, words: str) -> None:
        table, name = place.split(".")
        owner.execute(sql.format(table=table, name=name))
        assert found(owner, shapes) == [(Kind.LOOSENED, f"约束 {place}", words)]

    def test_of_a_column_that_is_computed_otherwise_is_named(self, owner: Any, shapes: Any) -> None:
        owner.execute("ALTER TABLE organisations_historicalrolegrant DROP COLUMN sphere")
        owner.execute(
            "ALTER TABLE organisations_historicalrolegrant"
            " ADD sphere varchar(20) NOT NULL GENERATED ALWAYS AS ('business') STORED"
        )
        assert found(owner, shapes) == [
            (Kind.LOOSENED, "约束 organisations_historicalrolegrant.sphere", "内容与程序不符")
        ]

    def test_of_one_live_row_is_an_index(self, owner: Any, shapes: Any) -> None:
        owner.execute("DROP INDEX one_live_grant_of_a_role")
        assert found(owner, shapes) == [
            (Kind.LOOSENED, "约束 organisations_rolegrant.one_live_grant_of_a_role", "缺失")
        ]


class TestARight:
    @pytest.mark.parametrize(
        ("right", "table"),
        [
            ("UPDATE", "audit_entry"),
            ("DELETE", "audit_seal"),
            ("INSERT", "submissions_historicalfigure"),
            ("TRUNCATE", "submissions_figure"),
            ("SELECT", "audit_securityrecord"),
            ("UPDATE", "django_content_type"),
        ],
    )
    def test_that_the_application_was_given_is_named(self, owner: Any, shapes: Any, right: str, table: str) -> None:
        role = settings.DATABASES["default"]["USER"]
        owner.execute(f"GRANT {right} ON {table} TO {role}")
        assert found(owner, shapes) == [(Kind.GRANTED, f"权限 {table} {right}", f"给了 {role}")]

    def test_to_one_column_is_named(self, owner: Any, shapes: Any) -> None:
        owner.execute("GRANT UPDATE (detail) ON audit_entry TO PUBLIC")
        assert (Kind.GRANTED, "权限 audit_entry UPDATE", "给了 PUBLIC") in found(owner, shapes)

    def test_to_make_objects_is_named(self, owner: Any, shapes: Any) -> None:
        role = settings.DATABASES["default"]["USER"]
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {role}")
        assert found(owner, shapes) == [(Kind.GRANTED, f"角色 {role}", "可以在 public 模式中建立对象")]
