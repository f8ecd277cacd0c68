"""Which language a page speaks: the account's, else the device's, else the browser's, else French."""

from __future__ import annotations

import pytest

from portal.domain.accounts import queries, service
from portal.kernel.errors import InvalidError
from portal.languages import COOKIE
from tests.conftest import World
from tests.factories.pages import CheckedClient, Page, client_for
from tests.factories.world import a_contribution

HEADERS = {
    "": "fr",
    "fr-FR,fr;q=0.9,en;q=0.8": "fr",
    "en-GB,en;q=0.9": "en",
    "en-US": "en",
    "de-DE,de;q=0.9": "fr",
    "de;q=0.9,en;q=0.8,fr;q=0.7": "en",
    "*": "fr",
    "nonsense;q=x": "fr",
}


def lang(page: Page) -> str:
    return str(page.tree.get("lang"))


def browser(world: World, name: str | None, accepts: str) -> CheckedClient:
    """A browser that asks for its languages with each page."""
    client = world.client(name)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accepts
    return client


def switch(client: CheckedClient, path: str, code: str) -> str:
    """Press the button of the other language on a page; the address one is sent to."""
    page = client.see(path)
    button = page.tree.xpath(f"//form[@action='/langue']//button[@value='{code}']")
    assert len(button) == 1
    assert button[0].get("lang") == code
    fields = page.form("/langue")
    answer = client.post("/langue", data={**fields, "langue": code})
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize("accepts", HEADERS)
@pytest.mark.parametrize("name", [None, "resident"])
def test_the_browser_is_asked_first(world: World, accepts: str, name: str | None) -> None:
    assert lang(browser(world, name, accepts).see("/glossaire")) == HEADERS[accepts]


def test_a_visitor_chooses_for_this_device(world: World) -> None:
    visitor = world.client(None)
    assert switch(visitor, "/connexion?suite=/contrats", "en") == "/connexion?suite=/contrats"
    cookie = visitor.get_cookie(COOKIE)
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("en", True, "Lax")
    page = visitor.see("/connexion")
    assert lang(page) == "en"
    assert page.title == "Sign in"
    switch(visitor, "/connexion", "fr")
    assert visitor.see("/connexion").title == "Entrer dans le portail"


def test_a_member_chooses_for_all_devices_and_stays_on_the_page(world: World) -> None:
    family = world.client("family")
    here = f"/espaces/{world.ours.space_id}?apres=x"
    assert switch(family, here, "en") == here
    assert family.get_cookie(COOKIE) is None
    account = world.read(lambda s: queries.account(s, world.ours["family"].account_id))
    assert account is not None
    assert account.language == "en"
    elsewhere = client_for(world.app, world.ours["family"].account_id)
    elsewhere.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    elsewhere.set_cookie(COOKIE, "fr")
    assert lang(elsewhere.see("/contrats")) == "en", "the account wins over the device and the browser"
    assert lang(world.client("resident").see("/contrats")) == "fr"


@pytest.mark.parametrize("wanted", ["de", "", "EN", "../en"])
def test_a_language_off_the_list_does_not_exist(world: World, wanted: str) -> None:
    family = world.client("family")
    assert family.send("/langue", langue=wanted, suite="/contrats").status_code == 404
    assert lang(family.see("/contrats")) == "fr"


def test_the_service_refuses_what_is_not_on_the_list(world: World) -> None:
    account_id = world.ours["family"].account_id
    with pytest.raises(InvalidError):
        world.do(lambda session: service.set_language(session, account_id, "de"))


@pytest.mark.parametrize(
    "suite", ["//elsewhere.example", "https://elsewhere.example/x", "javascript:1", "/\\x"]
)
def test_the_way_back_never_leaves_the_portal(world: World, suite: str) -> None:
    answer = world.client("family").send("/langue", langue="en", suite=suite)
    assert answer.status_code == 303
    assert answer.location in ("/", "/contrats")


def test_without_its_token_the_button_does_nothing(world: World) -> None:
    family = world.client("family")
    assert family.post("/langue", data={"langue": "en", "suite": "/"}).status_code == 400
    assert lang(family.see("/contrats")) == "fr"


def test_a_forged_cookie_speaks_french(world: World) -> None:
    visitor = world.client(None)
    visitor.set_cookie(COOKIE, "<script>")
    assert lang(visitor.see("/glossaire")) == "fr"


def test_refusals_and_errors_speak_the_language_of_the_page(world: World) -> None:
    board = browser(world, "board", "en")
    refused = board.get(
        f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}/contribuer?type=proposal"
    )
    absent = Page(board.get("/nulle-part"))
    assert lang(absent) == "en"
    assert absent.title == "This page does not exist"
    page = Page(board.get(f"/espaces/{world.ours.space_id}/moderation"))
    assert page.title == "This action is not open to you here"
    assert "this is for the contract directors, the deputy directors or the moderation team." in page.words
    assert refused.status_code in (200, 403)


def test_dates_numbers_and_limits_are_written_as_the_language_does(world: World) -> None:
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    for accepts, wanted in (("en", "It can have 5,000 characters at most."), ("fr", "5 000 signes au plus.")):
        family = browser(world, "family", accepts)
        sent = family.send(f"{here}/contribuer", kind="comment", body="x" * 5001, op_id="a" * 26)
        assert sent.status_code == 422
        assert wanted in Page(sent).words
    page = browser(world, "family", "en").see(here)
    assert "Open until" in page.words
    assert not any(month in page.words for month in ("janvier", "décembre", "novembre"))


def test_words_of_people_and_of_the_contract_say_that_they_are_french(world: World) -> None:
    world.do(lambda session: a_contribution(session, world.ours, body="Le dîner est servi trop tôt."))
    here = f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[0]}"
    page = browser(world, "resident", "en").see(here)
    for words in (
        "Le dîner est servi trop tôt.",
        "Premier paragraphe",
        "Constat 1 de",
        "Le budget.",
        "Les horaires.",
    ):
        found = list(page.tree.xpath(f"//body//text()[contains(., '{words}')]"))
        assert found, words
        for text in found:
            holder = text.getparent()
            spoken = next(one.get("lang") for one in [holder, *holder.iterancestors()] if one.get("lang"))
            assert spoken == "fr", words
    french = world.client("resident").see(here)
    assert french.tree.xpath("//body//*[@lang='fr']") == [], "a French page needs no mark"
