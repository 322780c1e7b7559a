from dataclasses import dataclass

from submissions.models import Figure, ProgressNote
from submissions.models.check import Severity


@dataclass(frozen=True)
class Finding:
    """One thing found in a cell or a note; ``message`` says what was found, what was expected, what to do.

    ``kind`` is the rule's code. ``reason`` is what it was answered with, for exactly this value; ``outdated_reason``
    an explanation that was written for another value, and doesn't count.
    """

    kind: str
    title: str
    message: str
    figure: Figure | None = None
    note: ProgressNote | None = None
    severity: Severity = Severity.WARNING
    fingerprint: str = ""
    reason: str = ""
    outdated_reason: str = ""

    @property
    def label(self) -> str:
        """The name of what it speaks of."""
        if self.figure is not None:
            return self.figure.indicator.full_name
        assert self.note is not None
        return str(self.note)

    @property
    def anchor(self) -> str:
        """The place in the form's page: ``cell-KEY`` or ``note-KEY``."""
        if self.figure is not None:
            return f"cell-{self.figure.pk}"
        assert self.note is not None
        return f"note-{self.note.pk}"

    @property
    def asks(self) -> bool:
        """Whether it asks for something; a hint is only shown."""
        return self.severity != Severity.HINT

    @property
    def blocks(self) -> bool:
        """Whether no explanation helps: the value has to be put right."""
        return self.severity == Severity.ERROR

    @property
    def is_explained(self) -> bool:
        return not self.asks or (not self.blocks and bool(self.reason))
