"""The rules as the working group reads them: how they are set, how often they fired, how often it was explained away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from arithmetic.shown import number_on_screen, percent
from plans.models import Plan
from submissions.checks.rule import Rule
from submissions.checks.rules import RULES
from submissions.checks.tuning import Setting, Tuned, Tuning
from submissions.models import CheckFinding, CheckSetting, Severity

Numbers = list[tuple[str, str]]


@dataclass(frozen=True)
class OwnSetting:
    """A setting as a page tells it: for what, how strict, with which numbers, why; who made it when."""

    rule: Rule
    severity_code: str
    parameters: Mapping[str, str]
    reason: str
    who: str
    at: datetime
    indicator: str = ""
    number: int | None = None
    """The indicator's; None for the whole plan."""

    @property
    def what(self) -> str:
        return self.indicator or "整个规划"

    @property
    def severity(self) -> str:
        return str(Severity(self.severity_code).label) if self.severity_code else "照旧"

    @property
    def numbers(self) -> Numbers:
        known = self.rule.parameters
        return [(known[name].label, number_on_screen(Decimal(text))) for name, text in self.parameters.items()]


@dataclass(frozen=True)
class Standing:
    """One rule in a plan. ``fired`` counts the values in which it found something, once each."""

    rule: Rule
    tuned: Tuned
    fired: int = 0
    explained: int = 0
    settings: Sequence[OwnSetting] = field(default_factory=list)

    @property
    def own(self) -> OwnSetting | None:
        """How the whole plan has it, where that was set."""
        return next((each for each in self.settings if each.number is None), None)

    @property
    def exceptions(self) -> list[OwnSetting]:
        """The indicators for which it is set otherwise."""
        return [each for each in self.settings if each.number is not None]

    @property
    def share(self) -> str:
        """The share explained away; a dash where it never fired."""
        return percent(Decimal(self.explained) / self.fired if self.fired else None, places=0)

    @property
    def numbers(self) -> Numbers:
        """The parameters with their numbers as they are set."""
        known = self.tuned.values
        return [(each.label, number_on_screen(known.get(name))) for name, each in self.rule.parameters.items()]


def standing_rules(plan: Plan, rules: Sequence[Rule] = RULES) -> list[Standing]:
    """Return the rules with their settings and counts; two queries, however many forms there are."""
    counts = _counted(plan)
    rows = CheckSetting.objects.filter(plan=plan).select_related("indicator", "tuned_by")
    settings = list(rows.order_by("indicator__number"))
    tuning = Tuning(Setting(each.rule, each.indicator_id, each.severity, each.parameters) for each in settings)
    return [
        Standing(
            rule,
            tuning.of(rule),
            *counts.get(rule.code, (0, 0)),
            [_told(rule, each, each.tuned_by.name, each.tuned_at) for each in settings if each.rule == rule.code],
        )
        for rule in rules
    ]


def _counted(plan: Plan) -> Mapping[str, tuple[int, int]]:
    """By rule: in how many values it found something, and how many of these were explained."""
    rows = CheckFinding.objects.filter(figure__period__plan=plan).order_by().values("rule")
    rows = rows.annotate(fired=Count("pk"), explained=Count("pk", filter=~Q(reason="")))
    return {row["rule"]: (row["fired"], row["explained"]) for row in rows}


def past_settings(plan: Plan, rule: Rule) -> list[OwnSetting]:
    """Return every setting of the rule in the plan, newest first, from its history."""
    rows = CheckSetting.history.model.objects.filter(plan=plan, rule=rule.code).select_related("change", "indicator")
    ordered = rows.order_by("-change_id", "-history_id")
    return [_told(rule, row, row.change.actor_name, row.change.at) for row in ordered]


def _told(rule: Rule, row: CheckSetting, who: str, at: datetime) -> OwnSetting:
    return OwnSetting(
        rule,
        row.severity,
        {name: text for name, text in row.parameters.items() if name in rule.parameters},
        row.reason,
        who,
        at,
        str(row.indicator) if row.indicator is not None else "",
        row.indicator.number if row.indicator is not None else None,
    )
