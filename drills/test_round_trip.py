"""A form's workbook goes through another program: downloaded, edited and saved in LibreOffice, uploaded; the difference
page shows exactly the edits."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from drills.libreoffice import edited, is_there
from indicators.models import Indicator
from organisations.models import User
from submissions.models import Submission, UploadedWorkbook
from submissions.views.workbook import address_of
from submissions.workbook.sheets import NOTES
from tests.factories.organisations import reporter
from tests.factories.submissions import note_in, saved
from tests.submissions.pages import client_of, of, text
from tests.submissions.workbook.books import (
    cell_of,
    difference,
    form_of,
    handed_out,
    keys_of,
    parts_of,
    taken,
    uploaded,
)

pytestmark = [pytest.mark.timeout(600), pytest.mark.django_db]

ASKED = (
    {"definition": "口径：规模以上"},
    {},
    {"unit": "%", "kind": "ratio"},
    {"unit": "", "target_form": "yes_no"},
    {"unit": "家"},
    {},
    {},
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    if not is_there(tmp_path):
        pytest.skip("no LibreOffice Calc here (soffice on the path, or SOFFICE=/path/to/soffice)")
    return tmp_path


def filled_form(writer: User) -> Submission:
    form = form_of(writer, *ASKED)
    parts_of(Indicator.objects.get(unit="家"), "示范企业", "工厂")
    note_in(form)
    cells = list(form.figures.order_by("indicator__number"))
    saved(
        cells[0], "41.25", by=writer, explanation="=第一行\n－第二行", as_of_text="2023年5月", data_source="区统计局"
    )
    saved(cells[1], "0.1", by=writer)
    return form


def test_a_file_that_was_only_saved_changes_nothing(place: Path) -> None:
    writer = reporter()
    form = filled_form(writer)
    back = edited(handed_out(form, place, writer), place / "back.xlsx", [])
    found = difference(form, back)
    assert (found.lines, found.newer, found.missing, found.is_outdated) == ([], [], [], False)
    assert found.identity is not None
    assert found.identity.is_whole


def test_the_difference_page_shows_exactly_the_edits(place: Path) -> None:
    writer = reporter()
    form = filled_form(writer)
    keys, note = keys_of(form), f"任务-{form.notes.get().task.chapter.number}.1"
    source = handed_out(form, place, writer)
    composite = Indicator.objects.get(unit="家").number
    edits = {
        (0, keys[0], "本期"): ("42.5", "42.5"),
        (0, keys[0], "截至日期"): ("2023年6月30日", "2023年6月30日"),
        (0, keys[2], "本期"): ("46.9", "46.9"),
        (0, keys[3], "本期"): ("是", "是"),
        (0, keys[4], "本期"): ("8", "8"),
        (0, f"分项-{composite}-1", "本期"): ("5", "5"),
        (0, f"分项-{composite}-2", "本期"): ("3", "3"),
        (0, keys[5], "本期"): ("无数据：尚未公布", "无数据：尚未公布"),
        (0, keys[6], "本期"): ("=40+1.5", "41.5"),
        (1, note, "进展状态"): ("按计划推进", "按计划推进"),
        (1, note, "进展"): ("主体结构已封顶。", "主体结构已封顶。"),
    }
    typed = [
        (sheet, cell_of(source, key, head, "填报表" if sheet == 0 else NOTES), told)
        for (sheet, key, head), (told, _) in edits.items()
    ]
    back = edited(source, place / "back.xlsx", typed)
    shown = {(line.row.key, line.head): line.new for line in difference(form, back).lines}
    assert shown == {(key, head): new for (_, key, head), (_, new) in edits.items()}

    client_of(writer).post(of(form, "workbook"), {"file": uploaded(back)})
    page = " ".join(text(writer, address_of(UploadedWorkbook.objects.get())).split())
    assert re.findall(r"有变化的 (\d+) 格", page)[:1] == [str(len(edits))]
    assert taken(form, back, writer, all_of_it=True).refused == []
    assert difference(form, back).lines == []
    assert form.figures.get(indicator__number=int(keys[6].partition("-")[2])).value == Decimal("41.5")
