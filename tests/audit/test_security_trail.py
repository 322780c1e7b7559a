"""The security trail: written by a function alone, kept as long as the owner says, sent to syslog as well."""

import json
import logging
import socket
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from audit.addresses import address_of_request
from audit.recording import record, recorded
from audit.security import note
from audit.security_rights import install_security
from audit.syslog import TrailHandler
from config import settings as installation
from organisations.models import Role, User
from organisations.security_trail import SecurityTrail
from tests.factories.organisations import person
from tests.factories.security import records

TABLE = "audit_securityrecord"


def noted_then_failed() -> None:
    with transaction.atomic():
        note("data.view", by=person())
        raise RuntimeError


def tried(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.django_db
class TestNote:
    def test_a_record_keeps_name_and_organisation_as_they_were(self) -> None:
        who = person(Role.REVIEWER, name="张三")
        address = address_of_request.set("10.1.2.3")
        note("data.view", by=who, about="填报表", detail={"round": 1})
        address_of_request.reset(address)
        with recorded(by=None, reason="改名"):
            User.objects.filter(pk=who.pk).update(name="张三三")
        row = records()[0]
        assert (row.name, row.organisation, row.username) == ("张三", who.organisation.name, who.username)
        assert (row.person_id, row.address, row.about, row.detail) == (who.pk, "10.1.2.3", "填报表", {"round": 1})

    def test_the_time_is_the_databases_own(self) -> None:
        note("data.view", by=person())
        assert abs(records()[0].at - timezone.now()) < timedelta(minutes=1)

    @pytest.mark.parametrize("typed", ["a\x00b", "\ud800", "x" * 5000])
    def test_what_cannot_be_stored_is_replaced_and_cut(self, typed: str) -> None:
        note("session.failure", username=typed, about=typed, detail={"words": [typed], typed: 1})
        assert len(records()[0].username) <= 150

    def test_it_goes_with_its_transaction(self) -> None:
        with pytest.raises(RuntimeError):
            noted_then_failed()
        assert records() == []

    def test_an_event_of_both_trails_stands_in_both(self) -> None:
        by, who = person(Role.SECURITY_ADMINISTRATOR), person()
        with recorded(by=by, reason="任命"):
            entry = record("role.grant", who, label="审核人")
        row = records()[0]
        assert (entry.event, row.event, row.person_id, row.about) == ("role.grant", "role.grant", by.pk, who.name)

    def test_an_event_of_business_stays_out_of_it(self) -> None:
        with recorded(by=person(), reason="修改"):
            record("row.change", person())
        assert records() == []


@pytest.mark.django_db
class TestTheApplicationsRole:
    @pytest.mark.parametrize(
        "sql",
        [
            f"SELECT * FROM {TABLE}",
            f"SELECT count(*) FROM {TABLE}",
            f"INSERT INTO {TABLE} (at, event) VALUES (now(), 'x')",
            f"UPDATE {TABLE} SET name = '别人'",
            f"DELETE FROM {TABLE}",
            f"TRUNCATE {TABLE}",
            f"ALTER TABLE {TABLE} DISABLE TRIGGER audit_keep",
            f"DROP TABLE {TABLE}",
            f"COPY {TABLE} TO STDOUT",
            f"SELECT setval('{TABLE}_id_seq', 1)",
            "SELECT * FROM audit_found_security('{}', NULL, NULL, NULL, '')",
            "CREATE OR REPLACE FUNCTION organisations_reads_security(reader bigint) RETURNS boolean"
            " LANGUAGE sql AS 'SELECT true'",
            "CREATE OR REPLACE FUNCTION audit_clear_security() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        ],
    )
    def test_it_may_neither_read_nor_change_the_trail(self, sql: str) -> None:
        note("data.view", by=person(name="张三"))
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            tried(sql)
        assert [row.name for row in records()] == ["张三"]

    def test_it_makes_no_table_of_its_own_that_the_function_would_write_instead(self) -> None:
        with pytest.raises(DatabaseError, match="permission denied to create temporary tables"):
            tried(f"CREATE TEMPORARY TABLE {TABLE} (LIKE audit_entry)")

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_AUDITOR])
    def test_nobody_but_a_security_auditor_reads_it(self, role: str) -> None:
        for read in (SecurityTrail(person(role)).count, lambda: SecurityTrail(person(role))[0:50]):
            with pytest.raises(ProgrammingError, match="read by security auditors"), transaction.atomic():
                read()

    def test_a_security_auditor_who_left_does_not_read_it(self) -> None:
        gone = person(Role.SECURITY_AUDITOR, is_active=False)
        with pytest.raises(ProgrammingError), transaction.atomic():
            SecurityTrail(gone).count()


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connections["owner"].get_connection_params()) as opened:
        yield opened


def written(owner: psycopg.Connection, months: int) -> None:
    """A record from so many months ago; only the owner can write a time."""
    owner.execute(
        f"INSERT INTO {TABLE} (at, event, username, name, organisation, request, about, detail)"
        " VALUES (clock_timestamp() - make_interval(months => %s), 'data.view', '', %s, '', '', '', '{}')",
        [months, f"{months} 个月前"],
    )
    owner.commit()


@pytest.mark.django_db(transaction=True)
class TestKeeping:
    def clear(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_clear_security()")
            return int(cursor.fetchone()[0])

    def test_three_years_are_kept_and_older_rows_are_cleared_on_record(self, owner: psycopg.Connection) -> None:
        for months in (40, 37, 35, 7, 1):
            written(owner, months)
        assert self.clear() == 2
        left = [(row.name, row.event) for row in records()]
        assert left == [
            ("35 个月前", "data.view"),
            ("7 个月前", "data.view"),
            ("1 个月前", "data.view"),
            ("系统", "security.clear"),
        ]

    def test_nothing_to_clear_leaves_no_record(self, owner: psycopg.Connection) -> None:
        written(owner, 1)
        assert (self.clear(), len(records())) == (0, 1)

    @pytest.mark.parametrize("months", [0, 3, 5])
    def test_a_younger_row_is_refused_even_to_the_owner(self, owner: psycopg.Connection, months: int) -> None:
        written(owner, months)
        with pytest.raises(psycopg.errors.RaiseException, match="six months"):
            owner.execute(f"DELETE FROM {TABLE}")
        owner.rollback()

    def test_no_row_changes_even_for_the_owner(self, owner: psycopg.Connection) -> None:
        written(owner, 50)
        with pytest.raises(psycopg.errors.RaiseException, match="does not change"):
            owner.execute(f"UPDATE {TABLE} SET name = '别人'")
        owner.rollback()

    @pytest.mark.parametrize("how", ["", " CASCADE", ", audit_shape"])
    def test_the_whole_is_not_emptied_at_once_even_by_the_owner(self, owner: psycopg.Connection, how: str) -> None:
        written(owner, 50)
        with pytest.raises(psycopg.errors.RaiseException, match="audit_clear_security alone"):
            owner.execute(f"TRUNCATE {TABLE}{how}")
        owner.rollback()

    def test_an_installation_keeps_six_months_at_least(self) -> None:
        with pytest.raises(ValueError, match="6 months"):
            install_security(connections["default"], "anybody", 5)

    def test_how_long_is_the_owners_and_not_an_argument(self, owner: psycopg.Connection) -> None:
        body = owner.execute("SELECT prosrc FROM pg_proc WHERE proname = 'audit_clear_security'").fetchone()
        assert f"interval '{installation.SECURITY_TRAIL_MONTHS} months'" in body[0]


@pytest.mark.django_db
class TestSyslog:
    @pytest.fixture
    def receiver(self) -> Iterator[socket.socket]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.bind(("127.0.0.1", 0))
            opened.settimeout(5)
            yield opened

    @pytest.fixture(autouse=True)
    def handler(self, receiver: socket.socket) -> Iterator[None]:
        handler = TrailHandler(f"127.0.0.1:{receiver.getsockname()[1]}")
        handler.setFormatter(line_formatter())
        logger = logging.getLogger("security")
        logger.addHandler(handler)
        yield
        logger.removeHandler(handler)
        handler.close()

    def test_a_record_arrives_as_one_line_of_json(
        self, receiver: socket.socket, django_capture_on_commit_callbacks: object
    ) -> None:
        who = person(name="张三\n伪造的一行")
        with django_capture_on_commit_callbacks(execute=True):
            note("session.sign_in", by=who, detail={"words": "甲"})
        datagram = receiver.recv(65536).decode()
        head, line = datagram.split("mid-term-evaluation: ", 1)
        assert head == f"<{10 * 8 + 6}>"
        assert "\n" not in line
        assert "\x00" not in line
        told = json.loads(line)
        assert (told["event"], told["name"], told["level"]) == ("session.sign_in", "张三\n伪造的一行", "info")
        assert told["record"] == records()[0].pk

    def test_what_is_rolled_back_is_not_sent(
        self, receiver: socket.socket, django_capture_on_commit_callbacks: object
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True) as sent, pytest.raises(RuntimeError):
            noted_then_failed()
        assert sent == []


def line_formatter() -> logging.Formatter:
    """The formatter of the settings."""
    made = {name: value for name, value in installation.LOGGING["formatters"]["line"].items() if name != "()"}
    return ProcessorFormatter(**made)


def test_an_installation_without_a_receiver_starts_and_works() -> None:
    handler = TrailHandler("no-such-host.invalid:514")
    assert handler.formatter is None
    handler.close()
