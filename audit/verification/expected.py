"""What functions and triggers ``migrate`` wrote: read from the same SQL, in the words of the database's catalogue."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings

from audit.canonical import history_table
from audit.functions import registered
from audit.generator import keep_statements, statements
from audit.guards import statements as guards_of
from audit.models import Change, Entry
from audit.sealing import sealing
from audit.security_rights import clearing
from audit.tracking import tracked_models

FUNCTION = re.compile(
    r'CREATE (?:OR REPLACE )?FUNCTION "?(\w+)"?\((.*?)\) RETURNS (.*?)\s+LANGUAGE (.*?) AS \$body\$(.*?)\$body\$',
    re.DOTALL,
)
TRIGGER = re.compile(
    r'CREATE (?:OR REPLACE |CONSTRAINT )?TRIGGER (\w+) [\w\s"]+? ON "?(\w+)"?.*?EXECUTE FUNCTION "?\w+"?\(\)',
    re.DOTALL,
)
SETTING = re.compile(r"SET (\w+) = (.*?)(?= SET |$)")
EVENTS = re.compile(r"(?<= )(?:insert|update|delete|truncate)(?: or (?:insert|update|delete|truncate))*(?= on )")
LONG_NAMES = {"timestamptz": "timestamp with time zone"}


class Function(NamedTuple):
    """``how`` is its language, how it may be called, as whom it runs and under which settings."""

    result: str
    body: str
    how: tuple[str, ...]


def sql_of_migrate(shapes: dict[str, int]) -> Iterator[str]:
    """Yield the SQL that ``migrate`` runs at its end, in its order, with the present shape of each table."""
    for _, sql in registered():
        yield sql
    for model, version in tracked_models():
        yield statements(model, version, shapes.get(history_table(version).name, 0))
    for history in (Change, Entry):
        yield keep_statements(history, shapes.get(history_table(history).name, 0))
    yield sealing()
    yield clearing(settings.SECURITY_TRAIL_MONTHS)
    yield from (guards_of(model) for model, _ in tracked_models())


def functions(sql: str) -> dict[tuple[str, str], Function]:
    """Return the functions that the SQL makes, by name and arguments; of two alike the later one."""
    return {
        (name, _type(arguments)): Function(_type(result), body, how_of(rest))
        for name, arguments, result, rest, body in FUNCTION.findall(sql)
    }


def how_of(words: str) -> tuple[str, ...]:
    """Read ``plpgsql STABLE SECURITY DEFINER SET search_path = …``."""
    words = " ".join(words.split())
    head, _, _ = words.partition(" SET ")
    language = head.split()[0]
    volatility = next((word for word in ("STABLE", "IMMUTABLE") if word in head), "VOLATILE").lower()
    runs_as = "owner" if "SECURITY DEFINER" in head else "caller"
    under = sorted(f"{name}={value.replace(chr(39), '')}".lower() for name, value in SETTING.findall(words))
    return (language, volatility, runs_as, *under)


def triggers(sql: str) -> dict[tuple[str, str], str]:
    """Return the triggers that the SQL makes, by table and name, as ``as_written`` tells them."""
    return {(found[2], found[1]): as_written(found[0]) for found in TRIGGER.finditer(sql)}


def as_written(definition: str) -> str:
    """Bring a trigger's definition, as we write it or as ``pg_get_triggerdef`` tells it, into one form."""
    bare = re.sub(r"OR REPLACE |[();]|\bpublic\.", " ", definition.replace('"', ""))
    text = " ".join(bare.split()).lower()
    return EVENTS.sub(lambda found: " or ".join(sorted(found[0].split(" or "))), text, count=1)


def _type(words: str) -> str:
    text = " ".join(words.split())
    return re.sub(r"\w+", lambda found: LONG_NAMES.get(found[0], found[0]), text)
