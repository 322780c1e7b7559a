"""A record as the desk shows it: what happened to what, old and new, by whom, from where, why, by which review."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from arithmetic.shown import number_on_screen
from audit.events import kind_of, words_for
from audit.models import Change, Entry, Seal
from audit.subjects import addresses_of
from overview.audit.answers import ENTRY, VERSION, Found, type_of
from overview.audit.grounds import Grounds, grounds_of
from overview.showing import reading_on_screen
from submissions.models import Evidence, Figure, PublishedValue

_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?")


@dataclass(frozen=True)
class Line:
    change: Change
    title: str
    kind: str
    subject: str
    url: str = ""
    before: str | None = None
    after: str | None = None
    unit: str = ""
    why: str = ""
    reviewed: str = ""
    reasons: tuple[str, ...] = ()
    told: str = ""
    evidence: tuple[tuple[str, str], ...] = ()

    @property
    def at(self) -> datetime:
        return self.change.at

    @property
    def clock_went_back(self) -> bool:
        """Whether its seal's time is before that of the seal before."""
        return self.seal is not None and self.seal.clock_went_back

    @property
    def seal(self) -> Seal | None:
        return getattr(self.change, "seal", None)  # none before sealing began, or within the transaction

    @property
    def who(self) -> str:
        behalf = f"（代{self.change.on_behalf_of}）" if self.change.on_behalf_of else ""
        return "·".join(part for part in (self.change.actor_name, self.change.actor_organisation) if part) + behalf


def lines_of(rows: Iterable[Found]) -> list[Line]:
    """Turn what was found into lines, in its order; a fixed number of queries for a page of them."""
    found = list(rows)
    entries = Entry.objects.select_related("change__seal").in_bulk([key for _, what, key in found if what == ENTRY])
    history: QuerySet[Any] = Figure.history.select_related("change__seal")
    versions = {row.history_id: row for row in history.filter(history_id__in=_keys(found, VERSION))}
    figure_type = type_of(Figure)
    keys = {entry.subject_id for entry in entries.values() if entry.subject_type_id == figure_type}
    keys |= {version.id for version in versions.values()}
    figures = Figure.objects.select_related("indicator", "period__plan", "organisation").in_bulk(keys)
    maker = _Maker(
        figures,
        figure_type,
        grounds_of(figures.values()),
        addresses_of(entries.values()),
        _published(figures),
        _evidence(figures),
        _before(versions.values()),
    )
    lines = []
    for _, what, key in found:
        lines.append(maker.entry(entries[key]) if what == ENTRY else maker.version(versions[key]))
    return lines


def _keys(found: Sequence[Found], kind: int) -> list[int]:
    return [key for _, what, key in found if what == kind]


@dataclass(frozen=True)
class _Maker:
    figures: dict[int, Figure]
    figure_type: int
    grounds: Grounds
    addresses: dict[tuple[int, int], str]
    published: dict[tuple[int, int], PublishedValue]
    evidence: dict[int, list[Evidence]]
    before: dict[int, Any]

    def entry(self, entry: Entry) -> Line:
        url = self.addresses.get((entry.subject_type_id, entry.subject_id), "")
        line = Line(
            entry.change,
            words_for(entry.event),
            kind_of(entry.event) or "edit",
            entry.subject_label,
            url,
            why=entry.change.reason,
            reasons=tuple(entry.detail.get("reasons", ())),
        )
        figure = self.figures.get(entry.subject_id) if entry.subject_type_id == self.figure_type else None
        return self._of_figure(line, entry, figure) if figure is not None else line

    def _of_figure(self, line: Line, entry: Entry, figure: Figure) -> Line:
        line = replace(line, unit=figure.indicator.unit)
        match entry.event:
            case "figure.save":
                return self._saved(line, entry, figure)
            case "figure.publish" | "figure.withdraw":
                value = self.published.get((figure.pk, int(entry.detail.get("sequence", 0))))
                shown = f"：{value.get_stage_display()} {reading_on_screen(value)}" if value else ""
                verb = "通过并发布" if entry.event == "figure.publish" else "撤销发布"
                comment = value.review.comment if value else ""
                return replace(
                    line, title=f"{verb}{shown}", reviewed=self._review_of(figure, entry.change_id), told=comment
                )
            case "figure.return":
                reported = entry.detail.get("reported", "")
                title = f"退回，所报为 {on_screen(reported)}" if reported else "退回"
                return replace(line, title=title, reviewed=self._review_of(figure, entry.change_id), why="")
        return line

    def _saved(self, line: Line, entry: Entry, figure: Figure) -> Line:
        why = self.grounds.why(figure, entry.change_id)
        line = replace(line, why=why, reviewed=self._review_after(figure, entry.change_id))
        if "after" not in entry.detail:
            return replace(line, title="修改说明等", kind="plain-step")
        before, after = (on_screen(entry.detail.get(name, "")) for name in ("before", "after"))
        return replace(
            line,
            title="数值改动" if before else "填报数值",
            kind="edit",
            before=before,
            after=after or "（删去）",
            evidence=self._evidence_for(figure, entry),
        )

    def version(self, version: Any) -> Line:
        """A number that was written by another way, without an entry; told all the same."""
        figure = self.figures[version.id]
        before = self.before.get(version.history_id)
        return Line(
            version.change,
            "数据行改动（没有办理记录）",
            "fix",
            str(figure),
            reverse("overview:trace", args=[figure.period.plan.code, figure.indicator.number]),
            before=reading_on_screen(before) if before is not None else "",
            after=reading_on_screen(version),
            unit=figure.indicator.unit,
            why=version.change.reason,
        )

    def _review_of(self, figure: Figure, change: int) -> str:
        decided = self.grounds.review_in(figure, change)
        return f"审核第 {decided.ordinal} 次" if decided else ""

    def _review_after(self, figure: Figure, change: int) -> str:
        decided = self.grounds.review_after(figure, change)
        return f"审核第 {decided.ordinal} 次{decided.review.get_decision_display()}" if decided else ""

    def _evidence_for(self, figure: Figure, entry: Entry) -> tuple[tuple[str, str], ...]:
        """What was on file for the figure up to the review of this change."""
        decided = self.grounds.review_after(figure, entry.change_id)
        until = decided.review.at if decided else None
        return tuple(
            (each.file.name, _address(figure, each))
            for each in self.evidence.get(figure.pk, ())
            if until is None or each.added_at <= until
        )


def _address(figure: Figure, evidence: Evidence) -> str:
    parts = [figure.period.plan.code, figure.period.code, figure.organisation.code, evidence.pk]
    return reverse("submissions:evidence", args=parts)


def _published(figures: dict[int, Figure]) -> dict[tuple[int, int], PublishedValue]:
    rows = PublishedValue.objects.filter(figure__in=figures).select_related("review")
    return {(row.figure_id, row.sequence): row for row in rows}


def _evidence(figures: dict[int, Figure]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for each in Evidence.objects.filter(figure__in=figures, removed_at=None).select_related("file").order_by("pk"):
        found.setdefault(each.figure_id or 0, []).append(each)
    return found


def _before(versions: Iterable[Any]) -> dict[int, Any]:
    """The version before each, by the key of the later one."""
    wanted = {version.history_id: version for version in versions}
    if not wanted:
        return {}
    history: QuerySet[Any] = Figure.history.filter(id__in={each.id for each in wanted.values()})
    last: dict[int, Any] = {}
    found: dict[int, Any] = {}
    for row in history.filter(history_id__lte=max(wanted)).order_by("history_id"):
        if row.history_id in wanted and row.id in last:
            found[row.history_id] = last[row.id]
        last[row.id] = row
    return found


def on_screen(text: str) -> str:
    """A number that an entry keeps as it was typed, with separators; other words as they are."""
    match = _NUMBER.fullmatch(text)
    return number_on_screen(Decimal(text), places=len(match[1] or "")) if match else text


def months_of(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Put records under the month that they fall in, in their order."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        at = timezone.localtime(line.at)
        found.setdefault(f"{at.year}年{at.month}月", []).append(line)
    return list(found.items())
