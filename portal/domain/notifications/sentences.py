"""What a notice says, in one place: on its page, in the bell, in an e-mail. No name, no content."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from portal import paths
from portal.domain.involvement.changes import Change
from portal.domain.notifications import rules
from portal.domain.notifications.queries import NoticeView
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, plural, say
from portal.vocabulary import Level, NoticeKind

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a level in words, and the reason that was typed for it: for the page alone."""

    sentence: Sentence
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """Notices of one kind, about one place, of one day: one sentence, and the one that opens them.

    `changes` are those of a level, the latest first: the sentence tells that one. `returns` says
    whether it may be new again once it is read.
    """

    sentence: Sentence
    url: str
    opens: str
    item_title: str
    ids: tuple[str, ...]
    unread: bool
    thread_id: str | None
    changes: tuple[Changed, ...]
    returns: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What is new in one space (or in a contract as a whole) on one day."""

    contract_title: str
    question: str
    lines: tuple[Line, ...]

    @property
    def unread_ids(self) -> tuple[str, ...]:
        """The notices of its lines that are new."""
        return tuple(one for line in self.lines if line.unread for one in line.ids)

    @property
    def returning_ids(self) -> tuple[str, ...]:
        """The notices of its lines that may be new again."""
        return tuple(one for line in self.lines if line.returns for one in line.ids)

    @property
    def threads(self) -> tuple[Line, ...]:
        """Its lines about a discussion, each discussion once."""
        first: dict[str, Line] = {}
        for line in self.lines:
            if line.thread_id:
                first.setdefault(line.thread_id, line)
        return tuple(first.values())


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the history."""

    day: date
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A page of the history: the days of what is new, then those of what was read."""

    new: tuple[Day, ...]
    read: tuple[Day, ...]

    @property
    def read_lines(self) -> int:
        """How many lines were read."""
        return sum(len(part.lines) for day in self.read for part in day.parts)


def history(notices: Sequence[NoticeView]) -> History:
    """What is new apart from what was read, each grouped by day, then place, in the order in which it comes."""
    new = [one for one in notices if one.read_at is None]
    return History(_by_day(new), _by_day([one for one in notices if one.read_at is not None]))


def parts(notices: Sequence[NoticeView]) -> tuple[Part, ...]:
    """Notices grouped by contract and space, then by kind and discussion."""
    found = []
    for (_contract_id, _space_id), some in _grouped(
        notices, lambda one: (one.place.contract_id, one.place.space_id)
    ):
        lines = _grouped(some, lambda one: (one.kind, one.place.thread_id, one.read_at is None))
        found.append(
            Part(some[0].contract_title, some[0].question, tuple(_line(same) for _key, same in lines))
        )
    return tuple(found)


def url(notice: NoticeView) -> str:
    """The page to which a notice leads."""
    place = notice.place
    if notice.kind is NoticeKind.LEVEL:
        return f"{paths.contract(place.contract_id)}/engagements"
    if notice.kind in (NoticeKind.TO_MODERATE, NoticeKind.DUTY):
        return f"{paths.space(place.space_id or '')}/moderation"
    if notice.kind is NoticeKind.REVIEWED and place.contribution_id is not None:
        # Only there does the author read the sentence and the words.
        mine = f"{paths.contract(place.contract_id)}/mes-contributions"
        return f"{mine}?depuis={place.contribution_id}#c-{place.contribution_id}"
    if place.contribution_id is not None:
        return paths.contribution(place.contribution_id)
    return paths.space(place.space_id or "")


def sentence(kind: NoticeKind, number: int, due: datetime | None) -> Sentence:
    """What happened, in one sentence: to so many notices of a kind; `due` is the date that it speaks of."""
    return SENTENCES[kind](number, "" if due is None else day_label(due))


def changed(change: Change) -> Sentence:
    """What becomes of a level, in one sentence."""
    day = day_label(change.effective_at)
    if change.before == change.after:
        return _kept(change.after)
    if change.before is None or change.after is None:
        return _joined_or_left(change.before, change.after, day)
    if change.after > change.before:
        return say(
            "Le niveau d’implication de votre groupe monte : "
            "de « %(before)s » à « %(after)s », à partir du %(day)s.",
            before=change.before.plain,
            after=change.after.plain,
            day=day,
        )
    return say(
        "Le niveau d’implication de votre groupe descend : "
        "de « %(before)s » à « %(after)s », à partir du %(day)s.",
        before=change.before.plain,
        after=change.after.plain,
        day=day,
    )


def _joined_or_left(before: Level | None, after: Level | None, day: Sentence) -> Sentence:
    if after is not None:
        return say(
            "Le niveau d’implication de votre groupe monte : il ne participait pas, "
            "son niveau est « %(after)s » à partir du %(day)s.",
            after=after.plain,
            day=day,
        )
    return say(
        "Le niveau d’implication de votre groupe descend : il était « %(before)s », "
        "votre groupe ne participe plus à partir du %(day)s.",
        before=before.plain if before else "",
        day=day,
    )


def _kept(level: Level | None) -> Sentence:
    """What was planned is given up."""
    if level is None:
        return say("Votre groupe ne participe toujours pas. Le changement qui était prévu n’aura pas lieu.")
    return say(
        "Le niveau d’implication de votre groupe reste « %(level)s ». "
        "Le changement qui était prévu n’aura pas lieu.",
        level=level.plain,
    )


# THE table: one sentence a kind.
SENTENCES: dict[NoticeKind, Callable[[int, str], Sentence]] = {
    NoticeKind.ANSWERED: lambda number, _day: plural(
        "La direction a répondu à vos mots.",
        "La direction vous a donné %(num)s réponses.",
        number,
    ),
    NoticeKind.REPLIED: lambda number, _day: plural(
        "Une personne a répondu à vos mots.", "%(num)s réponses sont arrivées sous vos mots.", number
    ),
    NoticeKind.THREAD: lambda number, _day: plural(
        "Une réponse est arrivée dans une discussion que vous suivez.",
        "%(num)s réponses sont arrivées dans une discussion que vous suivez.",
        number,
    ),
    NoticeKind.REVIEWED: lambda _number, _day: say(
        "Vos mots ne sont pas publiés. Lisez pourquoi, et ce que vous pouvez faire."
    ),
    NoticeKind.LEVEL: lambda _number, day: say(
        "Le niveau d’implication de votre groupe change à partir du %(day)s.", day=day
    ),
    NoticeKind.OPENED: lambda _number, _day: say("Cet espace d’échange est ouvert."),
    NoticeKind.CLOSING: lambda _number, day: say(
        "Cet espace d’échange se termine bientôt, le %(day)s.", day=day
    ),
    NoticeKind.TO_MODERATE: lambda number, _day: (
        plural(
            "Une contribution attend votre relecture.",
            "%(num)s contributions attendent votre relecture.",
            number,
        )
        if number
        else say("Des contributions attendent votre relecture.")
    ),
    NoticeKind.DUTY: lambda _number, day: say(
        "Des contributions attendent une réponse, promise avant le %(day)s.", day=day
    ),
}


def _by_day(notices: Sequence[NoticeView]) -> tuple[Day, ...]:
    days = _grouped(notices, lambda one: paris(one.at).date())
    return tuple(Day(day, parts(some)) for day, some in days)


def _line(same: Sequence[NoticeView]) -> Line:
    last = max(same, key=lambda one: one.at)
    changes = _changes(same)
    return Line(
        changes[0].sentence if changes else sentence(last.kind, _number(same, last), last.place.due_at),
        url(last),
        last.id,
        last.item_title,
        tuple(one.id for one in same),
        last.read_at is None,
        last.place.thread_id,
        changes,
        last.read_at is not None and last.kind not in rules.ENDS_BY_ITSELF,
    )


def _changes(same: Sequence[NoticeView]) -> tuple[Changed, ...]:
    """Each change once: when it was decided and when it takes effect, it is the same."""
    known = {one.change.record_id: one.change for one in same if one.change is not None}
    latest = sorted(known.values(), key=lambda one: one.recorded_at, reverse=True)
    return tuple(Changed(changed(one), one.reason) for one in latest)


def _number(same: Sequence[NoticeView], last: NoticeView) -> int:
    """What the sentence counts: what waits there for who reviews, else what happened."""
    return last.waiting if last.kind is NoticeKind.TO_MODERATE else len(same)


def _grouped(
    notices: Iterable[NoticeView], key: Callable[[NoticeView], K]
) -> list[tuple[K, list[NoticeView]]]:
    """The notices by key, in the order in which each key first comes."""
    found: dict[K, list[NoticeView]] = {}
    for one in notices:
        found.setdefault(key(one), []).append(one)
    return list(found.items())
