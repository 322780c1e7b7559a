"""Prove the history, or name the first bad places: reads only, in one snapshot, with flat memory."""

from audit.verification.findings import Finding, Findings, Kind
from audit.verification.verify import Report, verify

__all__ = ["Finding", "Findings", "Kind", "Report", "verify"]
