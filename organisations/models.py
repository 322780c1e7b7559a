"""Who: organisations, people and their roles."""

from datetime import date
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from audit.rules import Frozen, Rule
from audit.tracking import tracked
from organisations.contact import masked_mail, masked_phone


class OrganisationKind(models.TextChoices):
    DEPARTMENT = "department", "部门"
    STREET = "street", "街道"
    AGENCY = "agency", "直属机构"


class Provenance(models.TextChoices):
    """Where a loaded row comes from (来源)."""

    REPORT = "report", "报告"
    ASSUMED = "assumed", "演示假定"


class Organisation(models.Model):
    """A department, a street or an agency; a merged or renamed one names its successor."""

    INSTEAD_OF_DELETING = "撤并、更名的单位，填写“有效终止”和“承接单位”。"

    code = models.SlugField("代码", max_length=50, unique=True)
    name = models.CharField("名称", max_length=200, unique=True)
    short_name = models.CharField("简称", max_length=50, blank=True)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind.choices)
    position = models.PositiveIntegerField("排序", default=0)
    contact = models.CharField("联络员", max_length=100, blank=True)
    contact_phone = models.CharField("联络电话", max_length=50, blank=True)
    needs_confirmation = models.BooleanField("填报表须经单位负责人确认", default=False)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="承接单位"
    )
    valid_from = models.DateField("有效起始", null=True, blank=True)
    valid_to = models.DateField("有效终止", null=True, blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked(excluded=["contact_phone"])

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["position", "code"]
        indexes = [GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="organisation_name_trgm")]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.short_name or self.name

    @property
    def contact_masked(self) -> str:
        """The contact's name and the telephone, masked; empty where there is none."""
        return " ".join(part for part in (self.contact, masked_phone(self.contact_phone)) if part)


class Role(models.TextChoices):
    REPORTER = "reporter", "填报人"
    HEAD = "head", "单位负责人"
    REVIEWER = "reviewer", "审核人"
    LEADER = "leader", "分管领导"
    AUDITOR = "auditor", "审计员"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员"
    SECURITY_AUDITOR = "security_auditor", "安全审计员"


# Each of these excludes every other role (三员分立); all business roles share one sphere.
SPHERES = {
    Role.SYSTEM_ADMINISTRATOR: "system",
    Role.SECURITY_ADMINISTRATOR: "security",
    Role.SECURITY_AUDITOR: "security_audit",
}
BUSINESS_SPHERE = "business"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with an account; belongs to one organisation. Roles are grants, see ``RoleGrant``."""

    INSTEAD_OF_DELETING = "离任的，停用账号并办理工作交接。"

    username = models.CharField("登录名", max_length=50, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField("姓名", max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people", verbose_name="单位")
    email = models.EmailField("电子邮箱", blank=True)
    phone = models.CharField("电话", max_length=50, blank=True)
    is_active = models.BooleanField("可登录", default=True)
    left_on = models.DateField("离任日期", null=True, blank=True)
    must_change_password = models.BooleanField("下次登录须修改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    previous_sign_in = models.DateTimeField("上次登录时间", null=True, blank=True)
    previous_address = models.GenericIPAddressField("上次登录地址", null=True, blank=True)
    session_key = models.CharField("当前会话", max_length=40, blank=True)

    history = tracked(
        excluded=[
            "password",
            "last_login",
            "password_changed_at",
            "previous_sign_in",
            "previous_address",
            "session_key",
            "phone",
            "email",
        ]
    )
    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_masked(self) -> str:
        return masked_phone(self.phone)

    @property
    def email_masked(self) -> str:
        return masked_mail(self.email)

    @property
    def recorded_name(self) -> str:
        return self.name

    @property
    def recorded_organisation(self) -> str:
        return self.organisation.name

    @property
    def roles(self) -> frozenset[str]:
        """The roles held now; read once for each instance."""
        if not hasattr(self, "_roles"):
            self._roles = frozenset(self.grants.filter(withdrawn_at=None).values_list("role", flat=True))
        return self._roles

    def has_role(self, *roles: str) -> bool:
        return self.is_active and not self.roles.isdisjoint(roles)

    @property
    def is_staff(self) -> bool:
        """May enter the admin pages."""
        return self.has_role(
            Role.SYSTEM_ADMINISTRATOR,
            Role.SECURITY_ADMINISTRATOR,
            Role.SECURITY_AUDITOR,
            Role.REVIEWER,
            Role.AUDITOR,
        )

    @property
    def is_superuser(self) -> bool:
        """Nobody is: the three administrators are separate."""
        return False

    def has_perm(self, permission: str, row: Any = None) -> bool:
        """Ask the back ends (``organisations.backends.RoleBackend`` derives permissions from roles)."""
        return any(
            backend.has_perm(self, permission, row) for backend in get_backends() if hasattr(backend, "has_perm")
        )

    def has_module_perms(self, app_label: str) -> bool:
        return any(
            backend.has_module_perms(self, app_label)
            for backend in get_backends()
            if hasattr(backend, "has_module_perms")
        )


# The servers of the database and of the pages may differ by so much; a transaction may have taken its time.
NOT_NOW = "NOT BETWEEN now() - interval '5 minutes' AND clock_timestamp() + interval '5 minutes'"


class RoleGrant(models.Model):
    """A role held by a person from one moment to another; the spheres exclude each other in the database."""

    GUARDS = (
        Frozen(
            "角色一经授予，内容不能改变；不再担任的，由安全管理员收回。",
            all_but=("id", "withdrawn_by_id", "withdrawn_at"),
        ),
        Frozen("角色已经收回。", columns=("withdrawn_by_id", "withdrawn_at"), unless="o.withdrawn_at IS NULL"),
        Rule(
            "(n.withdrawn_by_id, n.withdrawn_at) IS DISTINCT FROM (o.withdrawn_by_id, o.withdrawn_at)"
            " AND (n.withdrawn_at IS NULL OR n.withdrawn_at < n.granted_at OR n.withdrawn_by_id IS DISTINCT FROM actor)",
            "角色只能由办理本次变更的人收回。",
            on_update=True,
        ),
        Rule("n.granted_by_id IS DISTINCT FROM actor", "授予人与本次变更的操作人不一致。", on_insert=True),
        Rule("n.user_id = actor", "任何人都不能授予自己角色。", on_insert=True),
        Rule("n.withdrawn_at IS NOT NULL", "新授予的角色不能已经收回。", on_insert=True),
        Rule(f"n.granted_at {NOT_NOW}", "授予角色的时间只能是此刻。", on_insert=True),
        Rule(
            f"n.withdrawn_at IS DISTINCT FROM o.withdrawn_at AND n.withdrawn_at {NOT_NOW}",
            "收回角色的时间只能是此刻。",
            on_update=True,
        ),
    )
    INSTEAD_OF_DELETING = "不再担任的角色，由安全管理员收回。"

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="人员")
    role = models.CharField("角色", max_length=30, choices=Role.choices)
    sphere = models.GeneratedField(
        expression=models.Case(
            *[models.When(role=role, then=models.Value(sphere)) for role, sphere in SPHERES.items()],
            default=models.Value(BUSINESS_SPHERE),
        ),
        output_field=models.CharField(max_length=20),
        db_persist=True,
    )
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="授予人"
    )
    granted_at = models.DateTimeField("授予时间")
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收回人"
    )
    withdrawn_at = models.DateTimeField("收回时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "角色授予"
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(withdrawn_at=None), name="one_live_grant_of_a_role"
            ),
            ExclusionConstraint(
                name="administrators_hold_one_role_only",
                expressions=[(F("user"), RangeOperators.EQUAL), (F("sphere"), RangeOperators.NOT_EQUAL)],
                condition=Q(withdrawn_at=None),
                violation_error_message="三员分立：系统管理员、安全管理员、安全审计员不得由同一人担任，也不得兼任其他角色。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class FormerPassword(models.Model):
    """A password that was used before, as its hash; the last five are not taken again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name="人员")
    encoded = models.CharField("密码摘要", max_length=128)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "曾用密码"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user} {self.at:%Y-%m-%d}"


class Handover(models.Model):
    """A leaver's open work, handed over in one step (工作交接)."""

    GUARDS = (Frozen("工作交接一经办理不能改变。", all_but=("id",)),)
    INSTEAD_OF_DELETING = "交接有误的，另办一次工作交接。"

    from_user = models.ForeignKey(User, models.PROTECT, related_name="handovers_given", verbose_name="移交人")
    to_user = models.ForeignKey(User, models.PROTECT, related_name="handovers_taken", verbose_name="接收人")
    at = models.DateTimeField("时间")
    items = models.JSONField("移交事项", default=list)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "工作交接"
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="handover_to_another_person")]

    def __str__(self) -> str:
        return f"{self.from_user} → {self.to_user}"


def valid_on(day: date, prefix: str = "") -> Q:
    """Return the condition that a row with ``valid_from`` and ``valid_to`` (both inclusive) is valid on a day."""
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day})
    )
