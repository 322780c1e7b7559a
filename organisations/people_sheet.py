"""A list of new people as a sheet: what its columns are, and every wrong cell of it at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from organisations.actions import NewPerson
from organisations.models import Organisation, User

TITLE = "人员"
COLUMNS = {"登录名": "username", "姓名": "name", "单位": "organisation", "电话": "phone", "电子邮箱": "email"}
REQUIRED = ("登录名", "姓名", "单位")
LARGEST = 200  # people in one sheet: each gets a password that is costly to make

Rows = Sequence[Sequence[str]]
_reader: list[Callable[[Any], Rows]] = []


def register_reader(reader: Callable[[Any], Rows]) -> None:
    """Tell who reads an uploaded sheet (called from the ``AppConfig.ready`` of the room that reads workbooks).

    The reader returns rows of texts, the heads first; a formula begins with ``=``. It raises ValidationError.
    """
    _reader[:] = [reader]


def read_people(upload: Any) -> list[NewPerson]:
    """Return the people of an uploaded sheet.

    Raises:
        ValidationError: a message for each wrong cell, with its address, what is there and what is expected.
    """
    if not _reader:
        raise ValidationError("这里还不能读取工作簿。")
    return people_of(_reader[0](upload))


def people_of(rows: Rows) -> list[NewPerson]:
    """Return the people of a sheet's rows, the heads first; see ``read_people``."""
    heads = [text.strip() for text in rows[0]] if rows else []
    wrong = _wrong_heads(heads)
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(text.strip() for text in row)]
    if not wrong and not filled:
        wrong.append("名单里没有人。请从第 2 行起填写，一人一行。")
    if len(filled) > LARGEST:
        wrong.append(f"名单有 {len(filled)} 人，一次最多 {LARGEST} 人。请分几次载入。")
    if wrong:
        raise ValidationError(wrong)
    reading = _Reading(heads)
    people = [reading.person(number, row) for number, row in filled]
    if reading.wrong:
        raise ValidationError(reading.wrong)
    return people


def _wrong_heads(heads: list[str]) -> list[str]:
    expected = "、".join(COLUMNS)
    wrong = [
        f"{cell(n, 1)}：“{head}”不是名单的列。应为：{expected}。"
        for n, head in enumerate(heads)
        if head not in COLUMNS
    ]
    wrong += [f"第 1 行缺少“{head}”一列。" for head in REQUIRED if head not in heads]
    return wrong + [f"第 1 行有两列“{head}”。" for head in COLUMNS if heads.count(head) > 1]


def cell(column: int, row: int) -> str:
    """Return a cell's address; the columns of this sheet never pass Z."""
    return f"{TITLE}!{chr(65 + min(column, 25))}{row}"


class _Reading:
    """Reads row by row, and gathers what is wrong."""

    def __init__(self, heads: list[str]) -> None:
        self.heads = heads
        self.wrong: list[str] = []
        self.seen: dict[str, str] = {}
        self.taken = set(User.objects.values_list("username", flat=True))
        self.organisations: dict[str, Organisation] = {}
        for each in Organisation.objects.all():
            self.organisations |= {name: each for name in (each.name, each.short_name, each.code) if name}

    def person(self, number: int, row: Sequence[str]) -> NewPerson:
        found = {"organisation": "", "phone": "", "email": ""}
        places: dict[str, str] = {}
        for column, head in enumerate(self.heads):
            text = row[column].strip() if column < len(row) else ""
            name, place = COLUMNS[head], cell(column, number)
            found[name], places[name] = text, place
            if text.startswith("="):
                self.wrong.append(f"{place}：“{text}”是公式。请改为文字。")
            elif not text and head in REQUIRED:
                self.wrong.append(f"{place}：{head}没有填。")
        self._check_username(found["username"], places["username"])
        self._check_fields(found, places)
        organisation = self._organisation(found["organisation"], places["organisation"])
        return NewPerson(found["username"], found["name"], organisation, found["phone"], found["email"])

    def _check_username(self, username: str, place: str) -> None:
        if not username or username.startswith("="):
            return
        if username in self.taken:
            self.wrong.append(f"{place}：登录名“{username}”已有人使用。")
        elif username in self.seen:
            self.wrong.append(f"{place}：登录名“{username}”与 {self.seen[username]} 重复。")
        self.seen.setdefault(username, place)

    def _check_fields(self, found: dict[str, str], places: dict[str, str]) -> None:
        for name in ("username", "name", "phone"):
            text = found[name]
            if text and not text.startswith("="):
                field: Any = User._meta.get_field(name)
                try:
                    field.run_validators(text)
                except ValidationError as refusal:
                    self.wrong.append(f"{places[name]}：“{text[:50]}”：{'；'.join(refusal.messages)}")
        if found["email"] and not found["email"].startswith("="):
            try:
                validate_email(found["email"])
            except ValidationError:
                self.wrong.append(f"{places['email']}：“{found['email']}”不是电子邮箱地址。")

    def _organisation(self, name: str, place: str) -> Organisation:
        if name and not name.startswith("=") and name not in self.organisations:
            self.wrong.append(f"{place}：没有名为“{name}”的单位。请填写单位的全称、简称或代码。")
        return self.organisations.get(name) or Organisation()
