"""What the last verification says of the seals, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from audit.checking import Checked, last
from audit.clock import now

NAMED = 5
OVERDUE = 2  # days after which the daily check is missed


@dataclass(frozen=True)
class Sealed:
    """``kind`` is the class of the state: ok, bad, warn or draft. ``broken`` are the changes that don't fit."""

    kind: str
    state: str
    words: str
    broken: tuple[int, ...] = ()
    at: datetime | None = None


def of_changes(changes: Mapping[int, datetime], *, then: bool = False) -> Sealed:
    """Tell of the seals of some changes, those of one number, by when they were made; ``then``: these are all that there
    were at a moment."""
    checked, whose = last(), "当时的 " if then else ""
    if checked is None:
        return Sealed("draft", "还没有核对过", "核对每天自动进行一次")
    broken = sorted(changes.keys() & set(checked.changes))
    if broken:
        return Sealed(
            "bad", _broken(broken), f"这项数据{whose.strip() or '的'}记录与封印对不上", tuple(broken), checked.at
        )
    if not checked.is_whole:
        words = f"全部历史中有 {len(checked.findings)} 处不符，不在这项数据{whose.strip() or '的'}记录中"
        return Sealed("warn", "别处封印不符", words, (), checked.at)
    later = sum(at > checked.at for at in changes.values())
    told = f"{whose}{len(changes) - later} 项变更逐条核对一致" if later < len(changes) else ""
    waiting = f"{later} 项变更在上次核对之后，待下次核对" if later else ""
    return Sealed("ok", "封印完整", "，".join(part for part in (told, waiting) if part), (), checked.at)


def of_all() -> tuple[Sealed, Checked | None]:
    """Tell of the whole history, with the last check itself."""
    checked = last()
    if checked is None:
        return Sealed("draft", "还没有核对过", "核对每天自动进行一次"), None
    if checked.is_whole and (days := (now() - checked.at).days) >= OVERDUE:
        words = f"已有 {days} 天没有自动核对，请系统管理员查看定时任务"
        return Sealed("warn", "核对已停止", words, (), checked.at), checked
    if checked.is_whole and checked.unsigned:
        return Sealed("warn", "完整，但没有新的锚点", checked.unsigned, (), checked.at), checked
    if checked.is_whole:
        return Sealed("ok", "完整", f"{checked.seals:,} 个封印、{checked.rows:,} 行历史", (), checked.at), checked
    state = _broken(list(checked.changes)) if checked.changes else "封印不符"
    return Sealed("bad", state, f"{len(checked.findings)} 处不符", tuple(checked.changes), checked.at), checked


def _broken(changes: list[int]) -> str:
    named = "、".join(f"{number:,}" for number in changes[:NAMED])
    more = f"等 {len(changes)} 项" if len(changes) > NAMED else "号"
    return f"封印不符：第 {named} {more}变更"
