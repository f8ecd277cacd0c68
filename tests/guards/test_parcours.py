"""docs/parcours.md is followed by a real contribution: same files, same order."""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

from tests.conftest import World
from tests.functional.rights._arena import settle

from ._project import ROOT

PAGE = ROOT / "docs" / "parcours.md"
STEP = re.compile(r"^\d+\. `(?P<file>[^`]+)`(?: · `(?P<name>\w+)`)?", re.MULTILINE)
FILE = re.compile(r"`((?:portal|tests|docs)/[^`]+)`")
# The factory ran before anybody asked.
BEFORE = 1


def steps(page: str, part: int) -> list[tuple[str, str | None]]:
    """File and function of each step of a part of the page."""
    return [(one["file"], one["name"]) for one in STEP.finditer(page.split("\n## ")[part])]


def missing(page: str) -> list[str]:
    """Files that are named and do not exist, functions that are not in their file."""
    bad = [name for name in FILE.findall(page) if not (ROOT / name).is_file()]
    for file, name in STEP.findall(page):
        if name and (ROOT / file).is_file():
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            known = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
            bad += [f"{file}: {name}"] if name not in known else []
    return bad


def travelled(send: Any) -> list[tuple[str, str]]:
    """Each function of the portal that `send` enters, in order."""
    seen: list[tuple[str, str]] = []
    prefix = f"{ROOT}/"

    def note(frame: Any, event: str, _: Any) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(prefix + "portal/"):
            seen.append((name.removeprefix(prefix), frame.f_code.co_name))

    sys.setprofile(note)
    try:
        send()
    finally:
        sys.setprofile(None)
    return seen


def follows(wanted: list[tuple[str, str | None]], seen: list[tuple[str, str]]) -> str:
    """The first step that did not happen after the one before it; nothing when all did."""
    place = 0
    for file, name in wanted:
        later = [n for n, step in enumerate(seen[place:], place) if step == (file, name)]
        if not later:
            return f"{file} · {name}"
        place = later[0] + 1
    return ""


def test_every_file_and_function_exists() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(steps(page, 1)) >= 8
    assert len(steps(page, 2)) >= 6
    assert missing(page) == []


def test_control_a_file_that_is_gone_is_seen() -> None:
    assert missing("1. `portal/nowhere.py` · `nothing`") == ["portal/nowhere.py"]
    assert missing("1. `portal/app.py` · `nothing`") == ["portal/app.py: nothing"]


def test_a_contribution_goes_down_as_the_page_says(world: World) -> None:
    family, house = world.client("family"), world.ours
    path = f"/espaces/{house.space_id}/sujets/{house.items[0]}/contribuer"
    fields = {"csrf_token": family.token, "kind": "comment", "body": "Le couloir est sombre."}
    sent: list[int] = []
    seen = travelled(lambda: sent.append(family.post(path, data=fields).status_code))
    settle()
    assert sent == [303]
    down = steps(PAGE.read_text(encoding="utf-8"), 1)[BEFORE:]
    assert follows(down, seen) == "", "docs/parcours.md no longer tells the truth: mend the page, or the path"
    assert follows(list(reversed(down)), seen), "a path in the wrong order must be seen"


def test_the_news_goes_up_as_the_page_says(world: World) -> None:
    from portal.domain.journal import queries as journal
    from portal.realtime.presence import Visitor
    from portal.realtime.rooms import entrance
    from tests.factories.world import a_contribution

    live = world.app.extensions["portal_live"]
    live.relay.run_once()
    visitor = Visitor("nobody", "", world.ours["family"].account_id)
    live.presence.arrive(visitor)
    at = world.read(lambda s: entrance(s, visitor.account_id, world.ours.space_id, _now()))
    live.presence.enter(visitor, at)
    world.do(lambda s: a_contribution(s, world.ours))
    seen = [("portal/realtime/live.py", "wake"), *travelled(live.relay.run_once)]
    up = [step for step in steps(PAGE.read_text(encoding="utf-8"), 2) if step[1] not in (None, "Room")]
    assert follows(up, seen) == ""
    assert world.read(lambda s: journal.advanced(s, {}))


def _now() -> Any:
    from portal.kernel import clock

    return clock.now()
