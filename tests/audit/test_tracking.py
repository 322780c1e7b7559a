"""What a version table is: its columns, and the indexes that each write pays for."""

import pytest
from django.db import connection

from audit.tracking import tracked_models
from submissions.models import Figure


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
