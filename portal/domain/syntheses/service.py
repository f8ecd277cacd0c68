"""Verbs of a synthesis: write what is kept for later, publish it, publish it anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.domain.contributions.models import Contribution, ContributionVersion
from portal.domain.facts import Fact, FactKind
from portal.domain.figures import participation
from portal.domain.figures.participation import Scope
from portal.domain.journal import service as journal
from portal.domain.participants.queries import function_of
from portal.domain.spaces import queries as spaces
from portal.domain.spaces.queries import SpaceView
from portal.domain.syntheses import queries, rules
from portal.domain.syntheses.models import (
    DRAFT,
    Synthesis,
    SynthesisCitation,
    SynthesisGrouping,
    SynthesisSection,
    SynthesisVersion,
)
from portal.domain.syntheses.rules import Mark, Part
from portal.kernel import clock, lines, reasons, text
from portal.kernel.errors import InvalidError, NotFoundError, StaleError
from portal.kernel.speech import Sentence, say
from portal.policy import permits
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import ContributionStatus


@dataclass(frozen=True, slots=True)
class NewDraft:
    """The whole text as it is typed; `seen` is the version that was on the screen, 0 when there was none.

    `under` tells why some contributions are not cited; those that are not in it keep what was said.
    """

    parts: tuple[Part, ...]
    seen: int
    under: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Cited:
    """A part with what it cites, found."""

    part: Part
    source: str
    cited: tuple[tuple[str, int, str], ...]

    def quoted(self, number: int) -> str:
        """The words of a person that a citation brings into the text."""
        return self.cited[number - 1][2]


def save(session: Session, person: Actor, space_id: str, command: NewDraft) -> Synthesis:
    """Keep what is being written.

    Errors: NotFoundError, RefusedError, InvalidError (`part-1-source`…); StaleError with the other text
    (`current` is a `DraftView`) when somebody wrote meanwhile.
    """
    space = _allowed(session, person, space_id, Permission.SYNTHESIS_WRITE)
    row = queries.of_space(session, space_id)
    version = 0 if row is None else row.version
    if version != command.seen:
        raise StaleError(
            say("Quelqu’un a écrit dans cette synthèse en même temps que vous. Voici les deux textes."),
            seen=command.seen,
            current=queries.draft(session, space_id),
        )
    found = _checked(session, space_id, command.parts)
    now = clock.now()
    if row is None:
        row = Synthesis(
            contract_id=space.contract_id, space_id=space_id, version=0, written_at=now, written_by=""
        )
        session.add(row)
    row.version += 1
    row.written_at, row.written_by = now, function_of(person)
    session.flush()
    _write(session, row.id, DRAFT, found)
    _group(session, row.id, space_id, command.under)
    session.flush()
    return row


def publish(
    session: Session, person: Actor, space_id: str, *, seen: int, reason: str = ""
) -> SynthesisVersion:
    """Publish what was written; a later publication keeps the former one, and says why.

    Errors: NotFoundError, RefusedError, InvalidError (`reason`, `parts`), StaleError.
    """
    space = _allowed(session, person, space_id, Permission.SYNTHESIS_PUBLISH)
    row = queries.of_space(session, space_id)
    if row is None or row.version != seen:
        raise StaleError(
            say("Le texte de la synthèse a changé depuis que vous l’avez relu. Voici le texte actuel."),
            seen=seen,
            current=0 if row is None else row.version,
        )
    told = lines.check_reason(reason, "reason", rules.MAX_REASON, optional=row.published is None)
    written = queries.draft(session, space_id)
    found = _checked(session, space_id, written.parts)
    _complete(found)
    number, now = (row.published or 0) + 1, clock.now()
    figures = participation.told(session, Scope(space.contract_id, space_id))
    version = SynthesisVersion(
        synthesis_id=row.id,
        number=number,
        at=now,
        by_participant=person.participant_id,
        by_function=function_of(person),
        reason=told,
        figures=json.dumps(figures.kept(), sort_keys=True),
    )
    session.add(version)
    row.published, row.version = number, row.version + 1
    session.flush()
    _write(session, row.id, number, found)
    cited = {one for part in found for one, _version, _quote in part.cited}
    session.add_all(
        SynthesisGrouping(synthesis_id=row.id, number=number, contribution_id=one, under=under)
        for one, under in written.under.items()
        if one not in cited
    )
    session.flush()
    kind = FactKind.SYNTHESIS_PUBLISHED if number == 1 else FactKind.SYNTHESIS_CORRECTED
    journal.append(session, _fact(kind, space, person, found))
    return version


def _allowed(session: Session, person: Actor, space_id: str, permission: Permission) -> SpaceView:
    space = spaces.view(session, space_id, clock.now())
    if space is None:
        raise NotFoundError
    permits.require(person, permission, space.target)
    return space


def _fact(kind: FactKind, space: SpaceView, person: Actor, found: Iterable[_Cited]) -> Fact:
    """Sealed without anybody's words: what is erased later must not be confirmed by a seal."""
    content = "\n\n".join(f"{one.part.heading}\n{one.source}" for one in found)
    return Fact(
        kind,
        space.contract_id,
        space.id,
        group=person.group,
        participant_id=person.participant_id,
        content=content,
        space_id=space.id,
    )


def _checked(session: Session, space_id: str, typed: Sequence[Part]) -> list[_Cited]:
    """The parts with what they cite. Errors: InvalidError."""
    parts = rules.check_parts(typed)
    apart = [rules.taken_apart(part.source) for part in parts]
    if sum(len(marks) for _source, marks in apart) > rules.MAX_CITATIONS * len(parts or [0]):
        told = say("Une partie cite %(limit)s contributions au plus.", limit=text.number(rules.MAX_CITATIONS))
        raise InvalidError({"part-1-source": [told]})
    known = _Words.read(session, space_id, [mark for _source, marks in apart for mark in marks])
    errors: dict[str, list[str]] = {}
    found = []
    for place, (part, (source, marks)) in enumerate(zip(parts, apart, strict=True), 1):
        wrong = rules.almost(source)
        problems: list[str] = [] if not wrong else [_not_a_mark(wrong)]
        problems += [problem for one in marks if (problem := known.problem(one)) is not None]
        if problems:
            errors[f"part-{place}-source"] = problems
            continue
        found.append(_Cited(part, source, tuple(known.cited(one) for one in marks)))
    if errors:
        raise InvalidError(errors)
    return found


def _not_a_mark(wrong: str) -> Sentence:
    return say("« %(mark)s » n’est pas une citation. Utilisez le bouton « Citer ».", mark=wrong)


def _complete(found: Sequence[_Cited]) -> None:
    """What is published has parts, words, and a citation in each part. Errors: InvalidError (`parts`)."""
    problems: list[str] = []
    if not found:
        problems.append(say("Écrivez au moins une partie avant de publier."))
    for one in found:
        if not one.source.strip():
            problems.append(say("La partie « %(title)s » n’a pas de texte.", title=one.part.heading))
        elif not reasons.tells(rules.put_together(one.source, one.quoted)):
            problems.append(
                say(
                    "La partie « %(title)s » doit dire au moins une courte phrase : les groupes la liront.",
                    title=one.part.heading,
                )
            )
        elif not one.cited:
            problems.append(
                say(
                    "La partie « %(title)s » ne cite aucune contribution. Citez-en au moins une.",
                    title=one.part.heading,
                )
            )
    if problems:
        raise InvalidError({"parts": problems})


def _write(session: Session, synthesis_id: str, number: int, found: Sequence[_Cited]) -> None:
    """Write the parts of one number; those of the draft take the place of what stood there."""
    for model in (SynthesisCitation, SynthesisSection):
        session.execute(delete(model).where(model.synthesis_id == synthesis_id, model.number == number))
    for section, one in enumerate(found, 1):
        session.add(
            SynthesisSection(
                synthesis_id=synthesis_id,
                number=number,
                place=section,
                heading=one.part.heading,
                source=one.source,
                html=text.render(one.source) if one.source else "",
                renderer=text.RENDERER_VERSION,
            )
        )
        session.add_all(
            SynthesisCitation(
                synthesis_id=synthesis_id,
                number=number,
                section=section,
                place=place,
                contribution_id=contribution_id,
                version=version,
                quote=quote,
            )
            for place, (contribution_id, version, quote) in enumerate(one.cited, 1)
        )


def _group(session: Session, synthesis_id: str, space_id: str, under: Mapping[str, str]) -> None:
    """Note, or forget, why these contributions of the space are not cited. Errors: InvalidError."""
    wanted = list(
        session.scalars(
            select(Contribution.id).where(Contribution.id.in_(list(under)), Contribution.space_id == space_id)
        )
    )
    session.execute(
        delete(SynthesisGrouping).where(
            SynthesisGrouping.synthesis_id == synthesis_id,
            SynthesisGrouping.number == DRAFT,
            SynthesisGrouping.contribution_id.in_(wanted),
        )
    )
    for contribution_id in wanted:
        told = lines.check_line(under[contribution_id], "under", rules.MAX_UNDER, optional=True)
        if rules.almost(told):
            raise InvalidError({"under": [say("Écrivez ici quelques mots, sans citer.")]})
        if told:
            session.add(
                SynthesisGrouping(
                    synthesis_id=synthesis_id, number=DRAFT, contribution_id=contribution_id, under=told
                )
            )


@dataclass(frozen=True, slots=True)
class _Words:
    """What may be cited: published contributions of a space, in the version that people read."""

    rows: Mapping[str, tuple[str, int, str, str]]
    refs: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, session: Session, space_id: str, marks: Sequence[Mark]) -> _Words:
        """Those that these marks name; one query, none without a mark.

        By the first letters of an id, in one list however many there are: a chain of conditions has a limit.
        """
        refs = {one.ref for one in marks}
        if not refs:
            return cls({}, {})
        query = (
            select(
                Contribution.id,
                ContributionVersion.number,
                ContributionVersion.source,
                ContributionVersion.reason_source,
            )
            .join(
                ContributionVersion,
                (ContributionVersion.contribution_id == Contribution.id)
                & (ContributionVersion.number == Contribution.shown_version),
            )
            .where(
                Contribution.space_id == space_id,
                Contribution.status == ContributionStatus.PUBLISHED,
                func.substr(Contribution.id, 1, rules.REF).in_(sorted({ref[: rules.REF] for ref in refs})),
            )
        )
        rows = {row.id: (row.id, row.number, row.source, row.reason_source) for row in session.execute(query)}
        named = {ref: tuple(one for one in rows if one.startswith(ref)) for ref in refs}
        return cls(rows, named)

    def problem(self, mark: Mark) -> Sentence | None:
        """Why this cannot be cited; None when it can."""
        named = self.refs.get(mark.ref, ())
        if len(named) != 1:
            return say(
                "La contribution « %(ref)s » n’est pas, ou n’est plus, publiée dans cet espace. Retirez cette citation.",
                ref=mark.ref,
            )
        if not mark.quote:
            return None
        if len(mark.quote) > rules.MAX_QUOTE:
            return say("Une citation a %(limit)s signes au plus.", limit=text.number(rules.MAX_QUOTE))
        _id, _number, source, reason = self.rows[named[0]]
        if any(rules.word_for_word(mark.quote, text.plain(words)) for words in (source, reason) if words):
            return None
        return say(
            "Les mots « %(quote)s » ne sont pas dans la contribution « %(ref)s », mot pour mot.",
            quote=text.excerpt(mark.quote, 60),
            ref=mark.ref,
        )

    def cited(self, mark: Mark) -> tuple[str, int, str]:
        """The contribution, the version that was read, the words."""
        contribution_id, number, _source, _reason = self.rows[self.refs[mark.ref][0]]
        return contribution_id, number, mark.quote
