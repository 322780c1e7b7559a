"""A cell in words: as it would be typed again."""

from decimal import Decimal

from submissions.models import Figure


def plain(value: Decimal | None) -> str:
    """A number as it would be typed again: without the zeros that a column adds."""
    return "" if value is None else f"{value.normalize():f}"


def texts_of(figure: Figure) -> dict[str, str]:
    """The cell's words, by the names of the verb that saves them."""
    return {
        "value_text": figure.value_printed or plain(figure.value),
        "no_data_reason": figure.no_data_reason,
        "as_of_text": figure.as_of_printed,
        "last_year_text": plain(figure.last_year_value),
        "growth_text": plain(figure.reported_growth),
        "growth_source": figure.growth_source,
        "data_source": figure.data_source,
        "explanation": figure.explanation,
        "expectation": figure.expectation,
        "reply": figure.reply,
    }
