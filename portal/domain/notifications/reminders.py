"""What the calendar says: the end of a space comes near, an answer is due in so many days."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial

from sqlalchemy.orm import Session

from portal.domain.duties import clocks, keepers
from portal.domain.duties import queries as duties
from portal.domain.duties import rules as dates
from portal.domain.duties import service as decisions
from portal.domain.figures import moderation as figures
from portal.domain.moderation import rules as reviews
from portal.domain.moderation import settings
from portal.domain.notifications import queries, rules
from portal.domain.notifications.places import Place
from portal.domain.notifications.requests import Named
from portal.domain.notifications.service import Teller, apart
from portal.domain.spaces.queries import SpaceView
from portal.kernel.clock import PARIS, paris
from portal.vocabulary import Phase


def remind(session: Session, at: datetime) -> bool:
    """Tell of the dates that come near: the end of a space, an answer that is due."""
    told = 0
    for contract_id, views in queries.under_way(session, at).items():
        told += apart(session, contract_id, at, None, partial(_remind_one, session, contract_id, views, at))
    return told > 0


def _remind_one(session: Session, contract_id: str, views: list[SpaceView], at: datetime) -> int:
    """Tell of the near dates of one contract; how many notices."""
    teller = Teller(session, contract_id, at)
    teller.places.spaces.update({one.id: one for one in views})
    told = sum(_remind_end(teller, space) for space in views)
    told += _remind_reviews(teller, contract_id, views)
    return told + _remind_duties(teller, contract_id, views)


def _remind_reviews(teller: Teller, contract_id: str, views: list[SpaceView]) -> int:
    """Tell everybody who may review, once a day, of words that wait too long: any of them may take over."""
    days = settings.of(teller.session, contract_id)[0].review_days
    before = reviews.late_before(teller.at, days)
    late = figures.waiting_since_before(teller.session, [one.id for one in views], before)
    today = paris(teller.at).date()
    return sum(
        teller.add(rules.REVIEW_LATE, f"relecture:{space_id}:{today}", Place(contract_id, space_id))
        for space_id in sorted(late)
    )


def _remind_end(teller: Teller, space: SpaceView) -> int:
    if space.phase not in (Phase.OPEN, Phase.PAUSED):
        return 0
    if not rules.closing_from(space.opens_at, space.ends_at) <= teller.at < space.ends_at:
        return 0
    mark = f"fin:{space.id}:{paris(space.ends_at).date()}"
    return teller.add(rules.CLOSING, mark, Place(space.contract_id, space.id, due_at=space.ends_at))


def _remind_duties(teller: Teller, contract_id: str, views: list[SpaceView]) -> int:
    """Warn those who keep the contract of each day that comes near, once a stage; remember that somebody was.

    When nobody keeps it any more, others read lateness a week after the day.
    """
    session, today = teller.session, paris(teller.at).date()
    when = clocks.of(session, views, teller.at)
    due = _near(session, views, when, today)
    if not due:
        return 0
    known = keepers.read(session, contract_id)
    told = 0
    for space_id, day, stage in sorted(due):
        mark = f"du:{stage}:{space_id}:{day}"
        place = Place(contract_id, space_id, due_at=datetime.combine(day, time(12), PARIS))
        people = known.warned(space_id, today)
        written = teller.add(rules.DUTY, mark, place, row=Named(people))
        left_alone = not people and today >= when.seen_without_keeper(space_id, day)
        if written or left_alone:
            # Others read lateness from then on: a warning that nobody received is none.
            decisions.note_warning(session, space_id, day, stage)
        told += written
    return told


def _near(
    session: Session, views: list[SpaceView], when: clocks.Clocks, today: date
) -> set[tuple[str, date, int]]:
    """What is not kept yet and whose day is near or gone: space, day, stage of the warning.

    While a space is paused its days move on with the pause: they come near once it is over.
    """
    views = [one for one in views if one.phase is not Phase.PAUSED]
    found = set()
    for line in duties.lines(session, views, when):
        stage = dates.warning(line.due_on, today)
        if line.state in dates.UNMET and stage is not None:
            found.add((line.space.id, line.due_on, stage))
    return found
