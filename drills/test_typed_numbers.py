"""Ten thousand writings, typed or pasted: each is one number that shows back the same, or refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.typed_numbers import TEXTS, UNITS, read_or_refused

pytestmark = pytest.mark.timeout(600)


@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(TEXTS, st.sampled_from(UNITS))
def test_ten_thousand_writings_are_read_exactly_or_refused(text: str, unit: str) -> None:
    read_or_refused(text, unit)
