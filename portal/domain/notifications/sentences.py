"""What a notice says, in one place: on its page, in the bell, in an e-mail. No name, no content."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from portal.domain.involvement.changes import Change
from portal.domain.notifications import addresses, rules
from portal.domain.notifications.queries import NoticeView
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, plural, say
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
    NoticeKind.THANKED: lambda number, _day: plural(
        "Merci : la direction a lu vos mots. La date de la suite est sur « Mes contributions ».",
        "Merci : la direction a lu %(num)s de vos contributions. "
        "Les dates de la suite sont sur « Mes contributions ».",
        number,
    ),
    NoticeKind.CORRECTED: lambda number, _day: plural(
        "La direction a corrigé la réponse donnée à vos mots.",
        "La direction a corrigé %(num)s réponses données à vos mots.",
        number,
    ),
    NoticeKind.LINKED: lambda number, _day: plural(
        "Vos mots ont changé le texte. Lisez ce qui a changé.",
        "%(num)s de vos contributions ont changé un texte. Lisez ce qui a changé.",
        number,
    ),
    NoticeKind.MERGED: lambda number, _day: plural(
        "Vos mots sont regroupés avec d’autres qui disent la même chose. Ils restent à leur place.",
        "%(num)s de vos contributions sont regroupées avec d’autres. Elles restent à leur place.",
        number,
    ),
    NoticeKind.HANDED_OVER: lambda number, _day: plural(
        "Vos mots ont été transmis, et voici des nouvelles.",
        "Il y a des nouvelles de %(num)s de vos contributions, qui ont été transmises.",
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
    NoticeKind.APPEAL_TO_READ: lambda number, _day: plural(
        "Une personne demande un second regard. Vous pouvez lire ses mots et décider.",
        "%(num)s personnes demandent un second regard. Vous pouvez lire leurs mots et décider.",
        number,
    ),
    NoticeKind.APPEAL_FOLLOWED: lambda _number, _day: say(
        "Il y a du nouveau sur un recours contre une décision de relecture."
    ),
    NoticeKind.APPEAL_PASSED: lambda _number, _day: say(
        "Votre recours est laissé à quelqu’un d’autre. Lisez ce qui se passe maintenant."
    ),
    NoticeKind.APPEAL_DECIDED: lambda _number, _day: say(
        "Une autre personne a relu vos mots. Lisez ce qu’elle a décidé, et pourquoi."
    ),
    NoticeKind.REPORTED: lambda _number, _day: say("Une contribution publiée a été signalée. Regardez-la."),
    NoticeKind.REPORT_DECIDED: lambda _number, _day: say(
        "Ce que vous avez signalé n’attend plus. Ouvrez la page pour voir ce qu’il en est."
    ),
    NoticeKind.ERASURE: lambda _number, _day: say(
        "L’effacement d’un texte attend votre accord. Lisez qui le demande, et ce que vous pouvez faire."
    ),
    NoticeKind.ERASED: lambda _number, _day: say(
        "Votre texte a été effacé. Sa place reste, sans vos mots. Lisez qui l’a demandé et qui l’a confirmé."
    ),
    NoticeKind.DANGER: lambda _number, _day: say(
        "Une personne est peut-être en danger. Ouvrez la procédure maintenant."
    ),
    NoticeKind.REVIEW_LATE: lambda _number, _day: say(
        "Des mots attendent leur relecture depuis trop longtemps. Vous pouvez les relire à la place de la première personne."
    ),
    NoticeKind.LEVEL: lambda _number, day: say(
        "Le niveau d’implication de votre groupe change à partir du %(day)s.", day=day
    ),
    NoticeKind.OPENED: lambda _number, _day: say("Cet espace d’échange est ouvert."),
    NoticeKind.RESUMED: lambda _number, _day: say("Cet espace d’échange reprend après une pause."),
    NoticeKind.SYNTHESIS: lambda _number, _day: say(
        "La synthèse de ce qui a été dit dans cet espace est publiée. Vous pouvez la lire."
    ),
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
        "Des réponses, une synthèse ou des résultats sont promis avant le %(day)s.", day=day
    ),
    NoticeKind.EXTENSION_ASKED: lambda _number, _day: say(
        "La direction demande à votre groupe plus de temps pour répondre. Vous pouvez accepter ou refuser."
    ),
    NoticeKind.EXTENSION_DECIDED: lambda _number, _day: say("Le groupe a répondu à votre demande de délai."),
    NoticeKind.PROPOSED: lambda number, _day: plural(
        "Un niveau d’implication est proposé. Vous pouvez l’accepter, ou le refuser avec une raison.",
        "%(num)s niveaux d’implication sont proposés. Vous pouvez les accepter, ou les refuser avec une raison.",
        number,
    ),
    NoticeKind.PROPOSAL_DECIDED: lambda _number, _day: say(
        "Votre proposition de niveau n’attend plus. Voici ce qu’elle est devenue."
    ),
    NoticeKind.CHARGED: lambda _number, _day: say(
        "Des devoirs de ce contrat vous sont confiés, ou ne le sont plus. Voici ce que vous tenez."
    ),
    NoticeKind.EXPLAINED: lambda _number, _day: say(
        "La direction explique pourquoi elle n’a pas répondu à vos mots."
    ),
    NoticeKind.ACT: lambda number, _day: plural(
        "Un acte officiel de ce contrat a été enregistré, corrigé, retiré, ou a reçu une suite.",
        "%(num)s actes officiels de ce contrat ont été enregistrés, corrigés, retirés, ou ont reçu une suite.",
        number,
    ),
    NoticeKind.NEGOTIATED: lambda number, _day: plural(
        "Des mots dont vous avez parlé ont été modifiés en négociation. Lisez ce qui a changé, et pourquoi.",
        "Des mots dont vous avez parlé ont été modifiés %(num)s fois en négociation. "
        "Lisez ce qui a changé, et pourquoi.",
        number,
    ),
    NoticeKind.AGREED_CHANGED: lambda number, _day: plural(
        "Des mots convenus en négociation ont été changés depuis. Lisez par qui, et pourquoi.",
        "Des mots convenus en négociation ont été changés %(num)s fois depuis. Lisez par qui, et pourquoi.",
        number,
    ),
    NoticeKind.FINDINGS: lambda _number, _day: say(
        "Dans le diagnostic partagé, un constat a été ajouté, ou une partie a répondu à un constat."
    ),
    NoticeKind.READING: lambda _number, _day: say(
        "Ce que les autorités lisent dans cet espace d’échange a changé. Le registre le dit."
    ),
    NoticeKind.SURVEY: lambda number, _day: plural(
        "Un questionnaire court est ouvert. Quelques minutes suffisent pour y répondre.",
        "%(num)s questionnaires courts sont ouverts. Quelques minutes suffisent pour y répondre.",
        number,
    ),
    NoticeKind.SURVEY_RESULTS: lambda number, _day: plural(
        "Les résultats d’un questionnaire court sont publiés.",
        "Les résultats de %(num)s questionnaires courts sont publiés.",
        number,
    ),
    NoticeKind.TO_LOOK_AT: lambda _number, _day: say("Ce contrat est à regarder cette semaine."),
    NoticeKind.HEAD: lambda _number, _day: say("La tête du registre vous a été envoyée."),
}


def _by_day(notices: Sequence[NoticeView]) -> tuple[Day, ...]:
    days = _grouped(notices, lambda one: paris(one.at).date())
    return tuple(Day(day, parts(some)) for day, some in days)


def _line(same: Sequence[NoticeView]) -> Line:
    last = max(same, key=lambda one: one.at)
    changes = _changes(same)
    return Line(
        _told(same, last, changes),
        addresses.url(last),
        last.id,
        last.item_title,
        tuple(one.id for one in same),
        last.read_at is None,
        last.place.thread_id,
        changes,
        last.read_at is not None and last.kind not in rules.ENDS_BY_ITSELF,
    )


def _told(same: Sequence[NoticeView], last: NoticeView, changes: tuple[Changed, ...]) -> Sentence:
    if changes:
        return changes[0].sentence
    if last.to_name:
        return say("Un second regard est demandé, et personne ne peut le donner. Nommez quelqu’un.")
    if last.reasons:
        return joined([one.sentence for one in last.reasons])
    if last.head is not None:
        return say(
            "La tête du registre : ligne %(seq)s, empreinte %(hash)s. "
            "Gardez-la : elle montrerait que le registre a été réécrit.",
            seq=last.head.seq,
            hash=last.head.hash,
        )
    return sentence(last.kind, _number(same, last), last.place.due_at)


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
