"""Pages that cross rooms; they read, and write nothing but that something was taken out."""

from overview.views.audit import audit, check_again, export_trail
from overview.views.board import overview
from overview.views.desk import desk, home
from overview.views.help import help_page
from overview.views.search import search
from overview.views.trace import export_trace, trace

__all__ = [
    "audit",
    "check_again",
    "desk",
    "export_trace",
    "export_trail",
    "help_page",
    "home",
    "overview",
    "search",
    "trace",
]
