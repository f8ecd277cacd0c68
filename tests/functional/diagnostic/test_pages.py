"""The pages of the diagnostic, as people read and write them."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Axis, Item
from portal.domain.diagnostic import queries, service, validation
from portal.domain.diagnostic.models import ValidationState
from portal.vocabulary import ItemKind, Register
from tests.conftest import World
from tests.factories.diagnostic import two_authorities, version_of
from tests.factories.pages import Page
from tests.factories.world import a_contribution

WHY = "Nous l’avions déjà écrit plus haut."


@pytest.fixture
def here(world: World) -> str:
    return f"/contrats/{world.ours.contract_id}/diagnostic"


def newest(world: World) -> str:
    query = select(Item.id).where(Item.contract_id == world.ours.contract_id, Item.kind == ItemKind.FINDING)
    found = world.read(lambda s: s.scalars(query.order_by(Item.number.desc()).limit(1)).one())
    return str(found)


def write(world: World, here: str, who: str = "director", **more: str) -> str:
    """Add a finding as a browser does; its id."""
    client = world.client(who)
    form = client.see(f"{here}/ajouter?axe={world.ours.axis_id}").form(f"{here}/ajouter")
    form |= {
        "plain": "Le soir, on a faim.",
        "technical": "Le jeûne nocturne dure 13 heures.",
        "title": "Le dîner est servi trop tôt",
        "kind": "a-ameliorer",
    }
    sent = client.post(f"{here}/ajouter", data=form | more)
    assert sent.status_code == 303, sent.text
    return newest(world)


def empty(session: Session, contract_id: str) -> None:
    """A contract on its first day: no space about findings is needed to look at its page."""
    session.execute(update(Item).where(Item.contract_id == contract_id).values(axis_id=None))
    session.execute(delete(Axis).where(Axis.contract_id == contract_id))


@pytest.mark.parametrize("who", ["resident", "family", "director", "authority"])
def test_everybody_of_the_contract_reads_it(world: World, here: str, who: str) -> None:
    page = world.client(who).see(here)
    assert page.title == "Où en sommes-nous aujourd’hui ?"
    assert "Comment se passent vos journées ?" in page.words
    assert "3 points à améliorer" in page.words
    assert "Premier paragraphe clair 1 de Tilleuls." in page.words
    assert ("Ajouter un constat" in page.words) is (who == "director")
    assert ("Changer les axes" in page.words) is (who == "director")


@pytest.mark.parametrize("path", ["", "/axes", "/ajouter", "/constats/{item}", "/axes/{axis}"])
def test_another_contract_has_no_such_page(world: World, here: str, path: str) -> None:
    there = path.format(item=world.ours.items[0], axis=world.ours.axis_id)
    assert world.client("director", world.other).get(f"{here}{there}").status_code == 404
    assert world.client("director").get(f"{here}{there}").status_code == 200


def test_a_finding_of_another_contract_is_not_there(world: World, here: str) -> None:
    director = world.client("director")
    for path in (
        f"/constats/{world.other.items[0]}",
        f"/constats/{world.ours.objectives[0]}",
        f"/axes/{world.other.axis_id}",
    ):
        assert director.get(f"{here}{path}").status_code == 404


def test_a_director_s_first_day_begins_with_ten_questions(world: World) -> None:
    here = f"/contrats/{world.other.contract_id}/diagnostic"
    world.do(lambda s: empty(s, world.other.contract_id))
    family = world.client("family", world.other).see(here)
    assert "Le diagnostic n’est pas encore commencé" in family.words
    director = world.client("director", world.other)
    page = director.see(here)
    assert "La prochaine chose à faire" in page.words
    assert "Les équipes sont-elles assez nombreuses et stables pour vous ?" in page.words
    sent = director.post(f"{here}/axes/proposes", data=page.form(f"{here}/axes/proposes"))
    assert sent.status_code == 303
    assert len(world.read(lambda s: queries.axes(s, world.other.contract_id))) == 10
    assert "Commencer avec ces dix questions" not in director.see(here).words


def test_a_finding_is_added_in_one_form_and_read_by_all(world: World, here: str) -> None:
    finding = write(
        world,
        here,
        evidence="Enquête 2026, 37 % des réponses",
        places=world.ours.establishment_id,
        open="L’heure du dîner.",
        open_by="la direction",
    )
    words = world.client("family").see(f"{here}?axe={world.ours.axis_id}").words
    assert "Le dîner est servi trop tôt" in words
    assert "Constat 4 · Maison Tilleuls · par Association Tilleuls" in words
    assert "Sur quoi il repose : Enquête 2026, 37 % des réponses" in words
    page = world.client("family").see(f"{here}/constats/{finding}")
    assert "L’heure du dîner." in page.words
    assert "Association Tilleuls : pas encore validé" in page.words
    assert "Récrire ce constat" not in page.words


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter").form(f"{here}/ajouter")
    page = director.post(f"{here}/ajouter", data=form | {"plain": "Des mots.", "decided": "Le budget."})
    assert page.status_code == 422
    for told in ("Écrivez le texte", "Écrivez quelques mots", "quelle sorte de constat", "Dites par qui"):
        assert told in page.text
    assert "Des mots." in page.text
    assert "<details open>" in page.text


@pytest.mark.parametrize("who", ["family", "moderator", "board"])
def test_who_may_not_write_reads_why(world: World, here: str, who: str) -> None:
    client = world.client(who)
    for path in ("/ajouter", "/axes", f"/constats/{world.ours.items[0]}/recrire"):
        assert client.get(f"{here}{path}").status_code == 403
    page = client.see(f"{here}/constats/{world.ours.items[0]}")
    assert "Ce qu’en dit votre partie" not in page.words


def test_an_authority_adds_its_own_and_cannot_touch_the_others(world: World, here: str) -> None:
    agent = world.client("authority")
    assert "pour quelle autorité vous agissez" in agent.see(f"{here}/ajouter").words
    world.do(lambda s: two_authorities(s, world.ours))
    theirs = write(world, here, "authority", title="Le département a trop peu de places")
    words = world.client("family").see(here).words
    assert "Le département a trop peu de places" in words
    assert "par ARS du Val" in words
    assert agent.get(f"{here}/constats/{world.ours.items[0]}/recrire").status_code == 403
    refused = world.client("director").get(f"{here}/constats/{theirs}/recrire")
    assert refused.status_code == 403
    assert "autre partie" in refused.text
    edit = f"/contrats/{world.ours.contract_id}/sujets/{theirs}/texte/clair"
    assert world.client("director").get(edit).status_code == 403
    texts = world.client("director").see(f"/contrats/{world.ours.contract_id}/textes").words
    assert "Le département a trop peu de places" not in texts


def test_two_people_who_rewrite_it_see_both_states(world: World, here: str) -> None:
    place = f"{here}/constats/{world.ours.items[0]}/recrire"
    director, deputy = world.client("director"), world.client("deputy")
    first, second = director.see(place).form(place), deputy.see(place).form(place)
    assert first["plain"].lstrip().startswith("Premier paragraphe clair")
    assert director.post(place, data=first | {"title": "Le repas du soir"}).status_code == 303
    late = deputy.post(place, data=second | {"title": "Notre repas du soir", "plain": "Mes propres mots."})
    assert late.status_code == 409
    assert "Le repas du soir" in late.text
    assert "Mes propres mots." in late.text
    again = deputy.post(
        place,
        data=second
        | {
            "title": "Notre repas du soir",
            "plain": "Mes propres mots.",
            "op_id": "autre-envoi",
            "version": str(world.read(lambda s: version_of(s, world.ours.items[0]))),
        },
    )
    assert again.status_code == 303


def test_parties_validate_and_other_words_are_to_be_read_again(world: World, here: str) -> None:
    world.do(lambda s: two_authorities(s, world.ours))
    place = f"{here}/constats/{world.ours.items[0]}"
    for who, said in (
        ("director", {"state": "valide"}),
        ("authority", {"state": "reserve", "reason": "Le chiffre est à vérifier."}),
    ):
        client = world.client(who)
        form = client.see(place).form(f"{place}/validation")
        assert client.post(f"{place}/validation", data=form | said).status_code == 303
    words = world.client("family").see(place).words
    assert "Association Tilleuls : validé le" in words
    assert "Sa réserve : Le chiffre est à vérifier." in words
    assert "Département du Val : pas encore validé" in words
    # Words that change on the page of the texts count too, and who changed them stands by them.
    edit = f"/contrats/{world.ours.contract_id}/sujets/{world.ours.items[0]}/texte/clair"
    director = world.client("director")
    form = director.see(edit).form(edit) | {"source": "Tout autre chose."}
    assert director.post(edit, data=form).status_code == 303
    words = world.client("family").see(place).words
    assert "Association Tilleuls : validé le" in words
    assert "ARS du Val : à revoir" in words
    assert "Les mots ont changé depuis." in words


def test_a_reservation_without_its_reason_is_asked_for(world: World, here: str) -> None:
    place = f"{here}/constats/{world.ours.items[0]}"
    director = world.client("director")
    form = director.see(place).form(f"{place}/validation")
    page = director.post(f"{place}/validation", data=form | {"state": "reserve"})
    assert page.status_code == 422
    assert "Écrivez quelques mots ici." in page.text


def test_what_waits_for_a_party_is_validated_from_the_list(world: World, here: str) -> None:
    world.do(lambda s: two_authorities(s, world.ours))
    county = world.client("county")
    assert "Des constats attendent" in county.see(here).words
    for left in (2, 1, 0):
        page = county.see(f"{here}?attend=oui")
        action = page.tree.xpath("//form[contains(@action, '/validation')]/@action")[0]
        sent = county.post(action, data=page.form(action))
        assert (sent.status_code, sent.location) == (303, f"{here}?attend=oui&fait=dit")
        shown = county.see(f"{here}?attend=oui").tree.xpath("//form[contains(@action, '/validation')]")
        assert len(shown) == left
    assert "Des constats attendent" not in county.see(here).words


def test_it_moves_to_another_axis_from_its_page(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/axes").form(f"{here}/axes")
    form |= {"question": "Que se passe-t-il le soir ?", "name": "Le soir"}
    assert director.post(f"{here}/axes", data=form).status_code == 303
    place = f"{here}/constats/{world.ours.items[0]}"
    form = director.see(place).form(f"{place}/axe")
    assert director.post(f"{place}/axe", data=form).status_code == 303
    assert "Que se passe-t-il le soir ?" in world.client("family").see(place).words
    late = director.post(f"{place}/axe", data=form | {"op_id": "autre"})
    assert late.status_code == 409


def test_it_is_withdrawn_with_a_reason_told_everywhere_and_put_back(world: World, here: str) -> None:
    world.do(lambda s: a_contribution(s, world.ours))
    place, finding = f"{here}/constats/{world.ours.items[0]}", world.ours.items[0]
    director, family = world.client("director"), world.client("family")
    form = director.see(f"{place}/retirer").form(f"{place}/retirer")
    assert director.post(f"{place}/retirer", data=form).status_code == 422
    assert director.post(f"{place}/retirer", data=form | {"reason": WHY}).status_code == 303
    words = family.see(here).words
    assert "1 constat retiré, qui se lit encore" in words
    assert "Constat 1 · Constat 1 de Tilleuls" in words
    for where in (place, f"/espaces/{world.ours.space_id}/sujets/{finding}"):
        words = family.see(where).words
        assert "Ce constat a été retiré du diagnostic" in words
        assert WHY in words
    assert "Le dîner est servi trop tôt." in words, "what was said stays"
    form = director.see(place).form(f"{place}/reprendre")
    assert director.post(f"{place}/reprendre", data=form).status_code == 303
    assert "constat retiré" not in family.see(here).words


def test_the_page_of_a_subject_says_where_each_party_stands(world: World, here: str) -> None:
    ours, director = world.ours, world.ours["director"].actor
    seen = world.read(lambda s: version_of(s, ours.items[0]))
    world.do(
        lambda s: validation.declare(
            s, director, ours.contract_id, ours.items[0], ValidationState.VALIDATED, "", seen
        )
    )
    page = world.client("family").see(f"/espaces/{ours.space_id}/sujets/{ours.items[0]}")
    assert "Association Tilleuls : validé le" in page.words
    assert page.tree.xpath(f"//a[@href='{here}/constats/{ours.items[0]}']")


def test_axes_change_their_words_and_their_order_and_go_when_empty(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/axes").form(f"{here}/axes/proposes")
    assert director.post(f"{here}/axes/proposes", data=form).status_code == 303
    found = world.read(lambda s: queries.axes(s, world.ours.contract_id))
    second = found[1]
    place = f"{here}/axes/{second.id}"
    form = director.see(place).form(place)
    sent = director.post(place, data=form | {"question": "Trouve-t-on de l’aide ?"})
    assert sent.status_code == 303
    late = director.post(place, data=form | {"question": "Trop tard ?", "op_id": "autre"})
    assert late.status_code == 409
    assert "Trouve-t-on de l’aide ?" in Page(late).words
    up = director.see(f"{here}/axes").form(f"{place}/place")
    assert director.post(f"{place}/place", data=up).status_code == 303
    found = world.read(lambda s: queries.axes(s, world.ours.contract_id))
    assert [one.number for one in found] == list(range(1, 12))
    assert found[0].question.startswith("Trouve-t-on de l’aide")
    gone = director.see(place).form(f"{place}/retirer")
    assert director.post(f"{place}/retirer", data=gone).status_code == 303
    assert director.get(place).status_code == 404
    kept = f"{here}/axes/{world.ours.axis_id}"
    assert "Des constats sont sur cet axe." in director.see(kept).words


def test_the_same_form_sent_twice_adds_once(world: World, here: str) -> None:
    director = world.client("director")
    form = director.see(f"{here}/ajouter?axe={world.ours.axis_id}").form(f"{here}/ajouter")
    form |= {"plain": "Oui.", "technical": "Oui.", "title": "Une fois", "kind": "vigilance"}
    first, second = (director.post(f"{here}/ajouter", data=form) for _turn in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert world.read(lambda s: contracts.item_ids(s, world.ours.contract_id, ItemKind.FINDING))[3:] == [
        newest(world)
    ]
    other = director.post(f"{here}/ajouter", data=form | {"title": "Autre"})
    assert other.status_code == 409


def test_a_withdrawn_finding_is_offered_to_no_new_space_and_no_text_is_rewritten(
    world: World, here: str
) -> None:
    ours, director = world.ours, world.ours["director"].actor
    seen = world.read(lambda s: version_of(s, ours.items[0]))
    edit = f"/contrats/{ours.contract_id}/sujets/{ours.items[0]}/texte/clair"
    client = world.client("director")
    form = client.see(edit).form(edit)
    world.do(lambda s: service.withdraw(s, director, ours.contract_id, ours.items[0], WHY, seen))
    assert client.post(edit, data=form | {"source": "Autre chose."}).status_code == 409
    found = world.read(lambda s: contracts.item(s, ours.items[0]))
    assert found is not None
    text = found.text(Register.PLAIN)
    assert text is not None
    assert text.version == 1
    assert "Constat 1 de Tilleuls" not in client.see(f"/contrats/{ours.contract_id}/textes").words
