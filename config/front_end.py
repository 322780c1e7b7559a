"""Front-end packages, served from node_modules by an explicit list of files."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder


class NodeModulesFinder(BaseFinder):
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        return [] if find_all else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return []
