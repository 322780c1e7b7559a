"""What a reviewer ticked and typed on the page of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from submissions.models import Figure
from submissions.queries.review import Row, UnderReview

REASONS = (
    "口径与规划不一致，请核实",
    "与来源单位数据不一致，请核实",
    "缺少佐证材料",
    "单位或小数位可能有误，请核实",
)
APPROVE, RETURN, RETURN_AND_PUBLISH = "approve", "return", "return_and_publish"


@dataclass(frozen=True)
class Choice:
    """A figure under review, with what the reviewer ticked and typed about it."""

    row: Row
    is_ticked: bool = False
    chosen: Sequence[str] = ()
    text: str = ""

    @property
    def offered(self) -> list[tuple[str, bool]]:
        return [(reason, reason in self.chosen) for reason in REASONS]

    @property
    def reasons(self) -> list[str]:
        return [text for text in (*self.chosen, self.text.strip()) if text]


@dataclass(frozen=True)
class Typed:
    """A decision as it was sent; ``round`` is the one that the page showed."""

    decision: str = ""
    round: int = 0
    comment: str = ""
    is_confirmed: bool = False
    choices: Mapping[int, Choice] = field(default_factory=dict)

    @property
    def ticked(self) -> list[Choice]:
        return [choice for choice in self.choices.values() if choice.is_ticked]

    @property
    def remarks(self) -> dict[Figure, list[str]]:
        return {choice.row.figure: choice.reasons for choice in self.ticked}

    @property
    def publishes(self) -> bool:
        return self.decision in (APPROVE, RETURN_AND_PUBLISH)

    @property
    def published(self) -> list[Row]:
        return [choice.row for choice in self.choices.values() if choice.row.is_open and not choice.is_ticked]


def read(page: UnderReview, sent: QueryDict) -> Typed:
    """Read what was sent about the form's open figures; anything else that was sent is ignored."""
    ticked = set(sent.getlist("return"))
    choices = {
        row.figure.pk: Choice(
            row,
            is_ticked=row.is_open and str(row.figure.pk) in ticked,
            chosen=tuple(text for text in sent.getlist(f"reason-{row.figure.pk}") if text in REASONS),
            text=sent.get(f"text-{row.figure.pk}", ""),
        )
        for row in page.rows
    }
    number = sent.get("round", "")
    return Typed(
        decision=sent.get("decision", ""),
        round=int(number) if number.isdecimal() and len(number) < 5 else 0,
        comment=sent.get("comment", ""),
        is_confirmed=sent.get("confirmed") == "1",
        choices=choices,
    )
