"""How long a search takes in a contract of 10,000 entries, on SQLite.

    python bench/search.py [--entries 10000]

Goal: 95 in 100 under 100 ms of processor (SQLite works in the same process: the same however busy the machine is),
whatever is asked. Controls: results read one after the other, and words looked for
through the texts instead of the index, must be seen.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _report import Report
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from portal.domain.contracts.models import Contract, Item
from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.organisations.models import Organisation
from portal.domain.search import queries, rules, service, sources
from portal.domain.search.models import SearchEntry
from portal.domain.search.queries import Wanted
from portal.domain.spaces.models import Space
from portal.domain.texts.models import Paragraph, Text, TextVersion
from portal.kernel.ids import new_id
from portal.policy.actor import Actor
from portal.tables import METADATA
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Display,
    Group,
    ItemKind,
    ModerationMode,
    Phase,
    Register,
    Role,
    ShownScope,
    SpaceObject,
    Stage,
)

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
GOAL, TIMES = 0.1, 40
COMMON = (
    "accompagnement",
    "personnes",
    "équipe",
    "soins",
    "repas",
    "nuit",
    "projet",
    "famille",
    "résident",
    "chambre",
)
WORST = "eight words that every entry holds"
ASKED = {
    "a word that every entry holds": "accompagner",
    "two words that every entry holds": "accompagner équipes",
    "a word of a hundred entries": "rare7 ",
    "a word that is nowhere": "zorglube",
    "an unfinished word": "acc",
    "words that stand exactly so": "« soins la nuit »",
    WORST: "accompagnement personne équipe soin repas nuit projet famille",
}


def sentence(draw: random.Random, number: int) -> str:
    some = draw.sample([f"mot{draw.randrange(4000)}" for _ in range(30)], 20)
    return f"{' '.join(COMMON)} rare{number % 100} soins la nuit {' '.join(some)}."


def fill(session: Session, contract_id: str, entries: int) -> None:
    """Six entries in ten are contributions of one space, the others findings and objectives with a text."""
    draw, space = random.Random(7), new_id()
    owner = Organisation(name="Association", finess_ej="990000001", fictional=True)
    session.add(owner)
    session.flush()
    session.add(
        Contract(
            id=contract_id, title="Contrat", organisation_id=owner.id, starts_on=date(2027, 1, 1),
            ends_on=date(2031, 12, 31), stage=Stage.DIAGNOSTIC, created_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Space(
            id=space, contract_id=contract_id, object=SpaceObject.DIAGNOSTIC, question="Que changer ?", introduction="",
            opens_at=NOW - timedelta(days=9), ends_at=NOW + timedelta(days=9), answer_days=30, phase=Phase.OPEN,
            moderation=ModerationMode.AFTER, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    items = [new_id() for _ in range(entries * 4 // 10)]
    texts, said = {one: new_id() for one in items}, [new_id() for _ in range(entries - len(items))]
    session.execute(
        insert(Item),
        [
            {"id": one, "contract_id": contract_id, "kind": ItemKind.FINDING, "number": number, "axis": "", "version": 1,
             "title": f"Le constat {COMMON[number % 10]} {number}", "evidence": "", "withdrawn_by": "", "withdrawn_reason": ""}
            for number, one in enumerate(items)
        ],
    )  # fmt: skip
    session.execute(
        insert(Text),
        [{"id": texts[one], "item_id": one, "register": Register.PLAIN, "version": 1} for one in items],
    )
    session.execute(
        insert(TextVersion),
        [{"text_id": texts[one], "number": 1, "by_function": "", "reason": "", "at": NOW} for one in items],
    )
    session.execute(
        insert(Paragraph),
        [
            {"text_id": texts[one], "number": 1, "position": 0, "stable_id": new_id(), "source": sentence(draw, number),
             "html": "", "renderer": 1}
            for number, one in enumerate(items)
        ],
    )  # fmt: skip
    session.execute(
        insert(Contribution),
        [
            {"id": one, "contract_id": contract_id, "space_id": space, "item_id": items[0], "kind": ContributionKind.COMMENT,
             "status": ContributionStatus.PUBLISHED, "participant_id": new_id(), "group": Group.FAMILIES,
             "display": Display.GROUP, "shown_scope": ShownScope.GROUP, "version": 1, "shown_version": 1, "created_at": NOW,
             "sent_at": NOW, "published_at": NOW}
            for one in said
        ],
    )  # fmt: skip
    session.execute(
        insert(ContributionVersion),
        [
            {"contribution_id": one, "number": 1, "source": sentence(draw, number), "html": "<p>…</p>", "reason_source": "",
             "reason_html": "", "renderer": 1, "public": True, "at": NOW}
            for number, one in enumerate(said)
        ],
    )  # fmt: skip
    for reader, ids in ((sources.items, items), (sources.contributions, said)):
        for place in range(0, len(ids), 200):
            service.refresh(session, contract_id, reader, ids[place : place + 200])
    session.commit()


def director(contract_id: str) -> Actor:
    return Actor(
        participant_id=new_id(),
        contract_id=contract_id,
        group=Group.MANAGEMENT,
        establishment_id=None,
        roles=frozenset({Role.DIRECTOR}),
    )


def p95(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return statistics.quantiles(took, n=20)[-1]


def one_by_one(session: Session, people: list[Actor], wanted: Wanted) -> None:
    """The control: every result of a search read alone."""
    for _place in range(20):
        queries.find(session, people, wanted, NOW, size=1)


def through_the_texts(session: Session) -> None:
    """The control: stems cut from every text at each search."""
    for folded in session.scalars(select(SearchEntry.folded)):
        rules.weights("", [folded])


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=10_000)
    options.add_argument("--court", action="store_true")
    entries = options.parse_args().entries
    report = Report("search")
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'base.sqlite'}")
        METADATA.create_all(engine)
        contract_id = new_id()
        with Session(engine) as session:
            begun = time.process_time()
            fill(session, contract_id, entries)
            report.row(
                "read for the first time",
                f"{time.process_time() - begun:.1f} s of processor for {entries} entries",
            )
        people = [director(contract_id)]
        with Session(engine) as session:
            for name, words in ASKED.items():
                wanted = Wanted(rules.parsed(words))
                found = queries.find(session, people, wanted, NOW)
                took = p95(lambda wanted=wanted: queries.find(session, people, wanted, NOW))  # type: ignore[misc]
                figure = f"{took * 1000:.0f} ms, {found.number}{'+' if found.more else ''} found"
                # Eight words that all stand in all of 10,000 entries: told, nobody types it.
                worst = name == WORST
                goal = "" if worst else f"p95 < {GOAL * 1000:.0f} ms"
                report.row(name, figure, goal, None if worst else took < GOAL)
            common = Wanted(rules.parsed("accompagner"))
            begun = time.process_time()
            one_by_one(session, people, common)
            report.control(
                "each result read alone", (took := time.process_time() - begun) > GOAL and f"{took:.2f} s"
            )
            begun = time.process_time()
            through_the_texts(session)
            report.control("no index", (took := time.process_time() - begun) > GOAL and f"{took:.2f} s")
        engine.dispose()
    return report.end()


if __name__ == "__main__":
    raise SystemExit(main())
