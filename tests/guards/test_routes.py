"""Every address: decided once, in French, typed, and never lost."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.blueprints._guards import DECISION
from portal.policy.permissions import Permission
from portal.realtime.inbound import EVENTS

from ._project import dotted, trees
from .route_list import FILE, listed

# Open to everybody, signed in or not; each with its reason.
OPEN = {
    "home.door": "sends each person to their door",
    "home.glossary": "words may be looked up before coming in",
    "home.help_page": "help is asked for before coming in too",
    "home.accessibility_page": "the law wants it open to everybody",
    "home.site_map_page": "shows each person what that person may open",
    "comfort.settings": "one must be able to read before coming in",
    "comfort.choose": "about this device, or the account of whoever asks",
    "language.choose": "about this device, or the account of whoever asks",
    "health.health": "asked by the machine that watches over the portal",
    "components.gallery": "invented examples, in the demonstration only",
    "accounts.sign_in_page": "the door",
    "accounts.sign_in": "the door",
    "accounts.sign_out": "going out is never refused",
    "accounts.enter_as": "the door of the demonstration",
    "register.keys": "whoever verifies an export needs the public keys",
    "register.verifier": "the program that verifies must not depend on the portal",
    "stop.ask": "a mailbox is not signed in: the token of the letter says whose it is",
    "stop.stop": "the same, in one click and without a page",
}
# About the account only.
OWN = {
    "contracts.mine", "notifications.count", "notifications.history", "notifications.open_line", "notifications.read",
    "notifications.save_settings", "notifications.settings", "notifications.unread", "portfolio.download", "portfolio.show", "week.show",
    "search.everywhere",
}  # fmt: skip
DECIDERS = {"everyone", "signed_in", "allow"}
VERBS = {"get", "post", "route", "put", "delete", "patch"}
SEGMENT = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.py)?")
TYPED = re.compile(r"<id:[a-z_]+>|<any\([a-z,-]+\):[a-z_]+>")
UNTYPED = {
    "<jeton>": "a secret of one letter has no shape to check",
    "<slug>": "the name of a persona is a word, not an identifier",
}
ENGLISH = {
    "account", "answer", "api", "contract", "delete", "edit", "health", "history", "item", "items", "level", "levels",
    "list", "login", "logout", "me", "new", "open", "queue", "reply", "settings", "space", "spaces", "text", "texts",
}  # fmt: skip


def decisions(tree: ast.Module) -> Iterator[tuple[str, list[str], bool]]:
    """For each route of a file: its name, its decisions, whether the route stands above them."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = [dotted(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list]
        routes = [n for n, name in enumerate(names) if re.fullmatch(rf"\w+\.(?:{'|'.join(VERBS)})", name)]
        if routes:
            deciding = [n for n, name in enumerate(names) if name in DECIDERS]
            yield node.name, [names[n] for n in deciding], all(n > max(routes) for n in deciding)


def undecided(source: str) -> list[str]:
    """Routes of a file that do not take exactly one decision, below their address."""
    return [name for name, some, below in decisions(ast.parse(source)) if len(some) != 1 or not below]


def spelling(address: str) -> list[str]:
    """Parts of an address that are not French kebab-case or not typed."""
    bad = []
    for part in filter(None, address.split("/")):
        if part.startswith("<"):
            bad += [part] if not TYPED.fullmatch(part) and part not in UNTYPED else []
        elif not SEGMENT.fullmatch(part) or part in ENGLISH:
            bad.append(part)
    return bad


def test_every_route_in_the_code_takes_one_decision() -> None:
    bad = {name: undecided(ast.unparse(tree)) for name, tree in trees("portal/blueprints/")}
    assert {name: some for name, some in bad.items() if some} == {}, "put @allow(…) below the address"


@pytest.mark.parametrize(
    "planted",
    [
        '@bp.get("/x")\ndef x(): ...',
        '@bp.post("/x")\n@allow(P.A)\n@everyone\ndef x(): ...',
        '@allow(P.A)\n@bp.get("/x")\ndef x(): ...',
        '@bp.route("/x")\n@cached\ndef x(): ...',
    ],
)
def test_control_a_route_without_its_decision_is_seen(planted: str) -> None:
    assert undecided(planted) == ["x"]
    assert undecided('@bp.get("/x")\n@allow(P.A)\ndef x(): ...') == []


def test_every_live_route_carries_its_decision(app: Flask) -> None:
    carried = {
        name: getattr(view, DECISION, None) for name, view in app.view_functions.items() if name != "static"
    }
    assert {name for name, decision in carried.items() if decision == "everyone"} == set(OPEN)
    assert {name for name, decision in carried.items() if decision == "signed_in"} == OWN
    others = {name: decision for name, decision in carried.items() if name not in OPEN and name not in OWN}
    known = {permission.value for permission in Permission}
    assert {name: decision for name, decision in others.items() if decision not in known} == {}


def test_nothing_is_routed_outside_the_blueprints() -> None:
    bad = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and dotted(node.func).endswith((".add_url_rule", "app.route", "app.get", "app.post"))
    ]
    assert bad == []


def test_every_socket_event_says_what_decides_it() -> None:
    assert EVENTS
    assert all(isinstance(one.permission, Permission) or one.why_free for one in EVENTS.values())


def test_addresses_are_french_and_typed(app: Flask) -> None:
    addresses = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    assert {address: spelling(address) for address in addresses if spelling(address)} == {}


@pytest.mark.parametrize(
    "address", ["/Contrats", "/mes_mots", "/spaces/<id:a>", "/contrats/<contract_id>", "/a/<int:b>"]
)
def test_control_a_badly_written_address_is_seen(address: str) -> None:
    assert spelling(address)


def test_no_route_is_lost(app: Flask) -> None:
    assert listed(app) == json.loads(FILE.read_text(encoding="utf-8")), (
        "when this is meant: .venv/bin/python -m tests.guards.route_list"
    )
