"""The case: an evaluation of a plan, its stages, and judgements that people decided otherwise."""

from django.db import models
from django.db.models import Q

from audit.moves import Move
from audit.rules import Frozen, Rule
from audit.tracking import tracked
from indicators.models import Indicator
from organisations.models import User
from plans.models import Plan, ReportingPeriod


class EvaluationKind(models.TextChoices):
    ANNUAL = "annual", "年度评估"
    MID_TERM = "mid_term", "中期评估"
    FINAL = "final", "终期评估"


class StageState(models.TextChoices):
    NOT_BEGUN = "not_begun", "未开始"
    CURRENT = "current", "进行中"
    DONE = "done", "已完成"


class Verdict(models.TextChoices):
    """是否达到中期进度: the words of ``arithmetic.goal.Verdict``."""

    EARLY = "early", "提前实现"
    FASTER = "faster", "快于预期"
    ON_COURSE = "on_course", "基本符合预期"
    LAGGING = "lagging", "滞后"
    BADLY_LAGGING = "badly_lagging", "严重滞后"
    NOT_JUDGED = "not_judged", "暂不评价"
    DROPPED = "dropped", "不再纳入统计"


class Outlook(models.TextChoices):
    """预计能否如期完成: the words of ``arithmetic.goal.Outlook``."""

    DONE = "done", "已完成"
    CAN = "can", "预计能完成"
    CAN_HOLD = "can_hold", "预计能保持"
    HARD = "hard", "预计难完成"
    UNDECIDED = "undecided", "暂不判断"
    NONE = "none", "不评价"


class Evaluation(models.Model):
    """A case: tables take the last published value with an as-of date up to ``cut_off``; the outlook's annual series
    and projection take data up to ``outlook_until``."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="evaluations", verbose_name="规划")
    code = models.SlugField(
        "代码", max_length=80, unique=True, error_messages={"unique": "已有代码相同的评估，请换一个代码。"}
    )
    name = models.CharField("名称", max_length=200)
    kind = models.CharField("类别", max_length=20, choices=EvaluationKind.choices)
    cut_off = models.DateField("数据截止日")
    outlook_until = models.DateField("展望数据截止日")
    round = models.ForeignKey(
        ReportingPeriod, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="专项填报"
    )
    thresholds = models.JSONField("判定阈值", default=dict, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "评估"
        ordering = ["-cut_off"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outlook_until__gte=models.F("cut_off")),
                name="outlook_reaches_the_cut_off",
                violation_error_message="展望数据截止日不能早于数据截止日。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupPart(models.TextChoices):
    LEADER = "leader", "分管领导"
    HEAD = "head", "专项小组组长"
    MEMBER = "member", "成员"
    WRITER = "writer", "执笔"


class GroupMember(models.Model):
    """A person's part in the special working group of a case (专项小组)."""

    INSTEAD_OF_DELETING = "分工有变的，修改；不再参加的，记为退出。"

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="members", verbose_name="评估")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员")
    part = models.CharField("身份", max_length=20, choices=GroupPart.choices)
    task = models.CharField("分工", max_length=200, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "专项小组成员"
        ordering = ["evaluation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "user", "part"], name="group_member_once_in_a_part")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_part_display()}"


class Stage(models.Model):
    """A stage of a case; which there are, and their conditions, is data."""

    MOVES = {
        "begin": Move(frozenset({StageState.NOT_BEGUN}), StageState.CURRENT, "开始"),
        "finish": Move(frozenset({StageState.CURRENT}), StageState.DONE, "完成", "finished_by"),
        "step_back": Move(frozenset({StageState.CURRENT}), StageState.NOT_BEGUN, "退回上一阶段"),
        "take_up_again": Move(frozenset({StageState.DONE}), StageState.CURRENT, "重新进行"),
    }
    INSTEAD_OF_DELETING = "阶段有误的，退回上一阶段。"

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="stages", verbose_name="评估")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("阶段", max_length=100)
    state = models.CharField("状态", max_length=20, choices=StageState.choices, default=StageState.NOT_BEGUN)
    conditions = models.JSONField("转段条件", default=list)  # names of registered conditions
    starts_on = models.DateField("计划开始", null=True, blank=True)
    ends_on = models.DateField("计划结束", null=True, blank=True)
    begun_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    finished_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转段人"
    )

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "评估阶段"
        ordering = ["evaluation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="stage_number_once_in_a_case"),
            models.UniqueConstraint(
                fields=["evaluation"], condition=Q(state=StageState.CURRENT), name="one_current_stage_in_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.title}"


class PassedOver(models.Model):
    """A condition that was not met and that a leader passed over, with the reason.

    It holds until its stage is sent back or taken up again; then ``voided_at`` says since when it doesn't.
    """

    GUARDS = (
        Frozen("越过条件的决定不能改变。", all_but=("id", "voided_at")),
        Frozen("越过条件的决定已经失效。", columns=("voided_at",), unless="o.voided_at IS NULL"),
        Rule("n.by_id IS DISTINCT FROM actor", "决定人与本次变更的操作人不一致。", on_insert=True),
    )
    INSTEAD_OF_DELETING = "不再成立的，退回该阶段后自行失效。"

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="passed_over", verbose_name="阶段")
    condition = models.CharField("转段条件", max_length=80)
    missing = models.JSONField("当时所缺", default=list)
    reason = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="决定人")
    at = models.DateTimeField("时间")
    voided_at = models.DateTimeField("失效时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "越过的条件"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "condition"], condition=Q(voided_at=None), name="condition_passed_over_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.condition}"


class DecidedAssessment(models.Model):
    """A judgement that a person decided otherwise than the rule proposes, with the reason; both are shown.

    It counts until it is withdrawn; another decision after that is another row.
    """

    GUARDS = (
        Frozen("人工判定所属的评估和指标不能改变。", columns=("evaluation_id", "indicator_id")),
        Frozen("人工判定已经撤销。", all_but=("id",), unless="o.withdrawn_at IS NULL"),
        Frozen(
            "撤销人工判定时，判定的内容不能改变。",
            columns=("verdict", "outlook", "reason", "by_id", "at"),
            unless="n.withdrawn_at IS NULL",
        ),
        Rule("n.by_id IS DISTINCT FROM actor", "决定人与本次变更的操作人不一致。", on_insert=True),
        Rule("n.withdrawn_at IS NOT NULL", "新的人工判定不能已经撤销。", on_insert=True),
        Rule(
            "CASE WHEN n.withdrawn_at IS NULL THEN n.by_id ELSE n.withdrawn_by_id END IS DISTINCT FROM actor",
            "决定人或撤销人与本次变更的操作人不一致。",
            on_update=True,
        ),
    )
    INSTEAD_OF_DELETING = "不再成立的，撤销并写明理由。"

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="decided", verbose_name="评估")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="decided", verbose_name="规划指标")
    verdict = models.CharField("目前进度", max_length=20, choices=Verdict.choices, blank=True)
    outlook = models.CharField("到目标年", max_length=20, choices=Outlook.choices, blank=True)
    reason = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="决定人")
    at = models.DateTimeField("时间")
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销人"
    )
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    history = tracked(indexed=["evaluation"])

    class Meta:
        verbose_name = verbose_name_plural = "人工判定"
        ordering = ["indicator__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "indicator"],
                condition=Q(withdrawn_at=None),
                name="decided_once_for_an_indicator_in_a_case",
            ),
            models.CheckConstraint(condition=~Q(verdict="", outlook=""), name="decided_assessment_decides_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="withdrawn_assessment_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.indicator)
