"""What a test may do inside a server under test, beside what entry.py offers: each by the product's services."""

from __future__ import annotations

import gc
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal.domain.accounts import service as accounts
from portal.domain.answers import service as answers
from portal.domain.contributions import rules, service
from portal.domain.documents import service as documents
from portal.domain.documents.models import Subject
from portal.domain.documents.rules import Presented, Received
from portal.domain.involvement import service as involvement
from portal.domain.moderation import service as moderation
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.domain.texts import service as texts
from portal.extensions import db, socketio, unit
from portal.kernel import clock
from portal.kernel.files.kinds import FileKind
from portal.policy.permissions import Permission
from portal.vocabulary import (
    ContributionKind,
    ContributionStatus,
    Fate,
    Group,
    Level,
    ModerationMode,
    ModerationRule,
    ReactionValue,
    Register,
    Role,
)

Done = dict[str, Any]
PAGE = os.sysconf("SC_PAGE_SIZE")


def say(session: Any, person: Any, data: Done) -> Done:
    """Send a contribution of any kind."""
    kind = ContributionKind(data["kind"])
    words = rules.Words(data["words"], "Pour mieux vivre ici." if kind is ContributionKind.PROPOSAL else "")
    command = service.NewContribution(kind, data["item"], words, parent_id=data.get("parent"))
    return {"id": service.submit(session, person, data["space"], command).id}


def mend(session: Any, person: Any, data: Done) -> Done:
    """Correct one's words."""
    return {"id": service.correct(session, person, data["id"], rules.Words(data["words"], data["why"])).id}


def feel(session: Any, person: Any, data: Done) -> Done:
    """React, or take a reaction back."""
    value = ReactionValue(data["value"]) if data["value"] else None
    return {"id": service.react(session, person, data["id"], value).id}


def decide(session: Any, person: Any, data: Done) -> Done:
    """Publish, refuse or hide, having seen a version and a status."""
    seen = moderation.Seen(data["version"], ContributionStatus(data["status"]))
    if data["decision"] == "approve":
        return {"id": moderation.approve(session, person, data["id"], seen).id}
    reason = moderation.Reason(ModerationRule.OFF_TOPIC, data["sentence"])
    decided = {"refuse": moderation.refuse, "hide": moderation.hide}[data["decision"]]
    return {"id": decided(session, person, data["id"], seen, reason).id}


def decide_together(session: Any, person: Any, data: Done) -> Done:
    """Several decisions at one moment: the first is told when the last is public already."""
    for decision, one in data["decisions"]:
        given = {"id": one, "decision": decision, "version": 1, "status": ContributionStatus.PENDING.value}
        decide(session, person, given | {"sentence": "Hors du sujet."})
    return {}


def answer(session: Any, person: Any, data: Done) -> Done:
    """Give the answer of the organiser."""
    command = answers.NewAnswer(data["words"], Fate.KEPT)
    return {"id": answers.give(session, person, data["id"], command).id}


def set_level(session: Any, person: Any, data: Done) -> Done:
    """Record the level of a group in a space, as if so many days ago."""
    at = clock.now() - timedelta(days=data.get("days_ago", 0))
    level = None if data["level"] is None else Level(data["level"])
    command = involvement.NewLevel(Group(data["group"]), level, data.get("reason", ""))
    row = involvement.record(session, person, data["contract"], data["space"], command, at=at)
    return {"now": row.applied}


def set_phase(session: Any, person: Any, data: Done) -> Done:
    """Pause, resume or end the contributions of a space."""
    if data["phase"] == "pause":
        spaces.pause(session, person, data["space"], "Une réunion a lieu.")
    elif data["phase"] == "resume":
        spaces.resume(session, person, data["space"])
    else:
        spaces.end(session, person, data["space"], "Tout le monde a parlé.")
    return {}


def configure(session: Any, person: Any, data: Done) -> Done:
    """Change the moderation of a space, and open it again when its contributions had ended."""
    row = spaces.decided(session, person, data["space"], Permission.SPACE_CONFIGURE, None)
    ends_at = row.ends_at
    if data["reopen"]:
        ends_at = clock.now().replace(microsecond=0) + timedelta(days=700)
    command = spaces.SpaceCorrection(
        row.question,
        row.introduction,
        ends_at,
        row.answer_days,
        ModerationMode(data["moderation"]),
        "Plus de temps.",
    )
    spaces.correct(session, person, data["space"], command, version=row.version)
    return {}


def write_text(session: Any, _person: Any, data: Done) -> Done:
    """Give an item its first words, as the set-up of a contract does."""
    texts.create(session, data["item"], Register.PLAIN, data["words"], by_function="la direction")
    return {}


def revise(session: Any, person: Any, data: Done) -> Done:
    """Change the words of an item."""
    command = texts.NewWords(data["words"], data["version"], "Plus clair.")
    texts.revise(
        session, person, data["contract"], data["item"], Register.PLAIN, command, spaces=(data["space"],)
    )
    return {}


def give_role(session: Any, _person: Any, data: Done) -> Done:
    """Give a role to a member."""
    members.give_role(session, data["who"], Role(data["role"]))
    return {}


def leave(session: Any, _person: Any, data: Done) -> Done:
    """End a membership."""
    members.remove_member(session, data["who"])
    return {}


def join(session: Any, _person: Any, data: Done) -> Done:
    """Make an account a member (again)."""
    row = members.add_member(
        session, data["contract"], Group(data["group"]), None, account_id=data["account"]
    )
    return {"id": row.id}


def sign_out(session: Any, _person: Any, data: Done) -> Done:
    """End one session, as « Se déconnecter » does."""
    accounts.end_session(session, data["token_hash"])
    return {}


def disable(session: Any, _person: Any, data: Done) -> Done:
    """Close an account."""
    accounts.disable_account(session, data["account"])
    return {}


def new_password(session: Any, _person: Any, data: Done) -> Done:
    """Change a password: other sessions end."""
    accounts.change_password(session, data["account"], "x" * 40, keep=data.get("keep"))
    return {}


def state(_session: Any, _person: Any, _data: Done) -> Done:
    """What this process holds: its memory, its connections, and the most that waits for one of them."""
    # What nothing holds any more would be counted or not, as the collector happens to come.
    gc.collect()
    held = list(socketio.server.eio.sockets.values())
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE
    return {
        "resident": resident,
        "connections": len(held),
        "waiting": max((one.queue.qsize() for one in held), default=0),
        "size": max((getattr(one.queue, "size", 0) for one in held), default=0),
        "at": datetime.now().astimezone().isoformat(),
    }


def lent(_session: Any, _person: Any, _data: Done) -> Done:
    """How many connections to the database pages and sockets hold now, and how many writings do."""
    return {
        "reading": db.engine.pool.checkedout(),
        # This one is ours.
        "writing": unit.bound._engine.pool.checkedout() - 1,
    }


def attach(session: Any, person: Any, data: Done) -> Done:
    """Attach a document to the contract; its first words only are kept with it."""
    where = documents.Place(person.contract_id, Subject.CONTRACT, person.contract_id)
    content = data["words"].encode()
    file = Received(FileKind.TXT, content, b"", data["words"][:100], frozenset())
    return {
        "id": documents.attach(session, person, where, Presented("Plan des travaux", "Les chambres."), file)
    }


ACTS = {
    act.__name__: act
    for act in (
        say, mend, feel, decide, decide_together, answer, set_level, set_phase, configure, write_text, revise, give_role, leave, join,
        sign_out, disable, new_password, state, lent, attach,
    )
}  # fmt: skip
