"""One table of headers, on every answer; forms come from our own pages."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.blueprints._security import allowed_origins, content_policy
from portal.config import Settings
from tests.factories.pages import client_for

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PATHS = [
    ("/connexion", 200),
    ("/sante", 200),
    ("/contrats", 302),
    ("/n-existe-pas", 404),
    ("/static/img/favicon.svg", 200),
    ("/static/absent.svg", 404),
    ("/socket.io/?EIO=4&transport=polling", 200),
    ("/boum", 500),
    ("/connexion/../..%00", 404),
]


@pytest.fixture
def app(portal_app: Flask) -> Flask:
    portal_app._got_first_request = False
    portal_app.add_url_rule("/boum", "boum", lambda: 1 / 0)
    portal_app.testing = False
    portal_app.config["PROPAGATE_EXCEPTIONS"] = False
    return portal_app


def policy_of(header: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.mark.parametrize(("path", "status"), PATHS)
def test_every_answer_carries_the_table(app: Flask, path: str, status: int) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers.getlist(name) == [value]
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert len(answer.headers.getlist("Cache-Control")) == 1
    assert "Strict-Transport-Security" not in answer.headers


def test_refused_methods_and_forms_carry_it_too(app: Flask) -> None:
    client = app.test_client()
    for answer in (client.post("/connexion", data={}), client.put("/connexion"), client.delete("/sante")):
        assert answer.status_code in (400, 405)
        assert "Content-Security-Policy" in answer.headers


def test_the_policy_is_strict_and_whole() -> None:
    policy = policy_of(content_policy("https://cpom.example", "abc"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'nonce-abc'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self' wss://cpom.example",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "portal",
    }


def test_the_nonce_of_the_page_is_the_one_of_the_policy_and_never_twice(app: Flask) -> None:
    app.jinja_env.globals["asset"] = lambda name: f"/static/dist/{name}"
    seen = set()
    for _ in range(2):
        answer = app.test_client().get("/connexion")
        (in_page,) = set(re.findall(r'nonce="([^"]+)"', answer.get_data(as_text=True)))
        assert policy_of(answer.headers["Content-Security-Policy"])["script-src"] == f"'nonce-{in_page}'"
        seen.add(in_page)
    assert len(seen) == 2


def test_what_has_no_script_allows_none(app: Flask) -> None:
    policy = app.test_client().get("/sante").headers["Content-Security-Policy"]
    assert policy_of(policy)["script-src"] == "'none'"


@pytest.mark.parametrize(
    ("url", "origins"),
    [
        ("http://127.0.0.1:8000", ["http://127.0.0.1:8000", "http://localhost:8000"]),
        ("http://localhost:81", ["http://127.0.0.1:81", "http://localhost:81"]),
        ("https://cpom.example", ["https://cpom.example"]),
    ],
)
def test_both_names_of_this_machine_are_allowed(url: str, origins: list[str]) -> None:
    assert allowed_origins(url) == origins


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_the_live_engine_takes_both_names_too(app: Flask, origin: str) -> None:
    answer = app.test_client().get("/socket.io/?EIO=4&transport=polling", headers={"Origin": origin})
    assert answer.status_code == 200


def test_pages_are_never_stored_and_hashed_files_for_ever(app: Flask, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "app-1234.js").write_text("1")
    (tmp_path / "sign.svg").write_text("<svg/>")
    client = app.test_client()

    def cache(path: str) -> str:
        return client.get(path).headers["Cache-Control"]

    assert (
        cache("/connexion")
        == cache("/n-existe-pas")
        == cache("/static/dist/absent.js")
        == "no-store, private"
    )
    assert cache("/static/dist/app-1234.js") == "public, max-age=31536000, immutable"
    assert cache("/static/sign.svg") == "public, max-age=3600"


def test_over_tls_the_browser_is_told_to_stay_there(instance: Path) -> None:
    app = create_app(
        Settings(instance=instance, secret_key="k" * 40, url="https://cpom.example", testing=True)
    )
    assert "max-age=31536000" in app.test_client().get("/sante").headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("site", "status"),
    [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303), (None, 303)],
)
def test_a_form_of_another_site_is_refused(portal_app: Flask, claire, site: str | None, status: int) -> None:
    client = client_for(portal_app, claire.account_id)
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    answer = client.post("/deconnexion", data={"csrf_token": client.token}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("origin", "status"), [("http://evil.example", 403), ("null", 303), ("http://localhost", 303)]
)
def test_an_older_browser_that_tells_another_origin_is_refused(
    portal_app: Flask, claire, origin: str, status: int
) -> None:
    client = client_for(portal_app, claire.account_id)
    answer = client.post("/deconnexion", data={"csrf_token": client.token}, headers={"Origin": origin})
    assert answer.status_code == status


def test_a_link_from_another_site_is_followed(portal_app: Flask) -> None:
    answer = client_for(portal_app, None).get("/connexion", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
