"""What happened to an indicator's figures, newest first: from entries, and from the versions that the database wrote."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from audit.events import kind_of, words_for
from audit.models import Change, Entry
from indicators.models import Expectation
from overview.audit.grounds import Grounds
from overview.queries.facts import FORM_EVENTS, PUBLISHED_EVENTS, Facts
from overview.showing import printed_on_screen, reading_on_screen
from submissions.models import Answer, Figure, PublishedValue

NUMBER = ("answer", "value", "value_printed")
OTHERS = {
    "as_of_printed": "截至日期",
    "last_year_value": "上年同期数",
    "reported_growth": "同比增速（可比价，%）",
    "no_data_reason": "无数据的原因",
    "data_source": "数据来源",
    "explanation": "说明",
    "expectation": "预计能否如期完成",
    "reply": "答复",
}


@dataclass(frozen=True)
class Difference:
    """What one field was and became, as text."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One thing that happened: what, by whom, through which door, why."""

    at: datetime
    title: str
    kind: str
    who: str
    door: str
    why: str
    period: str = ""
    number: Difference | None = None
    others: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    told: str = ""
    url: str = ""  # where what is told can be read
    is_assumed: bool = False
    is_typed: bool = False
    folded: tuple["Step", ...] = ()
    seen_at: datetime | None = None  # when all of it was there
    clock_went_back: bool = False  # its time is before that of the change before
    is_public: bool = False  # a publication; everything else is for those who see drafts


def trail_of(facts: Facts) -> list[Step]:
    """Return the steps of figures of one indicator, newest first. Saves of one person that follow each other are folded."""
    by_key, ends, went_back = facts.figures, facts.ends(), facts.clock_went_back()
    published = {(row.figure_id, row.sequence): row for row in facts.values}
    versions = _differences(facts.versions) if facts.sees_drafts else {}
    periods = {figure.submission_id: figure.period.name for figure in by_key.values()}
    figure_kind = ContentType.objects.get_for_model(Figure)
    steps: list[tuple[tuple[int, int], Step]] = []
    for entry in facts.entries:
        figure = by_key.get(entry.subject_id) if entry.subject_type_id == figure_kind.pk else None
        difference = versions.pop((entry.change_id, figure.pk), None) if figure and _is_typing(entry) else None
        step = _step(entry, figure, difference, published, facts.grounds)
        if entry.event in FORM_EVENTS:
            step = replace(step, period=periods.get(entry.subject_id, ""), why=_why(entry))
        steps.append(((entry.change_id, entry.pk), step))
    steps += [
        ((change.pk, 0), _unannounced(change, by_key[key], each)) for (_, key), (change, each) in versions.items()
    ]
    steps.sort(key=lambda pair: pair[0], reverse=True)
    return folded(
        [replace(step, seen_at=ends[change], clock_went_back=change in went_back) for (change, _), step in steps]
    )


def _is_typing(entry: Entry) -> bool:
    return entry.event == "figure.save"


Differences = dict[tuple[int, int], tuple[Change, tuple[Difference | None, tuple[Difference, ...]]]]


def _differences(versions: Iterable[Any]) -> Differences:
    """Compare each version of each figure with the one before; by change and figure, where words or number differ."""
    before: dict[int, Any] = {}
    found: Differences = {}
    for row in versions:
        earlier = before.get(row.id)
        before[row.id] = row
        number = _number(earlier, row)
        others = tuple(each for name, label in OTHERS.items() if (each := _other(label, name, earlier, row)))
        if number is not None or others:
            found[row.change_id, row.id] = (row.change, (number, others))
    return found


def _number(earlier: Any, row: Any) -> Difference | None:
    if all(getattr(earlier, name, "" if name != "value" else None) == getattr(row, name) for name in NUMBER):
        return None
    return Difference("数值", reading_on_screen(earlier) if earlier is not None else "—", reading_on_screen(row))


def _other(label: str, name: str, earlier: Any, row: Any) -> Difference | None:
    old, new = (_text(name, getattr(each, name, None)) for each in (earlier, row))
    return Difference(label, old, new) if old != new else None


def _text(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "expectation":
        return str(Expectation(value).label)
    return str(value) if isinstance(value, str) else printed_on_screen("", value)


def _step(
    entry: Entry, figure: Figure | None, difference: Any, published: dict[Any, PublishedValue], grounds: Grounds
) -> Step:
    step = Step(
        is_public=entry.event in PUBLISHED_EVENTS,
        title=words_for(entry.event),
        kind=kind_of(entry.event) or "edit",
        period=figure.period.name if figure is not None else "",
        **_who(entry.change),
    )
    if figure is not None and entry.event in PUBLISHED_EVENTS:
        return _publication(step, entry, figure, published, grounds)
    if entry.event == "figure.return":
        reported = entry.detail.get("reported", "")
        title = f"退回，所报为 {reported}" if reported else "退回"
        return replace(step, title=title, reasons=tuple(entry.detail.get("reasons", ())), why="")
    if entry.event == "figure.save":
        number, others = difference[1] if difference is not None else (None, ())
        title = "首次填报" if number is not None and number.before == "—" else "修改数值" if number else "修改说明等"
        return replace(step, title=title, kind="edit", number=number, others=others, is_typed=True, why="")
    if entry.event == "figure.take_same":
        taken = entry.detail
        url = reverse("overview:trace", args=[taken["plan"], taken["number"]])
        return replace(step, told=f"取自{taken['from']}：{taken['value']}", url=url, why="")
    if entry.event.startswith("evidence."):
        return replace(step, told=entry.subject_label, why="")
    return step


def _why(entry: Entry) -> str:
    """The reason, where one was typed: of going back, not of submitting."""
    return entry.change.reason if entry.event in ("submission.send_back", "submission.withdraw") else ""


def _publication(
    step: Step, entry: Entry, figure: Figure, published: dict[tuple[int, int], PublishedValue], grounds: Grounds
) -> Step:
    sequence = int(entry.detail.get("sequence", 0))
    value = published.get((figure.pk, sequence))
    if value is None:
        return step
    review = grounds.by_key.get(value.review_id)
    told = f"第 {review.round} 次提交后审核。{review.comment}" if review and step.kind == "ok" else ""
    before = published.get((figure.pk, sequence - 1))
    number = Difference("数值", reading_on_screen(before), reading_on_screen(value)) if before is not None else None
    verb = "通过并发布" if entry.event == "figure.publish" else "撤销发布"
    return replace(
        step,
        title=f"{verb}：{value.get_stage_display()} {reading_on_screen(value)}",
        number=number if entry.event == "figure.publish" else None,
        told=told,
        why=step.why if entry.event == "figure.withdraw" else "",
        is_assumed=value.provenance == "assumed",
    )


def _unannounced(change: Change, figure: Figure, each: tuple[Difference | None, tuple[Difference, ...]]) -> Step:
    """A version that no entry speaks of: somebody wrote the row by another way; it is told all the same."""
    number, others = each
    return Step(
        title="数据行改动", kind="fix", period=figure.period.name, number=number, others=others, **_who(change)
    )


def _who(change: Change) -> dict[str, Any]:
    behalf = f"（代{change.on_behalf_of}）" if change.on_behalf_of else ""
    return {
        "at": change.at,
        "who": "·".join(part for part in (change.actor_name, change.actor_organisation) if part) + behalf,
        "door": change.get_door_display(),
        "why": change.reason,
    }


def folded(steps: Iterable[Step]) -> list[Step]:
    """Put a person's saves that follow each other under the last one of them."""
    found: list[Step] = []
    inner: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        last = found[-1] if found else None
        if last and last.is_typed and step.is_typed and (last.who, last.period) == (step.who, step.period):
            inner[len(found) - 1].append(step)
        else:
            found.append(step)
    return [replace(step, folded=tuple(inner[place])) if place in inner else step for place, step in enumerate(found)]


def drafts_of(figures: Iterable[Figure], published: Iterable[PublishedValue]) -> list[Figure]:
    """The figures that say something which isn't what stands published."""
    standing = {(value.figure_id, value.value, value.answer) for value in published if value.withdrawn_at is None}
    return [
        figure
        for figure in figures
        if figure.answer != Answer.BLANK and (figure.pk, figure.value, figure.answer) not in standing
    ]
