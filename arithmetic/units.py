"""From one unit into another, where both are the same thing in tens: 亿元 into 万元, 家 into 万家. Exact."""

import re
from decimal import Decimal

MULTIPLES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_MULTIPLE = re.compile(r"(万亿|千万|百万|十万|[十百千万亿]?)(.+)")
_SAME = {"㎡": "平方米", "m2": "平方米", "m²": "平方米", "％": "%", "人民币元": "元"}
_ONE_WORD = {"百分点", "个百分点", "百分比"}
_WRITTEN = re.compile(r"[（(]\s*(?:单位[:：])?\s*([^（）()]{1,10}?)\s*[）)]\s*$")


def power_of(unit: str) -> tuple[int, str]:
    """亿元 → (8, 元); 万㎡ → (4, 平方米); 家 → (0, 家)."""
    bare = "".join(unit.split())
    found = None if bare in _ONE_WORD else _MULTIPLE.fullmatch(bare)
    power, thing = (MULTIPLES[found[1]], found[2]) if found else (0, bare)
    return power, _SAME.get(thing.lower(), thing)


def is_same_thing(one: str, other: str) -> bool:
    """Whether a number in one of the units can be written in the other."""
    return power_of(one)[1] == power_of(other)[1]


def converted(value: Decimal, unit: str, into: str) -> Decimal:
    """1.5 亿元 into 万元 is 15000, with every digit.

    Raises:
        ValueError: the units are of different things.
    """
    (power, thing), (wanted, other) = power_of(unit), power_of(into)
    if thing != other:
        raise ValueError(f"{unit or '无单位'}不能换算成{into or '无单位'}")
    return value.scaleb(power - wanted)


def unit_in(words: str) -> str:
    """The unit that stands in brackets at the end: 工业总产值（亿元） → 亿元; empty where none does."""
    found = _WRITTEN.search(words)
    return found[1] if found else ""


def without_unit(words: str) -> str:
    """工业总产值（亿元） → 工业总产值."""
    return _WRITTEN.sub("", words).strip()
