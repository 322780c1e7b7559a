"""Whatever a person can type or paste into a number's field, and what must hold of it."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from indicators.models import Indicator, TargetForm
from submissions.actions.typed import NeedsConfirmation, Typed, read_cell
from submissions.models import Answer, Figure
from submissions.words import texts_of

UNITS = ["", "家", "亿元", "%", "万平方米"]
LETTERS = "0123456789０１２３４５６７８９.,，．。、 　\u00a0+＋-−－%％万亿千百约近超＞<≥≤()（）eE/—无空是否家亿元年月日=#\"'\t\n٣๓½²③"
_WIDE = str.maketrans("０１２３４５６７８９．，＋％％－−﹣", "0123456789.,+%%---")


def grouped(value: Decimal) -> str:
    return f"{value:,f}"


def full_width(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**12, places=2, allow_nan=False)
WRITTEN = st.builds(
    lambda value, write, before, after: before + write(value) + after,
    NUMBERS,
    st.sampled_from([str, grouped, lambda value: full_width(str(value)), lambda value: full_width(grouped(value))]),
    st.sampled_from(["", " ", "　", "约", "＞", "+", "-"]),
    st.sampled_from(["", " ", "%", "％", "万", "亿", "家", "亿元", ".", ",", "\n", "以上"]),
)
TEXTS = st.one_of(WRITTEN, st.text(LETTERS, max_size=14), st.text(max_size=12))


def read_or_refused(text: str, unit: str) -> Decimal | None:
    """Read a text as a cell's value; None where it is refused or blank. What is read must stand the tests below."""
    indicator = Indicator(unit=unit, target_form=TargetForm.AT_LEAST)
    try:
        columns = read_cell(Typed(Answer.VALUE, value_text=text), indicator)
    except NeedsConfirmation as asked:
        require_same_again(read_cell(Typed(Answer.VALUE, value_text=text, is_confirmed=True), indicator), indicator)
        require(text.strip() in asked.understood, text)
        return None
    except ValidationError as refused:
        require(all(refused.messages), text)
        return None
    if columns["answer"] == Answer.BLANK:
        assert not text.strip()
        return None
    require_same_again(columns, indicator)
    value: Decimal = columns["value"]
    assert value == as_written(text), f"{text!r} was read as {value}"
    return value


def require(holds: bool, text: str) -> None:
    """A question quotes what was typed; a refusal says why."""
    assert holds, f"{text!r} is asked about or refused without words"


def require_same_again(columns: dict[str, object], indicator: Indicator) -> None:
    """What the form shows of it is read as the same number again, without a question."""
    words = texts_of(Figure(**columns))
    agreed = frozenset({str(columns["value_printed"])})
    again = read_cell(Typed(Answer.VALUE, value_text=words["value_text"], agreed=agreed), indicator)
    assert (again["value"], again["value_printed"]) == (columns["value"], columns["value_printed"])


def as_written(text: str) -> Decimal:
    """The number by another way: the digits that stand there, nothing else."""
    plain = re.sub(r"[\s,]", "", text.translate(_WIDE)).removesuffix("%")
    return Decimal(plain)
