"""The desks of those who report: what I owe, until when, why it came back; what awaits my confirmation."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from arithmetic.shown import weekday_in_words
from audit.clock import today
from organisations.models import User
from overview.desks.parts import Duty, Part, When, counted, form_name, until
from overview.queries.forms import Filled, Returned, filled_in, why_returned
from plans.calendar import end_of_day
from plans.models import PeriodState, Plan, ReportingPeriod
from submissions.models import Review, State, Submission
from submissions.queries.stamped import lacking_stamp


def form_address(form: Submission, name: str = "submissions:form") -> str:
    return reverse(name, args=[form.period.plan.code, form.period.code, form.organisation.code])


def reporters_part(user: User, plan: Plan) -> Part:
    """What the person's organisation owes, most urgent first."""
    forms = list(
        Submission.objects.waiting_for_reporter(user)
        .filter(period__plan=plan)
        .select_related("period__plan", "organisation", "decided_by__organisation")
    )
    filled, returned = filled_in(forms), why_returned(forms)
    comments = _comments([form for form in forms if form.state == State.RETURNED])
    duties = tuple(_duty(form, filled[form.pk], tuple(returned[form.pk]), comments.get(form.pk, "")) for form in forms)
    duties += tuple(
        _paper(form) for form in lacking_stamp().filter(organisation=user.organisation_id, period__plan=plan)
    )
    part = Part(counted(len(duties), sum(duty.when.is_late for duty in duties)), duties, more=_forms(plan))
    return part if duties else _calm(part.answer, user, plan)


def _forms(plan: Plan) -> str:
    return reverse("submissions:forms", args=[plan.code])


def _comments(forms: list[Submission]) -> dict[int, str]:
    """The comment of each form's last review."""
    rows = Review.objects.filter(submission__in=forms).order_by("at", "id")
    return dict(rows.values_list("submission", "comment")) if forms else {}


def _duty(form: Submission, filled: Filled, returned: tuple[Returned, ...], comment: str) -> Duty:
    when = until(form.due_at)
    late = ("逾期期间仍可提交，系统会记录实际报送时间。",) if when.is_late else ()
    title = form_name(form.period)
    url = form_address(form)
    if form.state == State.RETURNED:
        number = filled.returned
        return Duty(
            title=f"{title}　退回 {number} 项" if number else title,
            button=f"修改退回的 {number} 项" if number else "修改后重新提交",
            state="已退回",
            kind="back",
            lines=((f"审核意见：{comment}",) if comment else ()) + late,
            returned=returned,
            note=_who_returned(form, filled),
            when=when,
            url=url,
        )
    if form.state == State.REOPENED:
        lines = ("请修改后重新提交。更正通过之前，已发布的数不变。",)
        when = When("已同意更正", "尽快改好")
        return Duty(title=title, button="更正数据", state="更正中", kind="fix", lines=lines, when=when, url=url)
    button = "开始填报" if filled.blank == filled.owed else "继续填报" if filled.blank else "检查并提交"
    return Duty(
        title=title,
        button=button,
        state="草稿",
        kind="draft",
        lines=(_how_far(form, filled), *late),
        when=when,
        url=url,
    )


def _paper(form: Submission) -> Duty:
    """The stamped paper of a form that was handed in."""
    assert form.stamp_by is not None
    return Duty(
        title=f"{form_name(form.period)}　盖章件",
        state="待盖章确认",
        kind="warn",
        lines=("请打印、盖章后上传扫描件；盖章之后内容又有改动的，须重新盖章。",),
        button="上传盖章件",
        when=until(end_of_day(form.stamp_by)),
        url=form_address(form, "submissions:stamp"),
    )


def _how_far(form: Submission, filled: Filled) -> str:
    if filled.blank == filled.owed:
        return f"共 {filled.owed} 项，还没有填写。"
    last = f"上次保存：{moment_in_words(filled.saved_at)}。" if filled.saved_at else ""
    if not filled.blank:
        return f"共 {filled.owed} 项，已全部填写，还没有提交。{last}"
    return f"共 {filled.owed} 项：已填 {filled.done} 项，还差 {filled.blank} 项。{last}"


def _who_returned(form: Submission, filled: Filled) -> str:
    if form.decided_by is None or form.decided_at is None:
        return ""
    rest = filled.owed - filled.returned
    untouched = f"其余 {rest} 项不受影响，无须重填。" if rest and filled.returned else ""
    return f"审核人 {form.decided_by.name}　{moment_in_words(form.decided_at)} 退回。{untouched}"


def moment_in_words(moment: datetime) -> str:
    """7月12日 16:20; with its year where it isn't this one."""
    local = timezone.localtime(moment)
    year = "" if local.year == today().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def _calm(answer: str, user: User, plan: Plan) -> Part:
    """What an empty desk says: what was last, what comes next, how one will be told."""
    last = (
        Submission.objects.filter(period__plan=plan, organisation=user.organisation_id, submitted_at__isnull=False)
        .select_related("period")
        .order_by("-submitted_at")
        .first()
    )
    facts = [("最近一次", _last_in_words(last))] if last is not None else []
    facts.append(("下一次", next_in_words(plan)))
    calm = "你单位的填报表已全部提交，没有被退回的数据。" if last is not None else "你单位还没有需要填报的内容。"
    return Part(
        answer,
        calm=calm,
        facts=tuple(facts),
        promise="开放当天这里会出现待办，同时发邮件提醒你，不必反复登录查看。",
        links=(("查看本单位的填报表", _forms(plan)),) if last is not None else (),
    )


_WAITING = {
    State.AWAITING_HEAD: "待单位确认，等待本单位负责人确认",
    State.SUBMITTED: "已提交，等待专项小组审核",
    State.FIRST_REVIEWED: "已通过初审，等待专项小组终审",
    State.APPROVED: "已通过",
}


def _last_in_words(form: Submission) -> str:
    assert form.submitted_at is not None
    state = _WAITING.get(State(form.state), form.get_state_display())
    return f"{form_name(form.period)}，{moment_in_words(form.submitted_at)} 提交，{state}"


def next_in_words(plan: Plan) -> str:
    """The next period that will be opened, with its days."""
    period = (
        ReportingPeriod.objects.filter(plan=plan, state=PeriodState.PLANNED, deadline__date__gte=today())
        .order_by("opens_on")
        .first()
    )
    if period is None:
        return "还没有安排，安排后会通知你"
    opens, due = period.opens_on, timezone.localtime(period.deadline).date()
    return (
        f"{form_name(period)}，{opens.month}月{opens.day}日（{weekday_in_words(opens)}）开放，"
        f"{due.month}月{due.day}日（{weekday_in_words(due)}）截止"
    )


def heads_part(user: User, plan: Plan) -> Part:
    """The forms that wait for the person to confirm them."""
    forms = list(
        Submission.objects.waiting_for_head(user)
        .filter(period__plan=plan)
        .select_related("period__plan", "organisation", "submitted_by")
    )
    filled = filled_in(forms)
    duties = tuple(
        Duty(
            title=form_name(form.period),
            state="待单位确认",
            kind="now",
            lines=(_who_asks(form, filled[form.pk]),),
            button="核对并确认",
            url=form_address(form),
            when=until(form.due_at),
        )
        for form in forms
    )
    if duties:
        late = sum(duty.when.is_late for duty in duties)
        answer = f"有 {len(duties)} 张填报表等你确认" + (f"，其中 {late} 张已逾期" if late else "")
        return Part(answer, duties, more=_forms(plan))
    return Part(
        "目前没有等你确认的填报表",
        calm="填报人送来的填报表已全部确认。",
        facts=(("下一次", next_in_words(plan)),),
        promise="填报人送你确认时，这里会出现待办，同时发邮件提醒你。",
        links=(("查看本单位的填报表", _forms(plan)),),
    )


def _who_asks(form: Submission, filled: Filled) -> str:
    who = form.submitted_by.name if form.submitted_by is not None else "填报人"
    when = f"{moment_in_words(form.submitted_at)} " if form.submitted_at is not None else ""
    return f"{who} {when}送你确认，共 {filled.owed} 项。确认后提交给专项小组；有不对的，写明理由退回填报人。"
