"""Every file that writes a sheet asks ``audit.spreadsheets`` what may stand in its cells."""

import ast

import pytest

from tests.house.source import python_files, tree_of

WRITERS = {"Workbook", "writer", "DictWriter", "Dataset", "Databook"}
PLACE = "audit.spreadsheets"


def writes_sheets(tree: ast.Module) -> bool:
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return bool({getattr(func, "attr", getattr(func, "id", "")) for func in called} & WRITERS)


def asks(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == PLACE for node in ast.walk(tree))


READS_ONLY = {"workbooks/actions.py"}  # a sheet that comes in, handed to the library that reads it


def test_no_sheet_is_written_past_the_one_place() -> None:
    writing = [path for path in python_files() if str(path) not in READS_ONLY and writes_sheets(tree_of(path))]
    assert [str(path) for path in writing if not asks(tree_of(path)) and str(path) != "audit/spreadsheets.py"] == []


@pytest.mark.parametrize("source", ["book = Workbook()", "csv.writer(file)", "Dataset(*rows)"])
def test_a_sheet_that_is_written_elsewhere_is_found(source: str) -> None:
    assert writes_sheets(ast.parse(source))
    assert not asks(ast.parse(source))
