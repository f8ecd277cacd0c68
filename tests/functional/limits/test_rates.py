"""How often one may open pages and send forms: each row of the table, and nobody else touched."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from limits import strategies
from limits.storage import memory
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.app import create_app
from portal.blueprints import _limits
from portal.config import SettingsError, from_environ
from portal.extensions import db, unit
from portal.kernel.clock import clock
from tests.conftest import World
from tests.factories.pages import client_for
from tests.factories.templates import remember_templates
from tests.factories.world import a_house, a_space

# Everything a hundredth: accounts 6 pages and 1 form, addresses 120 and 24, in a minute.
FEW = 0.01
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def store_name():
    """Limits do not know the database."""
    return "sqlite"


@pytest.fixture
def limited(store):
    """The application with limits, which tests do not have unless they ask."""
    app = remember_templates(create_app(replace(store.settings, limits=FEW)))
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        unit.bound.close()
        clock.follow(None)


@pytest.fixture
def place(limited):
    """One house with an open space."""

    def build(session):
        house = a_house(session, "Tilleuls")
        a_space(session, house)
        return house, house

    return World(limited, *unit(build))


def browser(place, name, address=HERE):
    """A quick browser: only one page of each kind needs its words checked."""
    checked = client_for(place.app, place.ours[name].account_id if name else None)
    client = place.app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    for cookie in checked._cookies.values():
        client.set_cookie(cookie.key, cookie.value)
    return client


def form(place):
    return f"/espaces/{place.ours.space_id}/sujets/{place.ours.items[0]}/contribuer"


def send(client, place, body="Le dîner est trop tôt.", **headers):
    # Too much is refused before the token is even read.
    return client.post(form(place), data={"kind": "comment", "body": body}, headers=headers)


def statuses(client, path, times):
    return [client.get(path).status_code for _ in range(times)]


# By method and by who is counted: how many pass, and who is not touched.
ROWS = [
    ("an account reads", "GET", "account", 6),
    ("an address reads", "GET", "address", 120),
    ("an account writes", "POST", "account", 1),
    ("an address writes", "POST", "address", 24),
]


@pytest.fixture
def one_moment(monkeypatch):
    """All is asked at once: a slow machine neither slides the window nor begins another one."""
    stopped = SimpleNamespace(time=lambda: 1_800_000_000.0)
    for module in (strategies, memory):
        monkeypatch.setattr(module, "time", stopped)


@pytest.mark.usefixtures("one_moment")
@pytest.mark.parametrize(("what", "method", "by", "allowed"), ROWS, ids=[row[0] for row in ROWS])
def test_each_row_of_the_table(place, what, method, by, allowed):
    def ask(client):
        return (client.get("/glossaire") if method == "GET" else send(client, place)).status_code

    asking = browser(place, "family" if by == "account" else None)
    answers = [ask(asking) for _ in range(allowed + 8)]
    assert answers.index(429) == allowed
    assert set(answers[answers.index(429) :]) == {429}
    assert ask(browser(place, None, THERE)) != 429, "another address is not touched"
    if by == "account":
        assert ask(browser(place, "resident")) != 429, "nor is another person of the same house"
        assert ask(browser(place, "family", THERE)) == 429, "the same person is, wherever"


def test_a_row_was_tested_for_each_row_there_is():
    assert len(ROWS) == len(_limits.TABLE)
    read, write = (
        {rate.by: rate.per_minute for rate in _limits.TABLE if method in rate.methods}
        for method in ("GET", "POST")
    )
    assert [read[_limits.ACCOUNT], read[_limits.ADDRESS]] == [600, 12_000]
    assert [write[_limits.ACCOUNT], write[_limits.ADDRESS]] == [120, 2_400]


def test_whoever_sends_too_quickly_goes_on_reading(place):
    client = browser(place, "family")
    assert 429 in {send(client, place).status_code for _ in range(6)}
    assert set(statuses(client, "/contrats", 5)) == {200}


def test_nobody_meets_the_limit_by_hand(store):
    app = create_app(replace(store.settings, limits=1))
    try:
        limits = {(rate.name, rate.by): rate.per_minute for rate in _limits.TABLE}
        # A cell each second and a half, its page drawn again twice: nobody types faster for a whole minute.
        acts = 60 / 1.5
        assert limits["ecriture", _limits.ACCOUNT] >= 2 * acts
        assert limits["lecture", _limits.ACCOUNT] >= 3 * limits["ecriture", _limits.ACCOUNT]
        client = app.test_client()
        assert {client.post("/affichage", data={}).status_code for _ in range(40)} == {400}
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        unit.bound.close()
        clock.follow(None)


def test_the_page_says_when_to_come_back_and_gives_the_words_back(place):
    client = browser(place, "family")
    for _ in range(4):
        send(client, place)
    answer = send(client, place, "Un long texte écrit avec soin, et <b>des signes</b>.")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    page = answer.get_data(as_text=True)
    assert "Un long texte écrit avec soin, et &lt;b&gt;des signes&lt;/b&gt;." in page
    assert "Attendez une minute" in page
    assert "no-store" in answer.headers["Cache-Control"]


def test_words_that_another_site_sends_are_not_given_back(place):
    client = browser(place, "family")
    for _ in range(4):
        send(client, place)
    answer = send(client, place, "Des mots qui viennent d’ailleurs.", **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 429
    assert "ailleurs" not in answer.get_data(as_text=True)


def test_what_is_too_heavy_to_be_read_is_refused_as_too_fast_all_the_same(place):
    client = browser(place, "family")
    for _ in range(4):
        send(client, place)
    answer = send(client, place, "trop " * 300_000)
    assert answer.status_code == 429
    assert "Attendez une minute" in answer.get_data(as_text=True)


def test_a_page_read_too_often_says_so_in_plain_words(place):
    statuses(browser(place, "family"), "/contrats", 10)
    page = client_for(place.app, place.ours["family"].account_id).get("/contrats")
    assert page.status_code == 429
    assert "Vous allez un peu trop vite" in page.get_data(as_text=True)


def test_a_whole_house_behind_one_address_goes_on(place):
    names = [
        "resident",
        "family",
        "professional",
        "staff_rep",
        "resident_0",
        "family_0",
        "resident_1",
        "family_1",
    ]
    assert 429 not in [send(browser(place, name), place).status_code for name in names]


def test_coming_in_has_its_own_count_and_going_out_is_never_refused(place):
    client = browser(place, "family")
    statuses(client, "/contrats", 10)
    for _ in range(3):
        send(client, place)
    visitor = browser(place, None)
    answers = {visitor.post("/connexion", data={"email": "", "password": ""}).status_code for _ in range(20)}
    assert 429 not in answers
    assert client.post("/deconnexion").status_code != 429


def test_what_a_machine_asks_is_not_counted(place):
    client = browser(place, None)
    assert set(statuses(client, "/sante", 140)) == {200}


def test_a_forwarded_address_counts_only_behind_a_proxy_of_ours(place):
    client = browser(place, None)

    def read(forwarded):
        return client.get("/glossaire", headers={"X-Forwarded-For": forwarded}).status_code

    answers = [read(f"198.51.100.{number % 250}") for number in range(135)]
    assert 429 in answers, "whoever writes another address at each request is counted all the same"
    place.app.wsgi_app = ProxyFix(place.app.wsgi_app, x_for=1)
    assert read("198.51.100.7") == 200
    assert read(f"{HERE}") == 429


def test_control_without_limits_nothing_is_refused(store):
    """The checks above are red when the table is not applied."""
    app = create_app(replace(store.settings, limits=0))
    try:
        with pytest.raises(ValueError, match="429"):
            statuses(app.test_client(), "/glossaire", 140).index(429)
    finally:
        unit.bound.close()
        clock.follow(None)


@pytest.mark.parametrize(("given", "pace"), [("", 1.0), ("2", 2.0), ("0.5", 0.5), ("0", 0.0)])
def test_the_setting_widens_or_narrows(tmp_path, given, pace):
    assert from_environ({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_LIMITS": given}).pace == pace


@pytest.mark.parametrize("given", ["-1", "beaucoup", "inf", "nan"])
def test_a_setting_that_means_nothing_is_refused(tmp_path, given):
    with pytest.raises(SettingsError):
        from_environ({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_LIMITS": given})


def test_real_people_are_never_without_limits(tmp_path):
    environ = {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_MODE": "production", "PORTAL_LIMITS": "0"}
    with pytest.raises(SettingsError):
        from_environ({**environ, "PORTAL_URL": "https://cpom.exemple.fr"})
