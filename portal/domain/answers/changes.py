"""The words that an answer changed: which passages may be named, and linking them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.answers import queries
from portal.domain.answers.models import Answer, AnswerChange
from portal.domain.contracts.models import Item
from portal.domain.contributions.models import Contribution
from portal.domain.contributions.service import fact, located
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.texts.models import Paragraph, Text, TextVersion
from portal.kernel import clock
from portal.kernel import text as words
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.ids import is_id
from portal.kernel.speech import Sentence, say
from portal.policy.actor import Actor
from portal.policy.permissions import Permission
from portal.vocabulary import Fate, Register

OFFERED = 15
EXCERPT = 110
CHANGES_WORDS = frozenset({Fate.KEPT, Fate.PARTLY})


@dataclass(frozen=True, slots=True, order=True)
class ChangeRef:
    """One paragraph of a text, at the version that changed it."""

    text_id: str
    version: int
    paragraph: str

    @property
    def code(self) -> str:
        """The same as one word, for a form."""
        return f"{self.text_id}.{self.version}.{self.paragraph}"


@dataclass(frozen=True, slots=True)
class ChangeOption:
    """A passage that changed, as it is offered to who answers."""

    ref: ChangeRef
    item_id: str
    item_title: str
    register: Register
    at: datetime
    excerpt: str
    removed: bool


def parse(code: str) -> ChangeRef | None:
    """What a form sent; None for anything else."""
    text_id, _, rest = code.partition(".")
    version, _, paragraph = rest.partition(".")
    if not (is_id(text_id) and is_id(paragraph) and version.isascii() and version.isdigit()):
        return None
    return ChangeRef(text_id, int(version[:9]), paragraph)


def offered(
    session: Session, item_ids: Collection[str] | Select[Any], since: datetime, size: int = OFFERED
) -> list[ChangeOption]:
    """The passages that changed in the texts of these subjects since then, the latest first; two queries."""
    found = session.execute(
        select(Text, TextVersion, Item.title)
        .join(Text, Text.id == TextVersion.text_id)
        .join(Item, Item.id == Text.item_id)
        .where(Item.id.in_(item_ids), TextVersion.number > 1, TextVersion.at > since)
        .order_by(TextVersion.at.desc(), TextVersion.text_id)
        .limit(size)
    ).all()
    parts = _paragraphs(session, {text.id for text, _version, _title in found})
    return [
        _option(text, version, title, stable_id, parts)
        for text, version, title in found
        for stable_id in _moved(parts, text.id, version.number)
    ]


def known(session: Session, about: Sequence[Contribution], refs: Sequence[ChangeRef]) -> list[AnswerChange]:
    """These passages as rows still without an answer: each of the subject of one of the contributions at least.

    Errors: InvalidError (`changes`).
    """
    if not refs:
        return []
    rows = {
        (text.id, version.number): (text, version.at)
        for text, version in session.execute(
            select(Text, TextVersion)
            .join(Text, Text.id == TextVersion.text_id)
            .join(Item, Item.id == Text.item_id)
            .where(
                Item.contract_id == about[0].contract_id,
                Text.id.in_({one.text_id for one in refs}),
                TextVersion.number > 1,
            )
        ).all()
    }
    parts = _paragraphs(session, {one.text_id for one in refs})
    # A passage comes after all the words of its own subject; those of other subjects do not matter to it.
    since = {row.item_id: row.created_at for row in sorted(about, key=lambda row: row.created_at)}
    for one in refs:
        text, at = rows.get((one.text_id, one.version), (None, None))
        if text is None or at is None or one.paragraph not in _moved(parts, one.text_id, one.version):
            raise InvalidError({"changes": [_not_after()]})
        if text.item_id not in since:
            raise InvalidError({"changes": [_of_another_subject()]})
        if at <= since[text.item_id]:
            raise InvalidError({"changes": [_not_after()]})
    return [
        AnswerChange(
            text_id=one.text_id,
            to_version=one.version,
            paragraph=one.paragraph,
            item_id=rows[one.text_id, one.version][0].item_id,
            register=rows[one.text_id, one.version][0].register,
            from_version=one.version - 1,
        )
        for one in sorted(set(refs))
    ]


def _not_after() -> Sentence:
    return say("Choisissez un passage qui a changé après ces mots. La liste est à jour.")


def _of_another_subject() -> Sentence:
    return say(
        "Un passage choisi est dans un autre sujet que ces mots. Choisissez un passage de leur sujet, "
        "ou décochez-le."
    )


def check_fate(fate: Fate | None, refs: Sequence[ChangeRef]) -> None:
    """Passages that changed go with words that are kept: none is dropped in silence. Errors: InvalidError (`changes`)."""
    if refs and fate not in CHANGES_WORDS:
        told = say(
            "Des mots changés vont avec une suite « retenue » ou « retenue en partie ». "
            "Choisissez cette suite, ou décochez ces passages."
        )
        raise InvalidError({"changes": [told]})


def note(
    session: Session,
    answers: Sequence[tuple[Answer, Contribution]],
    found: Sequence[AnswerChange],
    at: datetime,
) -> None:
    """Write for each of these answers the passages of its own subject; without one, words kept wait still."""
    for answer, about in answers:
        own = [one for one in found if one.item_id == about.item_id]
        answer.to_link = answer.fate in CHANGES_WORDS and not own
        session.add_all(
            AnswerChange(
                answer_id=answer.id,
                text_id=one.text_id,
                to_version=one.to_version,
                paragraph=one.paragraph,
                item_id=one.item_id,
                register=one.register,
                from_version=one.from_version,
                linked_at=at,
            )
            for one in own
        )


def link(
    session: Session,
    person: Actor,
    contribution_id: str,
    refs: Sequence[ChangeRef],
    *,
    at: datetime | None = None,
) -> list[Answer]:
    """Name the passages that kept words changed, for all that were answered together and are of their subject.

    Errors: NotFoundError, RefusedError, InvalidError (`changes`); StaleError when somebody linked them first.
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.ANSWER_IN, now)
    answer = session.scalar(select(Answer).where(Answer.contribution_id == row.id))
    if answer is None or not answer.to_link:
        raise StaleError(say("Cette contribution n’attend pas d’être reliée."), seen=None, current=None)
    if not refs:
        raise InvalidError({"changes": [say("Choisissez le passage que ces mots ont changé.")]})
    waiting = [(one, about) for one, about in queries.together(session, answer) if one.to_link]
    found = known(session, [about for _one, about in waiting], refs)
    note(session, waiting, found, now)
    session.flush()
    linked = [(one, about) for one, about in waiting if not one.to_link]
    for _one, about in linked:
        journal.append(session, fact(FactKind.ANSWER_LINKED, about, person))
    return [one for one, _about in linked]


def _paragraphs(session: Session, text_ids: set[str]) -> dict[tuple[str, int], dict[str, str]]:
    """The words of every version of these texts, by stable id."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    query = select(Paragraph).where(Paragraph.text_id.in_(text_ids)).order_by(Paragraph.position)
    for one in session.scalars(query) if text_ids else ():
        found.setdefault((one.text_id, one.number), {})[one.stable_id] = one.source
    return found


def _moved(parts: dict[tuple[str, int], dict[str, str]], text_id: str, version: int) -> list[str]:
    """The paragraphs that a version wrote, changed or removed."""
    before, after = parts.get((text_id, version - 1), {}), parts.get((text_id, version), {})
    return [stable_id for stable_id in {**after, **before} if before.get(stable_id) != after.get(stable_id)]


def _option(
    text: Text, version: TextVersion, title: str, stable_id: str, parts: dict[tuple[str, int], dict[str, str]]
) -> ChangeOption:
    new = parts.get((text.id, version.number), {}).get(stable_id)
    old = parts.get((text.id, version.number - 1), {}).get(stable_id, "")
    return ChangeOption(
        ChangeRef(text.id, version.number, stable_id),
        text.item_id,
        title,
        text.register,
        version.at,
        words.excerpt(old if new is None else new, EXCERPT),
        new is None,
    )
