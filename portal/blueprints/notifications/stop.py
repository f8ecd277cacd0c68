"""One click ends e-mails: signed out, from any mailbox, and nothing else."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.blueprints._guards import everyone
from portal.domain.notifications import mails
from portal.extensions import csrf, db, unit
from portal.kernel.errors import NotFoundError

bp = Blueprint("stop", __name__)


@bp.get("/courriels/arreter/<jeton>")
@everyone
def ask(jeton: str) -> str:
    """One button. Looking does nothing: mailboxes open every link before people do."""
    if not mails.knows_stop(db.session(), jeton):
        raise NotFoundError
    return render_template("notifications/stop.html", jeton=jeton, done=False)


# A mailbox sends this form by itself (RFC 8058), without a page and without a cookie: the
# token stands for both. It is random, nobody else has it, and the worst that a stolen one does
# is to end e-mails, which the person turns on again in the portal.
@bp.post("/courriels/arreter/<jeton>")
@csrf.exempt
@everyone
def stop(jeton: str) -> str:
    """End the e-mails of the account to which the token was sent; twice is the same as once."""
    if not unit(lambda session: mails.stop(session, jeton)):
        raise NotFoundError
    return render_template("notifications/stop.html", jeton=jeton, done=True)
