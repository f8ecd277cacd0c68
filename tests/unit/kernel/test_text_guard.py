"""One sanitiser: nobody else imports bleach or nh3, and nothing is declared safe outside one filter."""

import ast
import re
import threading
from pathlib import Path

import pytest

from portal.kernel.text import barriers, render

PORTAL = Path(barriers.__file__).resolve().parents[2]
ONLY_CLEANER = "kernel/text/barriers.py"
ONLY_FILTER = "blueprints/_filters.py"
TEMPLATES = (".html", ".jinja", ".j2", ".txt", ".xml", ".svg")
DECLARED_SAFE = re.compile(
    r"\|\s*safe\b|\bMarkup\s*\(|\bautoescape\s+(?!true)|\|\s*map\s*\(\s*['\"]safe['\"]"
)


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Constant) and node.value in ("bleach", "nh3"):
            names.add(node.value)
    return names


def declares_safe(tree: ast.AST) -> bool:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return "Markup" in names


def faults(root: Path) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if name != ONLY_CLEANER and imported(tree) & {"bleach", "nh3"}:
                found.add((name, "cleaner"))
            if name != ONLY_FILTER and declares_safe(tree):
                found.add((name, "safe"))
        elif path.suffix in TEMPLATES and DECLARED_SAFE.search(path.read_text(encoding="utf-8")):
            found.add((name, "safe"))
    return found


def test_the_portal_has_one_sanitiser() -> None:
    assert (PORTAL / ONLY_CLEANER).is_file()
    assert imported(ast.parse((PORTAL / ONLY_CLEANER).read_text(encoding="utf-8"))) >= {"bleach", "nh3"}
    assert faults(PORTAL) == set()


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("domain/a.py", "import bleach", "cleaner"),
        ("domain/b.py", "from nh3 import clean", "cleaner"),
        ("domain/c.py", "def f():\n    from bleach.sanitizer import Cleaner", "cleaner"),
        ("domain/d.py", "import importlib\nimportlib.import_module('nh3')", "cleaner"),
        ("blueprints/e.py", "from markupsafe import Markup", "safe"),
        ("blueprints/f.py", "import flask\nx = flask.Markup('a')", "safe"),
        ("templates/g.html", "<p>{{ text|safe }}</p>", "safe"),
        ("templates/h.html", "<p>{{ text | safe }}</p>", "safe"),
        ("templates/i.txt", "{% autoescape false %}{{ a }}{% endautoescape %}", "safe"),
        ("templates/j.html", "{{ Markup(a) }}", "safe"),
        ("templates/k.html", "{{ texts|map('safe')|join }}", "safe"),
    ],
)
def test_a_second_one_would_be_seen(tmp_path: Path, name: str, content: str, fault: str) -> None:
    for path, text in {
        ONLY_CLEANER: "import bleach, nh3",
        ONLY_FILTER: "from markupsafe import Markup",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert faults(tmp_path) == set()
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert faults(tmp_path) == {(name, fault)}


def test_threads_never_share_a_cleaner_at_work() -> None:
    sources = [f"- mot{number} *fort* <b> & https://exemple.fr/{number}\n" * 12 for number in range(8)]
    expected = [render(source) for source in sources]
    got: dict[int, set[str]] = {number: set() for number in range(8)}

    def work(number: int) -> None:
        for _ in range(15):
            got[number].add(render(sources[number]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[number] for number in range(8)] == [{html} for html in expected]
    assert len(barriers._idle) <= 9
