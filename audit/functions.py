"""The functions and triggers that stand written in SQL files: one list, by which ``migrate`` writes them anew each time it
ends, and verification knows what has to be there.

What is made from the models (the writers of versions, the guards) is not in it: ``audit.generator``, ``audit.guards``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

CREATE = re.compile(r"^CREATE (FUNCTION|TRIGGER)", re.MULTILINE)

_files: dict[str, tuple[Path, ...]] = {}


def register(room: str, *files: Path) -> None:
    """Tell where a room's functions stand (called from its ``AppConfig.ready``); where two files make the same one, the
    later is right. A file holds nothing that may not be run again."""
    _files[room] = files


def registered() -> Iterator[tuple[str, str]]:
    """Yield each room with the SQL that makes its functions, whether they are there or not."""
    for room, files in _files.items():
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        yield room, CREATE.sub(r"CREATE OR REPLACE \1", text)


def install_functions(connection: BaseDatabaseWrapper) -> None:
    """Write the functions of every room anew. A room that was migrated half way has what its migrations made."""
    loader = MigrationLoader(connection)
    with connection.cursor() as cursor:
        for room, sql in registered():
            if set(loader.graph.leaf_nodes(room)) <= set(loader.applied_migrations):
                cursor.execute(sql)
