"""What a form lacks, and what looks odd in it. An oddity is a question: it asks for an explanation, it forbids nothing."""

from submissions.checks.finding import Finding
from submissions.checks.form import missing_in, oddities_among, oddities_in, unexplained_in

__all__ = ["Finding", "missing_in", "oddities_among", "oddities_in", "unexplained_in"]
