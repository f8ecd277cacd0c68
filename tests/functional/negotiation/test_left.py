"""Words that parties agreed and that somebody changes since: told before, owed a reason, shown, and signatories hear of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.journal.models import JournalLine
from portal.domain.negotiation import queries, wording
from portal.domain.negotiation.models import Piece
from portal.domain.negotiation.wording import Typed
from portal.domain.texts.negotiated_models import NegotiatedChange
from portal.domain.trames import queries as trames
from portal.domain.trames import service as blocks
from tests.factories.notices import follow, told
from tests.factories.pages import Page
from tests.functional.negotiation.conftest import NEW, REASON, Table

WHY = "La cuisine ne le peut pas avant l’été."


@pytest.fixture
def agreed(opened: Table) -> Table:
    """The first paragraph of the plain text says what both parties agreed."""
    # Somebody wrote before: the words of before are a version that can be brought back.
    write(opened, "Premier paragraphe clair 1 de Tilleuls.\n\nLe second, récrit.", "Plus simple à lire.")
    point = opened.point()
    opened.propose(point)
    opened.agree(point)
    opened.apply(point)
    return opened


def text_url(table: Table) -> str:
    return f"/contrats/{table.id}/sujets/{table.item}/texte/clair"


def write(table: Table, source: str, reason: str = "", who: str = "director") -> Page:
    client = table.world.client(who)
    form = client.see(text_url(table)).form() | {"source": source, "reason": reason}
    sent = client.post(text_url(table), data=form)
    assert sent.status_code in (303, 422)
    return Page(sent)


def pages(table: Table) -> list[str]:
    """Where everybody reads the words."""
    return [
        f"/contrats/{table.id}/diagnostic/constats/{table.item}",
        f"/contrats/{table.id}/textes-simples/{table.item}",
        f"/espaces/{table.world.ours.space_id}/sujets/{table.item}",
        table.here,
    ]


def lines(table: Table) -> list[str]:
    query = select(JournalLine.kind).where(JournalLine.contract_id == table.id)
    return list(table.world.read(lambda s: s.scalars(query).all()))


def test_an_edit_over_agreed_words_is_told_before_and_owes_a_reason(agreed: Table) -> None:
    form = agreed.world.client("director").see(text_url(agreed))
    assert "Des mots d’ici ont été convenus en négociation" in form.words
    assert "Association Tilleuls" in form.words
    assert REASON in form.words
    silent = write(agreed, "Le dîner est servi tôt.\n\nLe second, récrit.")
    assert "Dites pourquoi ils changent" in silent.words
    assert silent.tree.xpath("//*[@id='reason-erreur']")
    short = write(agreed, "Le dîner est servi tôt.\n\nLe second, récrit.", "test A")
    assert short.tree.xpath("//*[@id='reason-erreur']")
    assert "negotiated_words_changed" not in lines(agreed)


def test_an_edit_over_agreed_words_shows_everywhere_and_signatories_hear_of_it(agreed: Table) -> None:
    world = agreed.world
    write(agreed, "Le dîner est servi tôt.\n\nLe second, récrit.", WHY)
    for address in pages(agreed):
        page = world.client("family").see(address)
        assert "changé depuis par la direction" in page.words, address
        assert WHY in page.words, address
        assert "Modifié en négociation, le" not in page.words, address
        (link,) = page.tree.xpath("//main//a[contains(., 'Comparer avec les mots convenus')]/@href")
        compared = world.client("family").see(link)
        assert NEW.split()[-1] in " ".join(compared.tree.xpath("//del/text()")), link
    assert (
        "Changé depuis par la direction"
        in world.client("family").see(f"/contrats/{agreed.id}/construction").words
    )
    assert "negotiated_words_changed" in lines(agreed)
    assert "Des mots convenus en négociation ont été changés depuis" in (
        world.client("family").see(f"/contrats/{agreed.id}/registre").words
    )
    follow(world)
    heard = {who for who, kind in told(world) if kind == "AGREED_CHANGED"}
    assert heard == {"deputy", "second_director", "authority"}
    assert "ont été changés depuis" in world.client("authority").see("/notifications").words


def test_what_changes_beside_agreed_words_changes_nothing_of_them(agreed: Table) -> None:
    write(agreed, f"{NEW.replace(' ', '  ')}\n\nLe second, encore récrit.")
    page = agreed.world.client("family").see(pages(agreed)[0])
    assert "Modifié en négociation, le" in page.words
    assert "negotiated_words_changed" not in lines(agreed)


def test_a_return_says_what_it_undoes_before_it_does(agreed: Table) -> None:
    world, kept = agreed.world, f"/contrats/{agreed.id}/versions/constat/{agreed.item}"
    client = world.client("director")
    first = client.see(kept).tree.xpath("//a[contains(@href, '/reprendre')]/@href")[0]
    asked = client.see(first)
    assert "Ce retour défait des mots convenus en négociation" in asked.words
    for words in ("Association Tilleuls", "ARS du Val", REASON, NEW):
        assert words in asked.words
    form = asked.form(f"{kept}/reprendre") | {"reason": WHY}
    assert client.post(f"{kept}/reprendre", data=form).status_code == 303
    page = world.client("family").see(pages(agreed)[0])
    assert "changé depuis par la direction" in page.words
    assert "Modifié en négociation, le" not in page.words
    assert "negotiated_words_changed" in lines(agreed)
    # The words agreed, brought back: they are those of the parties again.
    last = client.see(kept).tree.xpath("//a[contains(@href, '/reprendre')]/@href")[0]
    back = client.see(last)
    assert "Ce retour défait" not in back.words
    form = back.form(f"{kept}/reprendre") | {"reason": "Ce qui était convenu tient."}
    assert client.post(f"{kept}/reprendre", data=form).status_code == 303
    assert "Modifié en négociation, le" in world.client("family").see(pages(agreed)[0]).words


def test_other_words_agreed_at_the_same_place_settle_it(agreed: Table) -> None:
    write(agreed, "Le dîner est servi tôt.\n\nLe second, récrit.", WHY)
    point = agreed.point("Encore le dîner")
    agreed.propose(point, "Le dîner est servi à dix-huit heures trente.")
    agreed.agree(point)
    agreed.apply(point)
    page = agreed.world.client("family").see(pages(agreed)[0])
    assert "Modifié en négociation, le" in page.words
    assert "changé depuis par" not in page.words


def test_a_block_of_the_trame_says_it_too(opened: Table) -> None:
    world, director = opened.world, opened.actor("director")
    world.do(lambda s: blocks.choose(s, director, opened.id, "ehpad", 0))
    chosen = world.read(lambda s: trames.chosen(s, opened.id))
    assert chosen is not None
    block = next(one.id for one in chosen.blocks if one.kind.name == "ARTICLE")
    world.do(lambda s: blocks.write(s, director, opened.id, block, "Le contrat dure quatre ans.", 0))
    point = opened.point("La durée", f"bloc:{block}")
    typed = Typed({Piece.BLOCK: (block, "Le contrat dure cinq ans.")}, REASON)
    world.do(lambda s: wording.propose(s, director, opened.id, point, typed, 0))
    opened.agree(point)
    opened.apply(point)
    client, url = world.client("director"), f"/contrats/{opened.id}/trame/blocs/{block}"
    page = client.see(url)
    assert "Des mots d’ici ont été convenus en négociation" in page.words
    sent = page.form(url) | {"source": "Le contrat dure six ans."}
    silent = client.post(url, data=sent)
    assert silent.status_code == 422
    assert client.post(url, data=Page(silent).form(url) | {"reason": WHY}).status_code == 303
    shown = world.client("family").see(f"/contrats/{opened.id}/trame")
    assert "changé depuis par la direction" in shown.words
    assert "Modifié en négociation, le" not in shown.words
    assert "negotiated_words_changed" in lines(opened)
    (link,) = shown.tree.xpath("//main//a[contains(., 'Comparer avec les mots convenus')]/@href")
    assert "cinq" in " ".join(world.client("family").see(link).tree.xpath("//del/text()"))
    found, _more = world.read(lambda s: queries.changes(s, opened.id))
    assert found[0].left is not None


def agree_again(table: Table, words: str) -> None:
    point = table.point("La suite")
    table.propose(point, words)
    table.agree(point)
    table.apply(point)


def changes(table: Table) -> list[NegotiatedChange]:
    query = select(NegotiatedChange).order_by(NegotiatedChange.version)
    return list(table.world.read(lambda s: s.scalars(query).all()))


def test_words_agreed_anew_are_not_those_of_before_again(agreed: Table) -> None:
    """The second agreement says the words of the first, and more."""
    agree_again(agreed, f"{NEW}\n\nLe dessert vient après.")
    write(agreed, f"{NEW}\n\nLe dessert vient après.\n\nLe second, encore récrit.")
    first, second = changes(agreed)
    assert (first.left_version is None, second.left_version is None) == (False, True)
    write(agreed, f"{NEW}\n\nLe second, encore récrit.", WHY)
    page = agreed.world.client("family").see(pages(agreed)[0])
    assert "Modifié en négociation, le" not in page.words
    assert "changé depuis par la direction" in page.words


def test_who_changed_agreed_words_is_still_told_once_others_are_agreed(agreed: Table) -> None:
    write(agreed, "Le dîner est servi tôt.\n\nLe second, récrit.", WHY)
    agree_again(agreed, "Le dîner est servi à vingt heures.")
    first, _second = changes(agreed)
    assert (first.left_by, first.left_reason) == ("la direction", WHY)
    assert WHY in agreed.world.client("family").see(agreed.here).words
