"""The project's own source files, as the house tests read them."""

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = ("node_modules/", ".data/", ".venv", "staticfiles/")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Files that git knows or would add, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(set(listing.stdout.splitlines()))
    return tuple(Path(name) for name in names if not name.startswith(NOT_OURS) and (ROOT / name).is_file())


def python_files(*, tests: bool = False) -> list[Path]:
    """Python files less migrations; with or without tests, drills and measurements."""
    outside = ("tests/", "drills/", "bench/")
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and "migrations" not in path.parts and (tests or not str(path).startswith(outside))
    ]


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), filename=str(path))


@cache
def layers() -> tuple[frozenset[str], ...]:
    """The rooms of the import contract, the first first; rooms of one set stand side by side."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return tuple(frozenset(name.strip(" ()") for name in layer.split("|")) for layer in reversed(contract["layers"]))


def place_of(room: str) -> int:
    """The room's place in the contract; a later room has a higher one."""
    return next(place for place, rooms in enumerate(layers()) if room in rooms)
