"""Nothing of ours needs a newer server than PostgreSQL 14 (docs/decisions/postgresql-14.md)."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.house.source import python_files, text_of, tracked_files

NEWER = re.compile(
    r"NULLS\s+NOT\s+DISTINCT|\bMERGE\s+INTO\b|\b(?:regexp_(?:count|instr|like|substr)|any_value|json_table|json_value"
    r"|json_query|json_exists|array_sample|array_shuffle|random_normal)\s*\(",
    re.IGNORECASE,
)
NEWER_PARAMETER = "has_parameter_privilege"


def statements() -> list[Path]:
    """SQL files, and Python files that may hold SQL."""
    return [path for path in tracked_files() if path.suffix == ".sql"] + python_files()


def test_no_constraint_of_a_model_tells_nulls_apart() -> None:
    rows = [(model._meta.label, each) for model in apps.get_models() for each in model._meta.constraints]
    assert len(rows) > 20
    assert [(label, each.name) for label, each in rows if getattr(each, "nulls_distinct", None) is not None] == []


@pytest.mark.parametrize("path", statements(), ids=str)
def test_no_statement_says_what_only_a_newer_server_knows(path: Path) -> None:
    assert NEWER.findall(text_of(path)) == []


def test_what_a_newer_server_knows_is_asked_in_one_place() -> None:
    """... under its version."""
    assert [str(path) for path in statements() if NEWER_PARAMETER in text_of(path)] == ["audit/rights.py"]


@pytest.mark.parametrize(
    "sql", ["MERGE INTO t USING s", "UNIQUE NULLS NOT  DISTINCT (a)", "SELECT any_value(x)", "regexp_like (a, b)"]
)
def test_it_is_found(sql: str) -> None:
    assert NEWER.search(sql)
