"""The desks of the three administrators: who can't sign in, what is to be opened; who has no role; what was tried."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from arithmetic.shown import weekday_in_words
from audit.clock import today
from audit.events import EXPORTS
from organisations.events import ACCOUNTS, ROLES
from organisations.lockout import locked_accounts
from organisations.models import RoleGrant, User
from organisations.security_trail import Asked, SecurityTrail, TrailLine, line_of
from overview.desks.parts import Line, Panel, Part
from plans.models import PeriodState, Plan, ReportingPeriod

DAYS_AHEAD = 10
DAYS_BACK = 7
SHOWN = 10
# what a security auditor looks at first: title, action of the trail, the word that counts it, what is said where there is none
WATCHED = (
    ("密码输错", "session.failure", "密码输错", "没有输错密码的记录。"),
    ("角色的变动", ROLES, "角色变动", "没有变动。"),
    ("账号和密码的变动", ACCOUNTS, "账号变动", "没有变动。"),
    ("导出", EXPORTS, "导出", "没有导出。"),
)


def system_administrators_part(user: User, plan: Plan) -> Part:
    locked, waiting = locked_lines(), _never_signed_in()
    parts = [f"{len(locked)} 个账号被锁定"] if locked else []
    parts += [f"{len(waiting)} 人还没有首次登录"] if waiting else []
    people = reverse("admin:organisations_user_changelist")
    return Part(
        "，".join(parts) or "没有登录不了的人",
        panels=(
            Panel(
                "登录不了的账号", tuple(locked), note="由安全管理员解锁，或等锁定时间过去", empty="没有被锁定的账号。"
            ),
            Panel(
                "还没有首次登录的人",
                tuple(Line(f"{each.name}　{each.organisation.display_name}", url=people) for each in waiting),
                note="使用一次性密码登录后须修改密码",
                empty="所有人都登录过。",
            ),
            Panel("将要开放的报告期", tuple(_periods(plan)), note="由审核人开放", empty="近期没有要开放的报告期。"),
        ),
        links=(("后台管理", reverse("admin:index")),),
    )


def security_administrators_part(user: User, plan: Plan) -> Part:
    locked = locked_lines()
    without = list(_without_role())
    parts = [f"{len(locked)} 个账号被锁定"] if locked else []
    parts += [f"{len(without)} 人还没有角色"] if without else []
    people = reverse("admin:organisations_user_changelist")
    return Part(
        "，".join(parts) or "没有要解锁的账号，人人都有角色",
        panels=(
            Panel("被锁定的账号", tuple(locked), empty="没有被锁定的账号。"),
            Panel(
                "还没有角色的人",
                tuple(Line(f"{each.name}　{each.organisation.display_name}", url=people) for each in without),
                note="没有角色的人登录后看不到业务内容",
                empty="人人都有角色。",
            ),
        ),
        links=(("后台管理", reverse("admin:index")),),
    )


def security_auditors_part(user: User, plan: Plan) -> Part:
    since = today() - timedelta(days=DAYS_BACK - 1)
    panels, counts = [], []
    for title, action, counted, empty in WATCHED:
        asked = Asked(action=action, since=since)
        trail = SecurityTrail(user, asked)
        number = trail.count()
        counts.append(f"{number:,} 次{counted}")
        lines = tuple(_trail_line(line_of(record)) for record in trail[0:SHOWN])
        more = f"{reverse('security_trail')}?{asked.query}"
        note = f"近 {DAYS_BACK} 天 {number:,} 条" if number else ""
        shown = (*lines, Line(f"其余 {number - SHOWN:,} 条", url=more)) if number > SHOWN else lines
        panels.append(Panel(title, shown, note=note, empty=empty))
    return Part(
        f"近 {DAYS_BACK} 天：{'，'.join(counts)}",
        panels=tuple(panels),
        links=(("安全审计", reverse("security_trail")), ("后台管理", reverse("admin:index"))),
    )


def _trail_line(line: TrailLine) -> Line:
    kind = {"bad": "error", "ok": "ok"}.get(line.kind, "now")
    where = f"来自 {line.address}" if line.address else ""
    rest = "　".join(part for part in (line.about, where) if part)
    return Line(line.who, rest=rest, aside=_moment(line.at), state=line.what, kind=kind)


def locked_lines() -> list[Line]:
    """The accounts that are locked now, with the time when the lock ends."""
    return [
        Line(
            row["username"],
            rest=f"来自 {row['ip_address'] or '各处'}　输错 {row['failures']} 次",
            aside=f"{timezone.localtime(row['until']):%H:%M} 自动解锁",
            state="已锁定",
            kind="error",
        )
        for row in locked_accounts()
    ]


def _never_signed_in() -> list[User]:
    rows = User.objects.filter(is_active=True, must_change_password=True).select_related("organisation")
    return list(rows.order_by("organisation__position", "username"))


def _without_role() -> list[User]:
    held = RoleGrant.objects.filter(user=OuterRef("pk"), withdrawn_at=None)
    rows = User.objects.filter(~Exists(held), is_active=True).select_related("organisation")
    return list(rows.order_by("organisation__position", "username"))


def _periods(plan: Plan) -> list[Line]:
    soon = today() + timedelta(days=DAYS_AHEAD)
    rows = ReportingPeriod.objects.filter(plan=plan, state=PeriodState.PLANNED, opens_on__lte=soon)
    return [
        Line(
            period.name,
            url=reverse("admin:plans_reportingperiod_change", args=[period.pk]),
            aside=f"{period.opens_on.month}月{period.opens_on.day}日（{weekday_in_words(period.opens_on)}）开放",
            state="未开放",
            kind="draft",
        )
        for period in rows.order_by("opens_on")
    ]


def _moment(moment: object) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]
