"""« Mes contrats suivis »: one's own, in calm words, found, ordered, paged and taken away."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contracts.models import Contract, ContractAuthority
from portal.domain.figures import participation
from portal.domain.figures import portfolio as figures
from portal.domain.organisations.models import Establishment
from portal.domain.participants.models import ParticipantRole
from portal.domain.spaces.models import Space
from portal.kernel import clock
from portal.vocabulary import ContributionKind, Fate
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.portfolio import a_portfolio
from tests.factories.world import a_contribution
from tests.functional.pages.test_queries import questions

HERE = "/suivi"
# Fourteen for the table (each of its columns comes from another noun), four for the frame of every page.
LIMIT = 18


def names(page: Page) -> list[str]:
    """The contracts of the table, in its order."""
    return [
        one.text_content().strip()
        for one in page.tree.xpath("//tbody/tr/th/a[starts-with(@href, '/contrats/')]")
    ]


def all_names(world: World, query: str = "") -> list[str]:
    """The same through every page."""
    client, found, path = world.client("authority"), [], HERE + query
    while path:
        page = client.see(path)
        found += names(page)
        following = page.tree.xpath("//a[@rel='next']/@href")
        path = HERE + following[0] if following else ""
    return found


def book(world: World, query: str = "", name: str = "authority") -> Workbook:
    answer = world.client(name).get(f"{HERE}/tableur{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return load_workbook(BytesIO(answer.data))


def test_one_sees_one_s_own_contracts_and_no_other(world: World) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 3))
    world.do(lambda s: a_portfolio(s, world.other, 2))
    assert sorted(names(world.client("authority").see(HERE))) == [
        "Contrat Tilleuls", "Contrat suivi 00", "Contrat suivi 01", "Contrat suivi 02",
    ]  # fmt: skip
    for name in ("family", "director", "moderator"):
        page = world.client(name).see(HERE)
        assert "Rien à suivre" in page.words
        assert "Contrat" not in " ".join(names(page))
        assert "Contrat " not in world.client(name).see(f"{HERE}/tableur").words
    assert world.client(None).get(HERE).status_code == 302


def test_a_role_that_ended_shows_nothing_more(world: World) -> None:
    def end(session: Session) -> None:
        mine = ParticipantRole.participant_id == world.ours["authority"].id
        for row in session.scalars(select(ParticipantRole).where(mine)):
            row.ended_at = clock.now()

    world.do(end)
    assert "Rien à suivre" in world.client("authority").see(HERE).words


def test_sixty_contracts_come_by_pages_each_once(world: World) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 60))
    for query in ("", "?tri=titre", "?tri=delegation&sens=decroissant"):
        found = all_names(world, query)
        assert len(found) == 61
        assert len(set(found)) == 61


def test_as_many_questions_for_sixty_contracts_as_for_three(world: World) -> None:
    client = world.client("authority")
    counts = []
    for number in (3, 57):
        world.do(lambda s, number=number: a_portfolio(s, world.ours, number))
        for path in (HERE, f"{HERE}/tableur"):
            client.get(path)
            with questions() as seen:
                client.get(path)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= LIMIT


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [("titre", "Contrat suivi 00", "Contrat Tilleuls"), ("debut", "Contrat suivi 00", "Contrat suivi 05")],
)
def test_the_order_is_chosen_and_said(world: World, order: str, first: str, last: str) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 6))
    page = world.client("authority").see(f"{HERE}?tri={order}")
    found = names(page)
    assert found.index(first) < found.index(last)
    (head,) = page.tree.xpath("//th[@aria-sort='ascending']")
    assert "du premier au dernier" in head.text_content()
    turned = world.client("authority").see(HERE + head.xpath(".//a/@href")[0])
    assert names(turned) == found[::-1] or set(names(turned)) == set(found)
    assert names(turned).index(last) < names(turned).index(first)
    assert turned.tree.xpath("//th[@aria-sort='descending']")


def test_the_first_order_is_by_date_and_no_order_is_by_lateness(world: World) -> None:
    page = world.client("authority").see(HERE)
    (head,) = page.tree.xpath("//th[@aria-sort='ascending']")
    assert head.text_content().startswith("Prochaine date")
    engagements = page.tree.xpath("//th[starts-with(., 'Engagements')]")[0]
    assert not engagements.xpath(".//a")
    assert not page.tree.xpath("//tbody//*[contains(@class, 'badge')]")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("etape=lancement", ["Contrat suivi 01"]),
        ("delegation=Délégation Sud", ["Contrat suivi 01", "Contrat suivi 03", "Contrat suivi 05"]),
        ("departement=2A", ["Contrat suivi 02", "Contrat suivi 05"]),
        ("categorie=Résidence autonomie&departement=35", ["Contrat suivi 03"]),
        ("annee=2024", ["Contrat suivi 00"]),
        ("texte=residence 04", ["Contrat suivi 04"]),
        ("texte=990000103", ["Contrat suivi 03"]),
        ("texte=04 residence", ["Contrat suivi 04"]),
        ("texte=association suivi 03", ["Contrat suivi 03"]),
        ("texte=residence introuvable", []),
        ("texte=suivi 99", []),
        ("texte=suivi 0103", ["Contrat suivi 03"]),
        ("texte=rien de tel", []),
        ("etape=inconnue&annee=2025", ["Contrat suivi 04"]),
    ],
)
def test_the_list_is_filtered(world: World, query: str, found: list[str]) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 6))
    page = world.client("authority").see(f"{HERE}?tri=titre&{query}")
    assert names(page) == found
    assert f"{len(found)} contrat" in page.words
    if not found:
        assert "Aucun contrat ne correspond" in page.words


def test_what_is_said_is_folded_as_everywhere(world: World) -> None:
    house = world.ours
    for number in range(4):
        world.do(lambda s, number=number: a_contribution(s, house, f"family_{number}", f"Mot {number}."))
    assert "4 contributions, moins de 5 personnes" in world.client("authority").see(HERE).words
    world.do(lambda s: a_contribution(s, house, "resident", "Un de plus."))
    world.do(lambda s: a_contribution(s, house, "board", "Le conseil.", kind=ContributionKind.QUESTION))
    assert "6 contributions, au moins 5 personnes" in world.client("authority").see(HERE).words
    scope = participation.Scope(house.contract_id)
    said = world.read(lambda s: figures.said(s, [house.contract_id]))[house.contract_id]
    assert said.persons == world.read(lambda s: participation.told(s, scope).contributors).total
    assert said.contributions == world.read(lambda s: participation.told(s, scope).contributions).total


def test_a_promise_with_nothing_left_to_answer_is_not_a_date_to_come(world: World) -> None:
    house = world.ours
    said = world.do(lambda s: a_contribution(s, house, "board", "Pourquoi ?", kind=ContributionKind.QUESTION))
    assert "réponse promise" in world.client("authority").see(HERE).words
    answer = NewAnswer("Parce que la cuisine ferme à 19 h.", Fate.NOT_KEPT)
    world.do(lambda s: answers.give(s, house["director"].actor, said, answer))
    read = world.client("authority").see(HERE).words
    assert "à jour" in read
    assert "réponse promise" not in read


def test_the_spreadsheet_says_what_the_screen_says(world: World) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 6))
    world.do(lambda s: a_contribution(s, world.ours))
    query = "?tri=titre&sens=decroissant"
    first, second = book(world, query).worksheets
    assert first.freeze_panes == "B2"
    rows = list(first.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == all_names(world, query)
    head = [cell.value for cell in first[1]]
    assert isinstance(rows[0][head.index("Début")], datetime)
    assert isinstance(rows[0][head.index("Fin")], datetime)
    page = world.client("authority").see(f"{HERE}{query}")
    for row, told in zip(
        rows, page.tree.xpath("//table[contains(@class, 'table--stack')]/tbody/tr"), strict=True
    ):
        words = " ".join(told.text_content().replace("\N{NO-BREAK SPACE}", " ").split())
        assert row[head.index("Étape")] in words
        assert row[head.index("Engagements")] in words
        number = row[head.index("Contributions publiées")]
        assert f"{number} contribution" in words if number else "personne n’a encore écrit" in words
    sites = list(second.iter_rows(min_row=2, values_only=True))
    assert (
        "Contrat suivi 03",
        "990000103",
        "Résidence 03",
        "990000203",
        "Résidence autonomie",
        "35",
        60,
    ) in sites


@pytest.mark.parametrize("typed", ["=1+1", "+33 2", "-2", "@SUM(A1)", "http://exemple.fr", '=HYPERLINK("x")'])
def test_words_are_never_formulas(world: World, typed: str) -> None:
    def disguise(session: Session) -> None:
        session.get_one(Contract, world.ours.contract_id).title = typed
        session.get_one(Establishment, world.ours.establishment_id).name = typed

    world.do(disguise)
    for sheet in book(world).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert not [cell for cell in cells if cell.hyperlink]
        assert any(cell.value == typed and cell.data_type == "s" for cell in cells)


def test_contracts_signed_are_told_in_words_then_in_tables(world: World) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 6))
    words = world.client("authority").see(HERE).words
    assert "1 contrat signé en 2024 et 1 contrat signé en 2025." in words
    assert "Par département" in words


def test_the_authority_writes_who_follows_and_members_read_it(world: World) -> None:
    made = world.do(lambda s: a_portfolio(s, world.ours, 1))
    contract_id, authority_id = made.contract_ids[0], made.authority_ids[0]
    client, path = world.client("authority"), f"/contrats/{made.contract_ids[0]}/referent"
    form = client.see(path).form()
    form.pop("csrf_token")
    sent = client.send(path, **form | {"function": "Chargée de CPOM", "contact": "01 99 00 00 10"})
    assert sent.status_code == 303
    assert "C’est enregistré" in client.see(sent.location).words
    assert "Suivi par : Chargée de CPOM, 01 99 00 00 10" in client.see(f"/contrats/{contract_id}").words
    assert "suivi par : Chargée de CPOM (01 99 00 00 10)" in client.see(HERE).words
    stale = client.send(path, **form | {"function": "Autre", "op_id": "y" * 26})
    assert stale.status_code == 409
    again = client.see(path).form()
    again.pop("csrf_token")
    assert client.send(path, **again | {"function": "", "contact": "01 99"}).status_code == 422
    row = world.read(lambda s: s.get_one(ContractAuthority, (contract_id, authority_id)))
    assert (row.referent_function, row.version) == ("Chargée de CPOM", 2)
    foreign = {"autorite": "a" * 26, "version": "1", "function": "X", "op_id": "z" * 26}
    assert client.send(path, **foreign).status_code == 409


def test_a_director_does_not_write_it_for_the_authority(world: World) -> None:
    assert world.client("director").get(f"/contrats/{world.ours.contract_id}/referent").status_code == 403


def test_what_to_look_at_comes_first(world: World) -> None:
    def near(session: Session) -> None:
        session.get_one(Space, world.ours.space_id).ends_at = clock.now() + timedelta(days=3)

    world.do(near)
    page = world.client("authority").see(HERE)
    first = page.tree.xpath("//section")[0].text_content()
    assert "À regarder cette semaine" in first
    assert "Un espace d’échange se termine le" in first


def test_the_page_and_the_file_speak_english_too(world: World) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 6))
    client = world.client("authority")
    client.send("/langue", langue="en")
    page = client.see(HERE)
    assert page.tree.get("lang") == "en"
    for words in ("Contracts I follow", "To look at this week", "nobody has written yet", "nothing awaited"):
        assert words in page.words
    found = load_workbook(BytesIO(client.get(f"{HERE}/tableur").data))
    assert found.sheetnames == ["Contracts", "Establishments"]
    assert "Who follows this contract" in client.see(f"/contrats/{world.ours.contract_id}/referent").words


def test_with_nothing_to_take_away_the_page_and_the_address_say_so(world: World) -> None:
    family, agent = world.client("family"), world.client("authority")
    world.do(lambda s: a_portfolio(s, world.ours, 1))
    page = family.see(HERE)
    assert "pas de liste à emporter" in page.words
    assert not page.tree.xpath("//a[contains(@href, 'tableur')]")
    nothing = family.see(f"{HERE}/tableur")
    assert nothing.title == "Il n’y a rien à emporter"
    assert "suivent des contrats pour une autorité" in nothing.words
    narrow = agent.see(f"{HERE}/tableur?texte=introuvable")
    assert "Aucun contrat ne correspond" in narrow.words
    assert narrow.tree.xpath(f"//main//a[@href='{HERE}']")
    assert "Contrat suivi 00" in names(agent.see(HERE))
    assert agent.get(f"{HERE}/tableur").mimetype.endswith("sheet")


@pytest.mark.parametrize(
    "typed", ["99 00001 04", "990 000 104", "99\u00a0000\u00a0020\u00a04", " 990000204 "]
)
def test_a_finess_number_is_found_however_it_is_spaced(world: World, typed: str) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 6))
    assert all_names(world, "?" + urlencode({"texte": typed})) == ["Contrat suivi 04"]
