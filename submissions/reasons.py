"""The reasons of a return say what is in question; a number is the organisation's own to give."""

import re
import unicodedata

OPENINGS = (
    "应当为",
    "应改为",
    "请改为",
    "应为",
    "应是",
    "应填",
    "应报",
    "请填",
    "改为",
    "改成",
    "填报",
    "约",
    "报",
    "填",
)
UNITS = ("万平方米", "平方公里", "平方米", "个百分点", "m2")
LETTERS = r"[\u4e00-\u9fff]{0,2}"  # 家, 亿元; what is longer says more than a unit
ONLY_A_NUMBER = re.compile(f"(?:{'|'.join(OPENINGS)})?[0-9]+(?:{'|'.join(UNITS)}|{LETTERS})")


def is_only_a_number(text: str) -> bool:
    """Whether a reason says nothing but a number, whatever stands around it: 47, “应为 1,298 家”."""
    plain = unicodedata.normalize("NFKC", text)
    kept = (each for each in plain if unicodedata.category(each)[0] not in "PZSC")
    return ONLY_A_NUMBER.fullmatch("".join(kept)) is not None
