"""Questions about forms and about what was published."""
