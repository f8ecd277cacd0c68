"""Sending words: at the level recorded, once, with a confirmation that says what is next."""

from __future__ import annotations

from lxml import html as lxml_html
from sqlalchemy import func, select

from portal.domain.contributions.models import Contribution
from portal.domain.texts import service as texts
from portal.domain.texts.service import NewWords
from portal.vocabulary import ContributionKind, Group, Level, ModerationMode, Register
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.world import a_contribution, a_level, a_space


def item(world: World, number: int = 0) -> str:
    return f"/espaces/{world.ours.space_id}/sujets/{world.ours.items[number]}"


def stored(world: World) -> int:
    return world.read(lambda s: s.scalar(select(func.count()).select_from(Contribution)) or 0)


def test_a_resident_sends_a_word_and_reads_what_happens_next(world: World) -> None:
    resident = world.client("resident")
    form = resident.see(item(world)).form(f"{item(world)}/contribuer#votre-avis")
    answer = resident.post(
        f"{item(world)}/contribuer", data=form | {"body": "Une soupe à 21 h, ce serait bien."}
    )
    assert answer.status_code == 303
    page = resident.see(answer.headers["Location"])
    assert "une réponse de la direction avant le" in page.words
    promised = page.words.partition("une réponse de la direction avant le ")[2].split(".")[0]
    assert f"avant le {promised}." in resident.see("/contrats").words, "one promise, one date"
    assert "Les groupes de cet espace peuvent le lire" in page.words
    seen = world.client("family").see(item(world))
    assert "Une soupe à 21 h, ce serait bien." in seen.words
    assert "Resident Tilleuls" not in seen.words


def test_the_same_form_sent_twice_is_one_contribution(world: World) -> None:
    resident = world.client("resident")
    form = resident.see(item(world)).form(f"{item(world)}/contribuer#votre-avis") | {"body": "Un mot."}
    first = resident.post(f"{item(world)}/contribuer", data=form)
    second = resident.post(f"{item(world)}/contribuer", data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert stored(world) == 1


def test_another_text_under_the_same_id_asks_before_sending(world: World) -> None:
    resident = world.client("resident")
    form = resident.see(item(world)).form(f"{item(world)}/contribuer#votre-avis")
    resident.post(f"{item(world)}/contribuer", data=form | {"body": "Un mot."})
    answer = resident.post(f"{item(world)}/contribuer", data=form | {"body": "Un autre mot."})
    assert answer.status_code == 409
    page = Page(answer)
    assert page.title == "Votre premier message a déjà été envoyé"
    again = page.form()
    assert again["body"] == "Un autre mot."
    assert again["op_id"] != form["op_id"]
    assert resident.post(f"{item(world)}/contribuer", data=again).status_code == 303
    assert stored(world) == 2


def test_an_empty_text_is_refused_beside_the_field_and_at_the_top(world: World) -> None:
    resident = world.client("resident")
    answer = resident.send(f"{item(world)}/contribuer", body="  ", kind="comment", op_id="a" * 26)
    assert answer.status_code == 422
    page = Page(answer)
    assert page.tree.xpath("//*[@data-error-summary]//a[@href='#body']")
    assert page.words.count("Écrivez quelques mots avant d’envoyer.") == 2
    assert stored(world) == 0


def test_a_text_too_long_is_kept_on_the_page(world: World) -> None:
    long = "mot " * 1300
    answer = world.client("resident").send(
        f"{item(world)}/contribuer", body=long, kind="comment", op_id="b" * 26
    )
    assert answer.status_code == 422
    kept = (
        lxml_html.document_fromstring(answer.get_data(as_text=True)).xpath("//textarea[@name='body']")[0].text
    )
    assert kept.strip() == long.strip()


def test_the_level_decides_what_may_be_sent(world: World) -> None:
    board = world.client("board")
    path = f"{item(world)}/contribuer"
    assert board.send(path, body="Pourquoi ?", kind="question", op_id="c" * 26).status_code == 303
    refused = board.send(path, body="Mon avis.", kind="comment", op_id="d" * 26)
    assert refused.status_code == 403
    words = Page(refused).words
    assert "conseil d’administration" in words
    assert "La direction" in words
    world.do(lambda s: a_level(s, world.ours, Group.BOARD, Level.CONSULTATION))
    assert board.send(path, body="Mon avis.", kind="comment", op_id="e" * 26).status_code == 303


def test_a_proposal_needs_its_reason(world: World) -> None:
    family = world.client("family")
    path = f"{item(world)}/contribuer?seul=1"
    words = {"body": "Le dîner est servi à 19 h.", "kind": "proposal"}
    without = family.send(path, op_id="f" * 26, **words)
    assert without.status_code == 422
    assert "Dites pourquoi vous proposez ces mots." in Page(without).words
    assert family.send(path, op_id="g" * 26, reason="On a faim la nuit.", **words).status_code == 303


def test_a_word_on_a_passage_keeps_its_quote(world: World) -> None:
    family = world.client("family")
    passage = family.see(item(world)).tree.xpath("//a[contains(@href, 'passage=')]/@href")[0]
    form = family.see(passage).form(f"{item(world)}/contribuer?seul=1")
    answer = family.post(f"{item(world)}/contribuer?seul=1", data=form | {"body": "Je suis d’accord."})
    assert answer.status_code == 303
    row = world.read(lambda s: s.scalars(select(Contribution)).one())
    assert (row.anchor_version, row.anchor_quote) == (1, "Premier paragraphe clair 1 de Tilleuls.")
    assert "« Premier paragraphe clair 1 de Tilleuls. »" in world.client("resident").see(item(world)).words


def test_a_reply_is_for_those_in_concertation(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "resident"))
    path = f"/contributions/{sent}/repondre"
    assert world.client("resident_0").send(path, body="Moi aussi.", op_id="h" * 26).status_code == 403
    assert world.client("family").send(path, body="Je comprends.", op_id="i" * 26).status_code == 303
    assert "Je comprends." in world.client("board").see(item(world)).words


def test_moderation_before_publication_keeps_words_from_readers(world: World) -> None:
    space = world.do(lambda s: a_space(s, world.ours, moderation=ModerationMode.BEFORE))
    path = f"/espaces/{space}/sujets/{world.ours.items[0]}"
    author = world.client("resident")
    answer = author.send(f"{path}/contribuer", body="Mot à relire.", kind="comment", op_id="j" * 26)
    assert "La direction relit votre texte" in author.see(answer.headers["Location"]).words
    assert "Mot à relire." in author.see(path).words
    assert "Mot à relire." not in world.client("family").see(path).words
    assert "Mot à relire." in world.client("director").see(path).words


def test_by_name_only_when_asked(world: World) -> None:
    fields = {"body": "Je signe.", "kind": "comment", "display": "name"}
    sent = world.client("family").send(f"{item(world)}/contribuer", op_id="k" * 26, **fields)
    assert sent.status_code == 303
    assert "Family Tilleuls · Famille ou proche" in world.client("resident").see(item(world)).words


def test_a_question_is_always_answerable(world: World) -> None:
    sent = world.do(lambda s: a_contribution(s, world.ours, "board", kind=ContributionKind.QUESTION))
    assert world.client("director").get(f"/contributions/{sent}/reponse").status_code == 200


def test_a_passage_is_quoted_as_its_author_read_it(world: World) -> None:
    family, director = world.client("family"), world.ours["director"].actor
    passage = family.see(item(world)).tree.xpath("//a[contains(@href, 'passage=')]/@href")[0]
    form = family.see(passage).form(f"{item(world)}/contribuer?seul=1")
    new = NewWords("Un texte tout autre.\n\nEt sa suite.", 1)
    world.do(
        lambda s: texts.revise(s, director, world.ours.contract_id, world.ours.items[0], Register.PLAIN, new)
    )
    answer = family.post(f"{item(world)}/contribuer?seul=1", data=form | {"body": "Je parle de ces mots."})
    assert answer.status_code == 303
    row = world.read(lambda s: s.scalars(select(Contribution)).one())
    assert (row.anchor_version, row.anchor_quote) == (1, "Premier paragraphe clair 1 de Tilleuls.")
