"""The Word report: its sections, and what they quote; the tables are made from published values when it is rendered."""

from reports.models.quotation import Quotation
from reports.models.section import Section

__all__ = ["Quotation", "Section"]
