"""What one looks for is found where it is, by every kind of thing, and leads there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers.service import NewAnswer, give
from portal.domain.documents.models import Subject
from portal.domain.objectives import tree
from portal.domain.predecessors.models import Outcome
from portal.domain.predecessors.service import OutcomeTyped, say_outcome
from portal.domain.search.models import SearchEntry
from portal.domain.trames import service as trames
from portal.domain.trames.catalogue import block_id, models
from portal.kernel.files.kinds import FileKind
from portal.vocabulary import Fate
from tests.conftest import World
from tests.factories import documents, sent_files
from tests.factories.indicators import follow_indicators
from tests.factories.objectives import an_action, an_objective
from tests.factories.predecessors import a_commitment
from tests.factories.search import ask, links, look, titles
from tests.factories.trames import a_sheet, signs
from tests.factories.world import a_contribution
from tests.functional.pages.test_queries import questions


def an_answer(session: Session, world: World, contribution: str, words: str) -> str:
    return give(session, world.ours["director"].actor, contribution, NewAnswer(words, Fate.KEPT)).id


@pytest.mark.parametrize("who", ["resident", "family", "board", "director"])
def test_an_objective_and_its_actions_are_found_by_other_forms_of_their_words(world: World, who: str) -> None:
    objective = world.do(lambda s: an_objective(s, world.ours))
    action = world.do(lambda s: an_action(s, world.ours, objective))
    look(world)
    there = f"/contrats/{world.ours.contract_id}/objectifs/{objective}"
    assert ask(world, who, "urgence").title == "Rechercher"
    assert links(ask(world, who, "REDUIRE passage")) == [there]
    assert links(ask(world, who, "formation équipe")) == [f"{there}#action-{action}"]
    page = world.client(who).see(there)
    assert page.tree.xpath(f"//*[@id='action-{action}']"), "the link leads to a place of the page"


def test_a_title_comes_before_words_and_what_was_found_is_marked(world: World) -> None:
    world.do(
        lambda s: an_objective(s, world.ours, title="Le jardin", plain="Un potager, un potager, un potager.")
    )
    world.do(lambda s: an_objective(s, world.ours, title="Ouvrir un potager", plain="Dehors."))
    look(world)
    page = ask(world, "family", "potagers")
    assert titles(page) == ["Ouvrir un potager", "Le jardin"]
    assert [one.text_content() for one in page.tree.xpath("//main//mark")][:2] == ["potager", "potager"]
    assert "2 résultats" in page.words


def test_words_between_quotes_stand_exactly_so(world: World) -> None:
    world.do(lambda s: an_objective(s, world.ours, title="Le potager de la cour"))
    world.do(lambda s: an_objective(s, world.ours, title="Une cour, des potagers"))
    look(world)
    assert len(titles(ask(world, "family", "potager cour"))) == 2
    assert titles(ask(world, "family", "« potager de la cour »")) == ["Le potager de la cour"]
    assert titles(ask(world, "family", '"potagers"')) == ["Une cour, des potagers"]


def test_the_last_word_may_be_unfinished(world: World) -> None:
    world.do(lambda s: an_objective(s, world.ours, title="Éviter l’hospitalisation"))
    look(world)
    for start in ("hos", "hospital", "hospitalisat", "hospitalisation"):
        assert titles(ask(world, "family", start)) == ["Éviter l’hospitalisation"], start
    assert titles(ask(world, "family", "hos éviter")) == []


def test_contributions_and_answers_are_found_under_the_name_of_their_card(world: World) -> None:
    said = world.do(lambda s: a_contribution(s, world.ours, body="Le brochet du vendredi est froid."))
    world.do(lambda s: an_answer(s, world, said, "Le chariot chauffant arrive en mars."))
    look(world)
    page = ask(world, "resident", "brochets")
    assert links(page) == [f"/contributions/{said}"]
    assert "Famille" in titles(page)[0] or "famille" in titles(page)[0]
    answer = ask(world, "resident", "chariot")
    assert links(answer) == [f"/contributions/{said}"]
    assert titles(answer)[0].startswith("Réponse")


def test_documents_are_found_by_the_words_of_their_file(world: World) -> None:
    docx = sent_files.a_docx("Le hangar à vélos sera couvert.")
    world.do(
        lambda s: documents.a_document(
            s, world.ours, title="Plan masse", file=documents.cleaned(docx, FileKind.DOCX)
        )
    )
    far = "mot " * 3000 + "girouette"
    world.do(
        lambda s: documents.a_document(
            s, world.ours, title="Notes", summary="Ce que l’on a noté.", file=documents.cleaned(far.encode())
        )
    )
    look(world)
    assert titles(ask(world, "family", "hangars")) == ["Plan masse"]
    page = ask(world, "family", "girouette")
    assert titles(page) == ["Notes"]
    assert "girouette" in [one.text_content() for one in page.tree.xpath("//main//mark")]


def test_a_document_without_a_sentence_says_its_title_once(world: World) -> None:
    docx = sent_files.a_docx("Plan du jardin. Les hortensias restent.")
    made = documents.cleaned(docx, FileKind.DOCX)
    file = replace(made, words="Plan du jardin\nLes hortensias restent.")
    found = world.do(
        lambda s: documents.a_document(s, world.ours, title="Plan du jardin", summary="", file=file)
    )
    look(world)
    (card,) = ask(world, "family", "jardin").tree.xpath("//main//ol[@class='list-cards']/li")
    assert card.text_content().count("Plan du jardin") == 1
    assert "Les hortensias restent." in card.text_content()
    page = world.client("family").see(f"/contrats/{world.ours.contract_id}/documents/{found}")
    (begins,) = page.tree.xpath("//details[summary[contains(., 'premiers mots')]]")
    assert "Plan du jardin" not in begins.text_content()
    assert "Les hortensias restent." in begins.text_content()


def test_indicators_and_texts_of_the_trame_are_found(world: World) -> None:
    world.do(lambda s: signs(s, world.ours))
    sheet = world.do(lambda s: a_sheet(s, world.ours))
    (indicator,) = world.do(lambda s: follow_indicators(s, world.ours, "absenteisme"))
    look(world)
    contract = f"/contrats/{world.ours.contract_id}"
    assert links(ask(world, "family", "jeudis")) == [f"{contract}/trame#bloc-{sheet['block_id']}"]
    assert f"{contract}/indicateurs/{indicator}" in links(ask(world, "family", "absentéisme"))


def test_one_chooses_where_to_look(world: World) -> None:
    ours = world.ours
    here = world.do(
        lambda s: an_objective(s, ours, title="Le potager ici", places=frozenset({ours.establishment_id}))
    )
    world.do(lambda s: an_objective(s, ours, title="Le potager partout"))
    world.do(lambda s: a_contribution(s, ours, body="Un potager, quelle bonne idée."))
    look(world)
    assert len(titles(ask(world, "family", "potager"))) == 3
    assert len(titles(ask(world, "family", "potager", sur="objectif"))) == 2
    placed = ask(world, "family", "potager", sur="objectif", lieu=ours.establishment_id)
    assert links(placed) == [f"/contrats/{ours.contract_id}/objectifs/{here}"]
    assert "résultat" not in placed.tree.xpath("//h2")[0].text_content(), "by place, words are not counted"
    assert titles(ask(world, "family", "potager", depuis="2020-01-01", **{"jusqu-au": "2020-12-31"})) == []


def test_a_day_that_is_none_is_said_beside_its_field(world: World) -> None:
    page = ask(world, "family", "potager", depuis="hier")
    assert page.tree.xpath("//input[@id='depuis']/@aria-describedby") == ["depuis-erreur"]
    later = ask(world, "family", "potager", depuis="2027-02-01", **{"jusqu-au": "2027-01-01"})
    assert later.tree.xpath("//*[@id='jusqu-au-erreur']")


def test_nothing_found_says_what_to_try_and_no_words_say_where_one_looks(world: World) -> None:
    look(world)
    assert "Essayez un seul mot" in ask(world, "family", "xylophone").words
    assert "Vous pouvez chercher dans les objectifs" in ask(world, "family", "").words
    assert "Aucun résultat" in ask(world, "family", "« de la »").words


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "% _ '; --", "\0", "«", "z" * 5000, "\u202eabc"]
)
def test_what_is_typed_is_shown_and_never_run(world: World, typed: str) -> None:
    look(world)
    page = ask(world, "family", typed)
    assert "<script>alert" not in page.html


def test_pages_follow_one_another_and_ask_no_more_of_more(world: World) -> None:
    def grown(number: int) -> int:
        for place in range(number):
            said = world.do(
                lambda s, place=place: a_contribution(s, world.ours, body=f"Le potager, remarque {place}.")
            )
            if place % 5 == 0:
                world.do(lambda s, said=said: an_answer(s, world, said, "Un potager viendra."))
            world.do(lambda s: an_objective(s, world.ours, title="Le potager"))
        look(world)
        with questions() as seen:
            ask(world, "family", "potager")
        return len(seen)

    few, many = grown(10), grown(50)
    assert many <= few
    found: list[str] = []
    page = ask(world, "family", "potager")
    while True:
        found += links(page)
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        page = world.client("family").see(following[0])
    assert len(found) == 60 + 60 + 12
    assert len([one for one in found if "/objectifs/" in one]) == len(
        {one for one in found if "/objectifs/" in one}
    )


def test_my_contracts_are_looked_through_together(world: World) -> None:
    world.do(lambda s: an_objective(s, world.ours, title="Le potager d’ici"))
    world.do(lambda s: an_objective(s, world.other, title="Le potager de là-bas"))
    look(world)
    page = world.client("family").see("/recherche?q=potager")
    assert titles(page) == ["Le potager d’ici"]
    assert world.client(None).get("/recherche?q=potager").status_code in (302, 303)


def test_a_document_of_a_space_is_found_by_who_reads_the_space(world: World) -> None:
    ours = world.ours
    world.do(
        lambda s: documents.a_document(
            s, ours, documents.place(ours, Subject.SPACE, ours.space_id), title="Le croquis du préau"
        )
    )
    look(world)
    assert titles(ask(world, "family", "préaux")) == ["Le croquis du préau"]


def test_every_page_of_a_contract_leads_to_its_search_and_my_contracts_to_all(world: World) -> None:
    client, here = world.client("resident"), f"/contrats/{world.ours.contract_id}"
    for address in (here, f"{here}/objectifs", f"/espaces/{world.ours.space_id}", f"{here}/recherche"):
        assert client.see(address).tree.xpath(f"//nav//a[@href='{here}/recherche']"), address
    assert client.see("/contrats").tree.xpath("//main//a[@href='/recherche']")
    assert client.see(f"{here}/recherche?q=nuit").tree.xpath("//main//a[@href='/recherche?q=nuit']")


def test_english_pages_say_their_own_words_in_english(world: World) -> None:
    client = world.client("resident")
    client.send("/langue", langue="en")
    look(world)
    here = f"/contrats/{world.ours.contract_id}/recherche"
    assert client.see(f"{here}?q=zorglube").title == "Search"
    assert "No results" in client.see(f"{here}?q=zorglube").words


def test_orientations_are_found_by_both_their_wordings(world: World) -> None:
    director = world.ours["director"].actor
    words = ("Prévenir les ruptures", "Vous gardez vos girouettes.")
    branch = world.do(lambda s: tree.add(s, director, world.ours.contract_id, None, *words))
    look(world)
    there = f"/contrats/{world.ours.contract_id}/objectifs?orientation={branch}"
    assert links(ask(world, "family", "rupture")) == [there]
    assert links(ask(world, "family", "girouette", sur="orientation")) == [there]
    assert titles(ask(world, "family", "girouette", sur="objectif")) == []
    assert "Prévenir les ruptures" in world.client("family").see(there).words
    words = ("Prévenir les départs", "Vous restez chez vous.")
    world.do(lambda s: tree.change(s, director, world.ours.contract_id, branch, *words, 1))
    assert titles(ask(world, "family", "rupture")) == [], "before anything was read again"
    look(world)
    assert titles(ask(world, "family", "départ")) == ["Prévenir les départs"]
    world.do(lambda s: tree.remove(s, director, world.ours.contract_id, branch, 2))
    assert titles(ask(world, "family", "départ")) == []
    look(world)
    assert not world.read(
        lambda s: s.scalars(select(SearchEntry).where(SearchEntry.object_id == branch)).all()
    )


def test_commitments_of_the_contract_before_are_found_but_those_set_aside(world: World) -> None:
    ours, director = world.ours, world.ours["director"].actor
    look(world)
    one = world.do(lambda s: a_commitment(s, director, "Réparer les girouettes"))
    aside = world.do(lambda s: a_commitment(s, director, "Sommaire des girouettes"))
    look(world)
    assert len(titles(ask(world, "family", "girouette"))) == 2
    left = OutcomeTyped("Sommaire des girouettes", Outcome.ASIDE)
    ended = OutcomeTyped("Réparer les girouettes", Outcome.ENDED, "Un couvreur est venu.")
    world.do(lambda s: say_outcome(s, director, ours.contract_id, aside, left, 1))
    for who in ("family", "director"):
        assert titles(ask(world, who, "girouette")) == ["Réparer les girouettes"], "at once"
    world.do(lambda s: say_outcome(s, director, ours.contract_id, one, ended, 1))
    look(world)
    there = f"/contrats/{ours.contract_id}/avant/{one}"
    assert links(ask(world, "family", "couvreurs")) == [there]
    assert links(ask(world, "family", "couvreurs", sur="contrat-d-avant")) == [there]
    assert titles(ask(world, "director", "sommaire")) == []


def test_articles_and_annexes_are_found_before_anybody_wrote_in_them(world: World) -> None:
    ours = world.ours
    contract, preamble = f"/contrats/{ours.contract_id}", block_id("preambule")
    world.do(lambda s: trames.choose(s, ours["director"].actor, ours.contract_id, "ehpad", 0))
    look(world)
    block = next(one for one in models()["ehpad"].blocks if one.id == preamble)
    assert (
        links(ask(world, "family", f"« {block.title} »", sur="trame"))[0]
        == f"{contract}/trame#bloc-{preamble}"
    )
    exact = " ".join(block.plain.rstrip(".").split()[:5])
    assert f"{contract}/trame#bloc-{preamble}" in links(ask(world, "family", exact, sur="trame"))
    assert world.client("family").see(f"{contract}/trame").tree.xpath(f"//*[@id='bloc-{preamble}']")
    world.do(
        lambda s: trames.write(s, ours["director"].actor, ours.contract_id, preamble, "Une girouette.", 0)
    )
    look(world)
    assert links(ask(world, "family", "girouettes")) == [f"{contract}/trame#bloc-{preamble}"]
