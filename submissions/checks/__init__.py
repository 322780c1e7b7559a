"""What a form lacks, and what looks odd in it. An oddity is a question: it asks for an explanation, it seldom forbids."""

from submissions.checks.finding import Finding
from submissions.checks.form import findings_of, missing_in, oddities_among, oddities_in, unexplained_in
from submissions.checks.surroundings import Surroundings

__all__ = [
    "Finding",
    "Surroundings",
    "findings_of",
    "missing_in",
    "oddities_among",
    "oddities_in",
    "unexplained_in",
]
