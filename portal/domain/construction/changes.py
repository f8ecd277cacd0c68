"""Whose words changed the text, and where people do not agree."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from portal.domain.answers.models import Answer, AnswerChange
from portal.domain.construction import parties, quoted, voices, words
from portal.domain.construction.blocks import Block, Difference, Heading, Paragraph, Quote, Section, Table
from portal.domain.construction.quoted import Said
from portal.domain.construction.sources import Sources
from portal.domain.contracts.models import Item
from portal.domain.contributions.models import Contribution
from portal.domain.figures import construction as counts
from portal.domain.figures import queries as figures
from portal.domain.texts.changes import word_changes
from portal.domain.texts.models import Paragraph as TextParagraph
from portal.domain.texts.models import TextVersion
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, number_words, say
from portal.vocabulary import ContributionStatus, Fate, ReactionValue

PASSAGES, DISPUTED, REFUSED = 60, 20, 40
NOT_KEPT = (Fate.NOT_KEPT, Fate.OUT_OF_CONTRACT)
_OLD, _NEW = aliased(TextParagraph), aliased(TextParagraph)


def passages(src: Sources) -> Section | None:
    """The passages of the contract that contributions changed, as a difference."""
    found = _passages(src)
    if not found:
        return None
    blocks: list[Block] = [
        Paragraph(
            say(
                "Voici les passages du contrat que des contributions ont changés. "
                "Les mots ajoutés sont soulignés, les mots retirés sont barrés."
            )
        ),
        *found[:PASSAGES],
    ]
    if len(found) > PASSAGES:
        blocks.append(
            Paragraph(
                say("D’autres passages ont changé : le portail montre toutes les versions de chaque texte."),
                quiet=True,
            )
        )
    return Section("mots-changes", say("Les mots que les contributions ont changés"), tuple(blocks))


def _passages(src: Sources) -> list[Difference]:
    ends = and_(TextVersion.text_id == AnswerChange.text_id, TextVersion.number == AnswerChange.to_version)
    query = (
        select(
            AnswerChange.text_id,
            AnswerChange.to_version,
            AnswerChange.paragraph,
            AnswerChange.register,
            Item.number,
            Item.title,
            TextVersion.at,
            TextVersion.reason,
            _OLD.source.label("old"),
            _NEW.source.label("new"),
        )
        .join(Answer, Answer.id == AnswerChange.answer_id)
        .join(Contribution, Contribution.id == Answer.contribution_id)
        .join(Item, Item.id == AnswerChange.item_id)
        .join(TextVersion, ends)
        .outerjoin(_OLD, _part(_OLD, AnswerChange.from_version))
        .outerjoin(_NEW, _part(_NEW, AnswerChange.to_version))
        .where(
            Contribution.contract_id == src.contract.id,
            *quoted.of_place(src),
            Contribution.status == ContributionStatus.PUBLISHED,
            Answer.fate.in_([Fate.KEPT, Fate.PARTLY]),
            # As in the balance of voices: words change the texts of their own subject.
            AnswerChange.item_id == Contribution.item_id,
        )
        .distinct()
        .order_by(Item.number, AnswerChange.text_id, AnswerChange.to_version, AnswerChange.paragraph)
        .limit(PASSAGES + 1)
    )
    return [_difference(row) for row in src.session.execute(query)]


def _difference(row: Any) -> Difference:
    where = say(
        "%(subject)s · %(register)s · version du %(day)s",
        subject=row.title,
        register=row.register.label,
        day=day_label(row.at),
    )
    if row.reason:
        where = say("%(where)s · raison\N{NO-BREAK SPACE}: %(reason)s", where=where, reason=row.reason)
    return Difference(where, tuple(tuple(part) for part in word_changes(row.old or "", row.new or "")))


def _part(part: Any, number: Any) -> Any:
    return and_(
        part.text_id == AnswerChange.text_id,
        part.number == number,
        part.stable_id == AnswerChange.paragraph,
    )


def disagreements(src: Sources) -> Section | None:
    """What many persons do not agree with, and the proposals that were not kept, with the reason."""
    said: list[Block] = [*_disputed(src), *_refused(src)]
    between = parties.disagreements(src)
    if not said and not between:
        return None
    if not said:
        return Section("desaccords", say("Les désaccords"), tuple(between))
    blocks = [*between, *said, *voices.reactions_of_all(src)]
    blocks.append(
        Paragraph(
            say("Les mots d’un espace d’échange ne sont repris ici que pour qui peut lire cet espace."),
            quiet=True,
        )
    )
    return Section("desaccords", say("Les désaccords"), tuple(blocks))


def _disputed(src: Sources) -> list[Block]:
    ids = counts.most(
        src.session, src.contract.id, ReactionValue.DISAGREE, DISPUTED, establishment_id=src.place_id
    )
    found = quoted.these(src, ids) if ids else []
    if not found:
        return []
    folded = figures.reactions(src.session, ids)
    rows = tuple(
        (_numbered(place, one), *(words.stepped(folded[one.id][value]) for value in ReactionValue))
        for place, one in enumerate(found, 1)
    )
    head = (say("Contribution"), *(value.label for value in ReactionValue))
    return [
        Heading(say("Là où au moins 5 personnes ne sont pas d’accord")),
        Table(say("Réactions aux contributions discutées"), head, rows),
        *(Quote(one.words, _numbered(place, one)) for place, one in enumerate(found, 1) if one.words),
    ]


def _numbered(place: int, one: Said) -> Sentence:
    """Which contribution, by its place: several of one subject and day are still told apart."""
    which = joined((one.subject, one.which), " · ") if one.which else one.subject
    return say("%(number)s. %(which)s", number=number_words(place), which=which)


def _refused(src: Sources) -> list[Block]:
    numbers = counts.proposals(src.session, src.contract.id)
    not_kept = tuple((fate.label, number_words(numbers[fate])) for fate in NOT_KEPT if fate in numbers)
    if not not_kept or src.place is not None:
        return []
    blocks: list[Block] = [
        Heading(say("Les propositions qui n’ont pas été retenues")),
        Table(say("Propositions qui n’ont pas été retenues"), (say("Suite donnée"), say("Nombre")), not_kept),
    ]
    told = quoted.proposals(src, REFUSED, fates=NOT_KEPT)
    if told:
        head = (say("Sujet"), say("La proposition"), say("La raison donnée par la direction"))
        rows = tuple((one.subject, one.words, one.answer) for one in told)
        blocks.append(Table(say("Les propositions non retenues, avec la raison"), head, rows))
    return blocks
