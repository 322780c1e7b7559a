"""Whatever is typed or pasted is one number that shows back the same, or refused; never another number."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.typed_numbers import TEXTS, UNITS, read_or_refused


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(UNITS))
@example("1,234.5", "家")
@example("1.2万", "家")
@example("47 + 1 + 3", "家")
@example("0.469", "%")
@example("−0", "")
@example("٣", "家")
def test_it_is_the_number_that_stands_there_or_refused(text: str, unit: str) -> None:
    read_or_refused(text, unit)


@pytest.mark.parametrize("text", ["1.234,5", "1,23", "１２３４．５．６", "三", "1e5", "0x10", "٣", "½", "5±1", "1/2"])
def test_no_guess_is_made(text: str) -> None:
    assert read_or_refused(text, "家") is None


@pytest.mark.parametrize("text", ["1,234.5", "１，２３４．５", " 1234.5 ", "+1234.5"])
def test_the_writings_of_one_number_are_one_number(text: str) -> None:
    assert str(read_or_refused(text, "家")) == "1234.5"
