"""The oldest browser is Chromium 109: no style sheet that is served may lean on what it can't do."""

import re

import pytest
from django.contrib.staticfiles.finders import find

from tests.house.source import text_of, tracked_files

# what came later than Chromium 109, with the version that brought it
TOO_NEW = {
    "color-mix()": r"color-mix\(",  # 111
    "light-dark()": r"light-dark\(",  # 123
    "relative colours": r"\b(?:rgb|hsl|lab|lch|oklch|oklab)\(\s*from\b",  # 119
    "lab(), oklch() and the like": r"(?<![\w-])(?:lab|lch|oklab|oklch)\(",  # 111
    "nesting": r"(?:^|[{};])\s*&",  # 112
    "@starting-style": r"@starting-style",  # 117
    "@scope": r"@scope",  # 118
    "animation-timeline": r"animation-timeline\s*:",  # 115
    "anchors": r"anchor\(|anchor-name\s*:|position-anchor\s*:",  # 125
    "text-wrap": r"text-wrap\s*:",  # 114
    "subgrid": r"\bsubgrid\b",  # 117
    "individual linear()": r"(?<![\w-])linear\(",  # 113
    "calc-size, field-sizing": r"calc-size\(|field-sizing\s*:",  # 123, 129
    "popovers": r":popover-open",  # 114
    "trigonometry": r"(?<![\w-])(?:sin|cos|tan|atan2?)\(",  # 111
}


def too_new(css: str) -> set[str]:
    """The names of what a style sheet uses that the floor can't do; comments and strings don't count."""
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", "", css, flags=re.DOTALL)
    return {name for name, pattern in TOO_NEW.items() if re.search(pattern, plain)}


def sheets() -> dict[str, str]:
    """Every style sheet that is served: our own, and Tabler's as it is fetched."""
    own = {str(path): text_of(path) for path in tracked_files() if path.suffix == ".css"}
    packaged = find("vendor/tabler.min.css")
    if not packaged:
        pytest.fail("the front-end packages are not installed: run `make setup`")
    with open(packaged, encoding="utf-8") as file:
        return own | {"vendor/tabler.min.css": file.read()}


def test_there_are_style_sheets_to_search() -> None:
    assert {"static/css/tokens.css", "vendor/tabler.min.css"} <= set(sheets())


def test_no_style_sheet_leans_on_what_the_floor_cannot_do() -> None:
    assert {name: names for name, css in sheets().items() if (names := too_new(css))} == {}


@pytest.mark.parametrize(
    "css",
    [
        "a { color: color-mix(in srgb, red, blue) }",
        "a { color: light-dark(red, blue) }",
        "a { color: rgb(from red r g b / 50%) }",
        ".a { color: red; &:hover { color: blue } }",
        "h1 { text-wrap: balance }",
        "a { transition-timing-function: linear(0, 1) }",
    ],
)
def test_what_is_too_new_is_found(css: str) -> None:
    assert len(too_new(css)) == 1


def test_what_the_floor_can_do_is_let_through() -> None:
    css = '.st::before { content: "▼" / "" } a:has(+ b) { clip-path: inset(50%); accent-color: var(--blue) }'
    assert too_new(css) == set()
