"""Every file that writes a sheet asks ``audit.spreadsheets`` what may stand in its cells."""

import ast

import pytest

from tests.house.source import python_files, tree_of

WRITERS = {"Workbook", "writer", "DictWriter", "Dataset", "Databook"}
PLACE = "audit.spreadsheets"
ASKS = {"inert", "inert_rows"}


def writes_sheets(tree: ast.Module) -> bool:
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return bool({getattr(func, "attr", getattr(func, "id", "")) for func in called} & WRITERS)


def asks(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == PLACE for node in ast.walk(tree))


def written_bare(tree: ast.Module) -> list[int]:
    """The lines that put something into a sheet which isn't written out there, and isn't asked about either: rows that
    are appended, rows added to them, cells and their values, rows of texts."""
    sheets = sheets_of(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += [each.lineno for each in put_by(node, sheets) if not is_asked(each)]
        if isinstance(node, ast.Assign) and any(is_cell(target, sheets) for target in node.targets):
            found += [] if is_asked(node.value) else [node.lineno]
    return sorted(found)


def sheets_of(tree: ast.Module) -> set[str]:
    """The names that stand for a sheet: what a book's ``create_sheet`` or ``active`` was assigned to."""
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    made = [
        node for node in named if "create_sheet" in name_of(node.value) or getattr(node.value, "attr", "") == "active"
    ]
    return {target.id for node in made for target in node.targets if isinstance(target, ast.Name)}


def name_of(node: ast.expr) -> str:
    """What is called."""
    func = getattr(node, "func", None)
    return str(getattr(func, "attr", getattr(func, "id", "")))


def put_by(call: ast.Call, sheets: set[str]) -> list[ast.expr]:
    """What a call puts into cells."""
    given, named = call.args, [each.value for each in call.keywords if each.arg == "value"]
    match name_of(call):
        case "append":
            on = getattr(call.func, "value", None)
            is_sheet = isinstance(on, ast.Name) and on.id in sheets
            return [each for row in given for each in (cells(row) if is_row(row) else [row] * is_sheet)]
        case "cell":
            return [*given[2:], *named]
        case "WriteOnlyCell":
            return [*given[1:], *named]
        case "writerow" | "writerows":
            return given
    return []


def is_row(row: ast.expr) -> bool:
    return isinstance(row, ast.List | ast.ListComp | ast.BinOp)


def is_cell(target: ast.expr, sheets: set[str]) -> bool:
    """Whether an assignment to it writes a cell: ``cell.value``, ``page["A1"]``."""
    on = getattr(target, "value", None)
    in_sheet = isinstance(target, ast.Subscript) and isinstance(on, ast.Name) and on.id in sheets
    return in_sheet or (isinstance(target, ast.Attribute) and target.attr == "value")


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
    return isinstance(cell, ast.Constant) or name_of(cell) in ASKS


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
        "page = book.create_sheet(title); page.append(row)",
        "page = book.active; page.append(tuple(row))",
        'page = book.active; page["A1"] = name',
        "page.cell(1, 2, name)",
        "page.cell(row=1, column=2, value=name)",
        "WriteOnlyCell(page, value=name)",
        "writer.writerow(row)",
        "writer.writerows(rows)",
    ],
)
def test_a_cell_that_is_written_bare_is_found(source: str) -> None:
    assert written_bare(ast.parse(source)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        'page.append(["序号", inert(name)])',
        "cell.value = inert(name)",
        "found.append(row)",
        "page.cell(1, 2)",
        "writer.writerows(inert_rows(rows))",
    ],
)
def test_a_cell_that_was_asked_about_is_let_through(source: str) -> None:
    assert written_bare(ast.parse(source)) == []


@pytest.mark.parametrize("source", ["book = Workbook()", "csv.writer(file)", "Dataset(*rows)"])
def test_a_sheet_that_is_written_elsewhere_is_found(source: str) -> None:
    assert writes_sheets(ast.parse(source))
    assert not asks(ast.parse(source))
