"""The demonstration with a space in every phase, and words of every person in every state.

Written once for a run, by the verbs of the domain; every server of the matrix has its own copy.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from portal.domain.accounts import service as accounts
from portal.domain.accounts.models import Account
from portal.domain.accounts.rules import token_hash
from portal.domain.answers import merging
from portal.domain.answers import service as answers
from portal.domain.contracts import queries as contracts
from portal.domain.contracts.models import Contract, Item
from portal.domain.contributions import service as contributions
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.rules import Words
from portal.domain.contributions.service import NewContribution
from portal.domain.indicators import queries as indicators
from portal.domain.moderation import appeals, readers
from portal.domain.moderation import service as moderation
from portal.domain.notifications import service as notifications
from portal.domain.notifications.models import MailStop
from portal.domain.participants import queries as participants
from portal.domain.spaces import service as spaces
from portal.domain.spaces.models import Space
from portal.domain.spaces.service import NewSpace
from portal.domain.texts import queries
from portal.domain.texts import service as texts
from portal.domain.trame_parts.models import PartOfTrame
from portal.domain.trames.catalogue import block_id
from portal.domain.trames.models import TrameBlock
from portal.kernel import clock
from portal.policy.actor import Actor
from portal.vocabulary import (
    ContributionKind,
    Fate,
    Group,
    ItemKind,
    Level,
    ModerationMode,
    ModerationRule,
    ReactionValue,
    Register,
    SpaceObject,
)
from tests.browser.matrix import papers
from tests.browser.server import seeded
from tests.factories.documents import some_papers
from tests.factories.imports import an_import
from tests.factories.lifecycle import a_life
from tests.factories.means import some_means
from tests.factories.negotiation import a_negotiation
from tests.factories.objectives import some_aims
from tests.factories.predecessors import a_commitment

# Who opens the pages: the key in the demonstration's data, by the name the matrix gives them.
PERSONAS = {
    "resident": "jeanne",
    "family": "claire",
    "professional": "karim",
    "staff_rep": "sandrine",
    "board": "bernard",
    "director": "delmas",
    "moderator": "nadia",
    "authority": "sophie",
    "elsewhere": "violette",
}
VISITOR, NEWCOMER = "visitor", "newcomer"
EVERYBODY = (*PERSONAS, VISITOR, NEWCOMER)
WRITERS = tuple(name for name in PERSONAS if name != "elsewhere")
ASKS_ONLY = "board"
PROPOSES = ("resident", "family", "staff_rep", "director", "moderator")

LEVELS = {
    Group.RESIDENTS: Level.CONCERTATION,
    Group.FAMILIES: Level.CONCERTATION,
    Group.PROFESSIONALS: Level.CONSULTATION,
    Group.STAFF_REPS: Level.CONCERTATION,
    Group.BOARD: Level.INFORMATION,
    Group.MANAGEMENT: Level.CONCERTATION,
    Group.AUTHORITIES: Level.CONSULTATION,
}
QUESTIONS = {
    "draft": "Comment voulez-vous fêter les anniversaires ?",
    "announced": "Que faut-il planter dans le jardin ?",
    "empty": "Quels livres manquent à la bibliothèque ?",
    "one": "À quelle heure voulez-vous être réveillés ?",
    "many": "Quels repas voulez-vous retrouver à table ?",
    "reviewed": "Comment rendre les soirées moins longues ?",
    "paused": "Quels trajets voulez-vous faire en bus ?",
    "answering": "Comment mieux vous dire ce qui est décidé ?",
    "closed": "Quelles sorties aimeriez-vous faire cet hiver ?",
}
MANY = 56
LONG = "\n\n".join(
    "Quand ma mère est arrivée aux Tilleuls, personne ne savait qu’elle dînait tard, et la soupe du soir "
    "l’attendait à dix-huit heures. Nous en avons parlé, puis reparlé. Voir https://exemple.fr/"
    "une-adresse-tres-longue-qui-ne-se-coupe-nulle-part-et-qui-tient-sur-plus-d-une-ligne. "
    f"Paragraphe {number}."
    for number in range(1, 15)
)
RULE = moderation.Reason(
    ModerationRule.NAMES_SOMEONE, "Vous nommez une personne. Écrivez « un voisin » à la place."
)


@dataclass
class Stage:
    """Where everything stands, by the names the matrix uses."""

    contract: str = ""
    other_contract: str = ""
    spaces: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    stop: str = ""
    appeal: str = ""
    act: str = ""
    establishment: str = ""
    indicator: str = ""
    life: dict[str, str] = field(default_factory=dict)
    aims: dict[str, str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    taken_up: str = ""
    finding: str = ""
    axis: str = ""
    surveys: dict[str, dict[str, str]] = field(default_factory=dict)


def staged(folder: Path) -> tuple[Path, Stage]:
    """The database and its map, made by whichever process comes first; the others wait for it."""
    file, told = seeded(folder), folder / "scene.json"
    with (folder / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            engine = create_engine(f"sqlite:///{file}")
            with Session(engine) as session, session.begin():
                stage = Scene(session).play()
            with engine.connect() as raw:
                raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            told.write_text(json.dumps(asdict(stage)), encoding="utf-8")
    return file, Stage(**json.loads(told.read_text(encoding="utf-8")))


class Scene:
    """Plays what the pages need to show."""

    def __init__(self, session: Session) -> None:
        self.session, self.stage = session, Stage()
        self.actors: dict[str, Actor] = {}

    def play(self) -> Stage:
        """Everything, in the order in which it would happen."""
        self._people()
        self._spaces()
        for name in WRITERS:
            self._words_of(name)
        self._crowd()
        self._followed()
        self._appeal()
        papers.lay_out(self.session, self.stage, self.actors)
        self.stage.aims = some_aims(self.session, self.actors["director"])
        self.stage.life = a_life(self.session, self.actors["director"]) | self._sheet()
        aim = self.stage.aims["objective_id"]
        self.stage.aims |= some_means(self.session, self.actors["director"], aim)
        self.stage.life |= a_negotiation(self.session, self.actors["director"])
        self.stage.aims["commitment_id"] = a_commitment(self.session, self.actors["director"])
        self.stage.papers = some_papers(self.session, self.actors["director"])
        self.stage.taken_up = an_import(self.session, self.actors["director"])
        self._phases()
        self._notices()
        return self.stage

    def _sheet(self) -> dict[str, str]:
        """The trame of the demonstration, one of its blocks, and one that is discussed."""
        trame = self.session.scalars(select(TrameBlock.trame_id).limit(1)).one()
        part = self.session.scalars(
            select(PartOfTrame.item_id).where(PartOfTrame.contract_id == self.stage.contract).limit(1)
        ).one()
        return {"trame_id": trame, "block_id": block_id("preambule"), "part_id": part}

    def _people(self) -> None:
        accounts_by_key = {
            one.email.partition("@")[0]: one for one in self.session.scalars(select(Account)) if one.email
        }
        delmas = accounts_by_key[PERSONAS["director"]].id
        for contract in self.session.scalars(select(Contract)):
            if participants.actor(self.session, delmas, contract.id):
                self.stage.contract = contract.id
            elif "Mélèze" in contract.title:
                self.stage.other_contract = contract.id
        self.stage.establishment = contracts.places(self.session, self.stage.contract)[0].id
        self.stage.indicator = indicators.followed(self.session, self.stage.contract)[0].id
        self.stage.finding = contracts.item_ids(self.session, self.stage.contract, ItemKind.FINDING)[0]
        self.stage.axis = self.session.get_one(Item, self.stage.finding).axis_id or ""
        for name, key in PERSONAS.items():
            account = accounts_by_key[key].id
            actor = participants.actor(self.session, account, self.stage.contract)
            if actor is not None:
                self.actors[name] = actor
            self.stage.tokens[name] = accounts.open_session(self.session, account, demonstration=True)
        alone = accounts.create_account(self.session, "camille@exemple.fr", "Camille Neuve", None, None)
        self.stage.tokens[NEWCOMER] = accounts.open_session(self.session, alone.id, demonstration=True)

    def _spaces(self) -> None:
        items = contracts.item_ids(self.session, self.stage.contract, SpaceObject.OBJECTIVES.item_kind)[:3]
        now, director = clock.now(), self.actors["director"]
        for name, question in QUESTIONS.items():
            opens = now + timedelta(days=5) if name == "announced" else now
            mode = ModerationMode.BEFORE if name == "reviewed" else ModerationMode.AFTER
            space = spaces.create(
                self.session,
                director,
                self.stage.contract,
                self._new_space(question, opens, mode, tuple(items)),
                at=now,
            )
            self.stage.spaces[name], self.stage.items[name] = space.id, items[0]
            if name != "draft":
                spaces.open_(self.session, director, space.id)
        for name, words in (("diagnostic", "la vie de tous"), ("elsewhere", "la vie belle aux Gentianes")):
            self._seeded_space(name, words)

    @staticmethod
    def _new_space(question: str, opens: datetime, mode: ModerationMode, items: tuple[str, ...]) -> NewSpace:
        return NewSpace(
            object=SpaceObject.OBJECTIVES,
            question=question,
            introduction="Dites-nous ce qui va bien et ce qui ne va pas. Quelques mots suffisent.",
            opens_at=opens,
            ends_at=opens + timedelta(days=40),
            answer_days=30,
            moderation=mode,
            item_ids=items,
            levels=LEVELS,
            authorities_read_words=True,
        )

    def _seeded_space(self, name: str, words: str) -> None:
        space = self.session.scalars(select(Space).where(Space.question.contains(words))).one()
        first = select(Contribution).where(Contribution.space_id == space.id).limit(1)
        row = self.session.scalars(first).one()
        self.stage.spaces[name], self.stage.items[name] = space.id, row.item_id
        if name == "elsewhere":
            self.stage.words["elsewhere"] = {"published": row.id}

    def _words_of(self, name: str) -> None:
        mine = self.stage.words.setdefault(name, {})
        for state in ("pending", "refused"):
            mine[state] = self._sends(name, "reviewed", f"Une veillée par semaine, dite {state}.")
        self._decided(moderation.refuse, mine["refused"])
        for state in ("published", "withdrawn", "hidden", "corrected", "answered"):
            mine[state] = self._sends(name, "many", f"Une soupe le mercredi, dite {state} par {name}.")
        mine["long"] = self._sends(name, "many", LONG)
        author = self.actors[name]
        contributions.withdraw(self.session, author, mine["withdrawn"])
        self._decided(moderation.hide, mine["hidden"])
        contributions.correct(
            self.session, author, mine["corrected"], Words("Une soupe le mercredi et le samedi.")
        )
        self._answers(mine["answered"])
        if name in PROPOSES:
            mine["proposal"] = self._sends(
                name, "many", "Deux menus au choix chaque midi.", ContributionKind.PROPOSAL
            )
            mine["reply"] = self._sends(
                name,
                "many",
                "Je le pense aussi.",
                ContributionKind.REPLY,
                parent=self.stage.words["resident"]["published"],
            )

    def _crowd(self) -> None:
        for number in range(MANY):
            self._sends("family", "many", f"Ce que nous mangions le dimanche, numéro {number}.")
        shown = self.stage.words["family"]["published"]
        for name, value in (("resident", ReactionValue.AGREE), ("professional", ReactionValue.DEPENDS)):
            contributions.react(self.session, self.actors[name], shown, value)

    def _followed(self) -> None:
        """Words that were passed on to somebody else, and words grouped with others that say the same."""
        mine, director = self.stage.words["resident"], self.actors["director"]
        mine["passed_on"], mine["kept"], mine["grouped"], other = (
            self._sends("resident", "many", f"Du pain frais le {day}.")
            for day in ("lundi", "mardi", "jeudi", "vendredi")
        )
        passed = answers.NewAnswer("La cuisine décide des achats.", Fate.PASSED_ON, "La commission des menus")
        answers.give(self.session, director, mine["passed_on"], passed)
        answers.give(self.session, director, mine["kept"], answers.NewAnswer("Oui, le mardi.", Fate.KEPT))
        self._revise()
        together = [mine["grouped"], other]
        merging.merge(self.session, director, self.stage.spaces["many"], together, "Le même pain.")

    def _revise(self) -> None:
        """A text that changed after these words: kept words may point at it."""
        item = self.stage.items["many"]
        text = queries.current(self.session, [item])[item, Register.PLAIN]
        command = texts.NewWords(f"{text.source}\n\nLe pain est frais le mardi.", text.version)
        director, contract = self.actors["director"], self.stage.contract
        texts.revise(self.session, director, contract, item, Register.PLAIN, command)

    def _appeal(self) -> None:
        """A second look that is asked for, before somebody who promised secrecy there and not yet elsewhere."""
        director, reader = self.actors["director"], self.actors["staff_rep"]
        readers.name(self.session, director, self.stage.spaces["reviewed"], reader.participant_id)
        readers.promise(self.session, reader)
        readers.name(self.session, director, self.stage.spaces["many"], reader.participant_id)
        refused = self.stage.words["resident"]["refused"]
        self.stage.appeal = appeals.ask(self.session, self.actors["resident"], refused, "Relisez-moi.").id

    def _phases(self) -> None:
        director = self.actors["director"]
        for name in ("one", "paused", "answering", "closed"):
            self.stage.words.setdefault("resident", {})[f"in_{name}"] = self._sends(
                "resident", name, "Le marché du samedi."
            )
        spaces.pause(self.session, director, self.stage.spaces["paused"], "Nous relisons vos mots ensemble.")
        spaces.end(self.session, director, self.stage.spaces["answering"], "Tout le monde a parlé.")
        papers.publish(self.session, self.stage, director)
        spaces.end(self.session, director, self.stage.spaces["closed"], "Tout le monde a parlé.")
        answers.close(
            self.session,
            director,
            self.stage.spaces["closed"],
            broken_promise="Le car est en panne : nous répondrons au prochain CVS.",
        )

    def _notices(self) -> None:
        while notifications.follow(self.session, clock.now()):
            self.session.flush()
        account = self.session.scalars(select(Account).where(Account.email.startswith("claire@"))).one()
        self.stage.stop = "arreter-" + "a" * 35
        self.session.add(
            MailStop(token_hash=token_hash(self.stage.stop), account_id=account.id, at=clock.now())
        )

    def _sends(
        self,
        name: str,
        space: str,
        words: str,
        kind: ContributionKind = ContributionKind.COMMENT,
        parent: str | None = None,
    ) -> str:
        reason = "Les goûts changent." if kind is ContributionKind.PROPOSAL else ""
        row = contributions.submit(
            self.session,
            self.actors[name],
            self.stage.spaces[space],
            NewContribution(
                kind=ContributionKind.QUESTION if name == ASKS_ONLY else kind,
                item_id=self.stage.items[space],
                words=Words(words, reason),
                parent_id=parent,
            ),
        )
        return row.id

    def _decided(self, verb: Callable[..., object], contribution: str) -> None:
        row = self._row(contribution)
        seen = moderation.Seen(row.version, row.status)
        verb(self.session, self.actors["moderator"], contribution, seen, RULE)

    def _answers(self, contribution: str) -> None:
        row = self._row(contribution)
        fate = None if row.kind is ContributionKind.QUESTION else Fate.PARTLY
        answers.give(
            self.session,
            self.actors["director"],
            contribution,
            answers.NewAnswer("Une soupe le mercredi, oui. Le samedi, pas encore.", fate),
        )

    def _row(self, contribution: str) -> Contribution:
        row = contributions.by_id(self.session, contribution)
        assert row is not None
        return row
