from dataclasses import dataclass

from submissions.models import Figure, ProgressNote


@dataclass(frozen=True)
class Finding:
    """One thing found in a cell or a note; ``message`` says what was found, what was expected, what to do."""

    kind: str
    title: str
    message: str
    figure: Figure | None = None
    note: ProgressNote | None = None
    asks: bool = True
    """Whether it asks for an explanation; else it is only shown."""

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
    def is_explained(self) -> bool:
        return not self.asks or (self.figure is not None and bool(self.figure.explanation.strip()))
