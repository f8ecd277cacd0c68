"""The program of a server under test: the product's own server and application.

Argument: a file descriptor that listens. One extra route does acts inside the server,
as a page would; `FAULT` names a planted fault of faulty_server.py.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402 — patching comes first
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent))

from flask import Flask, request  # noqa: E402

from portal import logs, serveur  # noqa: E402
from portal.blueprints import _guards  # noqa: E402
from portal.config import from_environ  # noqa: E402
from portal.domain.contributions import rules, service  # noqa: E402
from portal.domain.moderation import service as moderation  # noqa: E402
from portal.domain.participants import queries as participants  # noqa: E402
from portal.extensions import csrf, unit  # noqa: E402
from portal.realtime import sweep  # noqa: E402
from portal.vocabulary import ContributionKind, ContributionStatus, ReactionValue  # noqa: E402


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


ACTS = {"publish": publish, "react": react, "approve": approve, "withdraw": withdraw}


def add_acts(app: Flask) -> None:
    """Let a test act inside the server, in a unit of work of its own."""

    def act() -> dict[str, str]:
        data = request.get_json()

        def work(session: Any) -> dict[str, str]:
            return ACTS[data["act"]](session, participants.actor_of(session, data["by"]), data)

        return unit(work)

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
        app = super().load()
        add_acts(app)
        return app


if __name__ == "__main__":
    logs.configure()
    Server(from_environ(), "127.0.0.1", 0).run()
