"""What an installation kept before it had a security trail goes into it."""

from pathlib import Path

import psycopg
import pytest
from django.db import connections

from audit.recording import record, recorded
from organisations import migrations
from organisations.models import Role
from tests.factories.organisations import person
from tests.factories.security import records
from tests.organisations.signing_in import ELSEWHERE, sign_in, someone, type_wrong

SQL = (Path(migrations.__path__[0]) / "security_from_before.sql").read_text(encoding="utf-8")


@pytest.mark.django_db(transaction=True)
def test_sign_ins_failures_and_entries_about_people_are_taken_over_in_their_order() -> None:
    who, by = someone(name="张三"), person(Role.SECURITY_ADMINISTRATOR, name="李四")
    type_wrong(who, 1, address=ELSEWHERE)
    sign_in(who)
    with recorded(by=by, reason="任命"):
        record("role.grant", who, label="审核人")
        record("row.change", who)
    before = records()
    with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
        owner.execute("ALTER TABLE audit_securityrecord DISABLE TRIGGER USER; DELETE FROM audit_securityrecord")
        owner.execute("ALTER TABLE audit_securityrecord ENABLE TRIGGER USER")
        owner.execute(SQL)
    taken = records()
    assert [row.event for row in taken] == ["session.failure", "session.sign_in", "role.grant"]
    assert [(row.username, row.address) for row in taken[:2]] == [(row.username, row.address) for row in before[:2]]
    assert (taken[1].name, taken[2].name, taken[2].about) == ("张三", "李四", "张三")
    assert [row.detail["from"] for row in taken] == ["axes", "axes", "history"]
