"""The superior's own workbook: what of it means what, and what is written there."""
