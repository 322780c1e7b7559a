"""What verification finds: a bad place, by its kind and in words."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of tampering; the value is what the report says."""

    ALTERED = "被改动"
    REMOVED = "被删除"
    INSERTED = "被插入"
    REORDERED = "次序被调换"
    HOLE = "序号有缺漏"
    BROKEN = "链条断开"
    LIVE = "现有数据与最后一个版本不符"
    SHORTENED = "末尾被截短"
    REWRITTEN = "与锚点不符"
    UNGUARDED = "触发器或函数缺失、停用或被改写"
    LOOSENED = "约束缺失或被放宽"
    GRANTED = "数据库权限过宽"
    FOREIGN = "不是本系统所设"
    UNKNOWN = "本程序不认识的封存规则，不能核对"


@dataclass(frozen=True)
class Finding:
    """``place`` names the table and row, the seal, or the trigger; ``words`` says what is wrong there, if more is known."""

    kind: Kind
    place: str
    words: str = ""

    def __str__(self) -> str:
        return f"{self.kind}：{self.place}" + (f"（{self.words}）" if self.words else "")


SHOWN = 10


@dataclass
class Findings:
    """The first places of each kind in each table or other thing; how many there are beyond is counted only."""

    listed: list[Finding] = field(default_factory=list)
    counted: Counter[tuple[Kind, str]] = field(default_factory=Counter)

    def add(self, kind: Kind, thing: str, which: object = "", words: str = "") -> None:
        self.counted[kind, thing] += 1
        if self.counted[kind, thing] <= SHOWN:
            self.listed.append(Finding(kind, f"{thing} {which}".strip(), words))

    @property
    def left_out(self) -> dict[tuple[Kind, str], int]:
        return {place: count - SHOWN for place, count in self.counted.items() if count > SHOWN}

    def __bool__(self) -> bool:
        return bool(self.listed)
