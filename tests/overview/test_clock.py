"""A clock that jumped back: what was sealed next says so wherever it is shown."""

import psycopg
import pytest
from django.db import connections

from audit.models import Entry
from submissions.actions import return_for_correction
from tests.factories.organisations import auditor, reporter, reviewer
from tests.factories.submissions import submitted
from tests.overview.pages import opened_by

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "时钟曾倒退"


def test_a_record_beside_which_the_clock_jumped_back_says_so() -> None:
    form = submitted(reporter(), "51")
    figure, of = form.figures.get(), form.period.plan
    return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实。"]})
    pages = [f"/{of.code}/audit/?q=退回", f"/{of.code}/indicators/{figure.indicator.number}/trace/"]
    who = auditor()
    assert [opened_by(who, page).count(WORDS) for page in pages] == [0, 0]
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
        change = Entry.objects.get(event="figure.return").change_id
        owner.execute("UPDATE audit_seal SET clock_went_back = true WHERE change_id = %s", [change])
    assert all(opened_by(who, page).count(WORDS) for page in pages)
