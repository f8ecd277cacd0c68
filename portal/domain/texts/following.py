"""How the pairing of two texts follows their versions: settled before the first change, filled with what is new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.texts import pairing, queries
from portal.domain.texts.models import ParagraphPair, TextPairing
from portal.domain.texts.pairing import Link
from portal.domain.texts.queries import TextView
from portal.vocabulary import Register

# No version of the technical text: plain words that nobody read for it.
NEVER = 0


def settle(session: Session, item_id: str, at: datetime) -> None:
    """Keep the first pairing as it stands, before one of the two texts changes; nothing when one was kept."""
    if session.get(TextPairing, item_id) is not None:
        return
    plain, technical = _texts(session, item_id)
    if plain is None or technical is None:
        return
    session.add(TextPairing(item_id=item_id, version=1, by_function="", at=at))
    link(session, item_id, pairing.by_order(technical.ids, plain.ids), technical.version, "", at)


def rewritten(session: Session, item_id: str, before: TextView, by_function: str, at: datetime) -> None:
    """Plain words that were just written are right for the technical words of now; new ones find their place."""
    plain, technical = _texts(session, item_id)
    if plain is None or technical is None:
        return
    old = {one.stable_id: one.source for one in before.paragraphs}
    changed = {one.stable_id for one in plain.paragraphs if old.get(one.stable_id) != one.source}
    held = list(session.scalars(select(ParagraphPair).where(ParagraphPair.item_id == item_id)))
    for pair in held:
        if pair.plain_id in changed:
            pair.technical_version, pair.read_again = technical.version, False
            pair.by_function, pair.at = by_function, at
    _fill(session, plain, technical, held, technical.version, by_function, at)


def filled(session: Session, item_id: str, by_function: str, at: datetime) -> None:
    """New technical words may be said by plain ones that were there before: nobody looked yet, they are to review."""
    plain, technical = _texts(session, item_id)
    if plain is None or technical is None:
        return
    held = list(session.scalars(select(ParagraphPair).where(ParagraphPair.item_id == item_id)))
    _fill(session, plain, technical, held, NEVER, by_function, at)


def _fill(
    session: Session,
    plain: TextView,
    technical: TextView,
    held: Iterable[ParagraphPair],
    version: int,
    by_function: str,
    at: datetime,
) -> None:
    known = {(pair.technical_id, pair.plain_id) for pair in held}
    fresh = set(pairing.filled(known, _words(technical), _words(plain))) - known
    link(session, plain.item_id, sorted(fresh), version, by_function, at)


def link(
    session: Session, item_id: str, links: Iterable[Link], version: int, by_function: str, at: datetime
) -> None:
    """Write links that hold for this version of the technical text."""
    session.add_all(
        ParagraphPair(
            item_id=item_id,
            technical_id=one,
            plain_id=other,
            technical_version=version,
            by_function=by_function,
            at=at,
        )
        for one, other in links
    )
    session.flush()


def _words(text: TextView) -> dict[str, str]:
    return {one.stable_id: one.source for one in text.paragraphs}


def _texts(session: Session, item_id: str) -> tuple[TextView | None, TextView | None]:
    written = queries.current(session, [item_id])
    return written.get((item_id, Register.PLAIN)), written.get((item_id, Register.TECHNICAL))
