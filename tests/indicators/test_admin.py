"""Exact numbers on the administration pages: read as people write them, exported as they are."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from audit.recording import recorded
from indicators.admin import NumbersAdmin
from indicators.models import AnnualTarget
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, system_administrator

pytestmark = pytest.mark.django_db


def target() -> AnnualTarget:
    with recorded(by=None, reason="测试"):
        return AnnualTarget.objects.create(indicator=indicator(), year=2018, value=Decimal("11304.35"))


def read(url: str, who: object) -> str:
    client = Client()
    client.force_login(who, backend="organisations.backends.RoleBackend")
    return client.get(url).content.decode()


def test_the_list_shows_no_zeros_at_the_end() -> None:
    target()
    page = read(reverse("admin:indicators_annualtarget_changelist"), system_administrator())
    assert '<td class="field-value">11,304.35</td>' in page


def test_so_does_a_row_that_is_only_read() -> None:
    page = read(reverse("admin:indicators_annualtarget_change", args=[target().pk]), auditor())
    assert page.count("11,304.35") == 1
    assert "11304.350000" not in page


def test_so_does_an_old_version() -> None:
    row = target()
    version = row.history.get()
    page = read(
        reverse("admin:indicators_annualtarget_simple_history", args=[row.pk, version.pk]), system_administrator()
    )
    assert page.count("11,304.35") == 1
    assert "11304.350000" not in page


def test_a_field_to_type_in_has_no_separators() -> None:
    page = read(reverse("admin:indicators_annualtarget_change", args=[target().pk]), system_administrator())
    assert 'value="11304.35"' in page


def test_every_table_with_exact_numbers_shows_them_so() -> None:
    others = [
        model._meta.label
        for model, pages in admin.site._registry.items()
        if any(isinstance(field, models.DecimalField) for field in model._meta.fields)
        and not isinstance(pages, NumbersAdmin)
    ]
    assert others == []
