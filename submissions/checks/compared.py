"""A value beside the last one, for pages that show the change. What may stand beside it, ``queries.previous`` says."""

from dataclasses import dataclass
from decimal import Decimal

from submissions.models import Figure, PublishedValue


@dataclass(frozen=True)
class Compared:
    figure: Figure
    value: Decimal
    previous: PublishedValue | None = None

    @property
    def before(self) -> Decimal | None:
        return self.previous.value if self.previous is not None else None
