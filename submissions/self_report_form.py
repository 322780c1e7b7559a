"""The outline of the self-report as a page has it: rows of fields, read back as lines."""

import json
from collections.abc import Mapping
from pathlib import Path

from plans.models import Plan
from submissions.actions import OutlineLine
from submissions.queries.self_reports import outline_of

USUAL = Path(__file__).with_name("self_report_outline.json")
SPARE = 2  # empty rows that a page adds
MOST = 30


def usual_outline() -> list[OutlineLine]:
    """What a plan's outline starts from."""
    told = json.loads(USUAL.read_text(encoding="utf-8"))
    return [OutlineLine(number, row["title"], row["guidance"]) for number, row in enumerate(told, start=1)]


def lines_of(plan: Plan) -> list[OutlineLine]:
    """The plan's outline; the usual one where it has none yet."""
    kept = [OutlineLine(row.number, row.title, row.guidance, row.is_required) for row in outline_of(plan)]
    return kept or usual_outline()


def with_spare(lines: list[OutlineLine]) -> list[OutlineLine]:
    """The lines and empty ones after them, to add sections in."""
    last = max((line.number for line in lines), default=0)
    return lines + [OutlineLine(last + more, "") for more in range(1, SPARE + 1)]


def lines_in(sent: Mapping[str, str]) -> list[OutlineLine]:
    """Read the rows of a page; one without a title and guidance is none, a number that isn't one is 0."""
    lines = []
    for row in range(MOST):
        title, guidance = (sent.get(f"{name}-{row}", "").strip() for name in ("title", "guidance"))
        number = sent.get(f"number-{row}", "").strip()
        if not title and not guidance:
            continue
        is_number = number.isascii() and number.isdecimal() and len(number) < 5
        lines.append(OutlineLine(int(number) if is_number else 0, title, guidance, f"required-{row}" in sent))
    return lines
