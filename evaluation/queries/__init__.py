"""Questions about cases: where they stand, and how each indicator is assessed."""

from evaluation.queries.assessment import (
    Assessed,
    assess,
    assess_parts,
    assess_parts_of_plan,
    assess_plan,
    reading_of,
)
from evaluation.queries.series import Point

__all__ = [
    "Assessed",
    "Point",
    "assess",
    "assess_parts",
    "assess_parts_of_plan",
    "assess_plan",
    "reading_of",
]
