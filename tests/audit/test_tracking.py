"""What a version table is: its columns, and the indexes that each write pays for."""

import pytest
from django.db import DatabaseError, connection

from audit.recording import recorded
from audit.tracking import tracked_models
from submissions.models import Figure
from tests.factories.plans import plan


def indexed_columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {each["columns"][0] for each in found.values() if each["index"] and not each["primary_key"]}


@pytest.mark.django_db
def test_versions_are_found_by_their_row_their_change_and_what_is_asked() -> None:
    assert indexed_columns(Figure.history.model._meta.db_table) == {"id", "change_id", "submission_id"}


@pytest.mark.django_db
def test_no_version_table_has_an_index_by_a_person() -> None:
    by_person = {version._meta.db_table for _, version in tracked_models()}
    by_person = {table for table in by_person if "history_user_id" in indexed_columns(table)}
    assert by_person == set()


ANOTHER_KEY = {
    "an update": "UPDATE plans_plan SET id = id + 1000",
    "keys exchanged": "UPDATE plans_plan SET id = CASE id WHEN {first} THEN {second} + 1000000 ELSE {first} + 1000000 END",
    "an insert that meets its like": "INSERT INTO plans_plan SELECT * FROM plans_plan ON CONFLICT (id) DO UPDATE SET id = plans_plan.id + 1000",
    "a merge": "MERGE INTO plans_plan p USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET id = p.id + 1000",
}


@pytest.mark.django_db
class TestTheKeyOfARow:
    @pytest.mark.parametrize("sql", ANOTHER_KEY.values(), ids=ANOTHER_KEY.keys())
    def test_does_not_become_another(self, sql: str) -> None:
        first, second = plan(), plan()
        with (
            pytest.raises(DatabaseError, match="key of a tracked row cannot change"),
            recorded(by=None, reason="变更"),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql.format(first=first.pk, second=second.pk))

    def test_may_be_written_as_it_is(self) -> None:
        own = plan()
        with recorded(by=None, reason="变更"), connection.cursor() as cursor:
            cursor.execute("UPDATE plans_plan SET id = id, name = '另一名称'")
        assert own.history.first().name == "另一名称"
