"""The negotiation on its pages: each form as a signatory meets it, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.domain.negotiation import queries, service
from portal.domain.negotiation.models import NegotiatedChange, Piece
from portal.kernel import clock
from portal.vocabulary import Stage
from tests.factories.means import some_means
from tests.factories.objectives import some_aims
from tests.factories.pages import Page
from tests.functional.negotiation.conftest import NEW, REASON, Table
from tests.functional.pages.test_queries import questions

OUTSIDE = ("resident", "family", "professional", "staff_rep", "board", "manager", "moderator")
# Said in the zone and nowhere else.
CANARY = "Zibeline"


def only_point(table: Table) -> str:
    found, _more = table.world.read(lambda s: queries.points(s, table.id))
    (one,) = found
    return one.id


def test_the_page_says_when_the_zone_cannot_open(table: Table) -> None:
    table.stage(Stage.OBJECTIVES)
    world = table.world
    page = world.client("director").see(table.here)
    assert "Le contrat est à l’étape" in page.words
    assert not page.tree.xpath("//form[contains(@action, '/ouvrir')]")
    assert "Le contrat est à l’étape" not in world.client("family").see(table.here).words
    table.stage(Stage.NEGOTIATION)
    client = world.client("director")
    form = client.see(table.here).form(f"{table.here}/ouvrir")
    table.stage(Stage.OBJECTIVES)
    late = client.post(f"{table.here}/ouvrir", data=form)
    assert late.status_code == 422
    assert "Le contrat est à l’étape" in late.text


@pytest.mark.parametrize("who", ["director", "authority"])
def test_a_signatory_opens_it_and_everybody_sees_that_it_exists(table: Table, who: str) -> None:
    client, url = table.world.client(who), f"{table.here}/ouvrir"
    form = client.see(table.here).form(url)
    assert client.post(url, data=form).headers["Location"].endswith("/points?fait=ouverte")
    assert client.post(url, data=form).status_code == 303
    assert client.post(url, data=form | {"op_id": "autre-envoi"}).status_code == 409
    for one in OUTSIDE:
        page = table.world.client(one).see(table.here)
        assert "Une négociation confidentielle est ouverte depuis le" in page.words
        assert "ARS du Val" in page.words
        assert "les personnes qui y dirigent ce contrat et celles qui les suppléent" in page.words
        assert not page.tree.xpath("//a[contains(@href, '/negociation/points')]")


@pytest.mark.parametrize("who", OUTSIDE)
def test_whoever_does_not_sign_is_refused_with_the_reason(opened: Table, who: str) -> None:
    point = opened.point()
    addresses = ("points", "points/nouveau", f"points/{point}", f"points/{point}/mots", "clore")
    for address in addresses:
        refused = opened.world.client(who).get(f"{opened.here}/{address}")
        assert refused.status_code == 403, address
        assert "négociation confidentielle" in refused.text
        assert "L’heure du dîner" not in refused.text


def test_two_parties_change_a_passage_from_page_to_page(opened: Table) -> None:
    world, points = opened.world, f"{opened.here}/points"
    director, agent = world.client("director"), world.client("authority")
    url = f"{points}/nouveau"
    form = director.see(url).form(url)
    empty = director.post(url, data=form | {"title": ""})
    assert empty.status_code == 422
    typed = form | {
        "title": "L’heure du dîner",
        "about": f"sujet:{opened.item}",
        "position": "Le dîner vient trop tôt pour beaucoup de résidents.",
    }
    assert director.post(url, data=typed).status_code == 303
    point = f"{points}/{only_point(opened)}"
    stand = agent.see(point).form(f"{point}/position")
    sent = stand | {"words": "Nous finançons une demi-heure de plus."}
    assert agent.post(f"{point}/position", data=sent).status_code == 303
    assert agent.post(f"{point}/position", data=sent | {"op_id": "autre-envoi"}).status_code == 409
    said = agent.see(point).form(f"{point}/messages") | {"message": "À dix-neuf heures, c’est possible."}
    assert agent.post(f"{point}/messages", data=said).status_code == 303
    page = director.see(point)
    for words in ("Nous finançons une demi-heure", "c’est possible", "ARS du Val"):
        assert words in page.words
    chooser = director.see(f"{point}/mots")
    assert "Premier paragraphe clair 1 de Tilleuls." in chooser.words
    place = opened.paragraph()
    address = f"{point}/mots"
    form = director.see(f"{address}?clair={place}&technique=").form(address)
    assert form["clair"].strip() == "Premier paragraphe clair 1 de Tilleuls."
    unsaid = director.post(address, data=form | {"clair": NEW, "reason": ""})
    assert unsaid.status_code == 422
    assert NEW in unsaid.text
    assert director.post(address, data=form | {"clair": NEW, "reason": REASON}).status_code == 303
    assert not director.see(point).tree.xpath("//form[contains(@action, '/appliquer')]")
    yes = agent.see(point).form(f"{point}/accord")
    assert agent.post(f"{point}/accord", data=yes).status_code == 303
    put = agent.see(point).form(f"{point}/appliquer")
    assert agent.post(f"{point}/appliquer", data=put).status_code == 303
    assert agent.post(f"{point}/appliquer", data=put | {"op_id": "autre-envoi"}).status_code == 409
    assert REASON in world.client("family").see(opened.here).words
    assert "Ces mots sont dans le contrat depuis le" in director.see(point).words
    close = f"{opened.here}/clore"
    form = director.see(close).form(close) | {"outcome": "Le dîner vient plus tard."}
    assert director.post(close, data=form).status_code == 303
    words = world.client("resident").see(opened.here).words
    assert "Le dîner vient plus tard." in words
    assert "Aucune négociation n’est ouverte en ce moment." in words
    assert not director.see(point).tree.xpath("//form[contains(@action, '/messages')]")
    assert director.get(url).status_code == 303


def test_a_point_moves_on_its_page(opened: Table) -> None:
    client, point = opened.world.client("deputy"), f"{opened.here}/points/{opened.point()}"
    form = client.see(point).form(f"{point}/etat")
    assert client.post(f"{point}/etat", data=form | {"state": ""}).status_code == 422
    sent = form | {"state": "laisse", "ending": "Nous en reparlerons au bilan."}
    assert client.post(f"{point}/etat", data=sent).status_code == 303
    assert "Nous en reparlerons au bilan." in client.see(point).words


def test_a_withdrawn_agreement_is_told(opened: Table) -> None:
    world, number = opened.world, opened.point()
    point = f"{opened.here}/points/{number}"
    opened.propose(number)
    client = world.client("director")
    form = client.see(point).form(f"{point}/accord")
    assert client.post(f"{point}/accord", data=form).status_code == 303
    assert "N’a pas encore donné son accord" in client.see(point).words
    assert "Association Tilleuls" in client.see(point).words


def test_nothing_said_in_the_zone_is_read_outside(opened: Table) -> None:
    world = opened.world
    point = opened.point(f"{CANARY} et l’heure du dîner", position=f"Notre {CANARY} est cher à tous.")
    world.do(
        lambda s: service.write_message(
            s, opened.actor("authority"), opened.id, point, f"La {CANARY} nous va bien."
        )
    )
    opened.propose(point, f"Une {CANARY} est servie le soir.")
    signs = world.client("authority").get(f"{opened.here}/points/{point}")
    assert signs.text.count(CANARY) > 3
    for who in OUTSIDE:
        read = crawl(opened, who)
        assert len(read) > 25
        leaks = [address for address, text in read.items() if CANARY in text or point in text]
        assert leaks == [], who


def crawl(table: Table, who: str) -> dict[str, str]:
    """Every page of the contract that somebody finds by its links, files included."""
    client = table.world.client(who)
    read: dict[str, str] = {}
    waiting = [f"/contrats/{table.id}", "/notifications", "/suivi", "/contrats"]
    while waiting:
        address = waiting.pop()
        if address in read or not (
            table.id in address or address in ("/notifications", "/suivi", "/contrats")
        ):
            continue
        response = client.get(address)
        read[address] = response.get_data().decode("utf-8", "replace")
        if response.status_code == 200 and response.mimetype == "text/html":
            links = Page(response).tree.xpath("//a/@href")
            waiting += [one.split("#")[0] for one in links]
    return read


def test_pages_ask_as_much_for_many_as_for_few(opened: Table, counted: Callable[..., int]) -> None:
    world, director = opened.world, opened.actor("director")
    point = opened.point()
    opened.propose(point)

    def fill(numbers: range) -> None:
        for number in numbers:
            world.do(
                lambda s, n=number: service.add_point(
                    s, director, opened.id, f"Point numéro {n}", f"sujet:{opened.item}", ""
                )
            )
            world.do(
                lambda s, n=number: service.write_message(
                    s, director, opened.id, point, f"Message numéro {n}."
                )
            )
            world.do(lambda s, n=number: s.add(a_change(opened, n)))

    addresses = (opened.here, f"{opened.here}/points", f"{opened.here}/points/{point}")
    fill(range(10))
    few = [counted(lambda one=one: world.client("director").see(one)) for one in addresses]
    fill(range(10, 60))
    assert [counted(lambda one=one: world.client("director").see(one)) for one in addresses] == few
    seen, where = 0, opened.here
    while where:
        page = world.client("family").see(where)
        seen += len(page.tree.xpath("//ol[@class='versions']/li"))
        where = next(iter(page.tree.xpath("//a[contains(@href, '?avant=')]/@href")), "")
    assert seen == 60


def a_change(table: Table, number: int) -> NegotiatedChange:
    return NegotiatedChange(
        contract_id=table.id,
        item_id=table.item,
        piece=Piece.PLAIN,
        version=number,
        title="Le dîner",
        before="Avant.",
        after=f"Après numéro {number}.",
        reason=REASON,
        agreed_by="ARS du Val",
        at=clock.now(),
    )


@pytest.fixture
def counted() -> Callable[[Callable[[], object]], int]:
    """How many questions an act asks the database, the second time."""

    def count(act: Callable[[], object]) -> int:
        act()
        with questions() as seen:
            act()
        return len(seen)

    return count


def test_the_page_of_a_line_of_money_leads_to_the_zone(opened: Table) -> None:
    world, director = opened.world, opened.actor("director")
    aim = world.do(lambda s: some_aims(s, director))["objective_id"]
    line = world.do(lambda s: some_means(s, director, aim))["means_id"]
    page = f"/contrats/{opened.id}/moyens/lignes/{line}"
    assert not world.client("family").see(page).tree.xpath("//a[contains(@href, '/negociation/')]")
    client = world.client("authority")
    (link,) = client.see(page).tree.xpath("//a[contains(@href, '/negociation/')]/@href")
    url = f"{opened.here}/points/nouveau"
    form = client.see(link).form(url)
    assert form["about"] == f"ligne:{line}"
    assert client.post(url, data=form | {"title": "Le poste de nuit"}).status_code == 303
    point = world.client("director").see(f"{opened.here}/points/{only_point(opened)}")
    assert "Une ligne d’argent se change sur sa page" in point.words
    assert point.tree.xpath(f"//a[@href='{page}']")
