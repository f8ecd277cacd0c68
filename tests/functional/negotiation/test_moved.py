"""A proposal whose words of the contract moved since: the point says so, nobody agrees, the next one starts from those of now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.negotiation.models import Negotiation
from portal.domain.texts import service as texts
from portal.domain.texts.service import NewWords
from portal.kernel import clock
from portal.vocabulary import Register
from tests.factories.pages import Page
from tests.functional.negotiation.conftest import NEW, REASON, Table

SINCE = "Le dîner vient à dix-huit heures, depuis peu."


@pytest.fixture
def point(opened: Table) -> str:
    """A proposal that its own party alone agrees to."""
    number = opened.point()
    opened.propose(number)
    return number


def move_on(table: Table) -> None:
    command = NewWords(f"{SINCE}\n\nSecond paragraphe clair de Tilleuls.", 1)
    director = table.actor("director")
    table.world.do(lambda s: texts.revise(s, director, table.id, table.item, Register.PLAIN, command))


def test_the_point_says_that_the_contract_changed_with_both_states(opened: Table, point: str) -> None:
    url = f"{opened.here}/points/{point}"
    client = opened.world.client("authority")
    assert "Le contrat a changé depuis" not in client.see(url).words
    move_on(opened)
    page = client.see(url)
    assert "Le contrat a changé depuis cette proposition" in page.words
    assert "Quand la proposition a été écrite : Premier paragraphe clair 1 de Tilleuls." in page.words
    assert f"Aujourd’hui : {SINCE}" in page.words
    assert not page.tree.xpath("//form[contains(@action, '/accord')]")


def test_nobody_agrees_to_words_for_an_older_text(opened: Table, point: str) -> None:
    url = f"{opened.here}/points/{point}"
    client = opened.world.client("authority")
    form = client.see(url).form(f"{url}/accord")
    move_on(opened)
    late = client.post(f"{url}/accord", data=form)
    assert late.status_code == 409
    assert "ont changé depuis cette proposition" in Page(late).words
    assert SINCE in Page(late).words
    assert "N’a pas encore donné son accord : ARS du Val" in client.see(url).words
    # Its own party may still take back what it had agreed to.
    director = opened.world.client("director")
    back = director.see(url).form(f"{url}/accord")
    assert director.post(f"{url}/accord", data=back).status_code == 303


def test_a_new_proposal_starts_from_the_words_of_now(opened: Table, point: str) -> None:
    url = f"{opened.here}/points/{point}"
    client = opened.world.client("authority")
    before = client.see(f"{url}/mots").form(f"{url}/mots")
    assert before["clair"].strip() == NEW
    move_on(opened)
    page = client.see(f"{url}/mots")
    form = page.form(f"{url}/mots")
    assert form["clair"].strip() == SINCE
    assert f"Ce qui était proposé : {NEW}" in page.words
    again = form | {"clair": "Le dîner vient à dix-neuf heures.", "reason": REASON}
    assert client.post(f"{url}/mots", data=again).status_code == 303
    director = opened.world.client("director")
    page = director.see(url)
    assert "Le contrat a changé depuis" not in page.words
    yes = page.form(f"{url}/accord")
    assert director.post(f"{url}/accord", data=yes).status_code == 303


def test_words_that_move_while_somebody_writes_a_proposal_are_not_written_over(
    opened: Table, point: str
) -> None:
    url = f"{opened.here}/points/{point}/mots"
    client = opened.world.client("authority")
    form = client.see(url).form(url) | {"clair": "Le dîner vient à dix-neuf heures.", "reason": REASON}
    move_on(opened)
    late = client.post(url, data=form)
    assert late.status_code == 409
    page = Page(late)
    assert "ont changé pendant que vous écriviez" in page.words
    assert SINCE in page.words
    again = page.form(url)
    assert again["clair"].strip() == "Le dîner vient à dix-neuf heures."
    assert client.post(url, data=again).status_code == 303


@pytest.mark.parametrize(("days", "told"), [(0, "Négociation le "), (2, "Négociation du ")])
def test_a_negotiation_of_one_day_names_it_once(opened: Table, days: int, told: str) -> None:
    def close(session) -> None:  # type: ignore[no-untyped-def]
        row = session.query(Negotiation).one()
        row.opened_at = clock.now() - timedelta(days=days)
        row.closed_at, row.closed_by, row.outcome = clock.now(), row.opened_by, "Rien ne change."
        row.closed_function = "la direction"

    opened.world.do(close)
    for address in (opened.here, f"/contrats/{opened.id}/construction"):
        assert told in opened.world.client("family").see(address).words
