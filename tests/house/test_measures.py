"""Sizes and habits that a machine can hold; each rule is tried on an example that breaks it."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, python_files, text_of, tracked_files, tree_of

FILE_LINES, FUNCTION_LINES = 500, 60
COUNTED = {".py", ".html", ".css", ".js", ".sql"}


def long_functions(tree: ast.Module) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return [node.name for node in found if node.end_lineno - node.lineno + 1 > FUNCTION_LINES]


def floats(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Attribute) and node.attr == "FloatField")
    ]


def is_too_long(text: str) -> bool:
    return text.count("\n") > FILE_LINES


def test_no_file_is_over_its_limit() -> None:
    counted = [path for path in tracked_files() if path.suffix in COUNTED and "migrations" not in path.parts]
    assert [str(path) for path in counted if is_too_long(text_of(path))] == []


def test_a_long_file_is_found() -> None:
    assert is_too_long("\n" * (FILE_LINES + 1))
    assert not is_too_long("\n" * FILE_LINES)


def test_no_function_is_over_its_limit() -> None:
    assert {str(path): names for path in python_files(tests=True) if (names := long_functions(tree_of(path)))} == {}


def test_a_long_function_is_found() -> None:
    body = "\n".join(["    pass"] * FUNCTION_LINES)
    assert long_functions(ast.parse(f"def long():\n{body}")) == ["long"]


# where a number is no quantity of the plan: seconds, pixels, sizes on paper
MAY_USE_FLOAT = ("config/", "reports/rendering/")


def test_no_quantity_is_a_float() -> None:
    ours = [path for path in python_files() if not str(path).startswith(MAY_USE_FLOAT)]
    assert {str(path): lines for path in ours if (lines := floats(tree_of(path)))} == {}


@pytest.mark.parametrize("source", ["x = 0.1", "x = float(y)", "x = models.FloatField()"])
def test_a_float_is_found(source: str) -> None:
    assert floats(ast.parse(source)) == [1]


FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py"}


def is_nameless(path: Path) -> bool:
    return path.name in FORBIDDEN_NAMES or "utils" in path.parts


def test_every_file_has_a_name_of_its_own() -> None:
    assert [path for path in tracked_files() if is_nameless(path)] == []


@pytest.mark.parametrize("name", ["plans/utils.py", "utils/dates.py", "plans/helpers.py"])
def test_a_file_without_a_name_is_found(name: str) -> None:
    assert is_nameless(Path(name))


def local_imports(tree: ast.Module) -> list[int]:
    """Imports inside functions, less those of ``ready`` (where rooms register with each other)."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name != "ready"]
    inside = (node for function in functions for node in ast.walk(function))
    return [node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)]


def test_no_function_imports() -> None:
    ours = [path for path in python_files() if path.name != "manage.py"]
    assert {str(path): lines for path in ours if (lines := local_imports(tree_of(path)))} == {}


def test_an_import_inside_a_function_is_found() -> None:
    assert local_imports(ast.parse("def f():\n    import os\ndef ready(self):\n    import os")) == [2]


SIGNALS = re.compile(
    r"django\.(?:db\.models|core)\.signals|django\.dispatch|GenericForeignKey|^\s*eager|task_always_eager"
)
# where a library can only be told by its signal
MAY_USE_SIGNALS = {"organisations/apps.py"}


def test_news_travels_as_rows_not_signals() -> None:
    ours = [path for path in python_files() if str(path) not in MAY_USE_SIGNALS]
    assert {str(path): found for path in ours if (found := SIGNALS.findall(text_of(path)))} == {}


def test_a_signal_is_found() -> None:
    assert SIGNALS.search("from django.db.models.signals import post_save")


ENGINE = (".py", ".html", ".js", ".css", ".sql")


def names_of_the_plan() -> set[str]:
    """What only the loaded plan may say: its place, its streets and its organisations' own names."""
    rows = (ROOT / "data" / "longgang" / "organisations.csv").read_text(encoding="utf-8-sig")
    streets = set(re.findall(r"(\w{2})街道", rows))
    return {"龙岗", "深圳", "华为", "比亚迪", *streets}


def test_no_name_of_the_loaded_plan_stands_in_the_engine() -> None:
    names = re.compile("|".join(sorted(names_of_the_plan())))
    outside = ("tests/browser/", "tests/way/", "drills/", "bench/", "docs/")
    this = Path("tests/house/test_measures.py")
    engine = [p for p in tracked_files() if p.suffix in ENGINE and not str(p).startswith(outside) and p != this]
    assert {str(path): found for path in engine if (found := sorted(set(names.findall(text_of(path)))))} == {}


HOSTS = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "deb.debian" + ".org", "npm" + "mirror"]
MACHINE = ["/work" + "/main", "/work" + "/wt", "/root" + "/", "/home" + "/"]
NOT_NAMED = re.compile("|".join(map(re.escape, HOSTS + MACHINE)))


def test_no_package_index_and_no_path_of_a_machine_is_named() -> None:
    texts = [path for path in tracked_files() if path.suffix not in {".png", ".xlsx", ".docx", ".pdf", ".ico"}]
    assert {str(path): found for path in texts if (found := NOT_NAMED.findall(text_of(path)))} == {}


@pytest.mark.parametrize("name", HOSTS + MACHINE)
def test_a_named_host_or_machine_is_found(name: str) -> None:
    assert NOT_NAMED.search(f"see {name} for more")
