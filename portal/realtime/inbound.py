"""What a socket may ask. One registrar for every event; content is never written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, request
from flask_socketio import ConnectionRefusedError as SocketRefusedError
from sqlalchemy.orm import Session

from portal import languages, pace
from portal.domain.journal import queries as journal
from portal.extensions import db
from portal.kernel import clock
from portal.kernel.errors import NotFoundError, RefusedError
from portal.kernel.ids import is_id
from portal.kernel.speech import say
from portal.logs import get_logger
from portal.policy.permissions import Permission
from portal.realtime import outbound, rooms, sessions
from portal.realtime.presence import Visitor
from portal.realtime.throttle import SOCKETS_PER_ACCOUNT, Origin
from portal.vocabulary import LANGUAGES, Audience

if TYPE_CHECKING:
    from flask_socketio import SocketIO

    from portal.realtime.live import Live

log = get_logger("portal.realtime.inbound")

Answer = dict[str, Any]
Told = TypeVar("Told")
MANY_FRAMES_BEHIND = 500
FRAMES_PER_ANSWER = 50
# Signs of cards in one answer: a page that reads nothing must not be made to cost more.
ANSWER_SIZE = 128 * 1024
CURSOR_LIMIT = 2**53

SESSION_ENDED = (
    "session-terminee",
    say("Votre session est terminée. Connectez-vous de nouveau pour suivre cette page."),
)
TOO_MANY_PAGES = (
    "trop-de-pages",
    say("Trop de pages sont ouvertes. Fermez-en quelques-unes, puis rechargez celle-ci."),
)
TOO_FAST = ("trop-vite", say("Trop de demandes à la fois. Attendez quelques secondes."))
MALFORMED = ("demande", say("La page a envoyé une demande que le portail ne comprend pas. Rechargez-la."))
BROKEN = ("erreur", say("Le suivi en direct a rencontré une erreur. Rechargez la page."))
UNDECIDED = ("refus", say("Cette demande n’est pas permise."))


class MalformedError(Exception):
    """A message without the expected shape."""


class UndecidedError(AssertionError):
    """A handler answered without exactly the decision it declares."""


@dataclass(slots=True)
class Visit:
    """One event of one socket: who asks, and what was decided."""

    live: Live
    visitor: Visitor
    session: Session
    at: datetime
    decisions: list[Permission | None] = field(default_factory=list)

    def entrance(self, space_id: str) -> rooms.Entrance:
        """Decide on a space, afresh. Raises NotFoundError or RefusedError."""
        self.decisions.append(Permission.SPACE_READ)
        return rooms.entrance(self.session, self.visitor.account_id, space_id, self.at, self.visitor.lang)

    def free(self) -> None:
        """Record that this event needs no right, as declared."""
        self.decisions.append(None)


@dataclass(frozen=True, slots=True)
class Event:
    """An event that sockets may send, and the permission it is decided by."""

    name: str
    permission: Permission | None
    why_free: str
    handler: Callable[[Visit, Message], Answer]


class Message:
    """What came with an event; every read is checked."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, dict):
            raise MalformedError("not an object")
        self._data = data

    def space(self) -> str:
        """The public id of a space."""
        value = self._data.get("space")
        if not isinstance(value, str) or not is_id(value):
            raise MalformedError("space")
        return value

    def audience(self) -> Audience:
        """One of the audiences."""
        value = self._data.get("audience")
        if not isinstance(value, str) or value not in rooms.STORED:
            raise MalformedError("audience")
        return rooms.STORED[value]

    def lang(self, known: str) -> str:
        """The language of the page; the one known before when the page does not say."""
        value = self._data.get("lang", known)
        if value not in LANGUAGES:
            raise MalformedError("lang")
        return str(value)

    def cursor(self) -> int:
        """How many frames the page has had."""
        value = self._data.get("cursor")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < CURSOR_LIMIT:
            raise MalformedError("cursor")
        return value


EVENTS: dict[str, Event] = {}


def event(
    name: str, permission: Permission | None, *, why_free: str = ""
) -> Callable[[Callable[[Visit, Message], Answer]], Callable[[Visit, Message], Answer]]:
    """Declare an event; one without a permission says why."""
    if permission is None and not why_free:
        raise ValueError(f"the event {name} has neither a permission nor a reason")

    def declare(handler: Callable[[Visit, Message], Answer]) -> Callable[[Visit, Message], Answer]:
        EVENTS[name] = Event(name, permission, why_free, handler)
        return handler

    return declare


@event("enter", Permission.SPACE_READ)
def enter(visit: Visit, message: Message) -> Answer:
    """Join the rooms of a space; answers with the counters of its audiences."""
    space_id = message.space()
    visit.visitor.lang = message.lang(visit.visitor.lang)
    try:
        entrance = visit.entrance(space_id)
    except (NotFoundError, RefusedError):
        visit.live.gateway.dismiss(visit.visitor, space_id)
        raise
    visit.live.gateway.admit(visit.visitor, entrance)
    # Counters are read after joining: a frame sent in between is either heard or counted.
    visit.session.rollback()
    counts = journal.cursors(visit.session, space_id, [entrance.stored(a) for a in entrance.audiences])
    return {
        "ok": True,
        "epoch": entrance.epoch,
        "audiences": {a.value: {"cursor": counts.get(entrance.stored(a), 0)} for a in entrance.audiences},
    }


@event("catch_up", Permission.SPACE_READ)
def catch_up(visit: Visit, message: Message) -> Answer:
    """The frames of an audience after a cursor, rendered as they are now."""
    space_id, audience, cursor = message.space(), message.audience(), message.cursor()
    entrance = visit.entrance(space_id)
    if audience not in entrance.audiences:
        return {"reload": True}
    stored = entrance.stored(audience)
    count = journal.cursors(visit.session, space_id, [stored]).get(stored, 0)
    if cursor > count or count - cursor > MANY_FRAMES_BEHIND:
        return {"reload": True}
    rows = journal.audience_frames(visit.session, space_id, stored, cursor, FRAMES_PER_ANSWER)
    if [row.cursor for row in rows] != list(range(cursor + 1, cursor + 1 + len(rows))):
        return {"reload": True}
    if cursor < count and not rows:
        return {"reload": True}
    told = _what_fits(outbound.frames(visit.session, rows, audience))
    reached = told[-1]["cursor"] if told else cursor
    return {"cursor": reached, "more": reached < count, "frames": told}


def _what_fits(frames: Iterable[Answer]) -> list[Answer]:
    """The first frames, at least one; the page asks for those after them."""
    size = 0
    told: list[Answer] = []
    for frame in frames:
        size += len(frame.get("html", ""))
        if told and size > ANSWER_SIZE:
            break
        told.append(frame)
    return told


@event("leave", None, why_free="hearing less needs no right")
def leave(visit: Visit, message: Message) -> Answer:
    """Stop hearing a space."""
    visit.free()
    visit.live.gateway.dismiss(visit.visitor, message.space())
    return {"ok": True}


def register(socketio: SocketIO, live: Live) -> None:
    """Put the declared events, connection and departure on the server of `socketio`."""
    socketio.on("connect")(lambda _auth=None: _connect(live))
    socketio.on("disconnect")(lambda *_reason: _disconnect(live))
    socketio.on("*")(lambda *_data: _unknown(live))
    for declared in EVENTS.values():
        socketio.on(declared.name)(_bound(live, declared))


def _bound(live: Live, declared: Event) -> Callable[..., Answer]:
    def handle(*data: object) -> Answer:
        return answer(live, declared, request.sid, data)  # type: ignore[attr-defined]  # set by Flask-SocketIO

    return handle


def answer(live: Live, declared: Event, sid: str, data: tuple[object, ...]) -> Answer:
    """Check session, pace and shape; run the handler; check that it decided."""
    visitor = _present(live, sid)
    if visitor is None:
        return _no(*SESSION_ENDED)
    return _said(visitor.lang, lambda: _answer(live, declared, visitor, data))


def _answer(live: Live, declared: Event, visitor: Visitor, data: tuple[object, ...]) -> Answer:
    if not _in_pace(live, visitor):
        return _no(*TOO_FAST)
    visit = Visit(live, visitor, db.session(), clock.now())
    try:
        result = declared.handler(visit, Message(data[0] if data else None))
    except MalformedError:
        return _no(*MALFORMED)
    except (NotFoundError, RefusedError) as refusal:
        with languages.speaking(visitor.lang):
            result = _no(refusal.code, refusal.sentence)
    except Exception as error:
        log.exception("live.event_failed", kind=declared.name, exc_info=error)
        return _no(*BROKEN)
    if visit.decisions != [declared.permission]:
        return _undecided(declared, visit)
    return result


def _undecided(declared: Event, visit: Visit) -> Answer:
    if current_app.testing:
        raise UndecidedError(f"{declared.name} decided {visit.decisions}, declares {declared.permission}")
    log.error("live.undecided", kind=declared.name)
    return {**_no(*UNDECIDED), "status": 403}


def _connect(live: Live) -> None:
    try:
        _receive(live)
    except SocketRefusedError:
        raise
    except Exception as error:
        # Without an answer the page would wait for ever; refused without a sentence, it comes again.
        log.exception("live.connect_failed", exc_info=error)
        raise SocketRefusedError(BROKEN[0]) from error


def _receive(live: Live) -> None:
    hashed = sessions.token_hash(request.environ, current_app.config["SESSION_COOKIE_NAME"])
    account_id = sessions.account(db.session(), hashed, clock.now())
    if hashed is None or account_id is None:
        raise _refusal(*SESSION_ENDED)
    if live.presence.count_of(account_id) >= SOCKETS_PER_ACCOUNT:
        raise _refusal(*TOO_MANY_PAGES)
    address = pace.place(request.environ.get("REMOTE_ADDR", ""))
    sealed = pace.sealed(current_app, "adresse", address) if address else ""
    live.welcome(Visitor(request.sid, hashed, account_id, sealed, languages.of_browser(request)))  # type: ignore[attr-defined]  # as above


def _disconnect(live: Live) -> None:
    sid = request.sid  # type: ignore[attr-defined]  # as above
    live.presence.depart(sid)
    live.throttle.forget(sid)


def _unknown(live: Live) -> Answer:
    visitor = _present(live, request.sid)  # type: ignore[attr-defined]  # as above
    if visitor is not None:
        _in_pace(live, visitor)
    return _no(*MALFORMED)


def _present(live: Live, sid: str) -> Visitor | None:
    """The visitor, when its session row is still alive; else its socket is closed."""
    visitor = live.presence.visitor(sid)
    if visitor is None or not _alive(visitor):
        live.gateway.goodbye(sid, *SESSION_ENDED)
        return None
    return visitor


def _alive(visitor: Visitor) -> bool:
    return sessions.account(db.session(), visitor.token_hash, clock.now()) == visitor.account_id


def _in_pace(live: Live, visitor: Visitor) -> bool:
    account = pace.sealed(current_app, "compte", visitor.account_id)
    if live.throttle.admits(Origin(visitor.sid, account, visitor.address)):
        return True
    # What is refused is counted too: a socket that insists is closed.
    if not live.throttle.endures(visitor.sid):
        live.gateway.goodbye(visitor.sid, *TOO_FAST)
    return False


def _said(lang: str, tell: Callable[[], Told]) -> Told:
    with languages.speaking(lang):
        return tell()


def _no(code: str, sentence: str) -> Answer:
    return {"ok": False, "code": code, "sentence": languages.spoken(sentence)}


def _refusal(code: str, sentence: str) -> Exception:
    with languages.speaking(languages.of_browser(request)):
        return SocketRefusedError(code, {"code": code, "sentence": languages.spoken(sentence)})
