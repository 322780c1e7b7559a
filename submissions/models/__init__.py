"""What is collected: forms, figures, published values, progress notes, reviews."""

from submissions.models.assignment import Assignment
from submissions.models.check import CheckFinding, CheckSetting, Severity
from submissions.models.dialogue import Reply
from submissions.models.extension import Extension, ExtensionState
from submissions.models.figure import Answer, Evidence, Figure, PublishedValue, ValueStage
from submissions.models.levels import LevelSetting, StampRule
from submissions.models.look import Look
from submissions.models.note import ProgressNote, ProgressState
from submissions.models.proposal import ProposalState, ProposedValue
from submissions.models.requested import RequestedValue
from submissions.models.review import ON_ITS_WAY, Decision, Remark, Review
from submissions.models.self_report import SelfReportSection
from submissions.models.source_check import SourceCheck
from submissions.models.stamped import StampedScan
from submissions.models.submission import Correction, Submission
from submissions.models.summary import SummaryTemplate
from submissions.models.workbook import UploadedWorkbook
from submissions.states import CellState, CorrectionScope, CorrectionState, ReviewStep, State

__all__ = [
    "ON_ITS_WAY",
    "Answer",
    "Assignment",
    "CellState",
    "CheckFinding",
    "CheckSetting",
    "Correction",
    "CorrectionScope",
    "CorrectionState",
    "Decision",
    "Evidence",
    "Extension",
    "ExtensionState",
    "Figure",
    "LevelSetting",
    "Look",
    "ProgressNote",
    "ProgressState",
    "ProposalState",
    "ProposedValue",
    "PublishedValue",
    "Remark",
    "Reply",
    "RequestedValue",
    "Review",
    "ReviewStep",
    "SelfReportSection",
    "Severity",
    "SourceCheck",
    "StampRule",
    "StampedScan",
    "State",
    "Submission",
    "SummaryTemplate",
    "UploadedWorkbook",
    "ValueStage",
]
