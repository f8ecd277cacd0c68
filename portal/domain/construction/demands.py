"""« Ce que … personnes demandent »: two pages for the negotiating table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.construction import formal, quoted, sources, words
from portal.domain.construction.blocks import (
    Block,
    Break,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Quote,
    Seal,
    Section,
    Table,
)
from portal.domain.construction.quoted import Said
from portal.domain.construction.sources import Sources
from portal.domain.construction.voices import reactions_of_all
from portal.domain.construction.whole import about, seal_of
from portal.domain.figures import construction as counts
from portal.domain.figures import participation
from portal.domain.figures import queries as figures
from portal.domain.figures.queries import Folded
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, number_words, say
from portal.policy.actor import Actor
from portal.vocabulary import ContributionKind, ReactionValue

# What fits on one page, words cut short.
PROPOSALS = 5


def demands(session: Session, reader: Actor, place_id: str | None, at: datetime) -> Document | None:
    """What persons ask for in the reader's contract; None for an establishment that is not one of its own."""
    seal = seal_of(session, reader.contract_id)
    src = sources.read(session, reader, place_id, at)
    if src is None:
        return None
    people = src.told.contributors
    return Document(
        _title(people.total),
        src.contract.title,
        about(src),
        paris(at).date(),
        (_asked(src), _who(src, people, seal)),
        seal,
        pages=2,
        places=tuple((one.id, one.name) for one in src.places),
    )


def _title(number: int | None) -> Sentence:
    if number is None:
        return say("Ce que quelques personnes demandent")
    return say("Ce que demandent %(number)s personnes ou plus", number=number_words(number))


def _asked(src: Sources) -> Section:
    """The proposals that most support, then others; as a synthesis quotes them where there is one."""
    ids = counts.most(
        src.session,
        src.contract.id,
        ReactionValue.AGREE,
        PROPOSALS,
        kinds=(ContributionKind.PROPOSAL,),
        space_ids=src.readable,
        establishment_id=src.place_id,
    )
    cited = formal.quotes(src) if src.place is None else []
    short = {one.contribution_id: one.quote for one, _question in cited if one.contribution_id}
    supported = quoted.these(src, ids) if ids else []
    folded = figures.reactions(src.session, [one.id for one in supported]) if supported else {}
    blocks: list[Block] = []
    if supported:
        blocks.append(Heading(say("Les propositions les plus soutenues")))
        blocks += [Quote(short.get(one.id, one.words), _support(one, folded[one.id])) for one in supported]
    room = PROPOSALS - len(supported)
    # Of a space that the reader does not read, what its synthesis quotes is for everybody.
    elsewhere = [(one.quote, question) for one, question in cited if not one.contribution_id][:room]
    if elsewhere:
        blocks.append(Heading(say("Ce que citent les synthèses")))
        blocks += [Quote(words_, question) for words_, question in elsewhere]
    others = [one for one in quoted.proposals(src, 2 * PROPOSALS) if one.id not in ids]
    others = others[: room - len(elsewhere)]
    if others:
        blocks.append(Heading(say("D’autres propositions, dans l’ordre où elles sont arrivées")))
        blocks += [
            Quote(short.get(one.id, one.words), say("%(by)s · %(subject)s", by=one.by, subject=one.subject))
            for one in others
        ]
    if blocks:
        told = say("Les textes longs sont coupés. Tous se lisent en entier sur le portail.")
        blocks.append(Paragraph(told, quiet=True))
    else:
        blocks.append(
            Paragraph(say("Aucune proposition n’est publiée dans les espaces d’échange que vous lisez."))
        )
    return Section("demandes", say("Ce qui est demandé"), (*blocks, Break()))


def _support(one: Said, folded: Folded) -> Sentence:
    return say(
        "%(by)s · %(subject)s · d’accord\u00a0: %(agree)s · ça dépend\u00a0: %(depends)s · pas d’accord\u00a0: %(disagree)s",
        by=one.by,
        subject=one.subject,
        agree=words.stepped(folded[ReactionValue.AGREE]),
        depends=words.stepped(folded[ReactionValue.DEPENDS]),
        disagree=words.stepped(folded[ReactionValue.DISAGREE]),
    )


def _who(src: Sources, people: participation.Contributors, seal: Seal) -> Section:
    said = src.told.contributions
    rows = tuple(
        (
            capital(group.label),
            words.of_group(number, group),
            words.of_group(said.by_group.get(group), group),
        )
        for group, number in src.groups(people.by_group)
    )
    head = (say("Groupe"), say("Personnes qui se sont exprimées"), say("Contributions"))
    return Section(
        "qui",
        say("Qui le demande"),
        (
            Table(say("Qui s’est exprimé, par groupe"), head, rows),
            *reactions_of_all(src),
            Paragraph(
                say("Un nombre de moins de 5 personnes n’est jamais montré. Personne n’est nommé ici."),
                quiet=True,
            ),
            Bullets(
                (
                    say("Ces mots sont publiés dans les espaces d’échange du contrat."),
                    say("Ils ne remplacent ni l’avis du CVS, ni la consultation du CSE."),
                    say(
                        "Établi le %(day)s à partir du registre du contrat, jusqu’à la ligne %(seq)s.",
                        day=day_label(paris(src.at).date()),
                        seq=number_words(seal.seq),
                    ),
                )
            ),
            Paragraph(say("Empreinte de cette ligne\u00a0: %(hash)s", hash=seal.hash), quiet=True),
        ),
    )
