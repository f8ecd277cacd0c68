"""A small model of a space, written by hand from what the rules say, and pages that receive what the portal tells.

Nothing here calls what decides or renders in the product: audiences, statuses and who reads which
words are said again. Every text carries a word of its own, so that whoever receives it is known.
"""

from __future__ import annotations

import json
import random
import re
import secrets
import time
from dataclasses import dataclass, field

import world as worlds

MARK = re.compile(r"mot[a-z]{12}")
FIELDS = {
    "space", "audience", "prev", "cursor", "shape", "id", "item", "root", "html", "fresh", "total", "figures", "sentence", "after", "quiet",
}  # fmt: skip
READERS, MODERATORS, AUTHOR = "readers", "moderators", "author"
EVERYBODY = (READERS, MODERATORS, AUTHOR)
NOT_PUBLIC = (MODERATORS, AUTHOR)
KEEPERS = {"director", "deputy", "moderator"}
GROUPS = {
    "director": "management", "family": "families", "relative": "families", "cousin": "families", "uncle": "families",
    "aunt": "families", "resident": "residents", "nurse": "professionals",
}  # fmt: skip
LEVEL_OF = {"question": 1, "comment": 2, "reply": 3, "proposal": 3}
FAR = "2040-01-01 00:00:00.000000"
DAY = 86_400
WITHIN_SECONDS = 6.0


class DivergenceError(AssertionError):
    """Somebody received what is not theirs, or did not receive what is."""


def mark() -> str:
    """A word that stands nowhere else."""
    return "mot" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12))


@dataclass
class Said:
    """One contribution as the rules tell it."""

    id: str
    author: str
    kind: str
    words: list[str]
    status: str = "published"
    shown: int | None = 0
    pending: bool = False
    answer: str | None = None
    sentences: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        return len(self.words) - 1

    @property
    def was_public(self) -> bool:
        return self.shown is not None

    def seen_by(self, audience: str) -> set[str] | None:
        """The marked words in its card for an audience; None when the audience has no card."""
        if audience == READERS and (
            self.status == "pending" or (self.status == "withdrawn" and not self.was_public)
        ):
            return None
        if self.status == "withdrawn":
            return set()
        own = audience == AUTHOR
        latest = audience != READERS and (self.pending or self.status == "refused")
        number = self.last if latest else self.shown
        if self.status in ("hidden", "refused"):
            return {self.words[number]} if own else set()
        return {self.words[number]} | ({self.answer} if self.answer else set())

    def explained_to(self, audience: str) -> set[str]:
        """Sentences of the moderation that an audience may also read: never readers."""
        return set() if audience == READERS else set(self.sentences)


class Page:
    """A page of one person: it follows its cursors as the product's own does, and forgets nothing."""

    def __init__(self, name, listener, space_id):
        self.name, self.listener, self.space_id = name, listener, space_id
        self.cursors: dict[str, int] = {}
        self.held: dict[str, dict[str, str]] = {}
        self.epoch: int | None = None
        self.granted: set[str] | None = None
        self.read = self.told = 0
        self.received: list[tuple[str, dict]] = []

    @property
    def inside(self) -> bool:
        return bool(self.cursors)

    def enter(self) -> None:
        answer = self.listener.enter(self.space_id)
        self.granted = set(answer.get("audiences", ()))
        if not answer["ok"]:
            self.cursors, self.held, self.epoch = {}, {}, None
            return
        self.epoch = answer["epoch"]
        told = {audience: one["cursor"] for audience, one in answer["audiences"].items()}
        self.cursors = {audience: self.cursors.get(audience, 0) for audience in told}
        self.held = {audience: self.held.get(audience, {}) for audience in told}
        for audience, cursor in told.items():
            if self.cursors[audience] < cursor:
                self.catch_up(audience)

    def catch_up(self, audience: str) -> None:
        more = True
        while more:
            answer = self.listener.ask(
                "catch_up", space=self.space_id, audience=audience, cursor=self.cursors[audience]
            )
            if "frames" not in answer:
                return
            for frame in answer["frames"]:
                self.take(audience, frame)
            self.cursors[audience], more = answer["cursor"], answer["more"]

    def follow(self) -> None:
        """Read what arrived since the last time; enter again when told."""
        while self.told < len(self.listener.events):
            name, _ = self.listener.events[self.told]
            self.told += 1
            if name == "reenter":
                self.enter()
        while self.read < len(self.listener.frames):
            frame = self.listener.frames[self.read]
            self.read += 1
            audience = frame["audience"]
            self.received.append((audience, frame))
            if audience not in self.cursors:
                continue
            if frame["prev"] == self.cursors[audience]:
                self.cursors[audience] = frame["cursor"]
                self.take(audience, frame)
            elif frame["cursor"] > self.cursors[audience]:
                self.catch_up(audience)

    def take(self, audience: str, frame: dict) -> None:
        self.received.append((audience, frame))
        if frame["shape"] == "card":
            self.held[audience][frame["id"]] = frame["html"]

    def marks(self, audience: str) -> dict[str, set[str]]:
        return {id_: set(MARK.findall(html)) for id_, html in self.held.get(audience, {}).items()}


class Play:
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
        self._settle(other)
        self.pages = {name: Page(name, listen(one.token), self.space) for name, one in self.people.items()}
        self.pages["stranger"] = Page("stranger", listen(other["family"].token), self.space)
        for one in [*self.people.values(), *other.people.values()]:
            self.secrets |= {one.account_id, one.participant_id, one.token, one.token_hash}
        self.know_counts()
        self.compare()

    # What is set before anybody comes.

    def _settle(self, other) -> None:
        for space in (self.space, other.space_id):
            worlds.sql(self.server.database, "UPDATE space SET ends_at = ? WHERE id = ?", FAR, space)
        for one in [*self.people.values(), other["family"]]:
            worlds.sql(
                self.server.database,
                "UPDATE session_row SET expires_at = ? WHERE token_hash = ?",
                FAR,
                one.token_hash,
            )
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
        (self.server.instance / "horloge").write_text(str(self.server.moved), encoding="ascii")

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

    # Acts. Each says who hears of it.

    def speaking(self, level) -> list[str]:
        if self.phase != "open":
            return []
        return [name for name in GROUPS if self.level(name) >= level]

    def contribute(self):
        kind = self.random.choice(sorted(LEVEL_OF))
        roots = [one for one in self.said if one.status == "published"]
        names = self.speaking(LEVEL_OF[kind])
        if not names or (kind == "reply" and not roots):
            return False
        parent = self.random.choice(roots).id if kind == "reply" else None
        self.say(kind, self.random.choice(names), mark(), parent)
        return True

    def say(self, kind, name, words, parent=None):
        item = self.world.items[0]
        done = self.act(
            "say", name, space=self.space, item=item, kind=kind, words=f"Voici {words}.", parent=parent
        )
        before = self.moderation == "avant"
        author = self.people[name].participant_id
        state = ("pending", None, True) if before else ("published", 0, False)
        self.said.append(Said(done["id"], author, kind, [words], *state))
        self.hear(NOT_PUBLIC if before else EVERYBODY, author)

    def _one(self, *statuses, **also):
        found = [
            one
            for one in self.said
            if one.status in statuses and all(getattr(one, key) == value for key, value in also.items())
        ]
        return self.random.choice(found) if found else None

    def _own(self):
        one = self._one("pending", "published", answer=None)
        if one is None:
            return None, ""
        names = [name for name in self.members if self.people[name].participant_id == one.author]
        return (one, names[0]) if names and self.audiences(names[0]) else (None, "")

    def correct(self):
        one, name = self._own()
        if one is None:
            return False
        words = mark()
        why = "Pour mieux vivre ici." if one.kind == "proposal" else ""
        self.act("mend", name, id=one.id, words=f"Plutôt {words}.", why=why)
        one.words.append(words)
        one.pending = self.moderation == "avant"
        if not one.pending:
            one.shown, one.status = one.last, "published"
        self.hear(NOT_PUBLIC if one.pending else EVERYBODY, one.author)
        return True

    def withdraw(self):
        one, name = self._own()
        if one is None:
            return False
        self.act("withdraw", name, id=one.id)
        one.status, one.pending = "withdrawn", False
        self.hear(EVERYBODY if one.was_public else NOT_PUBLIC, one.author)
        return True

    def _keeper(self, directing=False):
        names = [name for name in GROUPS if (self.directs(name) if directing else self.keeps(name))]
        return self.random.choice(names)

    def _decide(self, one, decision):
        sentence = mark()
        self.act(
            "decide",
            self._keeper(),
            id=one.id,
            decision=decision,
            version=one.last + 1,
            status=one.status,
            sentence=f"Ceci : {sentence}.",
        )
        one.pending = False
        if decision != "approve":
            one.sentences.append(sentence)

    def publish(self):
        one = self._one("pending", "published", pending=True)
        if one is None:
            return False
        self._decide(one, "approve")
        one.shown, one.status = one.last, "published"
        self.hear(EVERYBODY, one.author)
        return True

    def refuse(self):
        one = self._one("pending", "published", pending=True)
        if one is None:
            return False
        self._decide(one, "refuse")
        if not one.was_public:
            one.status = "refused"
        self.hear(NOT_PUBLIC if one.was_public else EVERYBODY, one.author)
        return True

    def hide(self):
        one = self._one("published")
        if one is None:
            return False
        self._decide(one, "hide")
        one.status = "hidden"
        self.hear(EVERYBODY, one.author)
        return True

    def answer(self):
        one = self._one("published", answer=None)
        if one is None:
            return False
        words = mark()
        self.act("answer", self._keeper(directing=True), id=one.id, words=f"Merci {words}.")
        one.answer = words
        self.hear(EVERYBODY, one.author)
        return True

    def react(self):
        names = self.speaking(2)
        one = self._one("published")
        names = [name for name in names if one is not None and self.people[name].participant_id != one.author]
        if not names:
            return False
        value = self.random.choice(["accord", "depend", "desaccord", None])
        self.act("feel", self.random.choice(names), id=one.id, value=value)
        before = dict(self.counts)
        self.know_counts()
        moved = {name: count - before.get(name, 0) for name, count in self.counts.items()}
        if {name for name, by in moved.items() if by} - {READERS, MODERATORS} or set(moved.values()) - {0, 1}:
            self.fail("a reaction was told to", moved)
        return True

    def change_level(self):
        group = self.random.choice(["families", "residents", "professionals", "board"])
        before = self.levels.get(group)
        after = self.random.choice([level for level in (None, 1, 2, 3, 4) if level != before])
        told = self.act(
            "set_level",
            "director",
            contract=self.world.contract_id,
            space=self.space,
            group=group,
            level=after,
            reason="Après la réunion.",
        )
        self.hear((READERS, MODERATORS))
        if (after or 0) > (before or 0):
            assert told["now"]
        else:
            # Lowering waits at least seven days: rights do not move before.
            assert not told["now"]
            self.compare()
            self.move_clock(8 * DAY)
            self.hear((READERS, MODERATORS))
        self.levels = (
            {**self.levels, group: after} if after else {k: v for k, v in self.levels.items() if k != group}
        )
        return True

    def change_phase(self):
        step = {"open": ("pause", "end"), "paused": ("resume", "end"), "answering": ("reopen",)}[self.phase]
        wanted = self.random.choice(step) if self.random.random() < 0.5 else step[0]
        if wanted == "reopen":
            self.configure(reopen=True)
        else:
            self.act("set_phase", "director", space=self.space, phase=wanted)
            self.hear((READERS, MODERATORS))
        self.phase = {"pause": "paused", "end": "answering"}.get(wanted, "open")
        return True

    def configure(self, reopen=False):
        self.moderation = self.random.choice(["avant", "apres"])
        self.act("configure", "director", space=self.space, moderation=self.moderation, reopen=reopen)
        self.hear((READERS, MODERATORS))
        return True

    def change_text(self):
        place = {"contract": self.world.contract_id, "item": self.world.items[0], "space": self.space}
        self.act("revise", "director", words=f"Un texte {mark()}.", version=self.text_version, **place)
        self.text_version += 1
        self.hear((READERS, MODERATORS))
        return True

    def change_member(self, name=""):
        name = name or self.random.choice(["aunt", "resident", "cousin"])
        one = self.people[name]
        if name in self.members:
            self.act("leave", "director", who=one.participant_id)
            self.members.discard(name)
            self.roles.pop(name, None)
            return True
        done = self.act(
            "join", "director", contract=self.world.contract_id, group=GROUPS[name], account=one.account_id
        )
        # A new person for the contract: what the former one wrote is no longer theirs.
        one.participant_id = done["id"]
        self.secrets.add(done["id"])
        self.members.add(name)
        return True

    def leave_and_speak(self):
        """Somebody leaves, and somebody else speaks before anything could be told."""
        leaving = self.random.choice(["aunt", "resident", "cousin"])
        speaking = [name for name in self.speaking(2) if name != leaving]
        if leaving not in self.members or not speaking:
            return False
        self.change_member(leaving)
        name, words = self.random.choice(speaking), mark()
        self.say("comment", name, words)
        return True

    def change_role(self):
        name = self.random.choice(["relative", "cousin", "nurse"])
        if name not in self.members:
            return False
        if self.roles.get(name):
            # No act of the product takes a role: an administrator does.
            worlds.sql(
                self.server.database,
                "UPDATE participant_role SET ended_at = given_at WHERE participant_id = ?",
                self.people[name].participant_id,
            )
            self.roles.pop(name)
        else:
            self.give(name, "moderator")
        return True

    def play(self, steps, only=()) -> None:
        """So many acts, compared after each; `only` names those that may be drawn."""
        acts = [
            *[self.contribute] * 6, *[self.correct] * 3, self.withdraw, *[self.publish] * 4, *[self.refuse] * 2, self.hide,
            *[self.answer] * 2, *[self.react] * 2, self.change_level, self.change_phase, self.configure, self.change_text,
            self.change_member, *[self.leave_and_speak] * 2,
            self.change_role,
        ]  # fmt: skip
        acts = [act for act in acts if not only or act.__name__ in only]
        done = 0
        while done < steps:
            act = self.random.choice(acts)
            if act():
                done += 1
                self.history.append(act.__name__)
                self.compare()
