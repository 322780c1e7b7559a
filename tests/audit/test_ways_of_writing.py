"""However a tracked row is written, the database records one version for each changed row, with actor and reason.

The table is ways of writing × tracked tables. What the guards refuse (a decision written over, a row deleted) would
leave cells of it empty: here they are off, and ``test_guards`` tries them with the same ways.
"""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from audit.models import Change
from audit.recording import recorded
from audit.tracking import tracked_models
from organisations.models import User
from plans.models import Plan
from projects.models import MajorProject, Milestone
from tests.audit.guarded import switch_guards
from tests.factories.rows import saved_row, unsaved_row

TABLES = dict(sorted((model._meta.label, (model, version)) for model, version in tracked_models()))
pytestmark = pytest.mark.django_db


def changeable(model: type[models.Model]) -> models.Field:
    """Return a column that may take another value without breaking a constraint."""
    kept = {field.name for field in TABLES[model._meta.label][1]._meta.local_fields}
    for kinds in ((models.TextField, models.CharField), (models.IntegerField, models.JSONField, models.BooleanField)):
        for field in model._meta.local_concrete_fields:
            free = not (field.choices or field.unique or field.is_relation or field.generated)
            if isinstance(field, kinds) and free and field.name in kept:
                return field
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.DateTimeField | models.DateField) and field.name in kept:
            return field
    raise AssertionError(f"{model} has no column to change")


def other_value(row: models.Model, field: models.Field) -> Any:
    value = getattr(row, field.name)
    if isinstance(field, models.TextField | models.CharField):
        return "changed"
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return ["changed"]
    if isinstance(field, models.IntegerField):
        return (value or 0) + 7
    return (
        None
        if value is not None and field.null
        else "2022-02-02T00:00:00Z"
        if isinstance(field, models.DateTimeField)
        else "2022-02-02"
    )


def columns_of(row: models.Model) -> dict[str, Any]:
    fields = [f for f in row._meta.local_concrete_fields if not f.primary_key and not f.generated]
    return {f.column: f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields}


def execute(sql: str, parameters: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


# ------------------------------------------------------------------ ways to insert: each writes one new row


def by_save(row: models.Model) -> None:
    row.save()


def by_bulk_create(row: models.Model) -> None:
    type(row).objects.bulk_create([row])


def by_raw_insert(row: models.Model) -> None:
    values = columns_of(row)
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join(["%s"] * len(values))
    execute(f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks})', list(values.values()))


def by_copy(row: models.Model) -> None:
    values = columns_of(row)
    names = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{row._meta.db_table}" ({names}) FROM STDIN') as copy:
        copy.write_row(list(values.values()))


def by_merge_insert(row: models.Model) -> None:
    values = columns_of(row)
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join(["%s"] * len(values))
    table = row._meta.db_table
    execute(
        f'MERGE INTO "{table}" t USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({marks})',
        list(values.values()),
    )


def by_upsert(row: models.Model) -> None:
    values = columns_of(row)
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join(["%s"] * len(values))
    key = row._meta.pk.column
    execute(
        f'INSERT INTO "{row._meta.db_table}" ({names}) VALUES ({marks}) ON CONFLICT ("{key}") DO UPDATE SET "{key}" = EXCLUDED."{key}"',
        list(values.values()),
    )


INSERTS = [by_save, by_bulk_create, by_raw_insert, by_copy, by_merge_insert, by_upsert]

# ------------------------------------------------------------------ ways to update: each changes one row in one column


def update_by_save(row: models.Model, field: models.Field, value: Any) -> None:
    setattr(row, field.name, value)
    row.save()


def update_by_queryset(row: models.Model, field: models.Field, value: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**{field.name: value})


def update_by_bulk_update(row: models.Model, field: models.Field, value: Any) -> None:
    setattr(row, field.name, value)
    type(row).objects.bulk_update([row], [field.name])


def update_by_expression(row: models.Model, field: models.Field, value: Any) -> None:
    expression: Any = value
    if isinstance(field, models.TextField | models.CharField):
        expression = Concat(F(field.name), Value("x"))
    elif isinstance(field, models.IntegerField):
        expression = F(field.name) + 1
    type(row).objects.filter(pk=row.pk).update(**{field.name: expression})


def update_by_raw_sql(row: models.Model, field: models.Field, value: Any) -> None:
    prepared = field.get_db_prep_save(value, connection)
    execute(
        f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE "{row._meta.pk.column}" = %s',
        [prepared, row.pk],
    )


def update_by_merge(row: models.Model, field: models.Field, value: Any) -> None:
    prepared = field.get_db_prep_save(value, connection)
    kind = field.db_type(connection).replace("bigserial", "bigint")
    execute(
        f'MERGE INTO "{row._meta.db_table}" t USING (SELECT %s::bigint AS id) s ON t."{row._meta.pk.column}" = s.id'
        f' WHEN MATCHED THEN UPDATE SET "{field.column}" = %s::{kind}',
        [row.pk, prepared],
    )


UPDATES = [
    update_by_save,
    update_by_queryset,
    update_by_bulk_update,
    update_by_expression,
    update_by_raw_sql,
    update_by_merge,
]

# ------------------------------------------------------------------ ways to delete


def delete_by_instance(row: models.Model) -> None:
    row.delete()


def delete_by_queryset(row: models.Model) -> None:
    type(row).objects.filter(pk=row.pk).delete()


def delete_by_raw_sql(row: models.Model) -> None:
    execute(f'DELETE FROM "{row._meta.db_table}" WHERE "{row._meta.pk.column}" = %s', [row.pk])


DELETES = [delete_by_instance, delete_by_queryset, delete_by_raw_sql]


@pytest.fixture(scope="module", autouse=True)
def guards_are_off(django_db_setup: None) -> Iterator[None]:
    switch_guards("DISABLE")
    yield
    switch_guards("ENABLE")


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> tuple[type[models.Model], type[models.Model]]:
    return TABLES[request.param]


@pytest.fixture
def by(db: None) -> User:
    with recorded(by=None, reason="准备"):
        return saved_row(User)


def versions_by(version: type[models.Model], change: int) -> list[Any]:
    return list(version.objects.filter(change_id=change).order_by("history_id"))


def assert_one_version(version: type[models.Model], change: int, kind: str, by: User) -> Any:
    rows = versions_by(version, change)
    assert [row.history_type for row in rows] == [kind]
    told = Change.objects.get(pk=change)
    assert (told.actor, told.actor_name, told.reason) == (by, by.name, "被测写法")
    assert (rows[0].history_user, rows[0].history_change_reason) == (by, "被测写法")
    return rows[0]


def values_of(row: Any, model: type[models.Model]) -> dict[str, Any]:
    """The columns that history keeps, as the database has them; of a live row or of a version."""
    kept = {field.attname for field in TABLES[model._meta.label][1]._meta.local_fields}
    names = [f.attname for f in model._meta.local_concrete_fields if f.attname in kept and not f.generated]
    return {name: getattr(row, name) for name in names}


def as_stored(model: type[models.Model], key: int) -> Any:
    return model._default_manager.get(pk=key)


@pytest.mark.parametrize("write", INSERTS)
def test_an_insert_leaves_one_version(table: Any, write: Callable[..., None], by: User) -> None:
    model, version = table
    with recorded(by=by, reason="准备"):
        row = unsaved_row(model)
    with recorded(by=by, reason="被测写法") as change:
        write(row)
    written = assert_one_version(version, change, "+", by)
    assert values_of(as_stored(model, written.id), model) == values_of(written, model)


@pytest.mark.parametrize("write", UPDATES)
def test_an_update_leaves_one_version_and_none_when_nothing_changes(
    table: Any, write: Callable[..., None], by: User
) -> None:
    model, version = table
    field = changeable(model)
    with recorded(by=by, reason="准备"):
        row = saved_row(model)
    value, before = other_value(row, field), as_stored(model, row.pk)
    with recorded(by=by, reason="被测写法") as change:
        write(row, field, value)
    written, after = assert_one_version(version, change, "~", by), as_stored(model, row.pk)
    assert getattr(after, field.attname) != getattr(before, field.attname)
    assert values_of(written, model) == values_of(after, model)
    assert values_of(written.prev_record, model) == values_of(before, model)
    with recorded(by=by, reason="再写一次") as again:
        update_by_raw_sql(row, field, getattr(after, field.name))
    assert versions_by(version, again) == []


def test_a_statement_leaves_a_version_of_each_row_that_it_changes_and_of_no_other(table: Any, by: User) -> None:
    model, version = table
    field = changeable(model)
    with recorded(by=by, reason="准备"):
        rows = [saved_row(model) for _ in range(3)]
        update_by_raw_sql(rows[2], field, value := other_value(rows[0], field))
    keys = [row.pk for row in rows]
    with recorded(by=by, reason="被测写法") as change:
        model._default_manager.filter(pk__in=keys).update(**{field.name: value})
    changed = {key for key in keys if version.objects.filter(id=key, change_id=change).count() == 1}
    assert (changed, len(versions_by(version, change))) == (set(keys[:2]), 2)


@pytest.mark.parametrize("write", DELETES)
def test_a_delete_leaves_one_version(table: Any, write: Callable[..., None], by: User) -> None:
    model, version = table
    with recorded(by=by, reason="准备"):
        row = saved_row(model)
    before, key = as_stored(model, row.pk), row.pk
    if model is User and write is not delete_by_raw_sql:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            write(row)  # would blank the person out of history, which the application may not write
        return
    with recorded(by=by, reason="被测写法") as change:
        write(row)
    written = assert_one_version(version, change, "-", by)
    assert (written.id, values_of(written, model)) == (key, values_of(before, model))


def test_a_row_that_is_gone_is_seen_as_of_the_time_before(table: Any, by: User) -> None:
    model, version = table
    with recorded(by=by, reason="准备"):
        row = saved_row(model)
    key, earlier = row.pk, version.objects.filter(id=row.pk).latest("history_id").history_date
    with recorded(by=by, reason="被测写法"):
        delete_by_raw_sql(row)
    history = getattr(model, model._meta.simple_history_manager_attribute)
    assert key in {each.pk for each in history.as_of(earlier)}
    assert key not in {each.pk for each in history.as_of(clock_of_the_database())}


def clock_of_the_database() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def test_nothing_is_written_without_an_actor(table: Any, by: User) -> None:
    model, version = table
    field = changeable(model)
    with recorded(by=by, reason="准备"):
        row, new = saved_row(model), unsaved_row(model)
    count, value = version.objects.count(), other_value(row, field)
    attempts: list[Callable[[], None]] = [lambda w=w: w(new) for w in INSERTS]
    attempts += [lambda w=w: w(row, field, value) for w in UPDATES]
    attempts += [lambda w=w: w(row) for w in DELETES]
    for attempt in attempts:
        new.pk = None
        with (
            pytest.raises((DatabaseError, psycopg.Error), match=r"needs an actor|permission denied"),
            transaction.atomic(),
        ):
            attempt()
    assert version.objects.count() == count


def test_no_tracked_row_goes_or_changes_with_another() -> None:
    """Neither in the database nor by the library that stands before it: a cascade would be a way of writing more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND confdeltype NOT IN ('a', 'r')"
        )
        assert cursor.fetchall() == []
    fields = [field for model, _ in TABLES.values() for field in model._meta.local_fields if field.is_relation]
    assert {field for field in fields if field.remote_field.on_delete is models.CASCADE} == set()


@pytest.mark.django_db(databases=["owner"])
def test_a_cascade_in_the_database_leaves_a_version_of_each_row_that_goes_with_it() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT audit_open_change(NULL, '系统', '', '', '被测写法', 'command', '')")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'projects_milestone'::regclass AND contype = 'f'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(
                f'ALTER TABLE projects_milestone DROP CONSTRAINT "{name}", ADD FOREIGN KEY (project_id)'
                " REFERENCES projects_majorproject ON DELETE CASCADE"
            )
        plan = Plan.objects.using("owner").create(code="c", name="c", base_year=1, first_year=1, last_year=2)
        project = MajorProject.objects.using("owner").create(plan=plan, number=1, name="项目")
        for number in (1, 2):
            Milestone.objects.using("owner").create(project=project, number=number, title="节点")
        cursor.execute("DELETE FROM projects_majorproject")
    gone = Milestone.history.using("owner").filter(history_type="-", history_change_reason="被测写法")
    assert gone.count() == 2
