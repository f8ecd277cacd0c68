"""What the guards read: the files that are kept, as text or as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = ("/.", "/__pycache__/", "/node_modules/", "/instance/", "/static/dist/")
BINARY = {".woff2", ".png", ".pdf", ".ico", ".sqlite"}


@cache
def kept() -> tuple[str, ...]:
    """Every file of the project, relative to its root; without git, those that look kept."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().strip("\0").split("\0")
        return tuple(sorted(name for name in names if (ROOT / name).is_file()))
    found = (path for path in ROOT.rglob("*") if path.is_file())
    names = [path.relative_to(ROOT).as_posix() for path in found]
    return tuple(sorted(name for name in names if not any(part in f"/{name}" for part in MADE)))


def texts(*endings: str, under: str = "") -> Iterator[tuple[str, str]]:
    """Name and text of the kept files with these endings (all texts when none is given)."""
    for name in kept():
        if not name.startswith(under) or Path(name).suffix in BINARY:
            continue
        if not endings or name.endswith(endings):
            yield name, (ROOT / name).read_text(encoding="utf-8")


def trees(under: str = "portal/") -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of the kept Python files."""
    for name, text in texts(".py", under=under):
        yield name, ast.parse(text)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; what is not one gives an empty head."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
