"""The published plan, collected by the ordinary verbs: opened, filled in, submitted, approved."""

from datetime import date

from audit.recording import recorded
from indicators.models import DocumentedValue
from organisations.models import Organisation, Role, User
from plans.calendar import end_of_day
from plans.models import PeriodKind, PeriodState, Plan, ReportingPeriod
from submissions.actions import approve, confirm, open_period, save_figure, save_note, submit
from submissions.checks import oddities_in
from submissions.models import State, Submission
from tests.factories.organisations import person

REASON = "补录"
NO_DATA = {"answer": "no_data", "no_data_reason": "本期没有数据"}


def round_of(plan: Plan, code: str, kind: PeriodKind, ends_on: date) -> ReportingPeriod:
    with recorded(by=None, reason=REASON):
        return ReportingPeriod.objects.create(
            plan=plan,
            code=code,
            name=code,
            kind=kind,
            starts_on=ends_on.replace(month=1, day=1),
            ends_on=ends_on,
            opens_on=ends_on,
            deadline=end_of_day(ends_on),
            state=PeriodState.PLANNED,
        )


class Collector:
    """A reporter and, where one is needed, a head for each organisation, and two reviewers."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.reviewer = person(Role.REVIEWER)
        self._people: dict[tuple[str, int], User] = {}

    def person_of(self, role: str, at: Organisation) -> User:
        key = (role, at.pk)
        if key not in self._people:
            self._people[key] = person(role, at=at)
        return self._people[key]

    def collect(self, period: ReportingPeriod, given: dict[int, dict[str, str]]) -> None:
        """Carry every form of a period through; ``given`` is what each indicator's cell says, else 无数据."""
        for form in open_period(period, by=self.reviewer, reason=REASON):
            by = self.person_of(Role.REPORTER, form.organisation)
            cells = {figure: given.get(figure.indicator.number) or NO_DATA for figure in form.figures.all()}
            for figure, cell in cells.items():
                save_figure(figure, by=by, revision=0, confirmed=True, **cell)
            for odd in {found.figure for found in oddities_in(form)}:
                cell = {"explanation": "已核实，属实。"} | {name: text for name, text in cells[odd].items() if text}
                save_figure(odd, by=by, revision=1, confirmed=True, **cell)
            for note in form.notes.all():
                save_note(note, by=by, revision=0, state="on_course", progress="按计划推进。")
            self._hand_in(form, by)

    def _hand_in(self, form: Submission, by: User) -> None:
        handed_in = submit(form, by=by)
        if handed_in.state == State.AWAITING_HEAD:
            handed_in = confirm(handed_in, by=self.person_of(Role.HEAD, form.organisation))
        approve(handed_in, by=self.reviewer, round=handed_in.round)


def mid_term_cells(plan: Plan) -> dict[int, dict[str, str]]:
    """What a reporter types from the documents at the mid-term."""
    cells = {}
    for row in DocumentedValue.objects.filter(indicator__plan=plan, occasion="mid_term").select_related("indicator"):
        if row.value is None:
            reason = row.indicator.dropped_reason or "没有数据"
            cells[row.indicator.number] = {"answer": "no_data", "value_text": row.printed, "no_data_reason": reason}
            continue
        cells[row.indicator.number] = {
            "answer": "value",
            "value_text": row.printed,
            "as_of_text": row.as_of_printed or f"{row.as_of:%Y-%m-%d}",
            "explanation": row.explanation,
            "expectation": row.expectation,
        }
    return cells


def annual_cells(plan: Plan, year: int) -> dict[int, dict[str, str]]:
    """What a reporter types from the documents for a full year."""
    rows = DocumentedValue.objects.filter(indicator__plan=plan, occasion="year", year=year).select_related("indicator")
    return {
        row.indicator.number: {
            "answer": "value",
            "value_text": row.printed,
            "as_of_text": f"{year}年底",
            "growth_text": "" if row.reported_growth is None else str(row.reported_growth.normalize()),
        }
        for row in rows
    }


def collect_everything(plan: Plan) -> Collector:
    """The special round of the mid-term, and the years from the first to the one after it."""
    collector = Collector(plan)
    years = DocumentedValue.objects.filter(indicator__plan=plan, occasion="year", year__gt=plan.base_year)
    for year in sorted(set(years.values_list("year", flat=True))):
        period = round_of(plan, f"year-{year}", PeriodKind.YEAR, date(year, 12, 31))
        collector.collect(period, annual_cells(plan, year))
    middle = round_of(plan, "mid-term", PeriodKind.SPECIAL, date(2023, 6, 30))
    collector.collect(middle, mid_term_cells(plan))
    return collector
