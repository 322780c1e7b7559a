"""What the form's page sends of its cells, as the verb takes it: fields of one form, or many cells as JSON."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from submissions.actions import Sent
from submissions.beside import TYPED
from submissions.models import Answer

MOST_CELLS = 1000
FIELDS = ("answer", "value_text", *TYPED)
_WHOLE = re.compile(r"[0-9]{1,9}")
_PART = re.compile(r"part_([0-9]{1,2})")


def sent_cell(figure: int, fields: Mapping[str, Any]) -> Sent:
    """One cell from the fields of its row: those of the verb, ``revision``, ``confirmed``, and ``part_0``, ``part_1`` …

    The pressed button may say how the cell is answered (zero, no_data, same as last period, blank again).
    """
    texts = {name: str(fields[name]) for name in FIELDS if name in fields}
    if "word" in fields:  # the button 是 or 否
        texts["value_text"] = str(fields["word"])
    if texts.get("answer") == Answer.NO_DATA:
        texts.pop("value_text", None)
    orders = sorted(int(found[1]) for name in fields if (found := _PART.fullmatch(name)))
    parts = [{"value": str(fields[f"part_{order}"])} for order in orders]
    revision = str(fields.get("revision", ""))
    return Sent(
        figure,
        int(revision) if _WHOLE.fullmatch(revision) else -1,
        texts,
        parts if parts else None,
        str(fields.get("confirmed", "")) == "1",
    )


def sent_cells(body: bytes) -> list[Sent]:
    """Many cells: ``{"cells": [{"figure": 7, "revision": "2", "value_text": "12", …}, …]}``, each one once.

    Raises:
        ValidationError: the body is something else, or too many at once.
    """
    try:
        given = json.loads(body)["cells"]
        cells = [sent_cell(int(each["figure"]), each) for each in given]
    except (ValueError, KeyError, TypeError):
        raise ValidationError("没有读懂所发的内容，请刷新后重试。") from None
    if len(cells) > MOST_CELLS or len({each.figure for each in cells}) < len(cells):
        raise ValidationError(f"一次最多保存 {MOST_CELLS} 项，每项一次。")
    return cells
