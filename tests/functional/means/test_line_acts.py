"""What is asked before a line of money is taken away or brought back, and what is said when somebody was first."""

from __future__ import annotations

from typing import Any

import pytest
from lxml.html import document_fromstring

from portal.domain.contracts.models import Contract
from portal.kernel import clock
from portal.vocabulary import Stage
from tests.conftest import World
from tests.factories.means import LABEL, WHY, a_line, steady
from tests.factories.pages import CheckedClient


@pytest.fixture
def line(world: World) -> str:
    """A line that was written anew once, then signed with the contract; its address."""
    one = world.do(lambda s: a_line(s, world.ours))
    path = f"/contrats/{world.ours.contract_id}/moyens/lignes/{one}"
    director = world.client("director")
    change = f"{path}/changer"
    form = director.see(change).form(change) | {"label": "Un seul poste"}
    assert director.post(change, data=form).status_code == 303

    def sign(session: Any) -> None:
        session.get_one(Contract, world.ours.contract_id).stage = Stage.EXECUTION

    world.do(sign)
    return path


def form_of(client: CheckedClient, path: str) -> dict[str, str]:
    return client.see(path).form(f"{path}/retirer")


@pytest.mark.parametrize(("verb", "more"), [("retirer", {}), ("revenir", {"number": "1"})])
def test_once_signed_a_reason_is_asked_beside_its_field(
    world: World, line: str, verb: str, more: dict[str, str]
) -> None:
    director = world.client("director")
    form = form_of(director, line) | more
    asked = director.post(f"{line}/{verb}", data=form)
    assert asked.status_code == 422
    assert 'id="reason-erreur"' in asked.text
    assert "<details open" in asked.text.replace('class="no-print" open', "open")
    assert director.see(line).title == "Un seul poste"
    form = form_of(director, line) | more | {"reason": WHY}
    assert director.post(f"{line}/{verb}", data=form).status_code == 303
    assert WHY in director.see(line).words


def test_what_was_wrong_is_kept_and_the_second_one_learns_of_the_first(world: World, line: str) -> None:
    director, deputy = world.client("director"), world.client("deputy")
    mine, theirs = form_of(director, line), form_of(deputy, line)
    sent = deputy.post(f"{line}/revenir", data=theirs | {"number": "1", "reason": WHY})
    assert sent.status_code == 303
    late = director.post(f"{line}/retirer", data=mine | {"reason": "Ma raison à moi."})
    assert late.status_code == 409
    assert LABEL in late.text
    assert "Quelqu’un vient de changer cette ligne d’argent" in late.text
    assert "Ma raison à moi." in late.text
    again = director.post(f"{line}/revenir", data=form_of(director, line) | {"number": "9", "reason": WHY})
    assert again.status_code == 404


def test_a_line_taken_away_says_so_and_is_not_written(world: World, line: str) -> None:
    director = world.client("director")
    sent = director.post(f"{line}/retirer", data=form_of(director, line) | {"reason": WHY})
    assert sent.status_code == 303
    page = director.see(line)
    assert "elle ne compte plus" in page.words
    assert f"{line}/changer" not in page.html
    form = page.form(f"{line}/remettre")
    change = director.see(f"{line}/changer").form(f"{line}/changer")
    late = director.post(f"{line}/changer", data=change | {"label": "Autre", "reason": WHY})
    assert late.status_code == 409
    assert "Remettez-la d’abord" in late.text
    assert director.post(f"{line}/remettre", data=form).status_code == 303
    assert director.post(f"{line}/remettre", data=form).status_code == 303, "sent twice, it acts once"


def test_the_first_day_of_a_contract_says_what_to_do_next(world: World) -> None:
    here = f"/contrats/{world.ours.contract_id}/moyens"
    assert "Choisissez un objectif dans la liste" in world.client("director").see(here).words
    assert "vous le lirez ici" in world.client("family").see(here).words
    world.do(lambda s: a_line(s, world.ours, planned=steady(5)))
    assert "Choisissez un objectif dans la liste" not in world.client("director").see(here).words


def spend(world: World, client: CheckedClient, path: str, **more: str) -> Any:
    """What somebody sends as spent this year, 1 000 € being given."""
    year = clock.today().year
    typed = {f"v-given-{year}": "1 000"} | {
        name.replace("_now", f"-{year}"): said for name, said in more.items()
    }
    return client.post(path, data=client.see(path).form(path) | typed)


def begun(world: World) -> str:
    """A line of a contract that runs since last year; the address of its follow-up."""
    year = clock.today().year

    def do(session: Any) -> None:
        row = session.get_one(Contract, world.ours.contract_id)
        row.starts_on, row.ends_on = row.starts_on.replace(year=year - 1), row.ends_on.replace(year=year + 3)

    world.do(do)
    one = world.do(lambda s: a_line(s, world.ours, planned={year: "1 000"}))
    return f"/contrats/{world.ours.contract_id}/moyens/lignes/{one}/suivi"


def test_more_spent_than_given_is_asked_about_and_kept_once_it_is_told_right(world: World) -> None:
    director, path = world.client("director"), begun(world)
    asked = spend(world, director, path, **{"v-spent_now": "999 999"})
    words = asked.text.replace("\u00a0", " ")
    assert asked.status_code == 422
    assert "999 999 € dépensés pour 1 000 € donnés" in words
    assert "Est-ce bien la somme ?" in words
    assert spend(world, director, path, **{"v-spent_now": "999 999", "beyond": "y"}).status_code == 303
    # What was told right is not asked about again, nor what was given last year.
    last = {f"v-given-{clock.today().year - 1}": "500"}
    assert spend(world, director, path, **last).status_code == 303
    assert spend(world, director, path, **{"v-spent_now": "1 000"}).status_code == 303


def test_an_amount_that_is_too_great_says_so(world: World) -> None:
    director, path = world.client("director"), begun(world)
    asked = spend(world, director, path, **{"v-spent_now": "99999999999999999999"})
    assert asked.status_code == 422
    assert "C’est trop grand" in asked.text
    assert "Écrivez un nombre entier" not in asked.text


def test_the_summary_of_what_is_missing_names_each_field(world: World) -> None:
    director, here = world.client("director"), f"/contrats/{world.ours.contract_id}/moyens"
    path = f"{here}/reaffectations/ajouter"
    asked = director.post(path, data=director.see(path).form(path) | {"clause": "", "decided_by": " "})
    assert asked.status_code == 422
    told = [one.text_content().replace("\u00a0", " ") for one in summary(asked.text)]
    assert "Écrivez quelques mots dans « Quelle partie du contrat le permet ? »." in told
    assert "Écrivez quelques mots dans « Qui l’a décidé ? »." in told
    add = f"{here}/objectifs/{world.ours.objectives[0]}/ajouter"
    asked = director.post(add, data=director.see(add).form(add) | {"label": ""})
    told = [one.text_content().replace("\u00a0", " ") for one in summary(asked.text)]
    assert "Écrivez quelques mots dans « Ce que cet argent paie »." in told


def summary(html: str) -> list[Any]:
    """The lines of the summary of errors."""
    found: list[Any] = document_fromstring(html).xpath("//div[@data-error-summary]//a")
    return found
