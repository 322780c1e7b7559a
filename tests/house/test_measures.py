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


def test_no_file_is_over_its_limit() -> None:
    counted = [path for path in tracked_files() if path.suffix in COUNTED and "migrations" not in path.parts]
    assert {str(path): n for path in counted if (n := text_of(path).count("\n")) > FILE_LINES} == {}


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


def test_every_file_has_a_name_of_its_own() -> None:
    assert [path for path in tracked_files() if path.name in FORBIDDEN_NAMES or "utils" in path.parts] == []


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


def test_no_package_index_and_no_path_of_a_machine_is_named() -> None:
    hosts = [
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry.npm" + "js",
        "deb.debian" + ".org",
        "npm" + "mirror",
    ]
    machine = ["/work" + "/main", "/root" + "/"]
    words = re.compile("|".join(map(re.escape, hosts + machine)))
    texts = [path for path in tracked_files() if path.suffix not in {".png", ".xlsx", ".docx", ".pdf", ".ico"}]
    assert {str(path): found for path in texts if (found := words.findall(text_of(path)))} == {}
