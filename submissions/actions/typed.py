"""What a person typed into a cell, read into the columns that keep it; nothing here writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from arithmetic.as_of import read_as_of
from arithmetic.written import Form, Unreadable, Written, read_value
from indicators.models import DIGITS, Expectation, Indicator, TargetForm
from submissions.models import Answer
from submissions.models.figure import YES_OR_NO

LONGEST_TEXT = 5000
LONGEST_LINE = 200
_LARGEST = Decimal(10) ** (DIGITS["max_digits"] - DIGITS["decimal_places"])


class NeedsConfirmation(ValidationError):
    """The writing was understood, but something else could have been meant: its writer must agree first.

    ``understood`` is the sentence to show; ``value`` the number as it would be saved; ``field`` where it was typed.
    """

    def __init__(self, written: Written, field: str) -> None:
        super().__init__(f"{written.understood_as}请确认后再保存。", code="needs_confirmation")
        self.understood = written.understood_as
        self.value = written.value
        self.field = field


@dataclass(frozen=True)
class Typed:
    """The words of one cell as they came from a form, a workbook or a command."""

    answer: str
    value_text: str = ""
    parts: Iterable[Mapping[str, str]] = ()
    part_names: Sequence[tuple[str, str]] = ()
    """Name and unit of each part that the indicator has."""
    no_data_reason: str = ""
    as_of_text: str = ""
    last_year_text: str = ""
    growth_text: str = ""
    growth_source: str = ""
    data_source: str = ""
    explanation: str = ""
    expectation: str = ""
    reply: str = ""
    agreed: frozenset[str] = field(default_factory=frozenset)
    """Writings that need no confirmation any more: what is saved already."""
    is_confirmed: bool = False


def read_cell(typed: Typed, indicator: Indicator) -> dict[str, Any]:
    """Return the columns of a figure that the words mean.

    Raises:
        ValidationError: something can't be read, or doesn't go together; by field, in Chinese.
        NeedsConfirmation: a number was understood that its writer must agree to.
    """
    columns: dict[str, Any] = {
        "value": None,
        "value_printed": "",
        "parts": [],
        "no_data_reason": "",
        "as_of": None,
        "as_of_precision": "day",
        "as_of_printed": "",
        "last_year_value": _number(typed, typed.last_year_text, indicator.unit, "last_year_text"),
        "reported_growth": _number(typed, typed.growth_text, "", "growth_text"),
        "growth_source": tidy(typed.growth_source, "growth_source", LONGEST_LINE),
        "data_source": tidy(typed.data_source, "data_source", LONGEST_LINE),
        "explanation": tidy(typed.explanation, "explanation"),
        "reply": tidy(typed.reply, "reply"),
        "expectation": _choice(typed.expectation, Expectation.values, "expectation"),
    }
    return columns | _as_of(typed.as_of_text) | _answer(typed, indicator)


def tidy(text: str, field: str, longest: int = LONGEST_TEXT) -> str:
    """Return the text without spaces around it.

    Raises:
        ValidationError: too long, or a character that no database keeps.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise ValidationError({field: f"文字过长：最多 {longest} 字，现有 {len(text)} 字。"})
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError({field: "文字中有无法保存的字符，请删去后重试。"})
    return text


def _answer(typed: Typed, indicator: Indicator) -> dict[str, Any]:
    answer = _choice(typed.answer, Answer.values, "answer")
    is_yes_or_no = indicator.target_form == TargetForm.YES_NO
    if answer == Answer.ZERO and is_yes_or_no:
        raise ValidationError({"value_text": "这一项问是否完成。请填“是”或“否”。"})
    if answer == Answer.ZERO:
        return {"answer": Answer.ZERO, "value": Decimal(0), "value_printed": "0"}
    if answer == Answer.NO_DATA:
        reason = tidy(typed.no_data_reason, "no_data_reason")
        if not reason:
            raise ValidationError({"no_data_reason": "请说明没有数据的原因。"})
        return {
            "answer": Answer.NO_DATA,
            "no_data_reason": reason,
            "value_printed": tidy(typed.value_text, "value_text", 10),
        }
    if not typed.value_text.strip():
        return {"answer": Answer.BLANK}
    return _yes_or_no(typed) if is_yes_or_no else _value(typed, indicator)


def _yes_or_no(typed: Typed) -> dict[str, Any]:
    """是 counts as 1, 否 as 0; both are kept as the word."""
    word = typed.value_text.strip()
    if word not in YES_OR_NO:
        raise ValidationError({"value_text": f"“{word}”不是“是”或“否”。这一项问是否完成，请填“是”或“否”。"})
    return {"answer": Answer.VALUE, "value": YES_OR_NO[word], "value_printed": word}


def _value(typed: Typed, indicator: Indicator) -> dict[str, Any]:
    written = _read(typed.value_text, indicator.unit, "value_text")
    if written.form is Form.MARKER or written.value is None:
        why = (
            f"“{typed.value_text.strip()}”不是一个数。没有数据的，请选“无数据”并说明原因；确实为零的，请选“确认为零”。"
        )
        raise ValidationError({"value_text": why})
    parts = _parts(typed)
    if written.form is Form.PARTS:
        parts = parts or _parts_in_order(written, typed.part_names)
        printed = " + ".join(f"{part:f}" for part in written.parts)
    elif written.form is Form.PERCENT:
        printed = f"{written.value:f}%"
    else:
        printed = f"{written.value:f}"
    value = _fitting(written.value, "value_text")
    if written.needs_confirmation and not typed.is_confirmed and printed not in typed.agreed:
        raise NeedsConfirmation(written, "value_text")
    answer = Answer.VALUE if value or parts else Answer.ZERO
    return {"answer": answer, "value": value, "value_printed": printed, "parts": parts}


def _parts(typed: Typed) -> list[dict[str, str]]:
    found = []
    for part in typed.parts:
        name, unit, text = (str(part.get(key, "")).strip() for key in ("name", "unit", "value"))
        if not text:
            continue
        written = _read(text, unit, "parts")
        if written.value is None:
            raise ValidationError({"parts": f"分项“{name}”的“{text}”不是一个数。请填数字。"})
        value = _fitting(written.value, "parts")
        found.append({"name": tidy(name, "parts", 100), "unit": tidy(unit, "parts", 30), "value": f"{value:f}"})
    return found


def _parts_in_order(written: Written, names: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The numbers of 7+2+1 beside the names that the indicator gives its parts, where their counts agree."""
    named = names if len(names) == len(written.parts) else [("", "")] * len(written.parts)
    return [
        {"name": name, "unit": unit, "value": f"{value:f}"}
        for (name, unit), value in zip(named, written.parts, strict=True)
    ]


def _number(typed: Typed, text: str, unit: str, field: str) -> Decimal | None:
    if not text.strip():
        return None
    written = _read(text, unit, field)
    if written.value is None or written.form is Form.PARTS:
        raise ValidationError({field: f"“{text.strip()}”不是一个数。请填数字；没有的，留空。"})
    value = _fitting(written.value, field)
    if written.needs_confirmation and not typed.is_confirmed and f"{written.value:f}" not in typed.agreed:
        raise NeedsConfirmation(written, field)
    return value


def _read(text: str, unit: str, field: str) -> Written:
    try:
        return read_value(text, unit=unit)
    except Unreadable as unreadable:
        raise ValidationError({field: unreadable.why}) from None


def _fitting(value: Decimal, field: str) -> Decimal:
    places = -int(value.normalize().as_tuple().exponent)
    if places > DIGITS["decimal_places"]:
        raise ValidationError({field: f"小数最多 {DIGITS['decimal_places']} 位，现有 {places} 位。请核实。"})
    if abs(value) >= _LARGEST:
        raise ValidationError({field: "数值过大，无法保存。请核对单位。"})
    return value


def _as_of(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        as_of, printed = read_as_of(text)
    except ValueError as unreadable:
        raise ValidationError({"as_of_text": str(unreadable)}) from None
    return {"as_of": as_of.day, "as_of_precision": as_of.precision.value, "as_of_printed": printed[:50]}


def _choice(given: str, known: list[str], field: str) -> str:
    if given and given not in known:
        raise ValidationError({field: f"没有“{given[:20]}”这个选项。请重新选择。"})
    return given
