"""The life of the contracts of the demonstration: written by fictional people, each thing on its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.contracts import parties
from portal.domain.lifecycle import amendments, endings, follow_up, queries, service
from portal.domain.lifecycle.follow_up import PARTNER
from portal.domain.lifecycle.models import EndChoice, ReviewKind
from portal.kernel.clock import paris
from portal.vocabulary import Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.policy.actor import Actor

Entry = Mapping[str, Any]
STAGE_DAYS = {
    "planned_from": "prevue_du",
    "planned_to": "prevue_au",
    "begun_on": "commencee",
    "ended_on": "terminee",
}
REVIEW_DAYS = {"planned_on": "prevu", "held_on": "fait", "meets_on": "comite_prevu", "met_on": "comite"}


class Scribe:
    """Writes the life of one contract; numbers in the file are days from the one when it is written."""

    def __init__(self, session: Session, director: Actor, at: datetime, agents: Iterable[Actor] = ()) -> None:
        self.session, self.director, self.at = session, director, at
        self.contract_id = director.contract_id
        self.names = {one.name: one.id for one in queries.parties_of(session, self.contract_id)}
        self.agents = {parties.acts_for(session, one): one for one in agents}

    def write(self, table: Entry) -> None:
        """Write what the table tells."""
        for entry in table.get("etapes", ()):
            self._stage(entry)
        for entry in table.get("avenants", ()):
            self._amendment(entry)
        for entry in table.get("comite", ()):
            party = self.names.get(entry["pour"], PARTNER)
            partner = "" if party != PARTNER else entry["pour"]
            follow_up.add_seat(
                self.session, self.director, self.contract_id, entry["fonction"], party, partner
            )
        for entry in table.get("bilans", ()):
            typed = follow_up.ReviewTyped(**self._days(entry, REVIEW_DAYS), says=entry.get("dit", ""))
            kind = word(ReviewKind, entry["lequel"])
            follow_up.write_review(self.session, self.director, self.contract_id, kind, typed, 0)
        for entry in table.get("echeances", ()):
            line = follow_up.LineTyped(entry["quoi"], entry["par"], entry["a"], entry["jour"], entry["mois"])
            follow_up.add_line(self.session, self.director, self.contract_id, line)
        for number, entry in enumerate(table.get("decisions", ())):
            typed_end = endings.DecisionTyped(
                word(EndChoice, entry["choix"]), self._day(entry["jour"]), entry["raison"]
            )
            endings.decide(
                self.session, self.director, self.contract_id, typed_end, number, at=self._moment(entry)
            )
        for entry in table.get("desaccords", ()):
            self._disagreement(entry)

    def _stage(self, entry: Entry) -> None:
        stage, days = word(Stage, entry["etape"]), self._days(entry, STAGE_DAYS)
        typed = service.StageTyped(**days)
        service.write_stage(self.session, self.director, self.contract_id, stage, typed, 0)
        again = entry.get("rouverte")
        if again is None:
            return
        on = self._day(again["jour"])
        service.reopen_stage(self.session, self.director, self.contract_id, stage, on, again["raison"], 1)
        ended = service.StageTyped(**{**days, "ended_on": self._day(again["terminee"])})
        service.write_stage(self.session, self.director, self.contract_id, stage, ended, 2)

    def _amendment(self, entry: Entry) -> None:
        typed = amendments.AmendmentTyped(
            entry["numero"],
            self._day(entry["signe"]),
            self._day(entry["compte"]),
            entry["change"],
            entry.get("articles", ""),
        )
        amendments.record(
            self.session, self.director, self.contract_id, typed, at=self.at + timedelta(days=entry["signe"])
        )

    def _disagreement(self, entry: Entry) -> None:
        at = self._moment(entry)
        one = endings.raise_(
            self.session,
            self.director,
            self.contract_id,
            entry["sujet"],
            self._day(entry["jour"]),
            entry["position"],
            at=at,
        )
        for name, words in entry.get("reponses", {}).items():
            agent = self.agents[self.names[name]]
            endings.take_position(
                self.session, agent, self.contract_id, one, words, 0, at=at + timedelta(days=2)
            )
        if "issue" in entry:
            endings.settle(
                self.session,
                self.director,
                self.contract_id,
                one,
                entry["issue"],
                self._day(entry["issue_jour"]),
                1,
            )

    def _days(self, entry: Entry, names: Mapping[str, str]) -> dict[str, date]:
        return {name: self._day(entry[key]) for name, key in names.items() if key in entry}

    def _day(self, told: int | date) -> date:
        return paris(self.at).date() + timedelta(days=told) if isinstance(told, int) else told

    def _moment(self, entry: Entry) -> datetime:
        return self.at + timedelta(days=entry["jour"])
