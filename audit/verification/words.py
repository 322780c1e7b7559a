"""What was found, in an administrator's words: which data a table holds, and what to do about each kind of place."""

import re
from collections.abc import Iterable

from audit.tracking import guarded_models, tracked_models
from audit.verification.findings import Finding, Kind

_KEEP = "先不要改动数据库，备份现状留作证据，查明谁用过数据库所有者或超级用户的账号，并告知审计员"
_RESTORE = f"{_KEEP}；再把出事以前的备份恢复到另一台机器上比对，确定原来的内容。"
ADVICE = {
    Kind.ALTERED: _RESTORE,
    Kind.REMOVED: _RESTORE,
    Kind.INSERTED: _RESTORE,
    Kind.REORDERED: _RESTORE,
    Kind.HOLE: _RESTORE,
    Kind.BROKEN: _RESTORE,
    Kind.LIVE: f"有人绕过系统改过现有数据，以历史中最后一个版本为准。{_KEEP}；再由有权的人在系统中改回。",
    Kind.SHORTENED: f"{_KEEP}；再用更早的锚点逐个核对，找出从哪一天起不符，以那以前和以后的备份比对。",
    Kind.REWRITTEN: f"{_KEEP}；再用更早的锚点逐个核对，找出从哪一天起不符，以那以前的备份比对。",
    Kind.UNGUARDED: "以表的所有者运行 manage.py migrate，触发器和函数会重新写好；再核对一次，并查明停用期间写入了什么。",
    Kind.LOOSENED: "migrate 不会补上约束：请数据库管理员照本版程序新建的空库中同名的约束补上；补之前先查已有的行是否违反。",
    Kind.GRANTED: "运行 manage.py migrate 收回多给的权限；仍在的，请数据库管理员收回。",
    Kind.FOREIGN: "查明是谁、为何所设，请数据库管理员删去，再核对一次。",
    Kind.UNKNOWN: "请用当时或更新版本的程序核对。",
}


def in_words(finding: Finding) -> str:
    """A finding, with what its table is called in the system."""
    table = next((word for word in re.findall(r"\w+", finding.place) if word in _labels()), "")
    more = "；".join(words for words in (_labels().get(table, ""), finding.words) if words)
    return f"{finding.kind}：{finding.place}" + (f"（{more}）" if more else "")


def what_to_do(kinds: Iterable[Kind]) -> list[str]:
    """What to do about places of these kinds: kinds for which it is the same stand together."""
    together: dict[str, list[str]] = {}
    for kind in dict.fromkeys(kinds):
        together.setdefault(ADVICE[kind], []).append(str(kind))
    return [f"{'、'.join(named)}——{advice}" for advice, named in together.items()]


def _labels() -> dict[str, str]:
    """By table: what it is called."""
    labels = {model._meta.db_table: f"“{model._meta.verbose_name}”" for model in guarded_models()}
    for model, version in tracked_models():
        labels[version._meta.db_table] = f"“{model._meta.verbose_name}”的历史"
    return labels
