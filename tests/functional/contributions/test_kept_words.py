"""Words that were typed are never lost: old forms, refused forms, forms for something else."""

from __future__ import annotations

import pytest

from portal.domain.contributions import service
from portal.domain.contributions.rules import Words
from portal.domain.moderation import service as moderation
from portal.domain.moderation.service import Seen
from portal.domain.spaces import service as spaces
from portal.vocabulary import ContributionStatus, ModerationMode
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_space

TYPED = 'Mes mots <b>à moi</b>, avec "guillemets".'


def item(world: World, space: str = "") -> str:
    return f"/espaces/{space or world.ours.space_id}/sujets/{world.ours.items[0]}"


@pytest.fixture
def said(world: World) -> str:
    """A published word of a resident."""
    return world.do(lambda s: a_contribution(s, world.ours, "resident", "Première version."))


def kept(page: Page) -> list[str]:
    return [one.text_content().strip() for one in page.tree.xpath("//textarea[@readonly]")]


def test_a_correction_from_an_old_form_meets_the_current_version(world: World, said: str) -> None:
    author, path = world.client("resident"), f"/contributions/{said}/corriger"
    old = author.see(path).form(path)
    assert old["version"] == "1"
    other = author.see(path).form(path)
    assert author.post(path, data=other | {"body": "Écrit dans l’autre page."}).status_code == 303
    late = author.post(path, data=old | {"body": TYPED})
    page = Page(late)
    assert late.status_code == 409
    assert "Écrit dans l’autre page." in page.words
    again = page.form(path)
    assert again["body"].strip() == TYPED
    assert again["version"] == "2"
    assert world.read(lambda s: service.by_id(s, said)).version == 2
    assert author.post(path, data=again).status_code == 303
    assert world.read(lambda s: service.by_id(s, said)).version == 3


def test_a_correction_that_names_no_known_version_is_an_old_one(world: World, said: str) -> None:
    answer = world.client("resident").send(
        f"/contributions/{said}/corriger", body=TYPED, version="hier", op_id="a" * 26
    )
    assert answer.status_code == 409


def pause(world: World) -> None:
    director, space = world.ours["director"].actor, world.ours.space_id
    world.do(lambda s: spaces.pause(s, director, space, "Nous relisons ensemble les règles."))


def test_words_sent_during_a_pause_come_back_to_be_kept(world: World) -> None:
    resident = world.client("resident")
    form = resident.see(item(world)).form(f"{item(world)}/contribuer#votre-avis")
    pause(world)
    answer = resident.post(f"{item(world)}/contribuer", data=form | {"body": TYPED})
    page = Page(answer)
    assert answer.status_code == 403
    assert "en pause" in page.words
    assert kept(page) == [TYPED]
    assert "<b>à moi</b>" not in page.html
    assert "Votre texte, à garder" in page.words


def test_words_sent_where_a_pause_took_the_choices_away_come_back_too(world: World) -> None:
    """What an open page sends when the choice of what to do went with the right."""
    resident = world.client("resident")
    form = resident.see(item(world)).form(f"{item(world)}/contribuer#votre-avis")
    pause(world)
    sent = {name: value for name, value in form.items() if name != "kind"}
    answer = resident.post(f"{item(world)}/contribuer", data=sent | {"body": TYPED})
    assert answer.status_code == 403
    assert "en pause" in Page(answer).words
    assert kept(Page(answer)) == [TYPED]


def test_a_reply_refused_by_its_address_comes_back_too(world: World, said: str) -> None:
    pause(world)
    answer = world.client("professional").send(f"/contributions/{said}/repondre", body=TYPED, op_id="a" * 26)
    assert answer.status_code == 403
    assert kept(Page(answer)) == [TYPED]


def test_a_refusal_without_words_shows_no_empty_box(world: World, said: str) -> None:
    pause(world)
    professional = world.client("professional")
    assert kept(Page(professional.get(f"/contributions/{said}/repondre?body=autre"))) == []
    assert kept(Page(professional.send(f"/contributions/{said}/repondre", body="  "))) == []


def test_words_sent_from_another_site_are_not_shown(world: World) -> None:
    resident = world.client("resident")
    fields = {"csrf_token": resident.token, "kind": "comment", "body": TYPED}
    answer = resident.post(f"{item(world)}/contribuer", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert kept(Page(answer)) == []


@pytest.mark.parametrize("kind", ["reply", "zzz", ""])
@pytest.mark.parametrize("alone", ["", "?seul=1"])
def test_a_kind_that_the_form_does_not_offer_is_refused_beside_it(
    world: World, kind: str, alone: str
) -> None:
    answer = world.client("family").send(
        f"{item(world)}/contribuer{alone}", kind=kind, body=TYPED, op_id="a" * 26
    )
    page = Page(answer)
    assert answer.status_code == 422
    assert page.words.count("Choisissez ce que vous souhaitez faire.") == 2
    assert TYPED in page.tree.xpath("//textarea[@name='body']")[0].text_content()
    assert "0 contribution" in world.client("family").see(item(world)).words


def test_a_reaction_form_sent_empty_says_what_to_do(world: World, said: str) -> None:
    for fields in ({}, {"valeur": "autre"}):
        answer = world.client("family").send(f"/contributions/{said}/reagir", op_id="a" * 26, **fields)
        page = Page(answer)
        assert answer.status_code == 422
        assert page.words.count("Choisissez l’une des trois réponses.") == 2
        assert "choix valide" not in page.words


@pytest.fixture
def before(world: World) -> str:
    """A space where words are read before publication."""
    return world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))


@pytest.fixture
def waiting(world: World, before: str) -> str:
    """Words of a resident that nobody published yet."""
    return world.do(lambda s: a_contribution(s, world.ours, "resident", "Pas encore lu.", space_id=before))


def corrected(world: World, contribution_id: str) -> Page:
    author, path = world.client("resident"), f"/contributions/{contribution_id}/corriger"
    answer = author.post(path, data=author.see(path).form(path) | {"body": "Autrement dit."})
    return author.see(answer.location)


def test_correcting_words_that_were_never_published_does_not_speak_of_a_published_version(
    world: World, waiting: str
) -> None:
    page = world.client("resident").see(f"/contributions/{waiting}/corriger")
    assert "déjà publiée" not in page.words
    assert "Votre texte n’est pas encore publié" in page.words
    told = corrected(world, waiting)
    assert told.title == "Votre correction est bien arrivée"
    assert "déjà publiée" not in told.words
    assert "dernière version" in told.words


def test_a_correction_that_waits_says_which_version_is_read_meanwhile(world: World, waiting: str) -> None:
    director = world.ours["director"].actor
    world.do(lambda s: moderation.approve(s, director, waiting, Seen(1, ContributionStatus.PENDING)))
    page = world.client("resident").see(f"/contributions/{waiting}/corriger")
    assert "la version déjà publiée reste affichée" in page.words
    told = corrected(world, waiting)
    assert told.title == "Votre correction est bien arrivée"
    assert "la version déjà publiée reste affichée" in told.words


def test_a_correction_published_at_once_says_so_and_forgets_its_own_draft(world: World, said: str) -> None:
    told = corrected(world, said)
    assert told.title == "Votre correction est bien arrivée"
    assert "Merci, votre texte est bien arrivé" not in told.words
    assert "Votre correction est publiée." in told.words
    assert told.tree.xpath("//@data-draft-done[. != '']") == [f"correction-{said}"]
    first = world.do(lambda s: a_contribution(s, world.ours, "resident", "Un autre mot."))
    sent = world.client("resident").see(f"/contributions/{first}/envoyee")
    assert sent.title == "Merci, votre texte est bien arrivé"


def test_the_service_checks_the_version_only_when_it_is_given(world: World, said: str) -> None:
    author = world.ours["resident"].actor
    world.do(lambda s: service.correct(s, author, said, Words("Deux."), version=1))
    world.do(lambda s: service.correct(s, author, said, Words("Trois.")))
    assert world.read(lambda s: service.by_id(s, said)).version == 3
