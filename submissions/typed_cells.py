"""What the form's page sends for one cell, as the words that the verb takes."""

import re
from collections.abc import Mapping
from typing import Any

from submissions.form_rows import texts_of
from submissions.models import Answer, Figure, PublishedValue

SAME_AS_BEFORE = "same"
_WHOLE = re.compile(r"[0-9]{1,9}")


def typed_cell(post: Mapping[str, str], figure: Figure, previous: PublishedValue | None) -> dict[str, Any]:
    """Return the arguments of ``save_figure``; a field that the page didn't show keeps what is saved.

    The pressed button may say how the cell is answered (zero, no_data, same as last period, blank again); otherwise
    the number's field does: a number, or nothing yet.
    """
    texts = {name: str(post.get(name, saved)) for name, saved in texts_of(figure).items()}
    answer = _answer(post, figure)
    parts = parts_typed(post, figure)
    if answer == SAME_AS_BEFORE:
        answer = Answer.VALUE if previous is not None else Answer.BLANK
        texts["value_text"] = (previous.value_printed or f"{previous.value or 0:f}") if previous is not None else ""
        parts = previous.parts if previous is not None else []
    if answer == Answer.BLANK:
        texts["value_text"], parts = "", []
    if answer == Answer.NO_DATA:
        texts["value_text"] = texts["value_text"] if figure.answer == Answer.NO_DATA else ""
    revision = str(post.get("revision", ""))
    return {
        **texts,
        "answer": answer,
        "parts": parts,
        "revision": int(revision) if _WHOLE.fullmatch(revision) else -1,
        "confirmed": post.get("confirmed") == "1",
    }


def _answer(post: Mapping[str, str], figure: Figure) -> str:
    if "answer" in post:
        return str(post["answer"])
    if "value_text" not in post:
        return figure.answer
    return Answer.VALUE if str(post["value_text"]).strip() else Answer.BLANK


def parts_typed(post: Mapping[str, str], figure: Figure) -> list[dict[str, str]]:
    """The parts' fields stand in the order of the indicator's parts: ``part_0``, ``part_1`` …"""
    if "part_0" not in post:
        return list(figure.parts)
    return [
        {"name": part.name, "unit": part.unit, "value": str(post.get(f"part_{order}", ""))}
        for order, part in enumerate(figure.indicator.parts.all())
    ]
