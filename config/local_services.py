from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def services() -> Iterator[None]:
    yield
