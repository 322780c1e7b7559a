from django.urls import reverse

from evaluation.conditions import Condition, Finding, Missing
from evaluation.models import Evaluation
from reports.models import Section
from reports.queries import unwritten_sections


def every_section_is_written(evaluation: Evaluation) -> Finding:
    """Each section that people write holds their own text, not the placeholder."""
    report = reverse("reports:report", kwargs={"plan": evaluation.plan.code, "code": evaluation.code})
    count = Section.objects.filter(evaluation=evaluation, is_written_by_people=True).count()
    if not count:
        return Finding("报告框架还没有建立", (Missing("报告框架", report, "未开始", "draft"),))
    missing = tuple(
        Missing(section.title, f"{report}#section-{section.position}", "占位文字", "draft")
        for section in unwritten_sections(evaluation)
    )
    return Finding(f"{count} 节已撰写 {count - len(missing)} 节", missing)


SECTIONS_WRITTEN = Condition("sections_written", "报告各章节均已撰写", every_section_is_written)
