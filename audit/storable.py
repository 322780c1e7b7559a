"""What the database can hold of a text: no NUL, no half of a character."""

from collections.abc import Mapping
from typing import Any


def clean(text: str) -> str:
    """Return a text as the database can hold it; what it cannot is replaced."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def cleaned(value: Any) -> Any:
    """The same for whatever goes into JSON, its keys and members too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    return [cleaned(each) for each in value] if isinstance(value, list | tuple) else value


def is_storable(value: Any) -> bool:
    """Whether ``cleaned`` would leave it as it is."""
    if isinstance(value, str):
        return clean(value) == value
    if isinstance(value, Mapping):
        return all(is_storable(key) and is_storable(each) for key, each in value.items())
    return all(is_storable(each) for each in value) if isinstance(value, list | tuple) else True
