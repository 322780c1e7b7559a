"""The page of states says what the models declare."""

from audit.guards import moves_of
from audit.states import document, models_with_states
from tests.house.source import ROOT


def test_the_page_of_states_is_the_one_that_the_models_give() -> None:
    written = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    assert written == document(), "write it anew: manage.py states --write"


def test_it_shows_every_move() -> None:
    page = document()
    for model in models_with_states():
        for verb, move in moves_of(model).items():
            assert all(f"    {source} --> {move.target}: {verb}\n" in page for source in move.sources)
