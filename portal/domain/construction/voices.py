"""Who took part, what was said, what became of it: the numbers of `figures`, never any other."""

from __future__ import annotations

from portal.domain.construction import words
from portal.domain.construction.blocks import Block, Bullets, Paragraph, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.figures import balance
from portal.domain.figures import voices as told
from portal.domain.figures.participation import Scope
from portal.kernel.speech import Sentence, capital, say
from portal.vocabulary import Fate

NO_FATE = say("Réponse à une question")


def about(src: Sources) -> Sentence:
    """What the numbers are about."""
    if src.place is None:
        return say("Ces nombres sont ceux de tout le contrat.")
    return say("Ces nombres sont ceux d’un seul établissement : %(place)s.", place=src.place.name)


def people(src: Sources) -> Section | None:
    """How many persons published words, by group."""
    found = src.told.contributors
    rows = tuple(
        (capital(group.label), words.of_group(number, group)) for group, number in src.groups(found.by_group)
    )
    return Section(
        "participation",
        say("Qui s’est exprimé"),
        (
            Paragraph(
                say(
                    "Résidents, familles et professionnels qui ont publié au moins une contribution : "
                    "%(number)s.",
                    number=words.stepped(found.total),
                )
            ),
            words.picture(
                say("Personnes qui se sont exprimées, par groupe"), dict(src.groups(found.by_group))
            ),
            Table(
                say("Personnes qui se sont exprimées, par groupe"), (say("Groupe"), say("Personnes")), rows
            ),
            Paragraph(_folded(src), quiet=True),
        ),
    )


def _folded(src: Sources) -> Sentence:
    return say(
        "%(about)s Un nombre de moins de 5 personnes n’est jamais montré, ni ce qui permettrait de le "
        "retrouver. « Au moins 10 » veut dire de 10 à 14.",
        about=about(src),
    )


def contributions(src: Sources) -> Section | None:
    """What was said, by kind and by group; what was answered; what became of it."""
    said, answered, became = src.told.contributions, src.told.answers, src.told.fates
    whole = src.place is None
    blocks: list[Block] = [
        Paragraph(
            say(
                "Contributions publiées : %(number)s. Une réponse était due à %(owed)s d’entre elles ; "
                "réponses données : %(given)s.",
                number=words.of_scope(said.total, whole=whole),
                owed=words.of_scope(answered.owed, whole=whole),
                given=words.of_scope(answered.given, whole=whole),
            )
        )
    ]
    if said.by_kind:
        rows = tuple((kind.label, words.of_scope(one, whole=whole)) for kind, one in said.by_kind.items())
        blocks.append(Table(say("Contributions publiées, par sorte"), (say("Sorte"), say("Nombre")), rows))
    groups = tuple(
        (
            capital(group.label),
            words.of_group(number, group),
            words.of_group(answered.by_group.get(group), group),
        )
        for group, number in src.groups(said.by_group)
    )
    blocks.append(
        Table(
            say("Contributions publiées et répondues, par groupe"),
            (say("Groupe"), say("Contributions"), say("Réponses reçues")),
            groups,
        )
    )
    if became.by_fate:
        rows = tuple((_fate(fate), words.of_scope(one, whole=whole)) for fate, one in became.by_fate.items())
        blocks.append(
            Table(say("Ce que les contributions sont devenues"), (say("Suite donnée"), say("Nombre")), rows)
        )
    blocks.append(Paragraph(_folded(src), quiet=True))
    return Section("contributions", say("Ce qui a été dit, et ce que c’est devenu"), tuple(blocks))


def _fate(fate: Fate | None) -> str:
    return NO_FATE if fate is None else fate.label


def balanced(src: Sources) -> Section | None:
    """Who spoke, who was answered, whose words changed the text, each group beside its size."""
    scope = Scope(src.contract.id)
    if src.place is None:
        found = balance.of_told(src.session, scope, src.told)
    else:
        found = balance.balance(src.session, scope)
    if not found.said:
        return None
    rows = tuple(
        (
            capital(one.group.label),
            *(
                words.of_group(number, one.group)
                for number in (one.members, one.spoke, one.said, one.answered, one.changed)
            ),
        )
        for one in found.voices
    )
    head = (
        say("Groupe"),
        say("Personnes"),
        say("Ont parlé"),
        say("Contributions"),
        say("Réponses reçues"),
        say("Ont changé le texte"),
    )
    return Section(
        "equilibre",
        say("Équilibre des voix"),
        (Bullets(told.sentences(found)), Table(say("Les voix de chaque groupe"), head, rows)),
    )


def reactions_of_all(src: Sources) -> tuple[Paragraph, ...]:
    """In the document of one establishment: who reacts to words is anybody of the contract."""
    if src.place is None:
        return ()
    return (
        Paragraph(
            say(
                "Les contributions sont celles de cet établissement. Les réactions (d’accord, ça dépend, "
                "pas d’accord) viennent de tout le contrat."
            ),
            quiet=True,
        ),
    )
