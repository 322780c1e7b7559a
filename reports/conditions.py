from django.urls import reverse

from evaluation.conditions import Condition, Finding, Missing
from evaluation.models import Evaluation
from reports.completing import completion_of
from reports.models import Section
from reports.queries import unwritten_sections


def every_section_is_written(evaluation: Evaluation) -> Finding:
    """Each section that people write holds their own text, not the placeholder."""
    report = reverse("reports:report", kwargs={"plan": evaluation.plan.code, "code": evaluation.code})
    count = Section.objects.filter(evaluation=evaluation, is_written_by_people=True).count()
    if not count:
        return Finding("报告框架还没有建立", (Missing("报告框架", report, "未开始", "draft"),))
    standing = list(Section.objects.filter(evaluation=evaluation).order_by("position"))
    absent = [
        Missing(section.title, f"{report}#complete", "尚未建立", "draft")
        for section in completion_of(evaluation, standing).missing
    ]
    unwritten = [
        Missing(section.title, f"{report}#section-{section.position}", "占位文字", "draft")
        for section in unwritten_sections(evaluation)
    ]
    words = f"{count} 节已撰写 {count - len(unwritten)} 节" + (f"，另缺 {len(absent)} 节" if absent else "")
    return Finding(words, (*absent, *unwritten))


SECTIONS_WRITTEN = Condition("sections_written", "报告各章节均已撰写", every_section_is_written)
