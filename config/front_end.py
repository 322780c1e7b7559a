"""Front-end packages, served from node_modules by an explicit list of files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The address under /static/, and the file of the package. What isn't in this list is not served.
FILES = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/nacl.min.js": "tweetnacl/nacl-fast.min.js",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
}


class PackageFiles(FileSystemStorage):
    """Reads a listed address from the file of its package."""

    prefix = ""

    def path(self, name: str) -> str:
        return str(Path(self.base_location) / FILES[name])


class NodeModulesFinder(BaseFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = PackageFiles(location=settings.BASE_DIR / "node_modules")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.storage.path(path) if path in FILES else ""
        found = found if Path(found).is_file() else ""
        if find_all:
            return [found] if found else []
        return found or None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, PackageFiles]]:
        """Yield every listed file; a missing one fails the collecting, since no page works without it."""
        for name in FILES:
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Names with hashes, compressed; comments that name a source map, which isn't served, stay as they are."""

    patterns = tuple(
        (files, tuple(pattern for pattern in patterns if "sourceMappingURL" not in str(pattern)))
        for files, patterns in CompressedManifestStaticFilesStorage.patterns
    )
