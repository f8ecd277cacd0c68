"""A small model of a space, written by hand from what the rules say, and what everybody in it should hold."""

from __future__ import annotations

import json
import random
import time

import world as worlds
from received import AUTHOR, MARK, MODERATORS, READERS, DivergenceError, Page, Said

FIELDS = {
    "space", "audience", "prev", "cursor", "shape", "id", "item", "root", "html", "fresh", "total", "figures",
    "sentence", "after", "quiet",
}  # fmt: skip
KEEPERS = {"director", "deputy", "moderator"}
GROUPS = {
    "director": "management", "family": "families", "relative": "families", "cousin": "families", "uncle": "families",
    "aunt": "families", "resident": "residents", "nurse": "professionals",
}  # fmt: skip
WITHIN_SECONDS = 6.0


class Stage:
    """Random acts in one space, everybody connected; after each act, what everybody holds is compared."""

    def __init__(self, server, listen, seed, build=worlds.build):
        self.server, self.random, self.seed = server, random.Random(seed), seed
        self.world, other = build(server.database), build(server.database)
        self.space = self.world.space_id
        self.people = {name: self.world[name] for name in GROUPS}
        self.roles = {"director": {"director"}}
        self.members = set(GROUPS)
        self.levels = {"families": 3, "residents": 3, "professionals": 2}
        self.phase, self.moderation = "open", "apres"
        self.said: list[Said] = []
        self.counts: dict[str, int] = {}
        self.secrets: set[str] = set()
        self.history: list[str] = []
        self.text_version = 0
        self._settle()
        self.pages = {name: Page(name, listen(one.token), self.space) for name, one in self.people.items()}
        self.pages["stranger"] = Page("stranger", listen(other["family"].token), self.space)
        for one in [*self.people.values(), *other.people.values()]:
            self.secrets |= {one.account_id, one.participant_id, one.token, one.token_hash}
        self.know_counts()
        self.compare()

    # What is set before anybody comes.

    def _settle(self) -> None:
        self.words_of_item()
        self.give("nurse", "moderator")
        self.give("uncle", "deputy")

    def give(self, name, role) -> None:
        self.act("give_role", "director", who=self.people[name].participant_id, role=role)
        self.roles.setdefault(name, set()).add(role)

    def words_of_item(self) -> None:
        self.act("write_text", "director", item=self.world.items[0], words="Un texte.")
        self.text_version = 1

    def act(self, act, by, **data):
        return self.server.act(act, self.people[by].participant_id, **data)

    # What the rules say.

    def level(self, name) -> int:
        return self.levels.get(GROUPS.get(name, ""), 0) if name in self.members else 0

    def keeps(self, name) -> bool:
        return name in self.members and bool(self.roles.get(name, set()) & KEEPERS)

    def directs(self, name) -> bool:
        return name in self.members and bool(self.roles.get(name, set()) & {"director", "deputy"})

    def audiences(self, name) -> tuple[str, ...]:
        """What a person may hear now."""
        if self.keeps(name):
            return (MODERATORS, AUTHOR)
        return (READERS, AUTHOR) if self.level(name) else ()

    def owes(self, audience, name) -> dict[str, tuple[set[str], set[str]]]:
        """For each card an audience holds: words that stand in it, words that may."""
        told = {}
        for one in self.said:
            if audience == AUTHOR and one.author != self.people[name].participant_id:
                continue
            seen = one.seen_by(audience)
            if seen is not None:
                told[one.id] = (seen, seen | one.explained_to(audience))
        return told

    def hear(self, audiences, author="") -> None:
        for audience in audiences:
            name = f"author:{author}" if audience == AUTHOR else audience
            self.counts[name] = self.counts.get(name, 0) + 1

    # What everybody has.

    def stored(self, name, audience) -> str:
        return f"author:{self.people[name].participant_id}" if audience == AUTHOR else audience

    def sql(self, statement, *values):
        return worlds.rows(self.server.database, statement, *values)

    def move_clock(self, seconds) -> None:
        # The server goes on after this play, and its clock never goes back.
        self.server.moved = getattr(self.server, "moved", 0) + seconds
        # Replaced whole: a file read while it is written is empty, and the clock of the server would go back.
        aside = self.server.instance / "horloge.tmp"
        aside.write_text(str(self.server.moved), encoding="ascii")
        aside.replace(self.server.instance / "horloge")

    def know_counts(self) -> None:
        self.counts = dict(
            self.sql("SELECT audience, count FROM audience_cursor WHERE space_id = ?", self.space)
        )

    def settled(self, page, epoch) -> bool:
        allowed = self.audiences(page.name)
        if not allowed:
            return not page.inside
        return (
            page.epoch == epoch
            and set(page.cursors) == set(allowed)
            and all(page.cursors[a] == self.counts.get(self.stored(page.name, a), 0) for a in allowed)
        )

    def late(self) -> list[Page]:
        """Pages that have not heard everything yet."""
        ((epoch,),) = self.sql("SELECT epoch FROM space WHERE id = ?", self.space)
        return [page for page in self.pages.values() if not self.settled(page, epoch)]

    def compare(self) -> None:
        """Wait until every page is where the journal is, then compare; whoever is outside tries to enter."""
        for page in self.pages.values():
            page.follow()
            if not page.inside:
                page.enter()
            self.check_received(page)
        end = time.monotonic() + WITHIN_SECONDS
        while late := self.late():
            if time.monotonic() > end:
                self.fail("not where they should be", [(one.name, one.epoch, one.cursors) for one in late])
            time.sleep(0.02)
            for page in self.pages.values():
                page.follow()
                self.check_received(page)
        for page in self.pages.values():
            self.check_received(page)
            self.check_held(page)

    def check_received(self, page) -> None:
        """Nothing of what came since the last comparison was more than allowed."""
        allowed = self.audiences(page.name)
        if page.granted is not None and page.granted != set(allowed):
            self.fail(page.name, "was let in to", page.granted, "and not to", allowed)
        page.granted = None
        for audience, frame in page.received:
            if audience not in allowed:
                self.fail(page.name, "received a frame for", audience)
            if frame.keys() - FIELDS:
                self.fail(page.name, "received fields", frame.keys() - FIELDS)
            words = json.dumps(frame)
            if any(secret in words for secret in self.secrets):
                self.fail(page.name, "received a secret in", frame["shape"])
            owed = self.owes(audience, page.name)
            may = owed.get(frame.get("id", ""), (set(), set()))[1]
            if frame.get("after") and frame["after"] not in owed:
                self.fail(page.name, audience, "received the place of a card that is not for them")
            if set(MARK.findall(words)) - may:
                self.fail(page.name, audience, "received words that are not for them:", frame["shape"])
        page.received.clear()

    def check_held(self, page) -> None:
        for audience in self.audiences(page.name):
            owed, held = self.owes(audience, page.name), page.marks(audience)
            if held.keys() != owed.keys():
                self.fail(page.name, audience, "holds other cards", held.keys() ^ owed.keys())
            for id_, (must, may) in owed.items():
                if not must <= held[id_] <= may:
                    self.fail(page.name, audience, "holds", held[id_], "and should hold", must)

    def fail(self, *what) -> None:
        raise DivergenceError(f"seed {self.seed}, after {self.history[-6:]}: " + " ".join(map(str, what)))
