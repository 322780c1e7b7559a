"""Reports on cases."""

from evaluation.models import Evaluation
from organisations.models import User
from reports.actions import prepare_report
from reports.models import Section
from tests.factories.evaluation import case
from tests.factories.organisations import reviewer


def report(*, on: Evaluation | None = None, by: User | None = None, **fields: object) -> Evaluation:
    """A case whose report has its sections, all of them placeholders."""
    on = on or case(**fields)
    prepare_report(on, by=by or reviewer())
    return on


def written_section(of: Evaluation) -> Section:
    """The first section that people write."""
    found = Section.objects.filter(evaluation=of, is_written_by_people=True).first()
    assert found is not None
    return found
