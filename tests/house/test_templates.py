"""Rules of templates and of what stands on the screen; each is tried on an example that breaks it."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import python_files, text_of, tracked_files, tree_of

# what a template may not hold: name of the rule, pattern, an example that breaks it
RULES = [
    ("script without src", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", "<script>alert(1)</script>"),
    ("style element", r"<style\b", "<style>p {}</style>"),
    ("event attribute", r"""\son[a-z]+\s*=\s*["']""", '<a onclick="go()">'),
    ("javascript: address", r"javascript:", '<a href="javascript:go()">'),
    ("hx-on", r"\bhx-on\b", '<a hx-on:click="go()">'),
    ("js: in hx-vals", r"""\bhx-[a-z]+\s*=\s*["']\s*(?:js|javascript):""", """<a hx-vals='js:{a: 1}'>"""),
    ("trigger filter", r"""\bhx-trigger\s*=\s*(["'])(?:(?!\1).)*\[""", """<a hx-trigger="click[ctrlKey]">"""),
    ("unescaped output", r"\|\s*safe\b|\bsafeseq\b|autoescape\s+off", "{{ text|safe }}"),
    ("other host", r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", '<script src="//cdn.example/a.js">'),
    ("include that sees everything", r"{%\s*include\s+[\"']components/(?:(?!only\s*%}).)*?%}", '{% include "components/a.html" %}'),
    ("forbidden word", "统计报表", "统计报表"),
]  # fmt: skip


def broken_rules(text: str) -> list[str]:
    return [name for name, pattern, _ in RULES if re.search(pattern, text)]


def templates() -> list[Path]:
    return [path for path in tracked_files() if path.parts[0] == "templates" and path.suffix == ".html"]


def test_templates_keep_the_rules() -> None:
    assert {str(path): broken for path in templates() if (broken := broken_rules(text_of(path)))} == {}


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, _, example in RULES])
def test_the_rule_is_broken_by_its_example(name: str, example: str) -> None:
    assert name in broken_rules(example)


def test_a_script_with_an_address_is_fine() -> None:
    assert broken_rules("""<script src="{% static 'js/form.js' %}" defer></script>""") == []


# ---------------------------------------------------------------- punctuation
HAN = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}\s?[,;:?!()]|[,;:?!()]\s?{HAN}|{HAN}\.(?![\w/])|{HAN}\"|\"{HAN}")
CODE = re.compile(r"{%.*?%}|{#.*?#}|<[^>]*>|<!--.*?-->", re.DOTALL)
SHOWN_ATTRIBUTES = re.compile(r"""\b(?:title|alt|placeholder|aria-label|content|value)="([^"{]*)\"""")


def half_width(text: str) -> list[str]:
    return [text[max(0, m.start() - 8) : m.end() + 8] for m in HALF_WIDTH.finditer(text)]


def shown_by(template: str) -> str:
    """What a reader sees of a template: its text and the attributes that are read out; a value counts as a letter."""
    attributes = "\n".join(SHOWN_ATTRIBUTES.findall(template))
    return CODE.sub("\n", re.sub(r"{{.*?}}", "x", template)) + "\n" + attributes


def is_pattern(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")


def strings_of(tree: ast.Module) -> list[str]:
    """The string constants of a file, less its docstrings and the patterns of ``re``."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = list(ast.walk(tree))
    others = {id(node.body[0].value) for node in nodes if isinstance(node, holders) and ast.get_docstring(node)}
    others |= {id(inside) for node in nodes if is_pattern(node) for inside in ast.walk(node)}
    constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in others]
    return [node.value for node in constants if isinstance(node.value, str)]


def test_templates_use_full_width_punctuation() -> None:
    assert {str(path): found for path in templates() if (found := half_width(shown_by(text_of(path))))} == {}


def test_messages_and_labels_use_full_width_punctuation() -> None:
    ours = python_files()
    found = {str(path): [hit for text in strings_of(tree_of(path)) for hit in half_width(text)] for path in ours}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_scripts_use_full_width_punctuation() -> None:
    scripts = [path for path in tracked_files() if path.parts[0] == "static" and path.suffix == ".js"]
    lines = {str(path): re.findall(r"""["'`][^"'`\n]*["'`]""", text_of(path)) for path in scripts}
    found = {path: [hit for line in texts for hit in half_width(line[1:-1])] for path, texts in lines.items()}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize("text", ["未保存,原因", "共 3 项(全部)", "说明: 无", "已完成.", '"已保存"'])
def test_half_width_punctuation_is_found(text: str) -> None:
    assert half_width(text) != []
    assert half_width(shown_by(f"<p>{text}</p>")) != []


@pytest.mark.parametrize("text", ["未保存，原因", "（1–6月）", "“已保存”", "导出 Word", "3.5 亿元", "见 a.xlsx"])
def test_full_width_punctuation_passes(text: str) -> None:
    assert half_width(text) == []


def test_docstrings_are_no_messages() -> None:
    assert strings_of(ast.parse('"""报告期(开放)"""\nlabel = "报告期"')) == ["报告期"]


def test_patterns_are_no_messages() -> None:
    assert strings_of(ast.parse('re.compile(f"(年)?{x}")')) == []
