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


def written_bare(tree: ast.Module) -> list[int]:
    """The lines that put something into a sheet which isn't written out there, and isn't asked about either: rows that
    are appended, rows added to them, values of cells."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append":
            found += [each.lineno for row in node.args for each in cells(row) if not is_asked(each)]
        if isinstance(node, ast.Assign) and any(getattr(target, "attr", "") == "value" for target in node.targets):
            found += [] if is_asked(node.value) else [node.lineno]
    return found


def cells(row: ast.expr) -> list[ast.expr]:
    match row:
        case ast.List():
            return row.elts
        case ast.ListComp():
            return [row.elt]
        case ast.BinOp():
            return [*cells(row.left), *cells(row.right)]
    return []


def is_asked(cell: ast.expr) -> bool:
    return isinstance(cell, ast.Constant) or (isinstance(cell, ast.Call) and getattr(cell.func, "id", "") == "inert")


READS_ONLY = {"workbooks/actions.py"}  # a sheet that comes in, handed to the library that reads it


def test_no_sheet_is_written_past_the_one_place() -> None:
    writing = [path for path in python_files() if str(path) not in READS_ONLY and writes_sheets(tree_of(path))]
    assert [str(path) for path in writing if not asks(tree_of(path)) and str(path) != "audit/spreadsheets.py"] == []


def test_no_cell_is_written_past_it_in_the_files_that_ask() -> None:
    trees = {str(path): tree_of(path) for path in python_files()}
    writing = {path: tree for path, tree in trees.items() if writes_sheets(tree) and path not in READS_ONLY}
    assert [f"{path}:{line}" for path, tree in writing.items() for line in written_bare(tree)] == []


@pytest.mark.parametrize(
    "source",
    [
        'page.append([f"{plan.name}　进展"])',
        "page.append([row.name, inert(row.unit)])",
        "page.append([column.head for column in columns])",
        'page.append(["序号"] + [name])',
        "cell.value = name",
    ],
)
def test_a_cell_that_is_written_bare_is_found(source: str) -> None:
    assert written_bare(ast.parse(source)) == [1]


@pytest.mark.parametrize(
    "source", ['page.append(["序号", inert(name)])', "cell.value = inert(name)", "found.append(row)"]
)
def test_a_cell_that_was_asked_about_is_let_through(source: str) -> None:
    assert written_bare(ast.parse(source)) == []


@pytest.mark.parametrize("source", ["book = Workbook()", "csv.writer(file)", "Dataset(*rows)"])
def test_a_sheet_that_is_written_elsewhere_is_found(source: str) -> None:
    assert writes_sheets(ast.parse(source))
    assert not asks(ast.parse(source))
