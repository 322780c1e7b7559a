"""Reading numbers as people write them: exactly one Decimal, or refused; never another number."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LONGEST = 60
MOST_DIGITS = 20
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，＋％％－−﹣＞＜＝≧≦／", "0123456789.,+%%---><=≥≤/")
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u3000]+")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([, ])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_BOUND = re.compile(r"(>=|<=|[<>≥≤])\s*(.+)")
_MULTIPLES = {"万": 4, "亿": 8, "千": 3, "百": 2, "万亿": 12}
_MULTIPLIED = re.compile(r"(.+?)\s*(万亿|万|亿|千|百)")
_ESTIMATE = re.compile(r"约|大概|左右|上下|将近|接近|超过|不足|不到|近|超|逾|多|余|几|以上|以下|预计|~|～|≈")
_DATE = re.compile(r"[0-9]{2,4}\s*[-/.年]\s*[0-9]{1,2}(?:\s*[-/.月]\s*[0-9]{0,2}\s*日?)?|[0-9]{4}年底?|[0-9]{1,2}月.*")
_NOT_NUMBERS = re.compile(r"[+-]?(?:nan|inf|infinity|snan)", re.IGNORECASE)
_EXPONENT = re.compile(r"[+-]?[0-9.]+e[+-]?[0-9]+", re.IGNORECASE)
_OTHER_BASE = re.compile(r"[+-]?0[xob][0-9a-f]+", re.IGNORECASE)
_CHINESE_DIGITS = re.compile(r"[零〇一二三四五六七八九十两壹贰叁肆伍陆柒捌玖拾百佰千仟万萬亿億点]+")


class Form(StrEnum):
    """What kind of writing it was."""

    NUMBER = "number"
    PERCENT = "percent"
    BOUND = "bound"
    PARTS = "parts"
    MARKER = "marker"


class Bound(StrEnum):
    """Which bound was written; the values are how it is shown."""

    ABOVE = "＞"
    AT_LEAST = "≥"
    BELOW = "＜"
    AT_MOST = "≤"


class Marker(StrEnum):
    """Something that stands in a number's place and is none; what it means, a person says."""

    BLANK = "blank"
    HYPHEN = "hyphen"
    DASH = "dash"
    SLASH = "slash"


_BOUNDS = {">": Bound.ABOVE, ">=": Bound.AT_LEAST, "≥": Bound.AT_LEAST, "<": Bound.BELOW, "<=": Bound.AT_MOST}
_BOUNDS["≤"] = Bound.AT_MOST
_MARKERS = {"": Marker.BLANK, "-": Marker.HYPHEN, "–": Marker.HYPHEN, "/": Marker.SLASH}
_MARKERS |= {"—": Marker.DASH, "——": Marker.DASH, "--": Marker.DASH, "――": Marker.DASH}


@dataclass(frozen=True, slots=True)
class Written:
    """A writing that was understood.

    `value` is the number itself, the limit of a bound, the sum of parts, None for a marker. `understood_as` is a
    Chinese sentence wherever the writing isn't the plain number already, else empty; `needs_confirmation` says that
    its writer must agree first, because something else could have been meant.
    """

    text: str
    form: Form
    value: Decimal | None
    bound: Bound | None = None
    parts: tuple[Decimal, ...] = ()
    marker: Marker | None = None
    understood_as: str = ""
    needs_confirmation: bool = False


class Unreadable(ValueError):
    """A writing that is no definite number; `why` is a Chinese sentence that quotes it and gives the remedy."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(why)
        self.text = text
        self.why = why


def read_value(text: str, *, unit: str = "") -> Written:
    """As `read_number`, for a reported figure: a bound is refused too, since it isn't a value.

    Raises:
        Unreadable: as there, or a bound.
    """
    written = read_number(text, unit=unit)
    if written.form is Form.BOUND and written.value is not None:
        raise Unreadable(text, f"“{text.strip()}”是一个范围，不是完成值。请填确定的数字（如 {written.value:f}）。")
    return written


def read_number(text: str, *, unit: str = "") -> Written:
    """Read what somebody typed or pasted as a number in `unit` (亿元, %, 家; empty when not known).

    Understood: ASCII and full-width digits, thousands separators (comma or space, in threes), a minus in any of its
    shapes, 1.2万 and 3.5亿, 12.5%, a number followed by its own unit, bounds (＞10, ≥10), parts (7+2+1), and the
    markers -, ——, / and blank.

    Raises:
        Unreadable: everything else: estimates, ranges, dates, exponents, NaN, other alphabets' digits.
    """
    if len(text) > LONGEST:
        raise Unreadable(text, f"内容太长（{len(text)} 个字符），不是一个数。请只填数字，文字写在说明里。")
    tidy = _SPACES.sub(" ", text.translate(_FULL_WIDTH)).strip()
    if tidy in _MARKERS:
        return Written(text, Form.MARKER, None, marker=_MARKERS[tidy])
    for read in (_read_bound, _read_parts, _read_percent, _read_single):
        written = read(text, tidy, unit)
        if written is not None:
            return written
    raise Unreadable(text, _why_not(text.strip(), tidy, unit))


def _read_bound(text: str, tidy: str, unit: str) -> Written | None:
    found = _BOUND.fullmatch(tidy)
    if found is None:
        return None
    bound = _BOUNDS[found[1]]
    limit = _read_percent(text, found[2], unit) or _read_single(text, found[2], unit)
    if limit is None or limit.value is None:
        return None
    shown = f"{bound.value}{limit.value:f}"
    return Written(
        text,
        Form.BOUND,
        limit.value,
        bound=bound,
        understood_as="" if shown == text.strip() else f"“{text.strip()}”理解为{_IN_WORDS[bound]} {limit.value:f}。",
        needs_confirmation=limit.needs_confirmation,
    )


_IN_WORDS = {Bound.ABOVE: "大于", Bound.AT_LEAST: "不低于", Bound.BELOW: "小于", Bound.AT_MOST: "不高于"}


def _read_parts(text: str, tidy: str, unit: str) -> Written | None:
    pieces = [piece.strip() for piece in tidy.split("+")]
    if len(pieces) < 2 or not pieces[0]:
        return None
    parts = [_unsigned(piece) for piece in pieces]
    numbers = tuple(part for part in parts if part is not None)
    if len(numbers) != len(parts):
        return None
    total = sum(numbers, Decimal(0))
    understood = f"“{text.strip()}”理解为 {len(numbers)} 个分项，合计 {total:f}。"
    return Written(text, Form.PARTS, total, parts=numbers, understood_as=understood, needs_confirmation=True)


def _read_percent(text: str, tidy: str, unit: str) -> Written | None:
    if not tidy.endswith("%"):
        return None
    value = _signed(tidy[:-1].rstrip())
    if value is None:
        return None
    if unit not in ("", "%"):
        quoted = text.strip()
        raise Unreadable(text, f"“{quoted}”是百分数，而这一项的单位是{unit}。请填以{unit}计的数字。")
    return Written(text, Form.PERCENT, value, understood_as=f"“{text.strip()}”理解为 {value:f}（%）。")


def _read_single(text: str, tidy: str, unit: str) -> Written | None:
    value = _signed(tidy)
    if value is not None:
        return _plain_number(text, value, unit)
    if unit and tidy.endswith(unit):
        bare = tidy.removesuffix(unit).rstrip()
        return _with_its_unit(text, bare, unit) or _multiplied(text, bare, unit)
    return _multiplied(text, tidy, unit)


def _plain_number(text: str, value: Decimal, unit: str) -> Written:
    quoted = text.strip()
    if unit == "%" and value != 0 and abs(value) <= 1:
        share = f"{value.scaleb(2):f}"
        sentence = f"“{quoted}”理解为 {value:f}%（不是 {share}%）。如果是 {share}%，请改填 {share}。"
        return Written(text, Form.NUMBER, value, understood_as=sentence, needs_confirmation=True)
    if quoted == f"{value:f}":
        return Written(text, Form.NUMBER, value)
    sentence = f"“{quoted}”理解为 {value:f}。"
    spaced = _SPACES.search(quoted) is not None
    return Written(text, Form.NUMBER, value, understood_as=sentence, needs_confirmation=spaced)


def _with_its_unit(text: str, number: str, unit: str) -> Written | None:
    value = _signed(number)
    if value is None:
        return None
    sentence = f"“{text.strip()}”理解为 {value:f}（{unit}）。"
    return Written(text, Form.NUMBER, value, understood_as=sentence, needs_confirmation=True)


def _multiplied(text: str, tidy: str, unit: str) -> Written | None:
    found = _MULTIPLIED.fullmatch(tidy)
    value = _signed(found[1]) if found else None
    if found is None or value is None:
        return None
    if unit == "%" or unit[:1] in _MULTIPLES:
        raise Unreadable(text, f"“{text.strip()}”带有“{found[2]}”，而这一项的单位是{unit}。请直接填以{unit}计的数字。")
    number = Decimal(format(value.scaleb(_MULTIPLES[found[2]]), "f"))
    whole = number.to_integral_value() if number == number.to_integral_value() else number
    sentence = f"“{text.strip()}”理解为 {whole:,f}。"
    return Written(text, Form.NUMBER, whole, understood_as=sentence, needs_confirmation=True)


def _signed(text: str) -> Decimal | None:
    negative = text.startswith("-")
    number = _unsigned(text.removeprefix("-").lstrip() if negative else text.removeprefix("+"))
    if number is None or number == 0:
        return number
    return -number if negative else number


def _unsigned(text: str) -> Decimal | None:
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    digits = text.replace(",", "").replace(" ", "")
    whole = digits.partition(".")[0]
    if len(digits) > MOST_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return None
    return Decimal(digits)


def _why_not(quoted: str, tidy: str, unit: str) -> str:
    for found, why in _REASONS:
        if found(tidy):
            return f"“{quoted}”{why}"
    if _ESTIMATE.search(tidy):
        return _estimate_remedy(quoted, tidy)
    if unit:
        return f"“{quoted}”不是一个确定的数。请只填以{unit}计的数字（如 1234），文字写在说明里。"
    return f"“{quoted}”不是一个确定的数。请只填数字（如 1234），文字写在说明里。"


def _estimate_remedy(quoted: str, tidy: str) -> str:
    digits = re.search(r"[0-9][0-9.]*", tidy)
    word = _ESTIMATE.search(tidy)
    example = digits[0].rstrip(".") if digits else "1234"
    estimate = word[0] if word else "约"
    return f"“{quoted}”不是一个确定的数。请只填数字（如 {example}）；确属估计的，把“{estimate}”写在说明里。"


_REASONS: tuple[tuple[Callable[[str], object], str], ...] = (
    (_NOT_NUMBERS.fullmatch, "不是一个数。请填数字；确实没有数据的，选“无数据”并说明原因。"),
    (_EXPONENT.fullmatch, "是科学记数法，可能已丢失位数。请填完整的数字（如 1234）。"),
    (_OTHER_BASE.fullmatch, "不是十进制数。请填完整的数字（如 1234）。"),
    (_DATE.fullmatch, "像是日期，不是一个数。请在这一格填数字，日期填在“截至日期”里。"),
    (re.compile(r"#.*").fullmatch, "是表格的错误提示，不是一个数。请在原表改正后再填。"),
    (re.compile(r"=.*").fullmatch, "是公式，不是一个数。请填计算后的数字。"),
    (re.compile(r"\(.*\)|（.*）").fullmatch, "带有括号。负数请写成 -5 的样子。"),
    (re.compile(r"-?\.[0-9]+").fullmatch, "缺少小数点前的 0。请写成 0.5 的样子。"),
    (re.compile(r"-?[0-9]+\.").fullmatch, "小数点后没有数字。请填完整的数字。"),
    (re.compile(r"-?0[0-9]+(\.[0-9]+)?").fullmatch, "以 0 开头，像是编号。请去掉前面的 0。"),
    (re.compile(rf"-?[0-9.]{{{MOST_DIGITS + 1},}}").fullmatch, f"超过 {MOST_DIGITS} 位，请核实。"),
    (re.compile(r"-?[0-9]+(\.[0-9]+)?\s*[-~～—至到]\s*[0-9]+(\.[0-9]+)?%?").fullmatch, "是一个范围。请填确定的数字。"),
    (re.compile(r"[0-9]+/[0-9]+").fullmatch, "是一个分数。请填计算后的数字。"),
    (
        re.compile(r"-?[0-9][0-9,. 、，]*").fullmatch,
        "的分隔符不规范。千位分隔应每三位一个逗号（如 1,234）。",
    ),
    (_CHINESE_DIGITS.fullmatch, "是中文数字。请填阿拉伯数字（如 1234）。"),
)
