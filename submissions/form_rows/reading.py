"""Reading the rows of a form: a fixed number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from submissions.attached import Attached
from submissions.checks import Finding, Surroundings, findings_of
from submissions.form_rows.cell import CellRow
from submissions.models import (
    Figure,
    Submission,
)
from submissions.queries.previous import figures_of


def cell_rows(
    submission: Submission,
    *,
    may_edit: bool,
    only: Collection[int] | None = None,
    proposed: Sequence[Figure] = (),
    attached: Attached | None = None,
) -> list[CellRow]:
    """Return the rows of the form's figures in the plan's order; a fixed number of queries, however many there are.

    ``only`` names the figures that are wanted; ``proposed`` are figures that aren't saved, in the place of those that
    are; ``attached`` is what was read of the form already.
    """
    figures = _figures_in(submission, only, {figure.pk: figure for figure in proposed})
    beside, attached = Surroundings(figures), attached or Attached(submission)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings_of(figures, beside=beside):
        if finding.figure is not None:
            found[finding.figure.pk].append(finding)
    return [
        CellRow(
            figure,
            may_edit and submission.is_editable and figure.is_editable,
            beside.before.last_period(figure),
            beside.before.last_year(figure),
            attached.remarks(figure=figure.pk),
            attached.evidence(figure=figure.pk),
            found[figure.pk],
            beside.streets.of(figure),
            beside.parts(figure),
        )
        for figure in figures
    ]


def _figures_in(submission: Submission, only: Collection[int] | None, proposed: Mapping[int, Figure]) -> list[Figure]:
    figures = figures_of(submission)
    wanted = set(proposed) or only
    kept = figures if wanted is None else [figure for figure in figures if figure.pk in wanted]
    for order, figure in enumerate(kept):
        if figure.pk in proposed:
            kept[order] = proposed[figure.pk]
            for name in ("indicator", "organisation", "period", "saved_by"):
                setattr(kept[order], name, getattr(figure, name))
    return kept


def cell_row(figure: Figure, *, may_edit: bool) -> CellRow:
    """Return the row of one cell as it is now."""
    return cell_rows(figure.submission, may_edit=may_edit, only={figure.pk})[0]
