"""From sections and tables to a Word file, in the layout of official documents."""
