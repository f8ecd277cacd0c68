"""Random acts in one space, everybody connected; after each act, what everybody holds is compared."""

from __future__ import annotations

import world as worlds
from received import AUTHOR, MODERATORS, READERS, Said, mark
from received_stage import GROUPS, Stage

EVERYBODY = (READERS, MODERATORS, AUTHOR)
NOT_PUBLIC = (MODERATORS, AUTHOR)
LEVEL_OF = {"question": 1, "comment": 2, "reply": 3, "proposal": 3}
DAY = 86_400


class Play(Stage):
    """Acts, each of which says who hears of it."""

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
        self.act("answer", self._keeper(directing=True), id=one.id, words=f"Merci à vous pour {words}.")
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
