"""Questions about cases: where they stand, and how each indicator is assessed."""

from evaluation.queries.assessment import (
    Assessed,
    Basis,
    assess,
    assess_parts,
    assess_parts_of_plan,
    assess_plan,
    basis_of,
    basis_of_plan,
    reading_of,
)
from evaluation.queries.series import Point

__all__ = [
    "Assessed",
    "Basis",
    "Point",
    "assess",
    "assess_parts",
    "assess_parts_of_plan",
    "assess_plan",
    "basis_of",
    "basis_of_plan",
    "reading_of",
]
