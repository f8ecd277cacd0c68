"""The assistant: three steps without any script, nothing lost, nothing kept before the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lxml import html as lxml_html

from portal.domain.spaces import queries
from portal.domain.spaces.queries import SpaceView
from portal.kernel import clock
from portal.vocabulary import Group, Level, ModerationMode, Phase, SpaceObject
from tests.conftest import World
from tests.factories.pages import CheckedClient, Page


class Browser:
    """Fills forms and presses buttons as a browser without scripts does."""

    def __init__(self, client: CheckedClient, path: str) -> None:
        self.client, self.path = client, path
        self.page = client.see(path)

    def press(self, button: str, **fields: object) -> Page:
        form = self.page.tree.xpath("//main//form")[0]
        names = [one.get("value") for one in form.xpath(".//button[@name='aller']")]
        assert button in names, names
        sent = lxml_html.FormElement.form_values(form)
        kept = [(name, value) for name, value in sent if name not in fields]
        for name, value in fields.items():
            kept += [(name, one) for one in (value if isinstance(value, list) else [value])]
        data: dict[str, list[object]] = {}
        for name, value in [*kept, ("aller", button)]:
            data.setdefault(name, []).append(value)
        self.page = Page(self.client.post(self.path, data=data))
        return self.page


def path(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/espaces/nouveau"


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world.client("director"), path(world))


def spaces(world: World) -> list[SpaceView]:
    contract = world.ours.contract_id
    return world.read(lambda s: queries.of_contracts(s, [contract], clock.now()))[1:]


def items(world: World, space: SpaceView) -> list[str]:
    return world.read(lambda s: queries.item_ids(s, space.id))


def today() -> date:
    return clock.paris(clock.now()).date()


def test_three_presses_open_a_space_with_a_good_default_for_everything(
    world: World, browser: Browser
) -> None:
    assert "Étape 1 sur 3" in browser.page.words
    assert "Étape 2 sur 3" in browser.press("suivant").words
    last = browser.press("suivant")
    assert "Étape 3 sur 3" in last.words
    assert "Ce que verra une famille" in last.words
    assert spaces(world) == []
    answer = browser.press("ouvrir").response
    assert answer.status_code == 303
    (space,) = spaces(world)
    assert answer.location == f"/espaces/{space.id}"
    assert space.phase is Phase.OPEN
    assert space.object is SpaceObject.DIAGNOSTIC
    assert clock.paris(space.ends_at).date() == today() + timedelta(weeks=4)
    assert (space.answer_days, space.moderation) == (30, ModerationMode.BEFORE)
    assert items(world, space) == world.ours.items
    assert space.target.levels[Group.FAMILIES] is Level.CONSULTATION
    seen = world.client("family").see(f"/espaces/{space.id}")
    assert "Vous pouvez donner votre avis" in seen.words


def test_the_preview_says_what_authorities_read(browser: Browser) -> None:
    browser.press("suivant", object="diagnostic", question="Que faut-il changer ?")
    browser.press("suivant")
    alone = "Autorités lisent seulement la synthèse"
    browser.press("apercu", level_authorities="2", authorities_read="synthese")
    assert alone in browser.page.words
    browser.press("apercu", level_authorities="2", authorities_read="mots")
    assert alone not in browser.page.words


def test_what_is_typed_goes_through_the_steps_and_back(world: World, browser: Browser) -> None:
    chosen = world.ours.objectives[1]
    browser.press(
        "suivant",
        object="objectifs",
        objectives=[chosen],
        question="Vers quoi aller ?",
        introduction="Deux\nlignes.",
    )
    last_day = (today() + timedelta(days=50)).isoformat()
    browser.press("suivant", ends_on=last_day, answer_days="15", moderation="apres")
    browser.press("apercu", preset="concertation-large", level_board="1", level_authorities="0")
    assert "donner votre avis, répondre aux autres et proposer" in browser.page.words
    browser.press("retour")
    assert browser.page.form()["answer_days"] == "15"
    browser.press("retour")
    first = browser.page.form()
    assert first["question"] == "Vers quoi aller ?", "as it was typed"
    assert first["object"] == "objectifs"
    browser.press("suivant")
    browser.press("suivant")
    assert browser.page.form()["level_board"] == "1"
    answer = browser.press("creer").response
    assert answer.status_code == 303
    (space,) = spaces(world)
    assert space.phase is Phase.DRAFT
    assert (space.question, space.introduction) == ("Vers quoi aller\N{NO-BREAK SPACE}?", "Deux lignes.")
    assert (space.answer_days, space.moderation) == (15, ModerationMode.AFTER)
    assert clock.paris(space.ends_at).date().isoformat() == last_day
    assert items(world, space) == [chosen]
    assert space.target.levels[Group.BOARD] is Level.INFORMATION
    assert space.target.levels[Group.FAMILIES] is Level.CONCERTATION
    assert Group.AUTHORITIES not in space.target.levels
    assert "L’espace est créé." in browser.client.see(answer.location).words


def test_the_suggested_question_follows_the_object_and_a_typed_one_stays(browser: Browser) -> None:
    browser.press("suivant", object="objectifs")
    assert (
        browser.press("retour").form()["question"]
        == "Vers quoi voulons-nous aller ensemble\N{NO-BREAK SPACE}?"
    )
    browser.press("suivant", object="diagnostic", question="Ma question.")
    assert browser.press("retour").form()["question"] == "Ma question."


def test_a_later_first_day_announces_the_space(world: World, browser: Browser) -> None:
    browser.press("suivant")
    browser.press("suivant", opens_on=(today() + timedelta(days=3)).isoformat())
    assert browser.press("ouvrir").response.status_code == 303
    assert spaces(world)[0].phase is Phase.ANNOUNCED


@pytest.mark.parametrize(
    ("step", "fields", "sentence"),
    [
        (1, {"question": "x" * 200}, "C’est trop long."),
        (1, {"findings": []}, "Choisissez au moins un sujet."),
        (1, {"object": "tout"}, "Choisissez de quoi parler."),
        (2, {"ends_on": "demain"}, "Écrivez une date"),
        (2, {"ends_on": "2020-01-01"}, "Choisissez une date de fin"),
        (2, {"opens_on": "2020-01-01"}, "Choisissez aujourd’hui ou un jour à venir."),
        (2, {"answer_days": "0"}, "Choisissez un délai"),
        (2, {"answer_days": "un mois"}, "Choisissez un délai"),
        (2, {"moderation": "jamais"}, "Choisissez quand vous relisez."),
    ],
)
def test_a_step_says_what_to_mend_and_keeps_the_rest(
    world: World, browser: Browser, step: int, fields: dict[str, object], sentence: str
) -> None:
    browser.press("suivant", introduction="Gardez-moi.") if step == 2 else None
    page = (
        browser.press("suivant", **fields)
        if step == 2
        else browser.press("suivant", introduction="Gardez-moi.", **fields)
    )
    assert page.response.status_code == 422
    assert sentence in page.words
    assert f"Étape {step} sur 3" in page.words
    assert page.form()["introduction"].strip() == "Gardez-moi."
    assert spaces(world) == []


def test_a_forged_level_or_preset_creates_nothing_beyond_the_third(world: World, browser: Browser) -> None:
    browser.press("suivant")
    browser.press("suivant")
    assert browser.press("creer", preset="tout-le-monde").response.status_code == 422
    assert spaces(world) == []
    assert browser.press("creer", preset="cvs-associe", level_families="4").response.status_code == 303
    assert Level.COCONSTRUCTION not in spaces(world)[0].target.levels.values()


def test_items_of_another_contract_cannot_be_put_to_people(world: World, browser: Browser) -> None:
    browser.press("suivant", findings=[world.other.items[0]])
    browser.press("suivant")
    assert browser.press("ouvrir").response.status_code == 404
    assert spaces(world) == []


def test_sent_twice_it_is_one_space_and_another_one_is_asked_about(world: World, browser: Browser) -> None:
    browser.press("suivant")
    last = browser.press("suivant")
    first = browser.press("ouvrir").response
    browser.page = last
    assert browser.press("ouvrir").response.location == first.location
    browser.page = last
    other = browser.press("ouvrir", preset="information-large")
    assert other.response.status_code == 409
    assert "Votre premier espace est déjà créé" in other.words
    assert len(spaces(world)) == 1
    assert browser.press("ouvrir").response.status_code == 303
    assert len(spaces(world)) == 2


def test_who_may_not_create_is_told_and_another_house_finds_nothing(world: World, browser: Browser) -> None:
    form = browser.press("suivant").form()
    fields = {key: value for key, value in form.items() if key != "csrf_token"} | {
        "step": "3",
        "aller": "ouvrir",
    }
    for name in ("resident", "deputy"):
        client = world.client(name)
        assert client.get(path(world)).status_code == 403
        refused = client.send(path(world), **fields)
        assert refused.status_code == 403
        assert "revient" in Page(refused).words
    stranger = world.client("director", world.other)
    assert stranger.get(path(world)).status_code == 404
    assert stranger.send(path(world), **fields).status_code == 404
    assert spaces(world) == []
    assert world.client("director").send(path(world), **fields).status_code == 303
