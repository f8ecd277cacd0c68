"""Plays, in the order of their dates, what fictional people said, decided and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from portal.demo.people import Person, shuffled
from portal.demo.reading import word
from portal.domain.answers import changes
from portal.domain.answers import service as answers
from portal.domain.contributions import rules
from portal.domain.contributions import service as contributions
from portal.domain.moderation import appeals
from portal.domain.moderation import service as moderation
from portal.domain.texts import queries as texts
from portal.domain.texts import service as text_service
from portal.kernel import clock
from portal.kernel.errors import NotFoundError
from portal.vocabulary import (
    ContributionKind,
    Display,
    Fate,
    Group,
    Level,
    ModerationMode,
    ModerationRule,
    ReactionValue,
    Register,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

JUST_BEFORE = timedelta(minutes=5)
REVIEW_DELAY = timedelta(minutes=90)
LAST_REVIEW = time(17)
MORNING = time(8, 50)

Entry = Mapping[str, Any]
Verb = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Room:
    """An exchange space as the data files see it."""

    space_id: str
    moderation: ModerationMode
    levels: Mapping[Group, Level]
    reviewer: Person
    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did, and when."""

    at: datetime
    do: Callable[[datetime], object]


@dataclass(slots=True)
class Play:
    """The acts of one contract, gathered first, then played by date."""

    session: Session
    at: datetime
    people: Mapping[str, Person]
    acts: list[Act] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def moment(self, day: int, hour: str) -> datetime:
        """`day` days from the seeding, at this hour in Paris, and never in the future."""
        date = clock.paris(self.at).date() + timedelta(days=day)
        return self._past(datetime.combine(date, time.fromisoformat(hour), clock.PARIS))

    def gather(self, room: Room, entries: Iterable[Entry]) -> None:
        """Note the acts of these contributions."""
        for entry in entries:
            self._gather_one(room, entry)

    def gather_changes(self, rooms: Mapping[str, Room], entries: Iterable[Entry]) -> None:
        """Note the words that change in the texts, as the answers say."""
        for entry in entries:
            act = partial(self._revise, rooms[entry["espace"]], entry)
            self._note(self.moment(entry["jour"], entry["heure"]), act)
            for key in _thanks_to(entry):
                told = partial(self._link, rooms[entry["espace"]], entry, key)
                self._note(self.moment(entry["jour"] + 1, "09:00"), told)

    def run(self) -> int:
        """Play everything in the order of the dates; returns how many acts there were."""
        self.acts.sort(key=lambda act: act.at)
        for act in self.acts:
            act.do(act.at)
        return len(self.acts)

    def _gather_one(self, room: Room, entry: Entry) -> None:
        author = self.people[entry["par"]]
        sent = self.moment(entry["jour"], entry["heure"])
        self._note(sent, lambda at: self._submit(room, author, entry, at))
        waits = room.moderation is ModerationMode.BEFORE
        seen = sent
        if waits and not entry.get("attente") and "refus" not in entry:
            seen = self._review(sent)
            self._note(seen, lambda at: self._approve(room, entry, at))
        for correction in entry.get("corrections", ()):
            self._gather_correction(room, entry, correction, waits=waits)
        self._note(self._past(seen + REVIEW_DELAY), lambda at: self._react(room, author, entry, at))
        self._gather_ends(room, entry)

    def _gather_correction(self, room: Room, entry: Entry, correction: Entry, *, waits: bool) -> None:
        author = self.people[entry["par"]]
        at = self.moment(correction["jour"], correction["heure"])
        words = rules.Words(correction["texte"], correction.get("raison", entry.get("raison", "")))
        self._note(
            at,
            lambda at: contributions.correct(
                self.session, author.actor, self.ids[entry["cle"]], words, at=at
            ),
        )
        if waits and not correction.get("attente"):
            self._note(self._review(at), lambda at: self._approve(room, entry, at))

    def _gather_ends(self, room: Room, entry: Entry) -> None:
        if ending := entry.get("retrait"):
            author = self.people[entry["par"]].actor
            self._note(
                self.moment(ending["jour"], ending["heure"]),
                lambda at: contributions.withdraw(self.session, author, self.ids[entry["cle"]], at=at),
            )
        for key, verb in (("refus", moderation.refuse), ("masque", moderation.hide)):
            if decision := entry.get(key):
                act = partial(self._decide, verb, room, entry, decision)
                self._note(self.moment(decision["jour"], decision["heure"]), act)
        if asked := entry.get("recours"):
            author = self.people[entry["par"]].actor
            self._note(
                self.moment(asked["jour"], asked["heure"]),
                lambda at: appeals.ask(self.session, author, self.ids[entry["cle"]], asked["mots"], at=at),
            )
        if given := entry.get("reponse"):
            self._note(
                self.moment(given["jour"], given["heure"]),
                lambda at: self._answer(entry, given, at),
            )

    def _submit(self, room: Room, author: Person, entry: Entry, at: datetime) -> None:
        by_name = entry.get("nom", False)
        item_id = room.items[entry["sujet"]]
        row = contributions.submit(
            self.session,
            author.actor,
            room.space_id,
            contributions.NewContribution(
                kind=word(ContributionKind, entry["genre"]),
                item_id=item_id,
                words=rules.Words(entry["texte"], entry.get("raison", "")),
                display=Display.NAME if by_name else Display.GROUP,
                name=author.name if by_name else None,
                parent_id=self.ids[entry["fil"]] if "fil" in entry else None,
                anchor=self._anchor(item_id, entry),
            ),
            at=at,
        )
        self.ids[entry["cle"]] = row.id

    def _anchor(self, item_id: str, entry: Entry) -> rules.Anchor | None:
        if "paragraphe" not in entry:
            return None
        register = word(Register, entry.get("registre", Register.PLAIN))
        text = texts.current(self.session, [item_id])[item_id, register]
        paragraph = text.paragraphs[entry["paragraphe"] - 1]
        return rules.Anchor(register, paragraph.stable_id, text.version, paragraph.plain)

    def _revise(self, room: Room, entry: Entry, at: datetime) -> None:
        person, item_id = self.people[entry["par"]].actor, room.items[entry["sujet"]]
        register = word(Register, entry["registre"])
        text = texts.current(self.session, [item_id])[item_id, register]
        before, after = entry["avant"], entry["apres"].strip()
        if text.source.count(before) != 1:
            raise NotFoundError(before)
        text_service.revise(
            self.session,
            person,
            person.contract_id,
            item_id,
            register,
            text_service.NewWords(text.source.replace(before, after), text.version, entry["raison"]),
            spaces=(room.space_id,),
            at=at,
        )

    def _link(self, room: Room, entry: Entry, key: str, at: datetime) -> None:
        """Say which words of the text a contribution changed, once its answer is given."""
        person, item_id = self.people[entry["par"]].actor, room.items[entry["sujet"]]
        row = contributions.by_id(self.session, self.ids[key])
        if row is None:
            raise NotFoundError(key)
        refs = [one.ref for one in changes.offered(self.session, [item_id], row.created_at)]
        changes.link(self.session, person, row.id, refs, at=at)

    def _approve(self, room: Room, entry: Entry, at: datetime) -> None:
        seen = self._seen(entry)
        moderation.approve(self.session, room.reviewer.actor, self.ids[entry["cle"]], seen, at=at)

    def _decide(self, verb: Verb, room: Room, entry: Entry, decision: Entry, at: datetime) -> None:
        rule, passages = word(ModerationRule, decision["regle"]), tuple(decision.get("passages", ()))
        reason = moderation.Reason(rule, decision["phrase"], passages)
        verb(self.session, room.reviewer.actor, self.ids[entry["cle"]], self._seen(entry), reason, at=at)

    def _seen(self, entry: Entry) -> moderation.Seen:
        row = contributions.by_id(self.session, self.ids[entry["cle"]])
        if row is None:
            raise NotFoundError(entry["cle"])
        return moderation.Seen(row.version, row.status)

    def _react(self, room: Room, author: Person, entry: Entry, at: datetime) -> None:
        """Reactions of as many people as the entry says; personas keep theirs to give."""
        may = (
            person
            for person in self.people.values()
            if person != author
            and not person.persona
            and not person.actor.group.institutional
            and room.levels.get(person.actor.group, Level.INFORMATION) >= Level.CONSULTATION
        )
        crowd = iter(shuffled(may, entry["cle"]))
        for value, count in entry.get("reactions", {}).items():
            for person in islice(crowd, count):
                contributions.react(
                    self.session, person.actor, self.ids[entry["cle"]], _REACTIONS[value], at=at
                )

    def _answer(self, entry: Entry, given: Entry, at: datetime) -> None:
        answers.give(
            self.session,
            self.people[given["par"]].actor,
            self.ids[entry["cle"]],
            answers.NewAnswer(
                source=given["texte"],
                fate=word(Fate, given["suite"]) if "suite" in given else None,
                passed_to=given.get("a", ""),
            ),
            at=at,
        )

    def _review(self, sent: datetime) -> datetime:
        """When a word sent at `sent` is read again: soon, or the next morning."""
        if sent.timetz().replace(tzinfo=None) < LAST_REVIEW:
            return self._past(sent + REVIEW_DELAY)
        return self._past(datetime.combine(sent.date() + timedelta(days=1), MORNING, clock.PARIS))

    def _past(self, moment: datetime) -> datetime:
        return min(moment, clock.paris(self.at - JUST_BEFORE))

    def _note(self, at: datetime, do: Callable[[datetime], object]) -> None:
        self.acts.append(Act(at, do))


def _thanks_to(entry: Entry) -> list[str]:
    """The contributions that a change of words came from, when there are any."""
    return [entry["grace_a"], *entry.get("grace_aussi", ())] if "grace_a" in entry else []


_REACTIONS = {
    "accord": ReactionValue.AGREE,
    "depend": ReactionValue.DEPENDS,
    "desaccord": ReactionValue.DISAGREE,
}
