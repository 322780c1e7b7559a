"""The SQL by which the database refuses what no verb may do, made from the models: one generator for every table.

It reads the same ``MOVES`` as ``audit.moves.move`` (or ``FOLLOWS``, of rows whose state follows another row's), the
``GUARDS`` beside them, and ``INSTEAD_OF_DELETING``. Triggers fire once a statement, however it was written.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.moves import Move
from audit.rules import FIND_CHANGE, MARK, AtTheEnd, Frozen, Rule
from audit.tracking import tables_as_modelled, tracked_models

SEARCH_PATH = "pg_catalog, public, pg_temp"
FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {path} SET enable_nestloop = off AS $body$
DECLARE
    open_change record;
    actor bigint;
    refusal record;
BEGIN
    {find_change}
    IF NOT FOUND AND TG_OP <> 'DELETE' THEN
        IF NOT EXISTS (SELECT 1 FROM new_rows) THEN RETURN NULL; END IF;
        PERFORM audit_current_change();  -- which refuses, and says why
    END IF;
    actor := open_change.actor_id;
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO refusal FROM (SELECT n.id, CASE {on_insert} END AS words FROM new_rows n OFFSET 0) each
        WHERE words IS NOT NULL LIMIT 1;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT * INTO refusal FROM (
            SELECT n.id, CASE {on_update} END AS words FROM new_rows n JOIN old_rows o ON o.id = n.id OFFSET 0
        ) each WHERE words IS NOT NULL LIMIT 1;
    ELSIF NOT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        SELECT o.id, {on_delete} AS words INTO refusal FROM old_rows o LIMIT 1;
    ELSE
        RETURN NULL;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{mark}', TABLE = '{table}',
            MESSAGE = refusal.words, DETAIL = format('%s %s', '{table}', refusal.id);
    END IF;
    RETURN NULL;
END
$body$;
"""

# A deferred constraint trigger fires for each row; the row is read as the transaction leaves it.
END = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {path} AS $body$
DECLARE
    refusal text;
BEGIN
    SELECT CASE {cases} END INTO refusal FROM "{table}" n WHERE n.id = NEW.id;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{mark}', TABLE = '{table}',
            MESSAGE = refusal, DETAIL = format('%s %s', '{table}', NEW.id);
    END IF;
    RETURN NULL;
END
$body$;
DROP TRIGGER IF EXISTS {mark}_end ON "{table}";
CREATE CONSTRAINT TRIGGER {mark}_end AFTER INSERT OR UPDATE ON "{table}"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}();
"""

TRIGGERS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}


def moves_of(model: type[models.Model]) -> Mapping[str, Move]:
    """The declared moves of a model's state; none where it has no states."""
    found: Mapping[str, Move] = getattr(model, "MOVES", None) or getattr(model, "FOLLOWS", {})
    return found


def instead_of_deleting(model: type[models.Model]) -> str:
    """What to do with a row that is never deleted; empty for a table whose rows may be."""
    return str(getattr(model, "INSTEAD_OF_DELETING", ""))


def statements(model: type[models.Model]) -> str:
    """Return the function and the triggers that guard one table; empty where there is nothing to guard."""
    on_insert, on_update = list(_on_insert(model)), list(_on_update(model))
    instead = instead_of_deleting(model)
    wanted = {"INSERT": on_insert, "UPDATE": on_update, "DELETE": [instead] if instead else []}
    if not any(wanted.values()):
        return ""
    table = model._meta.db_table
    function = f'"{MARK}_{table}"'
    made = FUNCTION.format(
        function=function,
        path=SEARCH_PATH,
        find_change=FIND_CHANGE,
        mark=MARK,
        table=table,
        on_insert=_cases(on_insert),
        on_update=_cases(on_update),
        on_delete=_literal(f"{model._meta.verbose_name}留有记录，不能删除。{instead}"),
    )
    for event, rules in wanted.items():
        if rules:
            made += (
                f'CREATE OR REPLACE TRIGGER {MARK}_{event.lower()} AFTER {event} ON "{table}"'
                f" {TRIGGERS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
            )
        else:
            made += f'DROP TRIGGER IF EXISTS {MARK}_{event.lower()} ON "{table}";\n'
    return made + _at_the_end(model, table)


def _at_the_end(model: type[models.Model], table: str) -> str:
    rules = [rule for rule in getattr(model, "GUARDS", ()) if isinstance(rule, AtTheEnd)]
    if not rules:
        return f'DROP TRIGGER IF EXISTS {MARK}_end ON "{table}";\n'
    cases = _cases([(rule.refuses, _literal(rule.words)) for rule in rules])
    return END.format(function=f'"{MARK}_end_{table}"', path=SEARCH_PATH, mark=MARK, table=table, cases=cases)


def install_guards(connection: BaseDatabaseWrapper) -> int:
    """Write the guards of every tracked table anew; return how many tables have one. Run as the owner."""
    count = 0
    with connection.cursor() as cursor:
        existing = tables_as_modelled(cursor)
        for model, _ in tracked_models():
            made = statements(model) if model._meta.db_table in existing else ""
            if made:
                cursor.execute(made)
                count += 1
    return count


# ---------------------------------------------------------------- what is refused: pairs of a condition and its words
Case = tuple[str, str]


def _on_insert(model: type[models.Model]) -> Iterator[Case]:
    if moves_of(model):
        first = _field(model, "state").get_default()
        words = f"新建的{model._meta.verbose_name}须从“{_labels(model)[first]}”开始。"
        yield f"n.state IS DISTINCT FROM {_literal(first)}", _literal(words)
    for rule in getattr(model, "GUARDS", ()):
        if isinstance(rule, Rule) and rule.on_insert:
            yield rule.refuses, _literal(rule.words)


def _on_update(model: type[models.Model]) -> Iterator[Case]:
    moves = moves_of(model)
    if moves:
        pairs = {pair for move in moves.values() for pair in _pairs(move)}
        yield f"n.state <> o.state AND NOT {_is_one_of(pairs)}", _no_such_move(model)
    for move in moves.values():
        made = f"n.state <> o.state AND {_is_one_of(_pairs(move))}"
        if move.barred:
            yield f"{made} AND actor IS NULL", _literal(f"“{move.title}”须由人办理，不能由系统代办。")
        if move.by:
            words = f"“{move.title}”的办理人与本次变更的操作人不一致。"
            yield f'{made} AND n."{_field(model, move.by).column}" IS DISTINCT FROM actor', _literal(words)
        for bar in move.barred:
            words = f"{bar.words}的人不能办理“{move.title}”。"
            yield f'{made} AND {bar.function}(n."{bar.of}", actor)', _literal(words)
    columns = [str(field.column) for field in model._meta.local_concrete_fields if not field.generated]
    for rule in getattr(model, "GUARDS", ()):
        if isinstance(rule, Frozen):
            after, before = (", ".join(f'{row}."{name}"' for name in rule.among(columns)) for row in "no")
            # what is quick to ask stands first
            yield f"NOT ({rule.unless}) AND ROW({after}) IS DISTINCT FROM ROW({before})", _literal(rule.words)
        elif isinstance(rule, Rule) and rule.on_update:
            yield rule.refuses, _literal(rule.words)


def _pairs(move: Move) -> set[tuple[str, str]]:
    return {(str(source), str(move.target)) for source in move.sources}


def _is_one_of(pairs: set[tuple[str, str]]) -> str:
    listed = ", ".join(f"({_literal(before)}, {_literal(after)})" for before, after in sorted(pairs))
    return f"(o.state, n.state) IN ({listed})"


def _no_such_move(model: type[models.Model]) -> str:
    return f"format({_literal(f'{model._meta.verbose_name}不能从“%s”变为“%s”。')}, {_in_words(model, 'o')}, {_in_words(model, 'n')})"


def _in_words(model: type[models.Model], row: str) -> str:
    told = " ".join(f"WHEN {_literal(state)} THEN {_literal(label)}" for state, label in _labels(model).items())
    return f"CASE {row}.state {told} ELSE {row}.state END"


def _labels(model: type[models.Model]) -> dict[str, str]:
    return {str(state): str(label) for state, label in _field(model, "state").flatchoices}


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _cases(cases: list[Case]) -> str:
    told = "\n            ".join(f"WHEN {condition} THEN {words}" for condition, words in cases)
    return f"{told or 'WHEN false THEN NULL'}"


def _literal(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"
