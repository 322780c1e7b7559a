"""Rows of indicators, as a trail finds and opens them."""

from audit.subjects import Subject

TRACE = "overview:trace"
OF_INDICATOR = {"plan": "indicator__plan", "indicator": "indicator"}
PAGE_OF_INDICATOR = {"plan": "indicator__plan__code", "number": "indicator__number"}

SUBJECTS = (
    Subject("indicators.IndicatorCategory", {"plan": "plan"}, "overview:overview", {"plan": "plan__code"}),
    Subject(
        "indicators.Indicator",
        {"plan": "plan", "indicator": "pk"},
        TRACE,
        {"plan": "plan__code", "number": "number"},
        beside=(
            ("indicators.AnnualTarget", "indicator_id"),
            ("indicators.IndicatorPart", "indicator_id"),
            ("indicators.DocumentedValue", "indicator_id"),
        ),
    ),
    Subject("indicators.IndicatorPart", OF_INDICATOR, TRACE, PAGE_OF_INDICATOR),
    Subject("indicators.AnnualTarget", OF_INDICATOR, TRACE, PAGE_OF_INDICATOR),
    Subject("indicators.DocumentedValue", OF_INDICATOR, TRACE, PAGE_OF_INDICATOR),
)
