"""The hostile samples of tests/data/hostile, for whoever must prove that a text stays a text."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "hostile"


def samples() -> list[tuple[str, str]]:
    """Give every sample as (family and number, text), in a stable order."""
    return [
        (f"{file.stem}-{number}", entry if isinstance(entry, str) else _grown(entry))
        for file in sorted(FOLDER.glob("*.json"))
        for number, entry in enumerate(json.loads(file.read_text(encoding="utf-8")))
    ]


def _grown(recipe: dict[str, str | int]) -> str:
    middle = str(recipe["repeat"]) * int(recipe["times"])
    return f"{recipe['before']}{middle}{recipe['after']}"
