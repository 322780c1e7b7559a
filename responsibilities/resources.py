"""Who answers for what, as a sheet."""

from indicators.resources import INDICATOR
from organisations.resources import ORGANISATION, SheetResource
from projects.resources import PROJECT
from responsibilities.models import Responsibility
from tasks.resources import TASK


class ResponsibilityResource(SheetResource):
    natural_key = ("organisation", "part", "indicator", "task", "project", "valid_from")
    references = {"organisation": ORGANISATION, "indicator": INDICATOR, "task": TASK, "project": PROJECT}

    class Meta(SheetResource.Meta):
        model = Responsibility
        import_id_fields = ("organisation", "part")
        exclude = ("id", "plan")
