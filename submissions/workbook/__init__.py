"""A form as a workbook, for those who stay with Excel: laid out, read in again, and what that would change."""
