"""Pages that cross rooms; they read, and write nothing."""

from overview.views.board import overview
from overview.views.desk import desk, home
from overview.views.pages import audit, help_page, search, trace

__all__ = ["audit", "desk", "help_page", "home", "overview", "search", "trace"]
