"""Writes `route_list.json`: python -m tests.guards.route_list."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from flask import Flask

from portal.app import create_app
from portal.config import Settings

FILE = Path(__file__).with_name("route_list.json")


def build(folder: Path) -> Flask:
    """The application with no database behind it: only its addresses are looked at."""
    return create_app(Settings(instance=folder, secret_key="k" * 48, testing=True))


def listed(app: Flask) -> list[str]:
    """Every method and address, sorted."""
    return sorted(
        f"{rule.rule} {method}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FILE.write_text(
            json.dumps(listed(build(Path(folder))), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
