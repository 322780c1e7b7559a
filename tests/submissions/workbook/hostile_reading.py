"""What came of a hostile file: refused in words, or every saved number the right one."""

import re
import time
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from organisations.models import User
from submissions.actions.workbook import take_over_lines
from submissions.models import Figure, Submission
from submissions.workbook.difference import compare
from submissions.workbook.reading import read_form
from tests.submissions.workbook.books import again, cell_of, form_of, handed_out, keys_of, typed
from tests.workbooks.hostile import Good, Hostile
from workbooks.cells import Unusable
from workbooks.reading import WALL_SECONDS

UNITS = ("亿元", "亿元", "亿元", "亿元", "%", "亿元")
_IN_WORDS = re.compile(r"[\u4e00-\u9fff].*[。？]", re.DOTALL)
_OF_PROGRAMS = re.compile(r"Traceback|Error\(|Exception|None|<class|object at")


def good_book(writer: User, to: Path) -> tuple[Submission, Good]:
    """A form with a number typed into each row of its workbook."""
    asked = [{"unit": unit, "kind": "ratio" if unit == "%" else "stock"} for unit in UNITS]
    form = form_of(writer, *asked)
    path, keys = handed_out(form, to, writer, "good.xlsx"), keys_of(form)
    truth = {key: Decimal(f"{order + 40}.5") for order, key in enumerate(keys)}
    for key in keys:
        typed(path, key, truth[key])
    cells = {key: cell_of(path, key) for key in keys}
    return form, Good(path.read_bytes(), cells, truth, dict(zip(keys, UNITS, strict=True)))


def wrong_about(file: Hostile, form: Submission, writer: User, to: Path) -> list[str]:
    """Read a file and take over whatever may be, as a command would; undo it, and say what was wrong."""
    path = to / "hostile.xlsx"
    path.write_bytes(file.content)
    begun = time.monotonic_ns()
    try:
        found = read_form(path)
    except Unusable as unusable:
        return [*_slow(begun), *(word for problem in unusable.problems for word in _speech(str(problem)))]
    wrong = _slow(begun)
    with transaction.atomic():
        difference = compare(again(form), found)
        for line in difference.errors:
            wrong += [words for message in line.messages or [""] for words in _speech(message)]
            wrong += [] if re.fullmatch(r".+![A-Z]+\d+", line.address) else [f"no address: {line.address}"]
        ticked = {line.id: line.row.owner.revision for line in difference.may_be_taken}
        taken = take_over_lines(difference, path.name, writer, ticked)
        wrong += [words for _, message in taken.refused for words in _speech(message)]
        wrong += _saved_wrong(file, form)
        transaction.set_rollback(True)
    return wrong


def _saved_wrong(file: Hostile, form: Submission) -> list[str]:
    wrong = []
    for figure in Figure.objects.filter(submission=form).exclude(answer="").select_related("indicator"):
        key = f"指标-{figure.indicator.number}"
        if figure.value is not None and figure.value != file.truth[key]:
            wrong.append(f"{key}: {figure.value} was saved, {file.truth[key]} is right")
    return wrong


def _slow(begun: int) -> list[str]:
    took = (time.monotonic_ns() - begun) // 10**9
    return [f"took {took} s"] if took > WALL_SECONDS + 1 else []


def _speech(words: str) -> list[str]:
    """What is wrong with a message: it is for people, in Chinese, whole sentences."""
    if _IN_WORDS.search(words) is None or _OF_PROGRAMS.search(words):
        return [f"no sentence: {words!r}"]
    return []
