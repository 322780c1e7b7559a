"""What figures are compared with, read once for a whole form (or many): at most six queries, however many figures."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Max, OuterRef, Subquery, TextField, When
from django.db.models.functions import Cast, Coalesce, JSONObject

from arithmetic.as_of import AsOf, Precision
from audit.clock import today
from indicators.goals import goal_of
from indicators.models import AnnualTarget, Indicator, IndicatorPart
from organisations.models import OrganisationKind, valid_on
from plans.models import PeriodKind
from responsibilities.models import Part, Responsibility
from submissions.checks.cell import Cell, Earlier, Facts, PartFacts, PartValue
from submissions.checks.cut_offs import cut_off_of
from submissions.checks.tuning import Tuning
from submissions.comparable import Span, span_of
from submissions.models import (
    Answer,
    CellState,
    CheckFinding,
    CheckSetting,
    Evidence,
    Figure,
    PublishedValue,
    SourceCheck,
)
from submissions.queries.previous import Before
from submissions.queries.streets import Streets


@dataclass(frozen=True)
class Answers:
    """What was said of a figure's findings: in answers of their own, and in the explanation beside the number."""

    evidence: int
    reasons: Mapping[tuple[str, str], str]
    """By the rule and the fingerprint of what it looked at."""
    explanation: str
    """The explanation as it is saved."""
    written_for: Figure | None
    """The cell as it stood when that explanation was written; None where it has none."""
    cut_off: date | None
    checked: Sequence[Mapping[str, Any]] = ()
    """What source organisations said: by whom, of which answer and value, whether they agree, and their remark."""


class Surroundings:
    """The published values, settings, parts, answers and streets beside some figures.

    Figures may be proposed ones: rows of the database with other values set, not saved.
    """

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.before = Before(figures)
        self.streets = Streets(figures)
        self._facts = _read_facts({figure.indicator_id for figure in figures})
        self._answers = _read_answers(figures)
        self._tuning = _read_tuning({figure.indicator.plan_id for figure in figures})
        self._others = self._read_others(figures)

    def tuning(self, figure: Figure) -> Tuning:
        return self._tuning[figure.indicator.plan_id]

    def parts(self, figure: Figure) -> Sequence[PartFacts]:
        """The parts that its indicator asks for."""
        parts: Sequence[PartFacts] = self._facts[figure.indicator_id].get("parts", ())
        return parts

    def answers(self, figure: Figure) -> Answers:
        return self._answers.get(figure.pk, _NOTHING)

    def cell(self, figure: Figure) -> Cell:
        """The figure as rules look at it."""
        facts, period, answers = self._facts[figure.indicator_id], figure.period, self.answers(figure)
        given = facts.get("parts", ())
        return Cell(
            facts=Facts(
                goal=goal_of(figure.indicator, facts.get("targets", {})),
                number=figure.indicator.number,
                decimals=figure.indicator.decimals,
                frequency=figure.indicator.frequency,
                parts=given,
            ),
            span=span_of(figure, period),
            period_starts_on=period.starts_on,
            period_ends_on=period.ends_on,
            is_special=period.kind == PeriodKind.SPECIAL,
            answer=figure.answer,
            value=figure.value,
            printed=figure.value_printed,
            is_same_as_before=figure.is_same_as_before,
            parts=tuple(_part(part) for part in figure.parts),
            no_data_reason=figure.no_data_reason,
            as_of=_as_of(figure),
            last_year_given=figure.last_year_value,
            growth=figure.reported_growth,
            explanation=figure.explanation,
            expectation=figure.expectation,
            evidence=answers.evidence,
            series=tuple(self._earlier(figure, *each) for each in self.before.series(figure)),
            others=self._others[figure.submission_id],
            streets=self.streets.of(figure),
            is_part=figure.organisation.kind == OrganisationKind.STREET,
            cut_off=answers.cut_off,
            unchecked_by=tuple(self._unchecked(figure)),
        )

    def _unchecked(self, figure: Figure) -> Iterator[tuple[str, str]]:
        """The organisations that have the data and haven't marked this value 已核对, and where they say it differs.

        Drafts aren't theirs to see.
        """
        if figure.state != CellState.SUBMITTED or figure.answer == Answer.BLANK:
            return
        said = {
            each["by"]: each
            for each in self.answers(figure).checked
            if (each["answer"], _number(each["value"])) == (figure.answer, figure.value)
        }
        for by, name in self._facts[figure.indicator_id].get("sources", ()):
            known = said.get(by, {"agrees": False, "remark": ""})
            if by != figure.organisation_id and not known["agrees"]:
                yield name, known["remark"]

    def _earlier(self, figure: Figure, span: Span, value: PublishedValue) -> Earlier:
        assert value.value is not None
        changed = self._facts[figure.indicator_id].get("redefined", 0)
        return Earlier(value.value, span, has_other_definition=getattr(value, "change", 0) < changed)

    def _read_others(self, figures: Sequence[Figure]) -> dict[int, dict[int, Decimal]]:
        """The numbers of each form, by the indicator's number; asked for only where a setting names one."""
        found: dict[int, dict[int, Decimal]] = defaultdict(dict)
        for figure in figures:
            if figure.value is not None:
                found[figure.submission_id][figure.indicator.number] = figure.value
        given = {(figure.submission_id, figure.indicator.number) for figure in figures}
        named = set().union(*(tuning.named_indicators() for tuning in self._tuning.values()))
        if all((form, number) in given for form in {figure.submission_id for figure in figures} for number in named):
            return found
        rows = Figure.objects.filter(
            submission__in={figure.submission_id for figure in figures}, indicator__number__in=named, is_owed=True
        ).exclude(value=None)
        for form, number, value in rows.values_list("submission", "indicator__number", "value"):
            if (form, number) not in given and value is not None:
                found[form][number] = value
        return found


def _read_facts(indicators: set[int]) -> dict[int, dict[str, Any]]:
    """Parts, annual targets, and the change that brought the definition of today, by indicator; one query."""
    parts = IndicatorPart.objects.filter(indicator=OuterRef("pk")).order_by("number")
    targets = AnnualTarget.objects.filter(indicator=OuterRef("pk")).order_by("year")
    sources = Responsibility.objects.filter(valid_on(today()), indicator=OuterRef("pk"), part=Part.DATA_SOURCE)
    named = Case(When(organisation__short_name="", then="organisation__name"), default="organisation__short_name")
    versions = Indicator.history.model.objects.filter(id=OuterRef("pk")).order_by("change_id", "history_id")
    rows = Indicator.objects.filter(pk__in=indicators).annotate(
        told_parts=ArraySubquery(parts.values(json=JSONObject(name="name", unit="unit", added="may_be_added"))),
        told_targets=ArraySubquery(targets.values(json=JSONObject(year="year", value=Cast("value", TextField())))),
        told_sources=ArraySubquery(
            sources.order_by("organisation__position").values(json=JSONObject(by="organisation", name=named))
        ),
        told_versions=ArraySubquery(versions.values(json=JSONObject(definition="definition", change="change_id"))),
    )
    return {
        row["pk"]: {
            "parts": tuple(PartFacts(part["name"], part["unit"], part["added"]) for part in row["told_parts"]),
            "targets": {target["year"]: Decimal(target["value"]) for target in row["told_targets"]},
            "redefined": _redefined(row["told_versions"]),
            "sources": [(each["by"], each["name"]) for each in row["told_sources"]],
        }
        for row in rows.values("pk", "told_parts", "told_targets", "told_sources", "told_versions")
    }


def _redefined(versions: Sequence[Mapping[str, Any]]) -> int:
    """The last change that put another definition in a definition's place; 0 where none did."""
    pairs = itertools.pairwise(versions)
    changed = [now["change"] for then, now in pairs if then["definition"] not in ("", now["definition"])]
    return max(changed, default=0)


def _read_answers(figures: Sequence[Figure]) -> dict[int, Answers]:
    """What was said and proven beside each figure, and when its explanation was written; one query."""
    evidence = Evidence.objects.filter(figure=OuterRef("pk"), removed_at=None).order_by().values("figure")
    answered = CheckFinding.objects.filter(figure=OuterRef("pk")).exclude(reason="")
    said = SourceCheck.objects.filter(figure=OuterRef("pk"))
    told = JSONObject(
        by="organisation", answer="answer", value=Cast("value", TextField()), agrees="agrees", remark="remark"
    )
    rows = Figure.objects.filter(pk__in={figure.pk for figure in figures}).annotate(
        proofs=Coalesce(Subquery(evidence.annotate(count=Count("pk")).values("count")), 0),
        reasons=ArraySubquery(answered.values(json=JSONObject(rule="rule", print="fingerprint", reason="reason"))),
        written_for=_written_for(),
        cut_off=cut_off_of(OuterRef("period_id")),
        checked=ArraySubquery(said.values(json=told)),
    )
    return {
        row["pk"]: Answers(
            evidence=row["proofs"],
            reasons={(each["rule"], each["print"]): each["reason"] for each in row["reasons"]},
            explanation=row["explanation"],
            written_for=_as_it_stood(row["written_for"]) if row["written_for"] else None,
            cut_off=row["cut_off"],
            checked=row["checked"],
        )
        for row in rows.values("pk", "explanation", "proofs", "reasons", "written_for", "cut_off", "checked")
    }


def _written_for() -> Subquery:
    """The first version of the figure that bears the explanation of today, as JSON."""
    versions = Figure.history.model.objects.filter(id=OuterRef("pk"))
    other = versions.filter(id=OuterRef("id")).exclude(explanation=OuterRef("explanation")).order_by().values("id")
    since = versions.filter(explanation=OuterRef("explanation")).exclude(explanation="")
    since = since.filter(
        change_id__gt=Coalesce(Subquery(other.annotate(last=Max("change_id")).values("last")), 0)
    ).order_by("change_id", "history_id")
    told = {name: name for name in ("answer", "parts", "as_of")}
    numbers = {name: Cast(name, TextField()) for name in ("value", "last_year_value", "reported_growth")}
    return Subquery(since.values(json=JSONObject(**told, **numbers))[:1])


def _as_it_stood(told: Mapping[str, Any]) -> Figure:
    numbers = {name: _number(told[name]) for name in ("value", "last_year_value", "reported_growth")}
    as_of = None if told["as_of"] is None else date.fromisoformat(told["as_of"])
    return Figure(answer=told["answer"], parts=told["parts"], as_of=as_of, **numbers)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


_NOTHING = Answers(0, {}, "", None, None)


def _read_tuning(plans: set[int]) -> dict[int, Tuning]:
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    columns = ("plan", "rule", "indicator", "severity", "parameters")
    for row in CheckSetting.objects.filter(plan__in=plans).values(*columns):
        rows[row["plan"]].append(dict(row))
    return {plan: Tuning.read(rows[plan]) for plan in plans}


def _part(part: Mapping[str, str]) -> PartValue:
    return PartValue(part["name"], Decimal(part["value"]), part.get("unit", ""))


def _as_of(figure: Figure) -> AsOf | None:
    if figure.as_of is None:
        return None
    return AsOf(figure.as_of, Precision(figure.as_of_precision or Precision.DAY))
