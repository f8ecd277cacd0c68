"""An authority's Monday: the letter, five contracts, a search, a file, a synthesis, a proposal; fifteen acts at most."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from portal.domain.involvement.models import InvolvementProposal
from portal.domain.organisations.models import Establishment
from portal.vocabulary import Group, Level
from tests.conftest import World
from tests.factories.pages import Page
from tests.factories.portfolio import DEPARTMENTS, a_portfolio
from tests.factories.syntheses import a_synthesis, ended
from tests.factories.world import LEVELS, a_contribution, a_space
from tests.functional.portfolio.test_followed import names

ACTS = 15


class Agent:
    """A person of an authority: each tap, each field, each page that is opened is one act."""

    def __init__(self, world: World) -> None:
        self.client, self.acts, self.path = world.client("authority"), 0, ""
        self.page: Page

    def open(self, path: str) -> Page:
        self.acts += 1
        self.page = self.client.see(path)
        return self.page

    def follow(self, words: str, where: str = "//main//a") -> Page:
        """Tap the first link that says these words."""
        found = [
            one
            for one in self.page.tree.xpath(where)
            if words in " ".join(one.text_content().split()).replace("\u00a0", " ")
        ]
        assert found, f"no link says {words}"
        return self.open(found[0].get("href"))

    def fill(self, fields: dict[str, str]) -> dict[str, str]:
        self.acts += len(fields)
        return fields


def test_an_authority_s_monday_takes_fifteen_acts_at_most(world: World) -> None:
    world.do(lambda s: a_portfolio(s, world.ours, 9))
    world.do(
        lambda s: setattr(s.get_one(Establishment, world.ours.establishment_id), "department", DEPARTMENTS[0])
    )
    said = world.do(lambda s: a_contribution(s, world.ours, body="Le dîner est servi trop tôt."))
    world.do(lambda s: ended(s, world.ours))
    world.do(lambda s: a_synthesis(s, world.ours, ("Le soir", f"Le dîner vient trop tôt. [c:{said}]")))
    agent = Agent(world)

    first = agent.open("/suivi")
    assert 1 <= len(first.tree.xpath("//section[1]//ol/li")) <= 5

    asked = agent.fill({"departement": DEPARTMENTS[0], "tri": "titre"})
    found = agent.open("/suivi?" + "&".join(f"{name}={value}" for name, value in asked.items()))
    assert names(found) == ["Contrat suivi 00", "Contrat suivi 03", "Contrat suivi 06", "Contrat Tilleuls"]

    agent.acts += 1
    export = found.tree.xpath("//a[contains(., '.xlsx')]/@href")[0]
    sheet = load_workbook(BytesIO(agent.client.get(export).data)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == names(found)

    agent.follow("Lire les synthèses : Contrat Tilleuls")
    assert "Le dîner vient trop tôt." in agent.follow("", where="//main//h2/a").words

    agent.page = found
    agent.acts += 2  # Back, twice.
    proposing = agent.follow("Proposer un niveau : Contrat Tilleuls")
    action = f"/contrats/{world.ours.contract_id}/propositions"
    form = proposing.form(action) | agent.fill(
        {"group": Group.RESIDENTS.value, "level": "3", "reason": "Les résidents ont beaucoup à dire."}
    )
    agent.acts += 1
    assert agent.client.post(action, data=form).status_code == 303
    row = world.read(lambda s: s.query(InvolvementProposal).one())
    assert (row.group, row.level) == (Group.RESIDENTS, Level.CONCERTATION)

    agent.acts += 1
    agent.client.send("/deconnexion")
    assert agent.client.get("/suivi").status_code == 302
    assert agent.acts <= ACTS


@pytest.mark.parametrize(
    ("level", "promised"),
    [(Level.CONCERTATION, "une synthèse de ce qui a été dit, avant le"), (Level.INFORMATION, None)],
)
def test_where_it_reads_the_synthesis_alone_nothing_else_is_promised_to_an_authority(
    world: World, level: Level, promised: str | None
) -> None:
    levels = LEVELS | {Group.AUTHORITIES: level}
    space = world.do(lambda s: a_space(s, world.ours, words_told=False, levels=levels))
    page = world.client("authority").see("/contrats")
    (card,) = page.tree.xpath(f"//article[@aria-labelledby='espace-{space}']")
    told = " ".join(card.text_content().split())
    assert "suite donnée" not in told
    assert "réponse à chaque question" not in told
    assert (promised or "") in told
    assert ("On vous doit" in told) is (promised is not None)
    rows = (
        world.client("authority")
        .see(f"/contrats/{world.ours.contract_id}/engagements")
        .tree.xpath(f"//section[@aria-labelledby='niveaux-{space}']//tbody/tr[starts-with(th, 'Autorités')]")
    )
    (row,) = (" ".join(one.text_content().split()) for one in rows)
    assert "lire la synthèse, une fois publiée" in row
    assert "réponse" not in row
    assert ("une synthèse de ce qui a été dit" in row) is (promised is not None)
