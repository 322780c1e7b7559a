"""What the report adds to a unit's self-report: where it was quoted."""

from typing import Any

from django import template

from reports.models import Quotation
from submissions.models import ProgressNote

register = template.Library()


@register.inclusion_tag("reports/quoted_in.html")
def quoted_in(note: ProgressNote) -> dict[str, Any]:
    """The sections of reports that quoted a section of a self-report."""
    rows = Quotation.objects.filter(note=note).select_related("section__evaluation__plan", "note")
    return {"quotations": rows.order_by("at")}
