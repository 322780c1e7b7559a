"""The plan itself as a sheet of one row."""

from organisations.resources import ORGANISATION, SheetResource
from plans.models import Plan


class PlanResource(SheetResource):
    natural_key = ("code",)
    references = {"host": ORGANISATION}

    class Meta(SheetResource.Meta):
        model = Plan
        import_id_fields = ("code",)
        fields = (
            "code",
            "name",
            "short_name",
            "place",
            "document_number",
            "drawn_up_by",
            "approved_by",
            "base_year",
            "first_year",
            "last_year",
            "host",
            "consultation",
            "body_note",
            "provenance",
        )
