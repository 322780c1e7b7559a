"""Categories, indicators, their parts, annual targets and documented values as sheets."""

from indicators.models import AnnualTarget, DocumentedValue, Indicator, IndicatorCategory, IndicatorPart
from organisations.resources import Reference, SheetResource
from plans.models import Plan
from projects.resources import PROJECT
from tasks.resources import TASK


def category_numbered(plan: Plan, number: int) -> IndicatorCategory:
    return IndicatorCategory.objects.get(plan=plan, number=number)


def indicator_numbered(plan: Plan, number: int) -> Indicator:
    return Indicator.objects.get(plan=plan, number=number)


CATEGORY = Reference(category_numbered, lambda category: category.number)
INDICATOR = Reference(indicator_numbered, lambda indicator: indicator.number)


class CategoryResource(SheetResource):
    natural_key = ("number",)

    class Meta(SheetResource.Meta):
        model = IndicatorCategory
        import_id_fields = ("number",)
        fields = ("number", "title", "provenance")


class IndicatorResource(SheetResource):
    natural_key = ("number",)
    references = {"category": CATEGORY, "task": TASK, "project": PROJECT}

    class Meta(SheetResource.Meta):
        model = Indicator
        import_id_fields = ("number",)
        exclude = ("id", "plan")


class PartResource(SheetResource):
    natural_key = ("indicator", "number")
    references = {"indicator": INDICATOR}

    class Meta(SheetResource.Meta):
        model = IndicatorPart
        import_id_fields = ("indicator", "number")
        fields = ("indicator", "number", "name", "unit", "may_be_added", "provenance")


class AnnualTargetResource(SheetResource):
    natural_key = ("indicator", "year")
    references = {"indicator": INDICATOR}

    class Meta(SheetResource.Meta):
        model = AnnualTarget
        import_id_fields = ("indicator", "year")
        fields = ("indicator", "year", "printed", "value", "provenance")


class DocumentedValueResource(SheetResource):
    """Values of years and of the mid-term: one resource for both sheets, parted by the occasion."""

    natural_key = ("indicator", "occasion", "year")
    references = {"indicator": INDICATOR}

    class Meta(SheetResource.Meta):
        model = DocumentedValue
        import_id_fields = ("indicator", "occasion", "year")
        exclude = ("id",)
