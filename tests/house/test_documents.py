"""What the documents name is there: files, links, commands, variables of the environment."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.house.source import ROOT, python_files, text_of, tracked_files

COMMANDS = re.compile(r"manage\.py (\w+)")
MAKE = re.compile(r"`(?:\w+=\S+ )?make ([a-z]+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")
NAMED_FILE = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|md|toml|json|css|js|html|yaml|yml))`")
ENVIRONMENT = re.compile(r"""environ(?:\.get)?[\[(]\s*["'](\w+)|env_(?:flag|list)\(["'](\w+)""")
# told by the framework, not chosen by an installation
NOT_CHOSEN = {"DJANGO_SETTINGS_MODULE"}


def documents() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".md" and path.parts[0] not in {"data", "tests"}]


def missing_from(document: Path, text: str) -> list[str]:
    """Files, links and commands that a document names and that aren't there."""
    rules = {line.split(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if re.match(r"[a-z]+:", line)}
    found = [f"link {link}" for link in LINK.findall(text) if not (ROOT / document.parent / link).exists()]
    found += [f"file {name}" for name in NAMED_FILE.findall(text) if not (ROOT / name).exists()]
    found += [f"command {name}" for name in COMMANDS.findall(text) if name not in get_commands()]
    return found + [f"make {name}" for name in MAKE.findall(text) if name not in rules]


def variables() -> set[str]:
    settings = [path for path in python_files() if path.parts[0] == "config"]
    found = {name for path in settings for pair in ENVIRONMENT.findall(text_of(path)) for name in pair if name}
    return found - NOT_CHOSEN


@pytest.mark.parametrize("document", documents(), ids=str)
def test_what_a_document_names_is_there(document: Path) -> None:
    assert missing_from(document, text_of(document)) == []


def test_what_isnt_there_is_found() -> None:
    text = "see [it](nowhere.md), `rooms/cellar.py`, `manage.py dig` and `make hay`"
    found = ["link nowhere.md", "file rooms/cellar.py", "command dig", "make hay"]
    assert missing_from(Path("README.md"), text) == found


def test_every_variable_of_the_environment_is_explained() -> None:
    explained = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {name for name in variables() if f"`{name}`" not in explained} == set()


def test_every_decision_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert {path.name for path in folder.glob("*.md") if path.name != "README.md" and path.name not in listed} == set()
