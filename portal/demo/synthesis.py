"""The published synthesis of the demonstration: people speak, are answered, and what they said is written down.

In the data a citation is the key of the words, perhaps with those that are taken up: `{jardin}`,
`{jardin « même quand il fait froid »}`. The service checks them word for word, as it does for anybody.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.demo.reading import word
from portal.domain.answers import service as answers
from portal.domain.answers.service import NewAnswer
from portal.domain.contributions import service as contributions
from portal.domain.contributions.rules import Words
from portal.domain.contributions.service import NewContribution
from portal.domain.participants import queries as participants
from portal.domain.participants import service as members
from portal.domain.spaces import service as spaces
from portal.domain.syntheses import rules, service
from portal.domain.syntheses.rules import Part
from portal.domain.syntheses.service import NewDraft
from portal.kernel.errors import NotFoundError
from portal.vocabulary import ContributionKind, Display, Fate, Group

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.demo import loader
    from portal.policy.actor import Actor

CITED = re.compile(r"\{([a-z]+)(?: (?P<quote>[^}]+))?\}")
SPEAKS, ANSWERED = timedelta(days=3, hours=1), timedelta(days=9)
APART = timedelta(hours=7)
MARKS = " \N{NO-BREAK SPACE}«»"


def tell(
    session: Session,
    director: Actor,
    space_id: str,
    loaded: loader.Loaded,
    entry: Mapping[str, Any],
    at: datetime,
) -> None:
    """Let these persons speak in a space that opened at `at`; answer them, end it, publish what was said."""
    (item_id,) = loaded.items.values()
    (place_id,) = loaded.places.values()
    # Everybody is there before anybody speaks: a label is decided by who is a member that day.
    speakers = [_member(session, loaded.contract_id, place_id, one, at) for one in entry["paroles"]]
    ids: dict[str, str] = {}
    for number, (person, one) in enumerate(zip(speakers, entry["paroles"], strict=True)):
        said = NewContribution(
            kind=ContributionKind.COMMENT,
            item_id=item_id,
            words=Words(one["texte"], ""),
            display=Display.GROUP,
            name=None,
            parent_id=None,
        )
        moment = at + SPEAKS + number * APART
        ids[one["cle"]] = contributions.submit(session, person, space_id, said, at=moment).id
        given = NewAnswer(one["reponse"], word(Fate, one["suite"]))
        answers.give(session, director, ids[one["cle"]], given, at=moment + ANSWERED)
    spaces.end(session, director, space_id, entry["fin"])
    parts = tuple(Part(one["titre"], _marked(one["texte"], ids)) for one in entry["synthese"])
    written = service.save(session, director, space_id, NewDraft(parts, 0))
    service.publish(session, director, space_id, seen=written.version)


def _member(
    session: Session, contract_id: str, place_id: str, entry: Mapping[str, Any], at: datetime
) -> Actor:
    group = word(Group, entry["groupe"])
    member = members.add_member(session, contract_id, group, place_id, account_id=None, at=at)
    found = participants.actor_of(session, member.id)
    if found is None:
        raise NotFoundError(contract_id)
    return found


def _marked(typed: str, ids: Mapping[str, str]) -> str:
    return CITED.sub(lambda one: rules.mark(ids[one[1]], (one["quote"] or "").strip(MARKS)), typed)
