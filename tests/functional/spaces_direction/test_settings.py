"""Settings and phases: guarded by what was seen, each asked before it is done, closing only when due is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.spaces import queries, service
from portal.domain.spaces.queries import SpaceView
from portal.kernel import clock
from portal.vocabulary import Fate, ModerationMode, Phase
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.syntheses import a_synthesis
from tests.factories.world import a_contribution, a_space


def at(world: World, act: str, space_id: str | None = None) -> str:
    return f"/espaces/{space_id or world.ours.space_id}/{act}"


def form_of(world: World, act: str, name: str = "director", space_id: str | None = None) -> dict[str, str]:
    form = world.client(name).see(at(world, act, space_id)).form()
    return {key: value for key, value in form.items() if key != "csrf_token"}


def space(world: World, space_id: str | None = None) -> SpaceView:
    found = world.read(lambda s: queries.view(s, space_id or world.ours.space_id, clock.now()))
    assert found is not None
    return found


def ended(world: World) -> str:
    """The space of our house, once its time is over."""
    director, space_id = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: service.end(s, director, space_id, "Tout le monde a parlé."))
    return space_id


def test_settings_are_saved_and_everybody_reads_them(world: World) -> None:
    client = world.client("director")
    form = form_of(world, "reglages") | {"question": "Et le soir, que changer ?", "answer_days": "21"}
    sent = client.send(at(world, "reglages"), **form)
    assert sent.status_code == 303
    assert "Vos changements sont enregistrés." in client.see(sent.location).words
    assert space(world).answer_days == 21
    assert world.client("resident").see(at(world, "").rstrip("/")).title == "Et le soir, que changer ?"


def test_the_question_stays_once_somebody_answered_it(world: World) -> None:
    client, asked = world.client("director"), space(world).question
    assert "la question ne change plus" not in client.see(at(world, "reglages")).words
    world.do(lambda s: a_contribution(s, world.ours))
    assert "la question ne change plus" in client.see(at(world, "reglages")).words
    other = {"question": "Tout autre chose\N{NO-BREAK SPACE}?", "reason": "Nous avons changé d’avis."}
    refused = client.send(at(world, "reglages"), **form_of(world, "reglages") | other)
    assert refused.status_code == 422
    assert "Des personnes ont déjà écrit ici" in Page(refused).words
    assert space(world).question == asked
    kept = form_of(world, "reglages") | {"introduction": "Merci à toutes et à tous.", "answer_days": "20"}
    assert client.send(at(world, "reglages"), **kept).status_code == 303
    assert (space(world).question, space(world).introduction) == (asked, "Merci à toutes et à tous.")


def test_saving_the_words_alone_keeps_the_hour_of_the_end(world: World) -> None:
    before = space(world).ends_at
    world.client("director").send(
        at(world, "reglages"), **form_of(world, "reglages") | {"question": "Autre."}
    )
    assert space(world).ends_at == before


def test_two_directors_settle_the_same_space_and_the_second_sees_both_states(world: World) -> None:
    first, second = form_of(world, "reglages"), form_of(world, "reglages", "second_director")
    one = world.client("director").send(at(world, "reglages"), **first | {"question": "La première."})
    assert one.status_code == 303
    client = world.client("second_director")
    late = client.send(at(world, "reglages"), **second | {"question": "La seconde.", "answer_days": "9"})
    page = Page(late)
    assert late.status_code == 409
    assert "La première." in page.words
    kept = page.form()
    assert (kept["question"], kept["answer_days"]) == ("La seconde.", "9")
    assert space(world).question == "La première."
    assert client.post(at(world, "reglages"), data=kept).status_code == 303
    assert space(world).question == "La seconde."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"question": " "}, "Écrivez quelques mots ici."),
        ({"ends_on": "2020-01-01"}, "Choisissez une date de fin"),
        ({"ends_on": ""}, "Écrivez une date"),
        ({"answer_days": "999"}, "Choisissez un délai"),
        # Everyone was told thirty days: more is asked of each group, and not decided alone.
        ({"answer_days": "31", "reason": "Nous avons besoin de temps."}, "il ne s’allonge pas ici"),
    ],
)
def test_what_cannot_be_kept_is_said_and_the_rest_stays(
    world: World, fields: dict[str, str], sentence: str
) -> None:
    form = form_of(world, "reglages") | {"introduction": "Gardez-moi."} | fields
    answer = world.client("director").send(at(world, "reglages"), **form)
    page = Page(answer)
    assert answer.status_code == 422
    assert sentence in page.words
    assert page.form()["introduction"].strip() == "Gardez-moi."
    assert space(world).version == 2


def test_words_may_be_corrected_while_answering_without_opening_again(world: World) -> None:
    ended(world)
    client = world.client("director")
    client.send(at(world, "reglages"), **form_of(world, "reglages") | {"question": "Mieux dite."})
    assert (space(world).question, space(world).phase) == ("Mieux dite.", Phase.ANSWERING)
    later = (clock.paris(clock.now()) + timedelta(days=5)).date().isoformat()
    form = form_of(world, "reglages") | {"ends_on": later}
    refused = client.send(at(world, "reglages"), **form)
    assert refused.status_code == 422
    assert "La réponse arriverait plus tard que promis." in Page(refused).words
    client.send(at(world, "reglages"), **form | {"reason": "La réunion a été déplacée."})
    assert space(world).phase is Phase.OPEN
    told = world.client("family").see(at(world, "")).words
    assert "La date de réponse a changé" in told
    assert "Raison : La réunion a été déplacée." in told


ACTS = ("reglages", "pause", "fin")


@pytest.mark.parametrize("act", ACTS)
def test_a_resident_is_refused_with_a_sentence_and_another_house_finds_nothing(
    world: World, act: str
) -> None:
    form = form_of(world, act)
    refused = world.client("resident").get(at(world, act))
    assert refused.status_code == 403
    assert "revient" in Page(refused).words
    assert world.client("resident").send(at(world, act), **form).status_code == 403
    stranger = world.client("director", world.other)
    assert stranger.get(at(world, act)).status_code == 404
    assert stranger.send(at(world, act), **form).status_code == 404
    assert space(world).version == 2
    sent = world.client("director").send(at(world, act), **form | {"reason": "Une panne."})
    assert sent.status_code == 303


def test_a_draft_is_opened_after_being_asked(world: World) -> None:
    draft = world.do(lambda s: a_space(s, world.ours, opened=False))
    client = world.client("director")
    assert "Ouvrir l’espace" in client.see(at(world, "reglages", draft)).words
    sent = client.send(at(world, "ouverture", draft), **form_of(world, "ouverture", space_id=draft))
    assert sent.status_code == 303
    assert space(world, draft).phase is Phase.OPEN
    again = client.get(at(world, "ouverture", draft))
    assert again.status_code == 403
    assert "ouvert" in Page(again).words


def test_a_pause_needs_a_reason_that_everybody_reads_and_ends(world: World) -> None:
    client = world.client("director")
    empty = client.send(at(world, "pause"), **form_of(world, "pause"))
    assert empty.status_code == 422
    assert space(world).phase is Phase.OPEN
    sent = client.send(at(world, "pause"), **form_of(world, "pause") | {"reason": "Le serveur déménage."})
    assert sent.status_code == 303
    assert "Le serveur déménage." in world.client("family").see(at(world, "").rstrip("/")).words
    assert client.send(at(world, "reprise"), **form_of(world, "reprise")).status_code == 303
    assert space(world).phase is Phase.OPEN


def test_an_act_on_a_state_that_changed_shows_the_new_state(world: World) -> None:
    form, director = form_of(world, "fin", "second_director"), world.ours["director"].actor
    world.do(lambda s: service.pause(s, director, world.ours.space_id, "Une panne."))
    late = world.client("second_director").send(at(world, "fin"), **form)
    assert late.status_code == 409
    assert "en pause" in Page(late).words
    assert space(world).phase is Phase.PAUSED


def test_every_act_of_the_settings_leads_to_a_page(world: World) -> None:
    client = world.client("director")
    for _phase in ("open", "answering"):
        page = client.see(at(world, "reglages"))
        for link in page.tree.xpath("//main//a/@href"):
            assert client.get(link).status_code == 200, link
        if _phase == "open":
            ended(world)


def test_closing_is_refused_while_something_is_owed_then_explained(world: World) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    ended(world)
    client = world.client("director")
    page = client.see(at(world, "cloture"))
    assert "Une contribution n’a pas de réponse." in page.words
    refused = client.send(at(world, "cloture"), **form_of(world, "cloture"))
    assert refused.status_code == 422
    assert "Il reste 1 contribution sans réponse." in Page(refused).words
    assert space(world).phase is Phase.ANSWERING
    why = "La directrice est absente depuis deux mois."
    sent = client.send(at(world, "cloture"), **form_of(world, "cloture") | {"broken_promise": why})
    assert sent.status_code == 303
    seen = world.client("resident").see(at(world, "").rstrip("/")).words
    assert "Engagement non tenu, expliqué" in seen
    assert why in seen
    assert space(world).phase is Phase.CLOSED


def test_closing_is_simple_once_everything_is_answered(world: World) -> None:
    said, director = world.do(lambda s: a_contribution(s, world.ours)), world.ours["director"].actor
    world.do(lambda s: answers.give(s, director, said, NewAnswer("Merci, nous le ferons.", Fate.KEPT)))
    ended(world)
    world.do(lambda s: a_synthesis(s, world.ours))
    client = world.client("director")
    assert "Vos engagements sont tenus." in client.see(at(world, "cloture")).words
    assert client.send(at(world, "cloture"), **form_of(world, "cloture")).status_code == 303
    assert (space(world).phase, space(world).broken_promise) == (Phase.CLOSED, "")


def test_a_synthesis_that_is_owed_is_explained_too(world: World) -> None:
    said, director = world.do(lambda s: a_contribution(s, world.ours)), world.ours["director"].actor
    world.do(lambda s: answers.give(s, director, said, NewAnswer("Merci, nous le ferons.", Fate.KEPT)))
    ended(world)
    client = world.client("director")
    page = client.see(at(world, "cloture"))
    assert "La synthèse de ce qui a été dit n’est pas encore publiée." in page.words
    assert "Vos engagements sont tenus." not in page.words
    assert client.send(at(world, "cloture"), **form_of(world, "cloture")).status_code == 422
    why = {"broken_promise": "Nous n’avons pas eu le temps."}
    assert client.send(at(world, "cloture"), **form_of(world, "cloture") | why).status_code == 303
    assert (space(world).phase, space(world).broken_promise) == (Phase.CLOSED, why["broken_promise"])


def test_words_that_wait_are_read_before_closing_and_the_explanation_is_kept(world: World) -> None:
    director = world.ours["director"].actor
    before = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    world.do(lambda s: a_contribution(s, world.ours, space_id=before))
    world.do(lambda s: service.end(s, director, before, "Tout le monde a parlé."))
    client = world.client("director")
    page = client.see(at(world, "cloture", before))
    assert "Une contribution attend d’être relue." in page.words
    assert page.tree.xpath("//main//form") == []
    sent = client.send(
        at(world, "cloture", before),
        version=str(space(world, before).version),
        broken_promise="Mon explication.",
    )
    assert sent.status_code == 409
    assert "Mon explication." in Page(sent).words
    assert space(world, before).phase is Phase.ANSWERING


def test_closing_is_for_the_director_of_this_house_only(world: World) -> None:
    ended(world)
    form = form_of(world, "cloture")
    for name in ("resident", "deputy"):
        assert world.client(name).get(at(world, "cloture")).status_code == 403
        assert world.client(name).send(at(world, "cloture"), **form).status_code == 403
    assert world.client("director", world.other).send(at(world, "cloture"), **form).status_code == 404
    assert world.client("director").send(at(world, "cloture"), **form).status_code == 303
