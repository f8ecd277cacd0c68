"""« Affichage »: of the device, of the account, of the account here only; never of the next person."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.blueprints._comfort import COOKIE
from portal.domain.accounts import queries
from portal.domain.accounts.comfort import CHOICES, Comfort, read
from tests.conftest import World
from tests.factories.pages import CheckedClient, Page
from tests.functional.pages.test_queries import questions
from tests.stores import STORES

LARGE = {"size": "200", "colours": "dark"}


def marks(page: Page) -> dict[str, str]:
    """What the page says of how it is to be read."""
    return {name: page.tree.get(f"data-{name}") for name in CHOICES if page.tree.get(f"data-{name}")}


def choose(client: CheckedClient, *, after: str = "/glossaire", **sent: str) -> str:
    """Go to « Affichage » from a page, choose, keep; the address one is sent to."""
    page = Page(client.get("/affichage", headers={"Referer": f"http://localhost{after}"}))
    answer = client.post("/affichage", data={**page.form("/affichage"), **sent})
    assert answer.status_code == 303
    return answer.location


def test_a_device_keeps_the_choice_of_whoever_sits_before_it(world: World) -> None:
    visitor = world.client(None)
    assert marks(visitor.see("/glossaire")) == {}
    assert choose(visitor, **LARGE) == "/glossaire"
    page = visitor.see("/glossaire")
    assert marks(page) == LARGE
    assert "Votre affichage est réglé" in page.words
    assert "Votre affichage est réglé" not in visitor.see("/glossaire").words
    checked = visitor.see("/affichage").tree.xpath("//input[@checked]/@value")
    assert checked == ["200", "normal", "dark", "normal", "atkinson", "normal"]
    assert marks(Page(visitor.get("/nulle-part"))) == LARGE, "errors are read as easily as other pages"


def test_the_cookie_says_how_one_reads_and_nothing_else(world: World) -> None:
    visitor = world.client(None)
    choose(visitor, **LARGE)
    cookie = visitor.get_cookie(COOKIE)
    assert cookie is not None
    assert read(cookie.value) == Comfort(**LARGE)
    assert {part.split("=")[0] for part in cookie.value.split("&")} == set(CHOICES)
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize("value", ["size=900&colours=dark", "size=1&a=<script>", "%00", "size=200" * 90, "«"])
def test_a_cookie_off_the_list_never_reaches_the_page(world: World, value: str) -> None:
    visitor = world.client(None)
    visitor.set_cookie(COOKIE, value)
    page = visitor.see("/glossaire")
    assert set(marks(page).items()) <= {("colours", "dark")}
    assert "script>alert" not in page.html


def test_a_value_off_the_list_is_as_if_nothing_was_chosen(world: World) -> None:
    visitor = world.client(None)
    choose(visitor, size="900", font="comic", contrast="high")
    assert marks(visitor.see("/glossaire")) == {"contrast": "high"}


@pytest.mark.parametrize("store_name", STORES)
def test_the_account_is_followed_everywhere_and_kept_after_going_out(world: World) -> None:
    claire = world.client("family")
    assert choose(claire, **LARGE, scope="compte") == "/glossaire"
    assert claire.get_cookie(COOKIE) is None
    assert marks(claire.see("/contrats")) == LARGE
    assert marks(world.client("family").see("/contrats")) == LARGE, "another device, or another day"
    assert marks(world.client("resident").see("/contrats")) == {}


def test_here_only_leaves_the_other_devices_as_they_were(world: World) -> None:
    tablet, phone = world.client("family"), world.client("family")
    choose(phone, size="125", scope="compte")
    choose(tablet, size="200", scope="appareil")
    assert marks(tablet.see("/contrats")) == {"size": "200"}
    assert marks(phone.see("/contrats")) == {"size": "125"}
    assert "appareil" in tablet.see("/affichage").tree.xpath("//input[@checked]/@value")


@pytest.mark.parametrize("scope", ["compte", "appareil"])
def test_a_shared_tablet_is_given_back_as_it_was(world: World, scope: str) -> None:
    tablet = world.client(None)
    choose(tablet, size="125")
    token = world.client("family").get_cookie(world.app.config["SESSION_COOKIE_NAME"])
    assert token is not None
    tablet.set_cookie(token.key, token.value)
    assert marks(tablet.see("/contrats")) == {"size": "125"}, "who chose nothing reads as the tablet shows"
    choose(tablet, **LARGE, scope=scope)
    assert marks(tablet.see("/contrats")) == LARGE
    tablet.send("/deconnexion")
    assert marks(tablet.see("/connexion")) == {"size": "125"}
    other = world.client("resident").get_cookie(token.key)
    assert other is not None
    tablet.set_cookie(other.key, other.value)
    assert marks(tablet.see("/contrats")) == {"size": "125"}


def test_the_first_look_can_be_a_choice_too(world: World) -> None:
    client = world.client("family")
    client.set_cookie(COOKIE, "size=200")
    choose(client, size="100", scope="compte")
    assert marks(client.see("/contrats")) == {}


@pytest.mark.parametrize("name", [None, "family"])
def test_all_is_as_at_first_again(world: World, name: str | None) -> None:
    client = world.client(name)
    choose(client, **LARGE)
    choose(client, act="effacer")
    page = client.see("/glossaire")
    assert marks(page) == {}
    assert "comme au début" in page.words
    assert client.get_cookie(COOKIE) is None
    if name:
        account = world.ours[name].account_id
        found = world.read(lambda session: queries.account(session, account))
        assert found is not None
        assert found.comfort == ""


def test_an_example_is_shown_before_anything_is_kept(world: World) -> None:
    visitor = world.client(None)
    fields = visitor.see("/affichage").form("/affichage")
    page = Page(visitor.post("/affichage", data={**fields, **LARGE, "act": "voir"}))
    example = page.tree.xpath("//*[@data-comfort-preview]")[0]
    assert (example.get("data-size"), example.get("data-colours")) == ("200", "dark")
    assert marks(page) == {}
    assert visitor.get_cookie(COOKIE) is None


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/contrats?x=1", "/contrats?x=1"),
        ("http://localhost/connexion", "/connexion"),
        ("http://localhost/affichage", "/"),
        ("https://ailleurs.exemple/contrats", "/"),
        ("", "/"),
    ],
)
def test_one_comes_back_to_where_one_was_and_never_elsewhere(world: World, referrer: str, back: str) -> None:
    visitor = world.client(None)
    page = Page(visitor.get("/affichage", headers={"Referer": referrer}))
    assert page.form("/affichage")["suite"] == back


@pytest.mark.parametrize(
    "suite", ["//ailleurs.exemple", "https://ailleurs.exemple", "/\\ailleurs", "javascript:1"]
)
def test_a_forged_way_back_leads_home(world: World, suite: str) -> None:
    visitor = world.client(None)
    page = visitor.see("/affichage")
    answer = visitor.post("/affichage", data={**page.form("/affichage"), "suite": suite})
    assert answer.location in ("/", "/contrats")


def test_pages_cost_no_question_more_and_are_never_given_to_another(world: World) -> None:
    visitor = world.client(None)
    visitor.set_cookie(COOKIE, "size=200")
    visitor.see("/affichage")
    with questions() as asked:
        answer = visitor.get("/affichage")
        visitor.get("/accessibilite")
        visitor.get("/plan-du-site")
        visitor.get("/aide")
    assert asked == []
    assert "Cookie" in answer.headers["Vary"]
    assert "no-store" in answer.headers["Cache-Control"]
    client, counts = world.client("family"), []
    for size in ("100", "200"):
        choose(client, size=size)
        client.see("/glossaire")
        with questions() as asked:
            client.see("/glossaire")
        counts.append(len(asked))
    assert counts[0] == counts[1], "the session brings them along"
    assert not any("comfort" in one and "session_row" not in one for one in asked)


def test_with_tls_the_cookie_is_bound_to_its_host(portal_app: Flask) -> None:
    portal_app.config["PORTAL_URL"] = "https://portail.exemple"
    client = CheckedClient(portal_app)
    page = Page(client.get("/affichage", base_url="https://localhost"))
    answer = client.post(
        "/affichage",
        data={**page.form("/affichage"), "size": "150"},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/affichage"},
    )
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if COOKIE in one)
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
