"""The program of a server under test: the product's own server and application.

Argument: a file descriptor that listens. One extra route does acts inside the server,
as a page would; `FAULT` names a planted fault of faulty_server.py.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402 — patching comes first
import sys  # noqa: E402
from http import HTTPStatus  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent))

import acts  # noqa: E402
from flask import Flask, request  # noqa: E402

from portal import logs, serveur  # noqa: E402
from portal.blueprints import _guards  # noqa: E402
from portal.config import from_environ  # noqa: E402
from portal.domain.contributions import rules, service  # noqa: E402
from portal.domain.involvement import service as involvement  # noqa: E402
from portal.domain.journal import service as journal  # noqa: E402
from portal.domain.moderation import service as moderation  # noqa: E402
from portal.domain.participants import queries as participants  # noqa: E402
from portal.domain.spaces import service as spaces  # noqa: E402
from portal.extensions import csrf, unit  # noqa: E402
from portal.kernel.errors import InvalidError, RefusedError, StaleError  # noqa: E402
from portal.realtime import doors, sweep, transport  # noqa: E402
from portal.vocabulary import (  # noqa: E402
    ContributionKind,
    ContributionStatus,
    Group,
    Level,
    ModerationRule,
    ReactionValue,
)


def publish(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Send a comment, or a reply when `parent` is given."""
    parent = data.get("parent")
    kind = ContributionKind.REPLY if parent else ContributionKind.COMMENT
    command = service.NewContribution(kind, data["item"], rules.Words(data["words"]), parent_id=parent)
    return {"id": service.submit(session, person, data["space"], command).id}


def react(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """React to a contribution."""
    return {"id": service.react(session, person, data["id"], ReactionValue(data["value"])).id}


def approve(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Publish what waits for moderation."""
    seen = moderation.Seen(data["version"], ContributionStatus.PENDING)
    return {"id": moderation.approve(session, person, data["id"], seen).id}


def withdraw(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Take one's words back."""
    return {"id": service.withdraw(session, person, data["id"]).id}


def correct(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Write one's words anew."""
    return {"id": service.correct(session, person, data["id"], rules.Words(data["words"])).id}


def refuse(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Refuse what waits for moderation."""
    seen = moderation.Seen(data["version"], ContributionStatus(data["status"]))
    return {"id": moderation.refuse(session, person, data["id"], seen, REASON).id}


def hide(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Hide what is published."""
    seen = moderation.Seen(data["version"], ContributionStatus.PUBLISHED)
    return {"id": moderation.hide(session, person, data["id"], seen, REASON).id}


def pause(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Suspend the space, and open it again."""
    spaces.pause(session, person, data["space"], "Une réunion a lieu.")
    return {"id": spaces.resume(session, person, data["space"]).id}


def level(session: Any, person: Any, data: dict[str, Any]) -> dict[str, str]:
    """Raise the level of a group in a space."""
    command = involvement.NewLevel(Group(data["group"]), Level(data["level"]))
    involvement.record(session, person, data["contract"], data["space"], command)
    return {"id": data["space"]}


REASON = moderation.Reason(next(iter(ModerationRule)), "Dites-le sans nommer personne.")
ACTS = {act.__name__: act for act in (publish, react, approve, withdraw, correct, refuse, hide, pause, level)}
ACTS |= acts.ACTS


def add_acts(app: Flask) -> None:
    """Let a test act inside the server, in a unit of work of its own."""

    def act() -> dict[str, str] | tuple[dict[str, str], int]:
        data = request.get_json()

        def work(session: Any) -> dict[str, str]:
            person = participants.actor_of(session, data["by"])
            if person is not None:
                journal.hold(session, person.contract_id)
            return ACTS[data["act"]](session, person, data)

        try:
            return unit(work)
        except (RefusedError, StaleError, InvalidError) as late:
            # Somebody was faster: what a form would say, here by its number.
            return {"refused": type(late).__name__}, HTTPStatus.CONFLICT

    app.add_url_rule("/essai", "essai", csrf.exempt(_guards.everyone(act)), methods=["POST"])


class Server(serveur.Server):
    """The product's server, on a socket that the test already opened."""

    def load_config(self) -> None:
        super().load_config()
        self.cfg.set("bind", f"fd://{sys.argv[1]}")
        self.cfg.set("graceful_timeout", 1)

    def load(self) -> Any:
        for fault in filter(None, os.environ.get("FAULT", "").split()):
            import faulty_server

            faulty_server.FAULTS[fault]()
        # So that a test does not wait ten seconds for a connection nobody signed in on.
        sweep.STRANGER_SECONDS = 2.0
        doors.BODY_PATIENCE_SECONDS = 2.0
        # A connection that died in silence is noticed after twice this long.
        beat = float(os.environ.get("PING_SECONDS") or transport.PING_EVERY_SECONDS)
        transport.PING_EVERY_SECONDS = transport.PING_PATIENCE_SECONDS = beat
        app = super().load()
        add_acts(app)
        return app


if __name__ == "__main__":
    logs.configure()
    Server(from_environ(), "127.0.0.1", 0).run()
