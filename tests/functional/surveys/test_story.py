"""A survey as people live it: prepared, opened, answered, ended, read, published."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.surveys import queries, service
from portal.domain.surveys.models import QuestionKind, Survey, SurveySheet, SurveyState
from portal.domain.surveys.rules import Given
from portal.kernel import clock
from portal.vocabulary import Group, Level, Role
from tests.conftest import World
from tests.factories.pages import CheckedClient, Page
from tests.factories.surveys import a_survey, an_ended_survey, an_open_survey, version
from tests.factories.world import LEVELS, a_person, a_space

DAY = timedelta(days=1)
QUESTIONS = (
    {"kind": "un-choix", "body": "Quand dîner\u00a0?", "options": "À 18 h\nÀ 19 h"},
    {"kind": "echelle", "body": "Les repas vous plaisent-ils\u00a0?"},
    {"kind": "mots", "body": "Que voulez-vous ajouter\u00a0?"},
)
RESIDENTS = ("resident", *(f"resident_{number}" for number in range(5)), "seventh")
FAMILIES = ("family", "family_0", "family_1")


@pytest.fixture
def house(world: World) -> World:
    """Seven residents, three families and two of the board, all consulted."""

    def settle(session):
        ours = world.ours
        ours.people["seventh"] = a_person(session, ours, "septieme", Group.RESIDENTS)
        ours.people["second_board"] = a_person(session, ours, "conseil deux", Group.BOARD)
        ours.people["facilitator"] = a_person(session, ours, "anim", Group.PROFESSIONALS, (Role.FACILITATOR,))
        levels = {
            **dict.fromkeys(LEVELS, Level.INFORMATION),
            **dict.fromkeys((Group.RESIDENTS, Group.FAMILIES, Group.BOARD), Level.CONSULTATION),
        }
        ours.space_id = a_space(session, ours, levels=levels)

    world.do(settle)
    return world


def base(world: World) -> str:
    return f"/espaces/{world.ours.space_id}/questionnaires"


def prepared(world: World, who: CheckedClient) -> str:
    """A survey prepared by this person through the pages; its address."""
    ends = clock.paris(clock.now() + 10 * DAY).date()
    form = who.see(f"{base(world)}/nouveau").form(f"{base(world)}/nouveau")
    form |= {
        "title": "Les repas du soir",
        "introduction": "Dites-nous ce que vous en pensez.",
        "ends_on": ends.isoformat(),
        "promised_on": (ends + 20 * DAY).isoformat(),
    }
    sent = who.send(f"{base(world)}/nouveau", **form)
    assert sent.status_code == 303
    here = sent.headers["Location"].removesuffix("/preparer")
    for question in QUESTIONS:
        path = f"{here}/questions/nouvelle"
        form = who.see(path).form(path) | question
        assert who.send(path, **form).status_code == 303
    return here


def opened(world: World, who: CheckedClient, here: str) -> None:
    path = f"{here}/ouverture"
    assert who.send(path, **who.see(f"{here}/preparer").form(path)).status_code == 303


def answer(world: World, name: str, here: str, **given: str) -> None:
    who, path = world.client(name), f"{here}/repondre"
    form = who.see(path).form(path) | given
    sent = who.send(path, **form)
    assert sent.status_code == 303
    assert "Vos réponses sont enregistrées" in who.see(sent.headers["Location"]).words


def test_the_whole_story(house: World) -> None:
    facilitator, director = house.client("facilitator"), house.client("director")
    here = prepared(house, facilitator)
    assert "Supprimer ce questionnaire" in facilitator.see(f"{here}/preparer").words
    # Who prepares it does not open it; nobody else knows of it.
    assert facilitator.send(f"{here}/ouverture", version="4").status_code == 403
    assert house.client("resident").get(here).status_code == 404
    assert "Les repas du soir" not in house.client("resident").see(base(house)).words
    opened(house, director, here)
    space = house.client("resident").see(f"/espaces/{house.ours.space_id}").words
    assert "Questionnaire court : 3 minutes" in space
    assert (
        "Un questionnaire court est ouvert à d’autres groupes"
        in house.client("professional").see(f"/espaces/{house.ours.space_id}").words
    )
    assert house.client("professional").get(f"{here}/repondre").status_code == 403
    page = house.client("resident").see(f"{here}/repondre")
    assert "le portail efface le lien entre vos réponses et vous" in page.words
    assert len(page.tree.xpath("//svg[@class='face']")) == 5
    for number, name in enumerate(RESIDENTS):
        answer(house, name, here, q1="1", q2="5" if number else "4", mots3=f"Texte {number}")
    for name in FAMILIES:
        answer(house, name, here, q1="2", q2="0", mots3=f"Texte de {name}")
    for name in ("board", "second_board"):
        answer(house, name, here, q1="1", q2="4")
    # While it is open nobody reads a number, not even who keeps it.
    for name in ("director", "moderator", "resident"):
        words = house.client(name).see(here).words
        assert "Ce que les personnes ont répondu" not in words
        assert "Texte 1" not in words
        assert house.client(name).get(f"{here}/tableur").status_code == 303
    assert house.client("moderator").get(f"{here}/relire").status_code == 303
    form = director.see(here).form(f"{here}/fin")
    assert director.send(f"{here}/fin", **form).status_code == 422
    assert director.send(f"{here}/fin", **form | {"reason": "Tout le monde a répondu."}).status_code == 303
    after = house.client("resident").see(here).words
    assert "Plus rien ne relie vos réponses à vous" in after
    assert "Tout le monde a répondu." in after
    assert house.client("resident").get(f"{here}/repondre").status_code == 403
    form = director.see(here).form(f"{here}/publication")
    assert director.send(f"{here}/publication", **form).status_code == 422
    read_all(house, here)
    form = director.see(here).form(f"{here}/publication")
    assert director.send(f"{here}/publication", **form).status_code == 303
    results(house, here)


def read_all(house: World, here: str) -> None:
    """A moderator reads every text, and sets one aside."""
    moderator, path = house.client("moderator"), f"{here}/relire"
    form = moderator.see(path).form(path)
    form.pop("decision", None)
    assert moderator.send(path, **form | {"decision": "ecarter", "rule": ""}).status_code == 422
    assert moderator.send(path, **form | {"decision": "ecarter", "rule": "sante"}).status_code == 303
    for _ in range(9):
        form = moderator.see(path).form(path) | {"decision": "montrer"}
        assert moderator.send(path, **form).status_code == 303
    assert "Tout est relu" in moderator.see(path).words


def results(house: World, here: str) -> None:
    page = house.client("resident").see(here)
    words = page.words
    assert "La plupart des personnes qui ont répondu ont choisi « À 18 h »." in words
    # Nine chose it: seven residents and two of the board. Three families are never told.
    assert "9 À 18 h" in words
    assert "moins de 5, ou non montré À 19 h" in words
    cells = " ".join(one.text_content() for one in page.tree.xpath("//td[@data-label='Par groupe']"))
    assert "Résidents" not in cells
    assert "Conseil d’administration\u00a0: 2." in cells
    assert "Donne des informations de santé sur une personne : 1" in words
    question = house.read(lambda s: queries.questions(s, here.rsplit("/", 1)[1])[2].id)
    texts = house.client("family").see(f"{here}/mots/{question}").words
    assert texts.count("Texte") == 9
    (main,) = house.client("family").see(f"{here}/mots/{question}").tree.xpath("//main")
    assert "Famille ou proche" not in main.text_content()
    table = house.client("resident").get(f"{here}/tableur").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert ["Quand dîner\u00a0?", "À 18 h", "toutes les personnes", "9"] in rows
    assert ["Quand dîner\u00a0?", "À 18 h", "conseil d’administration", "2"] in rows
    assert not [
        row for row in rows if row[2] in ("résidents et personnes accompagnées", "familles et proches")
    ]
    assert all(
        row[3] in ("moins de 5, ou non montré", "Nombre")
        or row[2] == "conseil d’administration"
        or int(row[3]) >= 5
        for row in rows
    )
    # What one still sees in English.
    english = house.client("resident")
    english.send("/langue", langue="en")
    assert "Most of the people who answered chose" in english.see(here).words


def test_answers_are_changed_and_given_back_when_they_cannot_be_taken(house: World) -> None:
    director = house.client("director")
    here = prepared(house, director)
    opened(house, director, here)
    resident, path = house.client("resident"), f"{here}/repondre"
    form = resident.see(path).form(path) | {"q1": "2", "mots3": "Du pain."}
    refused = resident.send(path, **form | {"mots3": "x" * 1001})
    assert refused.status_code == 422
    assert "Votre texte est trop long" in refused.get_data(as_text=True)
    form = resident.see(path).form(path) | {"q1": "2", "mots3": "Du pain."}
    assert resident.send(path, **form).status_code == 303
    # Sent twice, it acts once; sent with other answers, it says so and keeps them on the page.
    assert resident.send(path, **form).status_code == 303
    other = resident.send(path, **form | {"mots3": "Du beurre."})
    assert other.status_code == 409
    assert "Du beurre." in other.get_data(as_text=True)
    again = resident.see(path).form(path)
    assert (again["q1"], again["mots3"]) == ("2", "Du pain.")
    assert resident.send(path, **again | {"q1": "0", "mots3": ""}).status_code == 303
    now = resident.see(path).form(path)
    assert (now["q1"], now["mots3"]) == ("0", "")
    assert len(house.read(lambda s: s.scalars(select(SurveySheet.id)).all())) == 1


def test_an_answer_that_arrives_after_the_end_is_kept_on_the_page(
    house: World, move_clock: Callable[[float], None]
) -> None:
    survey_id = house.do(lambda s: an_open_survey(s, house.ours, days=0.003))
    here = f"{base(house)}/{survey_id}"
    resident, path = house.client("resident"), f"{here}/repondre"
    form = resident.see(path).form(path) | {"mots4": "Du pain."}
    move_clock(600)
    late = resident.send(path, **form)
    assert late.status_code == 409
    assert "Du pain." in late.get_data(as_text=True)
    assert "Ce questionnaire est terminé" in late.get_data(as_text=True)


def test_a_late_publication_is_seen(house: World, move_clock: Callable[[float], None]) -> None:
    survey_id = house.do(lambda s: an_ended_survey(s, house.ours, {}))
    here = f"{base(house)}/{survey_id}"
    assert "en retard" not in house.client("family").see(here).words
    move_clock((40 * DAY).total_seconds())
    assert "en retard" in house.client("family").see(here).words
    assert "en retard" in house.client("family").see(base(house)).words
    director = house.client("director")
    form = director.see(here).form(f"{here}/publication")
    assert director.send(f"{here}/publication", **form).status_code == 303
    words = house.client("family").see(here).words
    assert "C’était promis pour le" in words
    assert "Moins de 5 personnes ont répondu : les réponses ne sont pas montrées en nombres." in words


def test_questions_are_changed_moved_and_taken_away(house: World) -> None:
    director = house.client("director")
    here = prepared(house, director)
    survey_id = here.rsplit("/", 1)[1]
    asked = house.read(lambda s: queries.questions(s, survey_id))
    path = f"{here}/questions/{asked[1].id}"
    form = director.see(path).form(path)
    assert form["body"] == "Les repas vous plaisent-ils\u00a0?"
    assert director.send(path, **form | {"kind": "un-choix", "options": "seule"}).status_code == 422
    twice = director.send(path, **form | {"kind": "un-choix", "options": "Oui\nJe ne souhaite pas repondre"})
    assert twice.status_code == 422
    assert "Ce choix est déjà proposé à chaque question." in Page(twice).words
    assert director.send(path, **form | {"body": "Le bruit vous gêne-t-il\u00a0?"}).status_code == 303
    place = f"{path}/place"
    form = director.see(f"{here}/preparer").form(place) | {"acte": "monter"}
    assert director.send(place, **form).status_code == 303
    # The page was read before the move: both states are told.
    stale = director.send(place, **form | {"op_id": "autre", "acte": "enlever"})
    assert stale.status_code == 409
    assert "a changé depuis" in stale.get_data(as_text=True)
    form = director.see(f"{here}/preparer").form(place) | {"acte": "enlever"}
    assert director.send(place, **form).status_code == 303
    now = house.read(lambda s: queries.questions(s, survey_id))
    assert [one.id for one in now] == [asked[0].id, asked[2].id]
    path = f"{here}/preparer"
    form = director.see(path).form(path) | {"title": "Autre titre"}
    assert director.send(path, **form).status_code == 303
    assert "Autre titre" in director.see(path).title
    path = f"{here}/abandon"
    assert director.send(path, **director.see(f"{here}/preparer").form(path)).status_code == 303
    assert director.get(here).status_code == 404


def test_a_survey_without_questions_or_groups_does_not_open(house: World) -> None:
    director = house.client("director")
    path = f"{base(house)}/nouveau"
    ends = clock.paris(clock.now() + 40 * DAY).date()
    form = director.see(path).form(path) | {"title": "Vide", "introduction": "Une phrase."}
    refused = director.send(path, **form | {"ends_on": ends.isoformat(), "promised_on": ends.isoformat()})
    assert refused.status_code == 422
    assert "L’espace d’échange se termine le" in refused.get_data(as_text=True)
    ends -= 35 * DAY
    form |= {"ends_on": ends.isoformat(), "promised_on": ends.isoformat()}
    here = director.send(path, **form).headers["Location"].removesuffix("/preparer")
    path = f"{here}/ouverture"
    refused = director.send(path, **director.see(f"{here}/preparer").form(path))
    assert refused.status_code == 422
    assert "Ajoutez au moins une question." in refused.get_data(as_text=True)


def test_a_survey_of_another_space_or_house_does_not_exist_here(house: World) -> None:
    there = house.do(lambda s: an_open_survey(s, house.other))
    draft = house.do(lambda s: a_survey(s, house.ours))
    director = house.client("director")
    assert director.get(f"{base(house)}/{there}").status_code == 404
    assert director.get(f"/espaces/{house.other.space_id}/questionnaires/{there}").status_code == 404
    for act in ("repondre", "preparer", "questions/nouvelle", "relire", "tableur"):
        assert house.client("resident").get(f"{base(house)}/{draft}/{act}").status_code in (403, 404)


def test_the_list_is_paged_and_the_latest_comes_first(house: World) -> None:
    for _ in range(queries.PAGE + 1):
        house.do(lambda s: an_open_survey(s, house.ours))
    page = house.client("resident").see(base(house))
    assert len(page.tree.xpath("//li[contains(@class, 'card')]")) == queries.PAGE
    (older,) = page.tree.xpath("//a[contains(@href, 'apres=')]/@href")
    assert len(house.client("resident").see(older).tree.xpath("//li[contains(@class, 'card')]")) == 1


def test_states_have_their_ends(house: World) -> None:
    survey_id = house.do(lambda s: an_ended_survey(s, house.ours, {"resident": (Given((1,)),)}))
    director = house.ours["director"].actor
    house.do(lambda s: service.publish(s, director, survey_id, version=version(s, survey_id)))
    assert house.read(lambda s: s.get_one(Survey, survey_id).state) is SurveyState.PUBLISHED
    assert QuestionKind.WORDS in {one.kind for one in house.read(lambda s: queries.questions(s, survey_id))}
