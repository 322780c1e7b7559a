"""The ways a form can go, by the words of the script; each step at its own time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from audit.clock import set_to
from organisations.models import Role, User
from overview.demonstration.filling import answer_returns, explain_oddities, fill_in
from overview.demonstration.script import PeriodLine, Script
from submissions.actions import (
    Wanted,
    agree_to_correction,
    approve,
    ask_for_correction,
    confirm,
    return_for_correction,
    submit,
)
from submissions.models import Correction, Figure, ProgressNote, Submission


@dataclass
class Walk:
    """One form on its way: who fills it in, who confirms and who reviews it, and when each step is taken."""

    form: Submission
    script: Script
    line: PeriodLine
    reporter: User
    head: User | None
    reviewer: User

    @property
    def key(self) -> tuple[str, str]:
        return self.line.code, self.form.organisation.code

    def fill(self, *, day: int = 2, first: bool = False, share: int = 100) -> None:
        with set_to(self.line.moment(day, 10)):
            fill_in(self.form, self.script, by=self.reporter, first=first, share=share)

    def send(self, *, moment: datetime, confirmed: bool = True) -> None:
        with set_to(moment):
            self._submit()
            if confirmed and self.head is not None:
                confirm(self.form, by=self.head)
        self.form.refresh_from_db()

    def _submit(self) -> None:
        """Submit as one would: what the check page then asks about is explained, and sent."""
        try:
            submit(self.form, by=self.reporter)
        except ValidationError:
            explain_oddities(self.form, self.script, by=self.reporter)
            submit(self.form, by=self.reporter)

    def approve(self, *, moment: datetime) -> None:
        with set_to(moment):
            approve(self.form, by=self.reviewer, round=self.form.round)
        self.form.refresh_from_db()

    def send_again(self, turn: int, *, day: int, final: bool) -> None:
        with set_to(self.line.moment(day, 9)):
            answer_returns(self.form, self.script, self.script.replies(*self.key, turn), by=self.reporter, final=final)
        self.send(moment=self.line.moment(day, 15))

    def give_back(self, turn: int, *, day: int, publish_rest: bool = False) -> None:
        lines = self.script.remarks[(*self.key, turn)]
        figures = {figure.indicator.number: figure for figure in self._figures()}
        remarks: dict[Figure | ProgressNote, list[str]] = {}
        for line in lines:
            remarks.setdefault(figures[int(line["指标"])], []).append(line["理由"])
        with set_to(self.line.moment(day, 11)):
            return_for_correction(
                self.form, by=self.reviewer, round=self.form.round, remarks=remarks, publish_rest=publish_rest
            )
        self.form.refresh_from_db()

    def ask(self, *, day: int) -> Correction:
        lines = self.script.corrections[self.key]
        keys = {figure.indicator.number: figure.pk for figure in self._figures()}
        wanted = [Wanted(keys[int(line["指标"])], line["新值"]) for line in lines]
        with set_to(self.line.moment(day, 10)):
            return ask_for_correction(self.form, by=self.reporter, values=wanted, reason=lines[0]["理由"])

    def agree(self, correction: Correction, *, day: int) -> None:
        with set_to(self.line.moment(day, 14)):
            agree_to_correction(correction, by=self.reviewer, answer=self.script.corrections[self.key][0]["答复"])
        self.form.refresh_from_db()

    def _figures(self) -> list[Figure]:
        return list(Figure.objects.filter(submission=self.form).select_related("indicator"))


def passed(walk: Walk) -> None:
    walk.fill()
    walk.send(moment=walk.line.moment(3, 16))
    walk.approve(moment=walk.line.moment(5, 10))


def late(walk: Walk) -> None:
    walk.fill()
    walk.send(moment=walk.line.after_deadline(2, 11))
    walk.approve(moment=walk.line.after_deadline(4, 10))


def corrected(walk: Walk) -> None:
    walk.fill(first=True)
    walk.send(moment=walk.line.moment(3, 16))
    walk.approve(moment=walk.line.moment(5, 10))
    walk.agree(walk.ask(day=20), day=21)
    walk.send_again(1, day=22, final=True)
    walk.approve(moment=walk.line.moment(23, 10))


def asked_to_correct(walk: Walk) -> None:
    passed(walk)
    walk.ask(day=14)


def returned_twice(walk: Walk) -> None:
    walk.fill(first=True)
    walk.send(moment=walk.line.moment(3, 16))
    walk.give_back(1, day=5)
    walk.send_again(1, day=6, final=False)
    walk.give_back(2, day=8)


def returned_twice_then_passed(walk: Walk) -> None:
    returned_twice(walk)
    walk.send_again(2, day=9, final=True)
    walk.approve(moment=walk.line.moment(11, 10))


def returned_rest_published(walk: Walk) -> None:
    walk.fill(first=True)
    walk.send(moment=walk.line.moment(3, 16))
    walk.give_back(1, day=5, publish_rest=True)


def submitted(walk: Walk) -> None:
    walk.fill()
    walk.send(moment=walk.line.moment(4, 16))


def awaiting_head(walk: Walk) -> None:
    walk.fill()
    walk.send(moment=walk.line.moment(4, 16), confirmed=False)


def draft(walk: Walk) -> None:
    walk.fill(share=60)


def untouched(walk: Walk) -> None:
    """Nobody has looked at it yet."""


WAYS: dict[str, Callable[[Walk], None]] = {
    "通过": passed,
    "迟报": late,
    "更正": corrected,
    "申请更正": asked_to_correct,
    "退回两次": returned_twice,
    "退回两次后通过": returned_twice_then_passed,
    "退回其余发布": returned_rest_published,
    "已提交": submitted,
    "待确认": awaiting_head,
    "草稿": draft,
    "未填": untouched,
}


class Staff:
    """Everybody who takes steps, read once: reporters and heads by organisation, the reviewers in turns."""

    def __init__(self, reviewers: list[str]) -> None:
        self.reporters: dict[int, User] = {}
        self.heads: dict[int, User] = {}
        for user in User.objects.select_related("organisation").order_by("pk"):
            if user.has_role(Role.REPORTER):
                self.reporters.setdefault(user.organisation_id, user)
            if user.has_role(Role.HEAD):
                self.heads.setdefault(user.organisation_id, user)
        self.reviewers = [User.objects.get(username=name) for name in reviewers]

    def walk(self, form: Submission, script: Script, line: PeriodLine, place: int) -> Walk:
        reporter = self.reporters.get(form.organisation_id)
        if reporter is None:
            raise LookupError(f"{form.organisation} has no reporter in the script")
        head = self.heads.get(form.organisation_id) if form.organisation.needs_confirmation else None
        return Walk(form, script, line, reporter, head, self.reviewers[place % len(self.reviewers)])
