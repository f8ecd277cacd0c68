"""Every pair of colours that the style sheets put together can be read, in each of the sets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[3] / "portal" / "static" / "css"
BLOCK = re.compile(r"(@media \((?P<media>[^)]+)\) \{\s*)?:root[^{]*\{(?P<body>[^}]*)\}")
CHOSEN = re.compile(r'\[data-contrast="high"\] \{(?P<body>[^}]*)\}')
LINE = re.compile(r"--([\w-]+):\s*([^;]+);")
TEXT, STROKE = 4.5, 3.0

GROUNDS = ("paper", "card")
TEXTS = [
    *((ink, ground) for ink in ("ink", "soft", "blue", "green", "amber", "red") for ground in GROUNDS),
    *((ink, ground) for ground in ("blue-2", "green-2", "amber-2", "red-2") for ink in ("ink", "soft")),
    ("blue", "blue-2"),
    ("green", "green-2"),
    ("amber", "amber-2"),
    ("red", "red-2"),
    ("on-blue", "blue"),
    ("on-blue", "blue-deep"),
    ("blue-deep", "card"),
]
STROKES = [
    *((line, ground) for line in ("terracotta", "blue", "green", "violet") for ground in GROUNDS),
    *((line, ground) for line in ("field", "focus") for ground in GROUNDS),
    ("focus", "blue-2"),
    ("focus", "green-2"),
    ("focus", "amber-2"),
    ("red", "card"),
]


def sets(sheet: str, comfort: str = "") -> dict[str, dict[str, str]]:
    """The colours of each set by name: light, dark, and both where more contrast is wanted or was chosen."""
    found = {(match["media"] or ""): dict(LINE.findall(match["body"])) for match in BLOCK.finditer(sheet)}
    light = found[""]
    dark = {**light, **found["prefers-color-scheme: dark"]}
    more = found["prefers-contrast: more"]
    chosen = {name: told for match in CHOSEN.finditer(comfort) for name, told in LINE.findall(match["body"])}
    return {
        "light": light,
        "dark": dark,
        "light, more contrast": {**light, **more},
        "dark, more contrast": {**dark, **more},
        "light, chosen contrast": {**light, **{name: _half(told, 0) for name, told in chosen.items()}},
        "dark, chosen contrast": {**dark, **{name: _half(told, 1) for name, told in chosen.items()}},
    }


def _half(told: str, which: int) -> str:
    """The light or the dark half of `light-dark(…, …)`; anything else as it is."""
    pair = re.fullmatch(r"light-dark\((.+), (.+)\)", told.strip())
    return pair.groups()[which] if pair else told


def value(colours: dict[str, str], name: str) -> str:
    """The six digits behind a name, through the names it stands for."""
    text = colours[name].strip()
    inner = re.fullmatch(r"var\(--([\w-]+)\)", text)
    return value(colours, inner[1]) if inner else text


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colours: dict[str, str], one: str, other: str) -> float:
    """The ratio between two names of a set."""
    low, high = sorted((luminance(value(colours, one)), luminance(value(colours, other))))
    return (high + 0.05) / (low + 0.05)


def weak(sheet: str, comfort: str = "") -> list[str]:
    """Pairs that cannot be read well enough."""
    wanted = [(pair, TEXT) for pair in TEXTS] + [(pair, STROKE) for pair in STROKES]
    return [
        f"{name}: {one} on {other} {ratio:.2f} < {least}"
        for name, colours in sets(sheet, comfort).items()
        for (one, other), least in wanted
        if (ratio := contrast(colours, one, other)) < least
    ]


def test_every_pair_can_be_read_in_every_set() -> None:
    tokens, comfort = ((STYLES / name).read_text(encoding="utf-8") for name in ("tokens.css", "comfort.css"))
    assert CHOSEN.search(comfort)
    assert weak(tokens, comfort) == []


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        (("--soft: #4A5368", "--soft: #9AA0AC"), "light: soft on paper"),
        (("--green: #A3DDBA", "--green: #2E5A40"), "dark: green on card"),
        (("--field: #6B7388", "--field: #C9CDD6"), "light: field on card"),
        (("--soft: var(--ink)", "--soft: var(--amber-2)"), "light, more contrast: soft on card"),
    ],
)
def test_a_colour_made_too_pale_is_seen(planted: tuple[str, str], seen: str) -> None:
    sheet = (STYLES / "tokens.css").read_text(encoding="utf-8")
    assert planted[0] in sheet
    assert any(one.startswith(seen) for one in weak(sheet.replace(*planted)))


def test_the_ratio_of_black_on_white_is_known() -> None:
    assert contrast({"a": "#000000", "b": "#FFFFFF"}, "a", "b") == pytest.approx(21)
