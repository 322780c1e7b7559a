"""What the application's role tries in the database to go round the history; each attempt is refused.

``connection`` is that role's, as everywhere in the tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from audit.models import Change, Entry
from audit.recording import Refused, recorded
from audit.rights import PREDEFINED, TooMuch, narrow_rights, ways_round
from audit.tracking import tracked_models
from organisations.models import User
from plans.models import Plan
from tests.factories.organisations import person
from tests.factories.plans import plan

pytestmark = pytest.mark.django_db

OWNER = settings.DATABASES["owner"]["USER"]
VERSIONS = "plans_historicalplan"


def run(sql: str, parameters: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises((DatabaseError, psycopg.Error), match=words), transaction.atomic():
        yield


# what is tried: what the database answers
ATTEMPTS = {
    # the triggers
    "ALTER TABLE plans_plan DISABLE TRIGGER audit_update": "must be owner",
    "ALTER TABLE plans_plan DISABLE TRIGGER ALL": "must be owner",
    "ALTER TABLE submissions_submission DISABLE TRIGGER audit_guard_update": "must be owner",
    "DROP TRIGGER audit_update ON plans_plan": "must be owner",
    "CREATE TRIGGER first BEFORE UPDATE ON plans_plan FOR EACH ROW EXECUTE FUNCTION audit_write_plans_plan()": "denied",
    "CREATE RULE instead AS ON INSERT TO plans_plan DO INSTEAD NOTHING": "must be owner",
    "SET session_replication_role = replica": "permission denied",
    "SELECT set_config('session_replication_role', 'replica', true)": "permission denied",
    "CREATE EVENT TRIGGER off ON ddl_command_end EXECUTE FUNCTION audit_write_plans_plan()": "denied",
    # history
    "TRUNCATE plans_plan": "permission denied",
    f"TRUNCATE {VERSIONS}": "permission denied",
    f"UPDATE {VERSIONS} SET name = 'x'": "permission denied",
    f"DELETE FROM {VERSIONS}": "permission denied",
    f"INSERT INTO {VERSIONS} SELECT * FROM {VERSIONS}": "permission denied",
    f"COPY {VERSIONS} FROM STDIN": "permission denied",
    f"MERGE INTO {VERSIONS} h USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE": "permission denied",
    f"SELECT 1 FROM {VERSIONS} FOR UPDATE": "permission denied",
    f"LOCK TABLE {VERSIONS} IN ROW EXCLUSIVE MODE": "permission denied",
    "UPDATE audit_change SET actor_name = 'x'": "permission denied",
    "DELETE FROM audit_change": "permission denied",
    "INSERT INTO audit_change (actor_name, reason) VALUES ('x', 'y')": "permission denied",
    "UPDATE audit_entry SET detail = '{}'": "permission denied",
    "DELETE FROM audit_entry": "permission denied",
    f"SELECT nextval(pg_get_serial_sequence('{VERSIONS}', 'history_id'))": "permission denied",
    "SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), 1)": "permission denied",
    # what entries point at, what jobs run by
    "UPDATE django_content_type SET model = 'x'": "permission denied",
    "INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b')": "permission denied",
    "DELETE FROM django_migrations": "permission denied",
    "INSERT INTO auth_permission (name, content_type_id, codename) VALUES ('a', 1, 'b')": "permission denied",
    "UPDATE django_celery_beat_crontabschedule SET month_of_year = '2', day_of_month = '31'": "permission denied",
    # tables
    "ALTER TABLE plans_plan OWNER TO CURRENT_USER": "must be owner",
    f"ALTER TABLE {VERSIONS} RENAME TO elsewhere": "must be owner",
    "ALTER TABLE plans_plan SET SCHEMA pg_catalog": "must be owner|permission denied",
    f"DROP TABLE {VERSIONS}": "must be owner",
    "CREATE TABLE anything (id int)": "permission denied",
    "CREATE VIEW public.audit_changes AS SELECT 1": "permission denied",
    f"CREATE INDEX ON {VERSIONS} (name)": "must be owner",
    # who it is
    f"SET ROLE {OWNER}": "permission denied",
    f"SET SESSION AUTHORIZATION {OWNER}": "permission denied",
    f"GRANT {OWNER} TO CURRENT_USER": "denied|ADMIN option",
    "ALTER ROLE CURRENT_USER SUPERUSER": "denied|must be superuser|SUPERUSER",
    "CREATE ROLE other SUPERUSER": "denied|must be superuser",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT ALL ON TABLES TO CURRENT_USER": "permission denied",
    f"REASSIGN OWNED BY {OWNER} TO CURRENT_USER": "permission denied",
    # functions, and names that would be found before ours
    "CREATE OR REPLACE FUNCTION audit_current_change() RETURNS audit_change LANGUAGE sql AS"
    " 'SELECT * FROM audit_change LIMIT 1'": "permission denied",
    "ALTER FUNCTION audit_current_change() SET search_path = pg_temp": "must be owner",
    "DROP FUNCTION audit_write_plans_plan() CASCADE": "must be owner",
    "CREATE TEMPORARY TABLE audit_change (id bigint)": "permission denied to create temporary tables",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'": "permission denied|temporary",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'": "permission denied",
    "CREATE SCHEMA mine": "permission denied",
    "CREATE EXTENSION pageinspect": "permission denied|not available",
    # the server
    f"COPY {VERSIONS} TO PROGRAM 'cat'": "permission denied",
    f"COPY {VERSIONS} TO '/tmp/history'": "permission denied",
    "SELECT lo_import('/etc/hostname')": "permission denied",
    "SELECT lo_export(1, '/tmp/history')": "permission denied",
    "SELECT pg_read_file('PG_VERSION')": "permission denied",
    "ALTER SYSTEM SET session_replication_role = replica": "permission denied|cannot run inside",
    "CREATE PUBLICATION p FOR ALL TABLES": "permission denied|must be superuser",
}


@pytest.mark.parametrize("sql", ATTEMPTS)
def test_it_is_refused(sql: str) -> None:
    plan()
    with refused(ATTEMPTS[sql]):
        run(sql)


def test_a_grant_to_itself_gives_nothing() -> None:
    with transaction.atomic():
        run(f"GRANT INSERT, UPDATE, DELETE, TRUNCATE ON {VERSIONS} TO CURRENT_USER")  # answered by a warning only
    with refused("permission denied"):
        run(f"DELETE FROM {VERSIONS}")


@pytest.mark.parametrize("table", sorted(version._meta.db_table for _, version in tracked_models()))
def test_of_every_version_table_it_has_the_reading_only(table: str) -> None:
    rights = ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    assert run("SELECT has_table_privilege(%s, %s)", [table, "SELECT"]) == [(True,)]
    assert run("SELECT r FROM unnest(%s::text[]) r WHERE has_table_privilege(%s, r)", [rights, table]) == []
    assert run("SELECT has_any_column_privilege(%s, 'INSERT, UPDATE')", [table]) == [(False,)]


def test_it_owns_nothing() -> None:
    assert run("SELECT relname FROM pg_class WHERE relowner = current_user::regrole") == []
    assert run("SELECT proname FROM pg_proc WHERE proowner = current_user::regrole") == []


def test_every_function_that_runs_as_the_owner_has_a_fixed_path() -> None:
    paths = run("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert len(paths) > len(list(tracked_models()))
    fixed = "search_path=pg_catalog, public, pg_temp"
    assert [name for name, settings_of in paths if fixed not in (settings_of or [])] == []


def test_no_function_that_runs_as_the_owner_is_for_everybody() -> None:
    """A restored backup comes without rights: what only a migration had taken away would be open again."""
    assert (
        run(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
            " AND has_function_privilege('public', oid, 'EXECUTE')"
        )
        == []
    )


def test_no_trigger_function_can_be_put_on_another_table() -> None:
    callable_ = run(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype"
        " AND has_function_privilege(oid, 'EXECUTE')"
    )
    assert callable_ == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_migrate_that_stops_half_way_leaves_no_right_that_is_to_be_taken_back(settings: Any) -> None:
    settings.SECURITY_TRAIL_MONTHS = 3
    with pytest.raises(ValueError, match="6 months"):
        call_command("migrate", verbosity=0)
    assert run("SELECT has_table_privilege('audit_securityrecord', 'SELECT, INSERT, UPDATE, DELETE')") == [(False,)]


class TestForging:
    def test_the_number_of_somebody_elses_change_is_no_change(self) -> None:
        """A change belongs to the transaction that opened it; its number can be set, and is worth nothing."""
        row = plan()
        with psycopg.connect(**connections["owner"].get_connection_params()) as other:
            opened = other.execute(
                "SELECT audit_open_change(NULL, '系统', '', '', '另一次', 'command', '')"
            ).fetchone()
            other.rollback()
        with refused("needs an actor"):
            run("SELECT set_config('audit.change', %s, true)", [str(opened[0])])
            run("UPDATE plans_plan SET name = 'x' WHERE id = %s", [row.pk])

    @pytest.mark.parametrize("number", ["0", "-1", "999999999", "x", "1; DROP TABLE plans_plan"])
    def test_an_invented_number_is_no_change(self, number: str) -> None:
        row = plan()
        with refused("needs an actor|invalid input syntax"):
            run("SELECT set_config('audit.change', %s, false)", [number])
            run("UPDATE plans_plan SET name = 'x' WHERE id = %s", [row.pk])

    def test_a_change_bears_its_actors_own_name(self) -> None:
        somebody = person(name="甲")
        for actor, told in [(somebody.pk, ("甲", somebody.organisation.name)), (None, ("系统", ""))]:
            number = run("SELECT audit_open_change(%s, '乙', '别的单位', '', '冒名', 'page', '')", [actor])[0][0]
            change = Change.objects.get(pk=number)
            assert (change.actor_name, change.actor_organisation) == told

    def test_an_actor_exists(self) -> None:
        with pytest.raises(DatabaseError, match="不存在或已停用"), transaction.atomic():
            run("SELECT audit_open_change(-1, '乙', '', '', '冒名', 'page', '')")

    def test_whose_account_is_closed_opens_no_change(self) -> None:
        gone = person(is_active=False)
        with pytest.raises(Refused, match="已停用"), recorded(by=gone, reason="离任之后"):
            pass

    def test_an_entry_cannot_be_hung_on_another_change(self) -> None:
        row = plan()
        known = Entry.objects.count()
        with recorded(by=None, reason="第一次") as first:
            pass
        with refused("."), recorded(by=person(), reason="第二次"):
            run(
                "INSERT INTO audit_entry (change_id, event, subject_type_id, subject_id, subject_label, detail)"
                " SELECT %s, 'plan.load', min(id), %s, 'x', '{}' FROM django_content_type",
                [first, row.pk],
            )
        assert Entry.objects.count() == known

    def test_an_entry_has_no_number_of_its_own_choice(self) -> None:
        with refused("permission denied"), recorded(by=None, reason="插在中间"):
            run("INSERT INTO audit_entry (id, event) VALUES (1, 'x')")

    def test_the_time_of_a_change_is_the_databases(self) -> None:
        with refused("permission denied"):
            run("UPDATE audit_change SET at = '2020-01-01'")

    def test_what_a_pooled_connection_remembers_is_worth_nothing_to_the_next(self) -> None:
        row = plan()
        with recorded(by=person(), reason="前一个人") as change:
            Plan.objects.filter(pk=row.pk).update(name="甲")
            run("SELECT set_config('audit.change', %s, false)", [str(change)])
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as pooled:
            pooled.execute("SELECT set_config('audit.change', %s, false)", [str(change)])
            with pytest.raises(psycopg.Error, match="needs an actor"):
                pooled.execute(
                    "INSERT INTO plans_plan (code, name, short_name, place, document_number, drawn_up_by, approved_by,"
                    " base_year, first_year, last_year, consultation, body_note, provenance)"
                    " VALUES ('x', 'x', '', '', '', '', '', 1, 1, 2, '', '', 'report')"
                )


@pytest.mark.django_db(databases=["owner"])
class TestTooMuch:
    """``migrate`` refuses a role that could go round the history."""

    def test_the_owner_is_not_the_application(self) -> None:
        with pytest.raises(TooMuch, match="是表的所有者"):
            narrow_rights(connections["owner"], OWNER)

    @pytest.mark.parametrize("name", PREDEFINED)
    def test_nor_is_a_member_of_a_role_that_every_server_has(self, name: str) -> None:
        """Each is a member of itself, and the older servers have not all of them."""
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if not cursor.fetchone():
                pytest.skip("not on this server")
            assert [words for words in ways_round(cursor, name) if name in words]

    @pytest.mark.parametrize(
        ("kind", "words"),
        [("rolsuper", "是超级用户"), ("rolsuper", "session_replication_role"), ("rolcreaterole", "可以管理角色")],
    )
    def test_nor_is_who_may_become_more(self, kind: str, words: str) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"SELECT rolname FROM pg_roles WHERE {kind} LIMIT 1")
            (name,) = cursor.fetchone()
            assert [found for found in ways_round(cursor, name) if words in found]

    def test_the_role_of_the_tests_has_no_way_round(self) -> None:
        with connections["owner"].cursor() as cursor:
            assert list(ways_round(cursor, settings.DATABASES["default"]["USER"])) == []

    def test_what_it_was_given_meanwhile_is_taken_back(self) -> None:
        role = settings.DATABASES["default"]["USER"]
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"GRANT INSERT (id) ON audit_entry TO {role}; GRANT CREATE ON SCHEMA public TO {role}")
        narrow_rights(connections["owner"], role)
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT has_schema_privilege(%(role)s, 'public', 'CREATE'),"
                " has_column_privilege(%(role)s, 'audit_entry', 'id', 'INSERT')",
                {"role": role},
            )
            assert cursor.fetchone() == (False, False)


def test_people_are_named_in_history_as_they_were() -> None:
    somebody = person(name="旧名")
    with recorded(by=somebody, reason="改名之前") as change:
        User.objects.filter(pk=somebody.pk).update(name="新名")
    assert Change.objects.get(pk=change).actor_name == "旧名"
