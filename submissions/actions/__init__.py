"""The verbs of collecting: open, fill in, submit, review, correct. Nothing else writes this room's rows."""

from submissions.actions.assignments import assign_reviews, end_assignment, hand_over_reviews
from submissions.actions.bulk import Approved, approve_clean
from submissions.actions.cells import CellConflict, NeedsConfirmation, Outcome, Sent, save_figure, save_figures
from submissions.actions.checks import explain_finding, tune_check
from submissions.actions.corrections import (
    agree_to_correction,
    call_for_corrections,
    refuse_correction,
)
from submissions.actions.evidence import add_evidence, remove_evidence
from submissions.actions.extensions import ask_for_extension, grant_extension, refuse_extension
from submissions.actions.following import follow_responsibilities
from submissions.actions.levels import set_levels
from submissions.actions.looks import look_at
from submissions.actions.notes import NoteConflict, save_note
from submissions.actions.periods import change_deadline, close_period, open_period, reopen_period
from submissions.actions.proposals import decline_proposals, propose_values, take_proposals
from submissions.actions.requested import Unclear, Wanted, ask_for_correction, take_requested
from submissions.actions.reviews import (
    approve,
    pass_first_review,
    return_for_correction,
    send_to_first_review,
    withdraw_approval,
)
from submissions.actions.same_number import take_same_number
from submissions.actions.self_reports import OutlineLine, set_outline
from submissions.actions.source_checks import check_as_source
from submissions.actions.stamped import attach_scan
from submissions.actions.steps import confirm, send_back, submit, withdraw

__all__ = [
    "Approved",
    "CellConflict",
    "NeedsConfirmation",
    "NoteConflict",
    "Outcome",
    "OutlineLine",
    "Sent",
    "Unclear",
    "Wanted",
    "add_evidence",
    "agree_to_correction",
    "approve",
    "approve_clean",
    "ask_for_correction",
    "ask_for_extension",
    "assign_reviews",
    "attach_scan",
    "call_for_corrections",
    "change_deadline",
    "check_as_source",
    "close_period",
    "confirm",
    "decline_proposals",
    "end_assignment",
    "explain_finding",
    "follow_responsibilities",
    "grant_extension",
    "hand_over_reviews",
    "look_at",
    "open_period",
    "pass_first_review",
    "propose_values",
    "refuse_correction",
    "refuse_extension",
    "remove_evidence",
    "reopen_period",
    "return_for_correction",
    "save_figure",
    "save_figures",
    "save_note",
    "send_back",
    "send_to_first_review",
    "set_levels",
    "set_outline",
    "submit",
    "take_proposals",
    "take_requested",
    "take_same_number",
    "tune_check",
    "withdraw",
    "withdraw_approval",
]
