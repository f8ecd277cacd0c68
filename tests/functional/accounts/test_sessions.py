"""Sessions are rows: a copied cookie dies with its row."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from portal.domain.accounts import rules, service
from portal.domain.accounts.models import SessionRow
from portal.extensions import db, unit
from portal.kernel.clock import now
from tests.factories.pages import CheckedClient, Page, client_for


def row_of(app: Flask, token: str) -> SessionRow:
    with app.app_context():
        row = db.session.get(SessionRow, rules.token_hash(token))
        assert row is not None
        db.session.expunge(row)
        return row


def copy_of(app: Flask, token: str) -> CheckedClient:
    client = client_for(app, None)
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], token)
    return client


def is_in(client: CheckedClient) -> bool:
    return client.get("/contrats").status_code == 200


def test_a_copied_cookie_is_dead_after_going_out(portal_app: Flask, claire, cookie) -> None:
    client = client_for(portal_app, claire.account_id)
    copy = copy_of(portal_app, cookie(client))
    assert is_in(copy)
    answer = client.send("/deconnexion")
    assert (answer.status_code, answer.location) == (303, "/connexion")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert cookie(client) == ""
    assert not is_in(copy)
    assert not is_in(client)
    assert "Votre session est terminée" in Page(client.get("/connexion")).words


@pytest.mark.parametrize(
    "end",
    [
        lambda session, claire: service.disable_account(session, claire.account_id),
        lambda session, claire: service.change_password(session, claire.account_id, "x"),
        lambda session, claire: service.end_sessions_of(session, claire.account_id),
    ],
    ids=["disabled", "new password", "ended"],
)
def test_what_ends_sessions_ends_them_at_the_next_page(portal_app: Flask, claire, end: Callable) -> None:
    client = client_for(portal_app, claire.account_id)
    assert is_in(client)
    unit(lambda session: end(session, claire))
    assert not is_in(client)


def test_an_altered_cookie_is_a_visitors(portal_app: Flask, claire, cookie) -> None:
    token = cookie(client_for(portal_app, claire.account_id))
    for altered in (token[:-1], token + "x", token.swapcase(), rules.token_hash(token), "é", "x" * 3000):
        assert not is_in(copy_of(portal_app, altered))


def test_a_session_ends_after_twelve_hours_without_use(portal_app: Flask, claire, move_clock) -> None:
    client = client_for(portal_app, claire.account_id)
    move_clock(11 * 3600)
    assert is_in(client)
    move_clock(22 * 3600)
    assert is_in(client)
    move_clock(34 * 3600 + 1)
    assert not is_in(client)


def test_a_session_ends_after_seven_days_of_use(portal_app: Flask, claire, move_clock) -> None:
    client = client_for(portal_app, claire.account_id)
    for hours in range(0, 7 * 24, 10):
        move_clock(hours * 3600)
        assert is_in(client)
    move_clock(7 * 24 * 3600)
    assert not is_in(client)


def test_coming_in_gives_a_new_token_and_a_new_csrf_token(portal_app: Flask, claire, cookie) -> None:
    client = client_for(portal_app, None)
    fields = Page(client.get("/connexion")).form("/connexion")
    planted = "planted-by-somebody-else"
    client.set_cookie(portal_app.config["SESSION_COOKIE_NAME"], planted)
    answer = client.post("/connexion", data={**fields, "email": claire.email, "password": claire.password})
    assert answer.status_code == 303
    assert cookie(client) not in ("", planted)
    stale = client.post("/deconnexion", data={"csrf_token": fields["csrf_token"]})
    assert stale.status_code == 400
    assert is_in(client)
    assert client.get_cookie("polyphonie-visite") is None


def test_a_visitor_has_no_row(portal_app: Flask) -> None:
    client = client_for(portal_app, None)
    client.get("/connexion")
    with portal_app.app_context():
        assert db.session.query(SessionRow).count() == 0
    signed = client.get_cookie("polyphonie-visite")
    assert signed is not None
    assert signed.http_only
    client.set_cookie("polyphonie-visite", signed.value[:-2] + "xx")
    assert client.post("/connexion", data={"email": "a@b.fr", "password": "x"}).status_code == 400


def test_the_cookie_is_for_this_host_and_these_pages_only(portal_app: Flask, claire) -> None:
    client = client_for(portal_app, None)
    fields = Page(client.get("/connexion")).form("/connexion")
    answer = client.post("/connexion", data={**fields, "email": claire.email, "password": claire.password})
    (line,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("polyphonie=")]
    parts = {part.strip() for part in line.split(";")[1:]}
    assert parts == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_over_tls_the_cookie_is_bound_to_its_host(portal_app: Flask, claire) -> None:
    portal_app.config["PORTAL_URL"] = "https://cpom.example"
    client = client_for(portal_app, None)
    base = "https://cpom.example"
    fields = Page(client.get("/connexion", base_url=base)).form("/connexion")
    answer = client.post(
        "/connexion",
        data={**fields, "email": claire.email, "password": claire.password},
        base_url=base,
        headers={"Referer": f"{base}/connexion"},
    )
    (line,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-polyphonie=")]
    parts = {part.strip() for part in line.split(";")[1:]}
    assert parts == {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}


def test_reading_writes_nothing_but_that_one_was_seen(portal_app: Flask, claire, cookie, move_clock) -> None:
    client = client_for(portal_app, claire.account_id)
    token = cookie(client)
    assert is_in(client)
    first = row_of(portal_app, token)
    units = unit.bound.units
    move_clock(4 * 60)
    assert is_in(client)
    assert unit.bound.units == units
    move_clock(6 * 60)
    assert is_in(client)
    assert unit.bound.units == units + 1
    assert row_of(portal_app, token).seen_at > first.seen_at


def test_the_row_is_read_once_per_request_and_never_for_files(portal_app: Flask, claire) -> None:
    client = client_for(portal_app, claire.account_id)
    is_in(client)
    read: list[str] = []
    with portal_app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: read.append(args[2]))
    assert is_in(client)
    assert sum("session_row" in statement for statement in read) == 1
    read.clear()
    assert client.get("/static/img/favicon.svg").status_code == 200
    assert client.get("/sante").status_code == 200
    assert not any("session_row" in statement for statement in read)


def test_a_dead_cookie_can_still_go_out(portal_app: Flask, claire) -> None:
    client = client_for(portal_app, claire.account_id)
    token = client.token
    unit(lambda session: service.end_sessions_of(session, claire.account_id))
    assert client.post("/deconnexion", data={"csrf_token": token}).status_code == 400
    assert Page(client.get("/connexion")).title == "Entrer dans le portail"


def test_a_remember_cookie_opens_nothing(portal_app: Flask, claire) -> None:
    from flask_login.utils import encode_cookie

    with portal_app.app_context():
        signed = encode_cookie(claire.account_id)
    client = client_for(portal_app, None)
    client.set_cookie("remember_token", signed)
    assert not is_in(client)


def test_the_demonstration_ends_after_twelve_hours(portal_app: Flask, claire) -> None:
    token = unit(lambda session: service.open_session(session, claire.account_id, demonstration=True))
    assert row_of(portal_app, token).expires_at <= now() + rules.DEMONSTRATION
