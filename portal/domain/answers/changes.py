"""The words that an answer changed: which passages may be named, and linking them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.answers import queries
from portal.domain.answers.models import Answer, AnswerChange
from portal.domain.contracts.models import Item
from portal.domain.contributions.service import fact, located
from portal.domain.facts import FactKind
from portal.domain.journal import service as journal
from portal.domain.texts.models import Paragraph, Text, TextVersion
from portal.kernel import clock
from portal.kernel import text as words
from portal.kernel.errors import InvalidError, StaleError
from portal.kernel.ids import is_id
from portal.kernel.speech import say
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


def offered(session: Session, contract_id: str, since: datetime, size: int = OFFERED) -> list[ChangeOption]:
    """The passages that changed in the texts of a contract since then, the latest first; two queries."""
    found = session.execute(
        select(Text, TextVersion, Item.title)
        .join(Text, Text.id == TextVersion.text_id)
        .join(Item, Item.id == Text.item_id)
        .where(Item.contract_id == contract_id, TextVersion.number > 1, TextVersion.at > since)
        .order_by(TextVersion.at.desc(), TextVersion.text_id)
        .limit(size)
    ).all()
    parts = _paragraphs(session, {text.id for text, _version, _title in found})
    return [
        _option(text, version, title, stable_id, parts)
        for text, version, title in found
        for stable_id in _moved(parts, text.id, version.number)
    ]


def known(
    session: Session, contract_id: str, since: datetime, refs: Sequence[ChangeRef]
) -> list[AnswerChange]:
    """These passages as rows still without an answer. Errors: InvalidError (`changes`)."""
    if not refs:
        return []
    rows = {
        (text.id, version.number): text
        for text, version in session.execute(
            select(Text, TextVersion)
            .join(Text, Text.id == TextVersion.text_id)
            .join(Item, Item.id == Text.item_id)
            .where(
                Item.contract_id == contract_id,
                Text.id.in_({one.text_id for one in refs}),
                TextVersion.number > 1,
                TextVersion.at > since,
            )
        ).all()
    }
    parts = _paragraphs(session, {one.text_id for one in refs})
    if any(
        (one.text_id, one.version) not in rows or one.paragraph not in _moved(parts, one.text_id, one.version)
        for one in refs
    ):
        raise InvalidError(
            {"changes": [say("Choisissez un passage qui a changé après ces mots. La liste est à jour.")]}
        )
    return [
        AnswerChange(
            text_id=one.text_id,
            to_version=one.version,
            paragraph=one.paragraph,
            item_id=rows[one.text_id, one.version].item_id,
            register=rows[one.text_id, one.version].register,
            from_version=one.version - 1,
        )
        for one in sorted(set(refs))
    ]


def check_fate(fate: Fate | None, refs: Sequence[ChangeRef]) -> None:
    """Passages that changed go with words that are kept: none is dropped in silence. Errors: InvalidError (`changes`)."""
    if refs and fate not in CHANGES_WORDS:
        told = say(
            "Des mots changés vont avec une suite « retenue » ou « retenue en partie ». "
            "Choisissez cette suite, ou décochez ces passages."
        )
        raise InvalidError({"changes": [told]})


def note(session: Session, answer_ids: Sequence[str], found: Sequence[AnswerChange], at: datetime) -> None:
    """Write the passages for each of these answers."""
    session.add_all(
        AnswerChange(
            answer_id=answer_id,
            text_id=one.text_id,
            to_version=one.to_version,
            paragraph=one.paragraph,
            item_id=one.item_id,
            register=one.register,
            from_version=one.from_version,
            linked_at=at,
        )
        for answer_id in answer_ids
        for one in found
    )


def link(
    session: Session,
    person: Actor,
    contribution_id: str,
    refs: Sequence[ChangeRef],
    *,
    at: datetime | None = None,
) -> list[Answer]:
    """Name the passages that kept words changed, for all that were answered together.

    Errors: NotFoundError, RefusedError, InvalidError (`changes`); StaleError when somebody linked them first.
    """
    now = at or clock.now()
    row, _space = located(session, person, contribution_id, Permission.ANSWER_IN, now)
    answer = session.scalar(select(Answer).where(Answer.contribution_id == row.id))
    if answer is None or not answer.to_link:
        raise StaleError(say("Cette contribution n’attend pas d’être reliée."), seen=None, current=None)
    if not refs:
        raise InvalidError({"changes": [say("Choisissez le passage que ces mots ont changé.")]})
    together = queries.together(session, answer)
    since = max(contribution.created_at for _one, contribution in together)
    found = known(session, row.contract_id, since, refs)
    waiting = [(one, contribution) for one, contribution in together if one.to_link]
    note(session, [one.id for one, _contribution in waiting], found, now)
    for one, _contribution in waiting:
        one.to_link = False
    session.flush()
    for _one, contribution in waiting:
        journal.append(session, fact(FactKind.ANSWER_LINKED, contribution, person))
    return [one for one, _contribution in waiting]


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
